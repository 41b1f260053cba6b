"""The one way in: an update is noted, its worker locked, its handler called, and all of it committed together."""

import random
from dataclasses import replace

import asyncpg
import structlog

from bot.delivery import Delivery
from bot.fetching import NOTHING, Brought, Fetching
from bot.handlers.messages import asking, show_again
from bot.handlers.showing import show_answered, show_current
from bot.handlers.wording import with_pointer
from bot.i18n.heard import listening
from bot.i18n.tongue import Tongue, tongue
from bot.incoming import Incoming, Target
from bot.profile import Name
from bot.routes import Call, answers_a_lease, handler_of_message, handler_of_tap, is_look
from bot.screens import Button, Place, Reaction, Screen
from crowd import updates
from crowd.payouts.vault import Vault
from crowd.receipts.desk import ReceiptDesk
from crowd.workers import registry
from db.database import Database, UpdateTx

_log = structlog.get_logger(__name__)

_TRIES = 3

_AWAY = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
)
"""What says nothing about an update, only about the database: stopped, starting, full, failed over."""

_AGAIN = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
)
"""What may go well the next time: a lost race, a lock waited for too long. Tried here, so as not to hold up others."""


class Intake:
    """Handles updates. Any number may be under way; those of one person wait for each other at the worker's row."""

    def __init__(
        self,
        bot_id: int,
        database: Database,
        delivery: Delivery,
        fetching: Fetching,
        vault: Vault,
        receipts: ReceiptDesk,
        luck: random.Random,
        name: Name,
    ) -> None:
        self._bot_id = bot_id
        self._database = database
        self._fetching = fetching
        self._delivery = delivery
        self._vault = vault
        self._receipts = receipts
        self._luck = luck
        self._name = name

    async def take(self, incoming: Incoming) -> tuple[Target, Reaction]:
        """Handle one update; what is to be shown for it. On return it is committed, or recorded as failed.

        Never raises for what is in the update: one that always fails must not hold up those behind it.
        Raises when the database is away: then the update comes again.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                return incoming.target, await self._handle(incoming, await self._brought(incoming))
            except _AWAY:
                raise
            except Exception as error:
                if isinstance(error, _AGAIN) and attempt < _TRIES:
                    continue
                _log.exception("update.failed", update=incoming.update_id, person=incoming.person_id)
                async with self._database.transaction() as tx:
                    await updates.note_failure(tx, self._bot_id, incoming.update_id, type(error).__name__)
                    worker = await registry.find(tx, incoming.person_id)
                return incoming.target, _apology(tongue(worker.locale if worker else incoming.language_code or ""))
        raise AssertionError("unreachable")

    def deliver(self, target: Target, reaction: Reaction, *, acknowledge: bool = True) -> None:
        """Show what `take` gave."""
        self._delivery.put(target, reaction, acknowledge=acknowledge)

    async def _brought(self, incoming: Incoming) -> Brought:
        """The file of a message, where a task waits for one of its sort; no other is looked at, or kept."""
        if incoming.attached is None or incoming.tapped:
            return NOTHING
        async with self._database.reading() as tx:
            worker = await registry.find(tx, incoming.person_id)
            at = await asking(tx, self._bot_id, incoming.person_id, worker)
        if at is None or at.takes is not incoming.sent:
            return NOTHING
        return await self._fetching.bring(incoming.sent, incoming.attached)

    async def _handle(self, incoming: Incoming, brought: Brought) -> Reaction:
        async with self._database.update(self._bot_id, incoming.update_id, incoming.person_id) as tx:
            if incoming.blocked is not None:
                if not tx.seen:
                    await registry.set_blocked(tx, incoming.person_id, blocked=incoming.blocked)
                return Reaction()
            call = self._call(incoming, brought, tx)
            if tx.points_out:
                with listening() as heard:
                    reaction = await self._react(call, incoming, tx)
                reaction = await with_pointer(call, reaction, heard)
            else:
                reaction = await self._react(call, incoming, tx)
            if not tx.saves_data or reaction.screen is None or reaction.screen.media is None:
                return reaction
            return replace(reaction, saves=True, looks=incoming.tapped and is_look(incoming.text.split(":")[0]))

    async def _react(self, call: Call, incoming: Incoming, tx: UpdateTx) -> Reaction:
        if not incoming.tapped and tx.seen:
            return await show_again(call, Place.NEW)
        if incoming.tapped:
            verb, *call.arguments = incoming.text.split(":")
            if tx.seen:
                lease = answers_a_lease(verb)
                return await (show_answered(call, call.number()) if lease else show_again(call, Place.SAME))
            handler = handler_of_tap(verb) or show_current
        else:
            handler, call.arguments = handler_of_message(incoming.text)
        return await handler(call)

    def _call(self, incoming: Incoming, brought: Brought, tx: UpdateTx) -> Call:
        return Call(
            tx=tx,
            person_id=incoming.person_id,
            first_name=incoming.first_name,
            language_code=incoming.language_code,
            text=incoming.text,
            sent=incoming.sent,
            brought=brought,
            arguments=[],
            luck=self._luck,
            vault=self._vault,
            receipts=self._receipts,
            tapped=incoming.tapped,
            bot_name=self._name.of_links,
        )


def _apology(voice: Tongue) -> Reaction:
    text = "🛠 " + voice.say("Something went wrong on our side. Nothing of yours is lost. Please try again.")
    return Reaction(Screen(text, ((Button("🔄 " + voice.say("Try again"), "work"),),)), Place.NEW)
