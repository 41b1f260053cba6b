"""The one way in: an update is noted, its worker locked, its handler called, and all of it committed together."""

import random
from dataclasses import dataclass

import asyncpg
import structlog
from aiogram.types import Update

from bot.delivery import Delivery, Target
from bot.handlers.showing import show_current
from bot.i18n.tongue import tongue
from bot.routes import Call, handler_of_tap, handler_of_text
from bot.screens import Button, Place, Reaction, Screen
from crowd import updates, workers
from db.database import Database, UpdateTx

_log = structlog.get_logger(__name__)

_TRIES = 4


@dataclass(frozen=True, slots=True)
class Incoming:
    """What an update says, whatever its type."""

    update_id: int
    person_id: int
    first_name: str
    language_code: str | None
    text: str
    target: Target
    tapped: bool
    blocked: bool | None = None
    """The person blocked (or took back) the bot."""


def read(update: Update) -> Incoming | None:
    """The part of an update that Kazi goes by; None for one that is none of its business."""
    if (query := update.callback_query) is not None:
        message = query.message
        target = Target(
            query.from_user.id,
            message.message_id if message is not None else None,
            message.date if message is not None and message.date != 0 else None,
            query.id,
        )
        person = query.from_user
        return Incoming(
            update.update_id, person.id, person.first_name, person.language_code, query.data or "", target, tapped=True
        )
    if (said := update.message) is not None and said.from_user is not None and said.chat.type == "private":
        person = said.from_user
        return Incoming(
            update.update_id, person.id, person.first_name, person.language_code, said.text or said.caption or "",
            Target(person.id, None, None, None), tapped=False,
        )  # fmt: skip
    if (member := update.my_chat_member) is not None and member.chat.type == "private":
        person = member.from_user
        return Incoming(
            update.update_id, person.id, person.first_name, person.language_code, "",
            Target(person.id, None, None, None), tapped=False, blocked=member.new_chat_member.status == "kicked",
        )  # fmt: skip
    return None


class Intake:
    """Handles updates. Any number may be under way; those of one person wait for each other at the worker's row."""

    def __init__(self, bot_id: int, database: Database, delivery: Delivery, luck: random.Random) -> None:
        self._bot_id = bot_id
        self._database = database
        self._delivery = delivery
        self._luck = luck

    async def take(self, update: Update) -> tuple[Target, Reaction] | None:
        """Handle one update; what is to be shown for it. On return it is committed, or recorded as failed.

        Never raises for what is in the update: one that always fails must not hold up those behind it.
        Raises when the database is away: then the update comes again.
        """
        incoming = read(update)
        if incoming is None:
            return None
        for attempt in range(1, _TRIES + 1):
            try:
                return incoming.target, await self._handle(incoming)
            except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError):
                if attempt == _TRIES:
                    raise
            except (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError):
                raise
            except Exception as error:
                _log.exception("update.failed", update=incoming.update_id, person=incoming.person_id)
                async with self._database.transaction() as tx:
                    await updates.note_failure(tx, self._bot_id, incoming.update_id, type(error).__name__)
                return incoming.target, _apology(incoming)
        raise AssertionError("unreachable")

    def deliver(self, target: Target, reaction: Reaction, *, acknowledge: bool = True) -> None:
        """Show what `take` gave."""
        self._delivery.put(target, reaction, acknowledge=acknowledge)

    async def _handle(self, incoming: Incoming) -> Reaction:
        async with self._database.update(self._bot_id, incoming.update_id, incoming.person_id) as tx:
            if incoming.blocked is not None:
                await workers.set_blocked(tx, incoming.person_id, blocked=incoming.blocked)
                return Reaction()
            call = self._call(incoming, tx)
            if tx.seen:
                return await show_current(call, place=Place.SAME if incoming.tapped else Place.NEW)
            if incoming.tapped:
                verb, *call.arguments = incoming.text.split(":")
                handler = handler_of_tap(verb) or show_current
            else:
                handler, call.arguments = handler_of_text(incoming.text)
            return await handler(call)

    def _call(self, incoming: Incoming, tx: UpdateTx) -> Call:
        return Call(
            tx=tx,
            person_id=incoming.person_id,
            first_name=incoming.first_name,
            language_code=incoming.language_code,
            text=incoming.text,
            arguments=[],
            luck=self._luck,
            tapped=incoming.tapped,
        )


def _apology(incoming: Incoming) -> Reaction:
    voice = tongue(incoming.language_code or "")
    text = "🛠 " + voice.say("Something went wrong on our side. Nothing of yours is lost. Please try again.")
    return Reaction(Screen(text, ((Button("🔄 " + voice.say("Try again"), "work"),),)), Place.NEW)
