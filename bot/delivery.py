"""What happens after the commit: the tap is acknowledged, the screen is shown.

Each chat's messages leave in order, chats do not wait for each other. Replies are never throttled; where Telegram
says to wait, that chat waits. What cannot be shown is let go: the state is in the database, and the next tap shows it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from bot.freeze import Freeze
from bot.incoming import Target
from bot.screens import Reaction
from bot.session import call
from bot.stage import Stage
from bot.telegram import (
    AnswerCallbackQuery,
    Bot,
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from bot.weighing import Scale
from crowd.workers import registry
from db.database import Database

_log = structlog.get_logger(__name__)

LONGEST_WAIT_S = 60
"""A screen that Telegram wants later than this is not shown; the next tap draws it."""

LONGEST_FINISH_S = 5
"""A process that ends waits so long for screens that are still to be shown."""

_TRIES = 4
Json = dict[str, Any]


class Delivery:
    """Sends reactions, in order for each person."""

    def __init__(self, bot: Bot, database: Database, freeze: Freeze, scale: Scale) -> None:
        self._bot = bot
        self._database = database
        self._stage = Stage(bot, database, scale)
        self._freeze = freeze
        self._last: dict[int, asyncio.Task[None]] = {}

    def put(self, target: Target, reaction: Reaction, *, acknowledge: bool) -> None:
        """Send a reaction when those before it to the same person are sent. `acknowledge` the tap, too."""
        before = self._last.get(target.person_id)
        task = asyncio.create_task(self._send(target, reaction, before, acknowledge=acknowledge))
        self._last[target.person_id] = task
        task.add_done_callback(lambda done: self._forget(target.person_id, done))

    async def finish(self) -> None:
        """Wait until all is sent, but not for ever: what is not shown by then, the next tap draws."""
        if self._last:
            _, late = await asyncio.wait(self._last.values(), timeout=LONGEST_FINISH_S)
            for task in late:
                task.cancel()

    def _forget(self, person_id: int, task: asyncio.Task[None]) -> None:
        if self._last.get(person_id) is task:
            del self._last[person_id]
        if not task.cancelled() and task.exception() is not None:
            _log.error("delivery.failed", person=person_id, error=repr(task.exception()))

    async def _send(
        self, target: Target, reaction: Reaction, before: asyncio.Task[None] | None, *, acknowledge: bool
    ) -> None:
        if acknowledge and target.query_id is not None:  # both at once, or the worker would wait for one and the other
            await asyncio.gather(
                self._acknowledge(target.query_id, reaction), self._show_in_turn(target, reaction, before)
            )
        else:
            await self._show_in_turn(target, reaction, before)

    async def _show_in_turn(self, target: Target, reaction: Reaction, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        await self._show_if_any(target, reaction)

    async def _show_if_any(self, target: Target, reaction: Reaction) -> None:
        try:
            if reaction.screen is not None:
                await self._patiently(lambda: self._stage.show(target, reaction))
        except TelegramForbiddenError:
            async with self._database.transaction() as tx:
                await registry.set_blocked(tx, target.person_id, blocked=True)
        except (TelegramAPIError, ClientDecodeError) as error:
            _log.warning("delivery.let_go", person=target.person_id, error=str(error))

    async def _acknowledge(self, query_id: str, reaction: Reaction) -> None:
        """A tap that cannot be acknowledged still gets its screen."""
        try:
            await self._patiently(lambda: call(self._bot, AnswerCallbackQuery, acknowledgement(query_id, reaction)))
        except (TelegramAPIError, ClientDecodeError) as error:
            _log.info("delivery.unacknowledged", error=str(error))

    async def _patiently(self, call: Callable[[], Awaitable[object]]) -> None:
        for attempt in range(1, _TRIES + 1):
            try:
                await call()
            except TelegramRetryAfter as error:
                self._freeze.note(error.retry_after)
                if error.retry_after > LONGEST_WAIT_S or attempt == _TRIES:
                    raise
                await asyncio.sleep(error.retry_after)
            except TelegramBadRequest as error:
                if "query is too old" in error.message:
                    return
                raise
            except (TelegramNetworkError, TelegramServerError, ClientDecodeError):
                if attempt == _TRIES:
                    raise
                await asyncio.sleep(0.25 * 2**attempt)
            else:
                return


def acknowledgement(query_id: str, reaction: Reaction) -> Json:
    """The parameters of answerCallbackQuery."""
    answer: Json = {"callback_query_id": query_id}
    if reaction.toast is not None:
        answer["text"] = reaction.toast
    return answer
