"""Pushes leave through the outbox, paced: at most 25 a second, from one process, none while Telegram says to wait."""

import asyncio
import secrets
from contextlib import suppress

import structlog

from bot.exporting import Exporting
from bot.freeze import Freeze
from bot.i18n.tongue import tongue
from bot.stage import keyboard
from bot.telegram import (
    Bot,
    ClientDecodeError,
    SendMessage,
    TelegramAPIError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from bot.views.notices import notice_screen
from crowd import duty, outbox
from crowd.outbox import Notice
from crowd.owndata.asking import SUBJECT
from crowd.workers import registry
from db.database import Database

_log = structlog.get_logger(__name__)

BETWEEN_S = 0.04
IDLE_S = 2.0
LONGEST_PAUSE_S = 300
"""While the chat network is away, a notice is tried again after this at the latest."""

HELD_S = 30
"""A process that sends does so alone for this long, and renews it."""

EXPORT_S = 900
"""Seconds that a worker's data may take to be put together and sent."""

_AT_ONCE = 5
_PATIENCE_S = 10  # for one call: all that were taken at once are through before they would be taken again
_MOST_TRIES = 8


class Pusher:
    """The sender of one process. Of all processes, the one that holds the duty sends."""

    def __init__(self, bot: Bot, database: Database, freeze: Freeze) -> None:
        self._bot = bot
        self._database = database
        self._freeze = freeze
        self._name = secrets.token_hex(8)
        self._duty = f"push:{bot.id}"
        self._exporting = Exporting(bot, database)
        self._making: dict[int, asyncio.Task[None]] = {}

    async def push(self, stop: asyncio.Event) -> None:
        """Send what is in the outbox until `stop` is set."""
        while not stop.is_set():
            try:
                wait_s = await self._push_due()
            except Exception as error:  # the database is away, or the like: what was taken comes again
                _log.warning("pushing.failed", error=repr(error))
                wait_s = IDLE_S
            try:
                await asyncio.wait_for(stop.wait(), wait_s)
            except TimeoutError:
                continue
        await self._leave_exports()
        with suppress(Exception):  # or it runs out by itself
            async with self._database.transaction() as tx:
                await duty.lay_down(tx, self._duty, self._name)

    async def _push_due(self) -> float:
        """Send some notices that are due; seconds after which to look again."""
        if frozen_s := self._freeze.left_s():
            return min(frozen_s, IDLE_S)
        async with self._database.transaction() as tx:
            if not await duty.take(tx, self._duty, self._name, HELD_S):
                return IDLE_S
            notices = await outbox.take(tx, _AT_ONCE)
        for place, notice in enumerate(notices):
            if notice.subject == SUBJECT:
                await self._begin_to_export(notice)
                continue
            try:
                await self._push(notice)
            except TelegramRetryAfter as error:
                self._freeze.note(error.retry_after)
                async with self._database.transaction() as tx:
                    for waiting in notices[place:]:
                        await outbox.put_off(tx, waiting.id, max(1, error.retry_after))
                break
            await asyncio.sleep(BETWEEN_S)
        return BETWEEN_S if notices else IDLE_S

    async def _begin_to_export(self, notice: Notice) -> None:
        """Put a worker's data together beside the other pushes, which do not wait for it."""
        async with self._database.transaction() as tx:
            await outbox.put_off(tx, notice.id, EXPORT_S)  # should this process be killed, it is taken up again then
        if notice.id not in self._making:
            task = self._making[notice.id] = asyncio.create_task(self._export(notice))
            task.add_done_callback(lambda _: self._making.pop(notice.id, None))

    async def _leave_exports(self) -> None:
        """What is not sent when this process ends is for the next one, at once."""
        left = dict(self._making)
        for task in left.values():
            task.cancel()
        await asyncio.gather(*left.values(), return_exceptions=True)
        with suppress(Exception):
            async with self._database.transaction() as tx:
                for notice_id in left:
                    await outbox.put_off(tx, notice_id, 0)

    async def _export(self, notice: Notice) -> None:
        try:
            await self._settle(notice, await self._exporting.failure(notice))
        except TelegramRetryAfter as error:
            async with self._database.transaction() as tx:
                await outbox.put_off(tx, notice.id, max(1, error.retry_after))
        except Exception as error:  # the database is away, or the disk is full: it comes again
            _log.warning("pushing.not_exported", notice=notice.id, error=repr(error))

    async def _push(self, notice: Notice) -> None:
        """Send one notice, and note what became of it. Raises TelegramRetryAfter."""
        await self._settle(notice, await self._failure(notice))

    async def _settle(self, notice: Notice, failed: Exception | str | None) -> None:
        """Note what became of a notice."""
        async with self._database.transaction() as tx:
            match failed:
                case None:
                    await outbox.sent(tx, notice.id)
                case str():
                    await outbox.give_up(tx, notice.id, failed)
                case TelegramForbiddenError():
                    await registry.set_blocked(tx, notice.person_id, blocked=True)
                    await outbox.give_up(tx, notice.id, "blocked")
                case TelegramNetworkError() | TelegramServerError() | ClientDecodeError():
                    # It says nothing about this notice, so these tries do not count.
                    await outbox.put_off(tx, notice.id, min(LONGEST_PAUSE_S, 2.0**notice.tries))
                case _ if notice.tries >= _MOST_TRIES:
                    await outbox.give_up(tx, notice.id, str(failed))
                case _:
                    await outbox.put_off(tx, notice.id, 2.0**notice.tries)

    async def _failure(self, notice: Notice) -> Exception | str | None:
        """Send a notice; what kept it from being sent, or a word on why it never can be."""
        if not notice.wanted:
            return "stopped or blocked since"
        try:
            screen = notice_screen(tongue(notice.locale), notice)
        except Exception as error:  # of a newer version, say: it must not hold up those behind it
            _log.exception("pushing.unsayable", notice=notice.id, subject=notice.subject)
            return f"could not be said: {type(error).__name__}"
        message = SendMessage(
            chat_id=notice.person_id,
            text=screen.text,
            parse_mode="HTML",
            reply_markup=keyboard(screen),
            disable_notification=True,
        )
        try:
            await self._bot(message, request_timeout=_PATIENCE_S)
        except TelegramRetryAfter:
            raise
        except (TelegramAPIError, ClientDecodeError) as error:
            return error
        return None
