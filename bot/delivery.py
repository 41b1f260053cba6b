"""What happens after the commit: the tap is acknowledged, the screen is shown.

Each chat's messages leave in order, chats do not wait for each other. Replies are never throttled; where Telegram
says to wait, that chat waits. What cannot be shown is let go: the state is in the database, and the next tap shows it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
)
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions

from bot.screens import Place, Reaction, Screen
from crowd import conversations, workers
from db.database import Database

_log = structlog.get_logger(__name__)

LONGEST_WAIT_S = 60
"""A screen that Telegram wants later than this is not shown; the next tap draws it."""

SAME_SESSION = timedelta(hours=6)
"""A message older than this is left where it is, and the screen goes below, where the worker looks."""

_TRIES = 4
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a reaction goes."""

    person_id: int
    message_id: int | None
    """The message that was tapped."""
    sent_at: datetime | None
    """When that message was sent."""
    query_id: str | None
    """The tap, to be acknowledged."""


class Delivery:
    """Sends reactions, in order for each person."""

    def __init__(self, bot: Bot, database: Database) -> None:
        self._bot = bot
        self._database = database
        self._last: dict[int, asyncio.Task[None]] = {}

    def put(self, target: Target, reaction: Reaction, *, acknowledge: bool) -> None:
        """Send a reaction when those before it to the same person are sent. `acknowledge` the tap, too."""
        before = self._last.get(target.person_id)
        task = asyncio.create_task(self._send(target, reaction, before, acknowledge=acknowledge))
        self._last[target.person_id] = task
        task.add_done_callback(lambda done: self._forget(target.person_id, done))

    async def finish(self) -> None:
        """Wait until all is sent."""
        while self._last:
            await asyncio.gather(*self._last.values(), return_exceptions=True)

    def _forget(self, person_id: int, task: asyncio.Task[None]) -> None:
        if self._last.get(person_id) is task:
            del self._last[person_id]
        if not task.cancelled() and task.exception() is not None:
            _log.error("delivery.failed", person=person_id, error=repr(task.exception()))

    async def _send(
        self, target: Target, reaction: Reaction, before: asyncio.Task[None] | None, *, acknowledge: bool
    ) -> None:
        if before is not None:
            await asyncio.wait([before])
        try:
            if acknowledge and target.query_id is not None:
                await self._patiently(lambda: self._bot(acknowledgement(target.query_id or "", reaction)))
            if reaction.screen is not None:
                await self._patiently(lambda: self._show(target, reaction.screen, reaction.place))
        except TelegramForbiddenError:
            async with self._database.transaction() as tx:
                await workers.set_blocked(tx, target.person_id, blocked=True)
        except (TelegramAPIError, TelegramNetworkError) as error:
            _log.warning("delivery.let_go", person=target.person_id, error=str(error))

    async def _show(self, target: Target, screen: Screen | None, place: Place) -> None:
        assert screen is not None
        recent = target.sent_at is not None and self._database.clock() - target.sent_at < SAME_SESSION
        if place is Place.SAME and target.message_id is not None and recent:
            try:
                await self._bot(
                    EditMessageText(
                        chat_id=target.person_id,
                        message_id=target.message_id,
                        text=screen.text,
                        parse_mode="HTML",
                        reply_markup=keyboard(screen),
                        link_preview_options=_NO_PREVIEW,
                    )
                )
            except TelegramBadRequest as error:
                if "not modified" in error.message:
                    return
                if "can't parse entities" in error.message:
                    raise
                _log.info("delivery.sent_anew", person=target.person_id, reason=error.message)
            else:
                return
        message = await self._bot(
            SendMessage(
                chat_id=target.person_id,
                text=screen.text,
                parse_mode="HTML",
                reply_markup=keyboard(screen),
                link_preview_options=_NO_PREVIEW,
            )
        )
        async with self._database.transaction() as tx:
            await conversations.keep_message(tx, self._bot.id, target.person_id, message.message_id)

    async def _patiently(self, call: Callable[[], Awaitable[object]]) -> None:
        for attempt in range(1, _TRIES + 1):
            try:
                await call()
            except TelegramRetryAfter as error:
                if error.retry_after > LONGEST_WAIT_S or attempt == _TRIES:
                    raise
                await asyncio.sleep(error.retry_after)
            except TelegramBadRequest as error:
                if "query is too old" in error.message:
                    return
                raise
            except TelegramNetworkError:
                if attempt == _TRIES:
                    raise
                await asyncio.sleep(0.5 * 2**attempt)
            else:
                return


def acknowledgement(query_id: str, reaction: Reaction) -> AnswerCallbackQuery:
    """The answer to a tap."""
    return AnswerCallbackQuery(
        callback_query_id=query_id, text=reaction.toast, show_alert=True if reaction.alert else None
    )


def keyboard(screen: Screen) -> InlineKeyboardMarkup | None:
    """A screen's buttons, as Telegram takes them."""
    if not screen.buttons:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=button.label, callback_data=button.data) for button in row]
            for row in screen.buttons
        ]
    )
