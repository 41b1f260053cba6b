"""Long polling, for one machine. Nothing is confirmed before its transaction is committed."""

import asyncio
from collections import defaultdict
from typing import Any

import orjson
import structlog

from bot.incoming import Incoming, UnreadableError, read
from bot.intake import Intake
from bot.session import call
from bot.telegram import (
    Bot,
    DeleteWebhook,
    GetUpdates,
    TelegramAPIError,
    TelegramConflictError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

_log = structlog.get_logger(__name__)

ALLOWED = ["message", "callback_query", "my_chat_member"]
POLL_S = 50


async def poll(bot: Bot, intake: Intake, stop: asyncio.Event) -> None:
    """Ask for updates and handle them until `stop` is set."""
    offset: int | None = None
    pause_s = 0.5
    while not stop.is_set():
        try:
            asking = asyncio.create_task(_ask(bot, offset))
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if not asking.done():
                asking.cancel()
                return
            updates = await asking
            await _handle(intake, updates)
        except TelegramRetryAfter as error:
            await _rest(stop, error.retry_after)
        except TelegramUnauthorizedError:
            raise  # the token was revoked: trying again helps nobody
        except TelegramConflictError as error:
            if "webhook" not in error.message:
                _log.warning("polling.conflict", mend="another process polls with this token: stop one of the two")
                await _rest(stop, 5)
            elif not await _webhook_removed(bot):
                await _rest(stop, pause_s)
                pause_s = min(30, pause_s * 2)
        except Exception as error:  # whatever it is, what was not confirmed comes again
            _log.warning("polling.failed", error=repr(error), again_in_s=pause_s)
            await _rest(stop, pause_s)
            pause_s = min(30, pause_s * 2)
        else:
            pause_s = 0.5
            if updates:
                offset = updates[-1]["update_id"] + 1


async def _webhook_removed(bot: Bot) -> bool:
    try:
        await bot(DeleteWebhook())  # what waits there is kept and comes by polling
    except TelegramAPIError as error:
        _log.warning("polling.webhook_stays", error=str(error))
        return False
    return True


async def _ask(bot: Bot, offset: int | None) -> list[dict[str, Any]]:
    asked = {"limit": 100, "timeout": POLL_S, "allowed_updates": ALLOWED}
    raw = await call(bot, GetUpdates, asked if offset is None else {**asked, "offset": offset}, wait_s=POLL_S + 10)
    found: list[dict[str, Any]] = orjson.loads(raw)["result"]
    return found


async def _handle(intake: Intake, updates: list[dict[str, Any]]) -> None:
    """All at once, but those of one person one after the other."""
    lines: dict[int, list[Incoming]] = defaultdict(list)
    for update in updates:
        try:
            incoming = read(update)
        except UnreadableError as error:  # it would block all others if it came again
            _log.error("polling.unreadable", update=update.get("update_id"), error=str(error))
            continue
        if incoming is not None:
            lines[incoming.person_id].append(incoming)
    done = await asyncio.gather(*(_in_order(intake, line) for line in lines.values()), return_exceptions=True)
    for outcome in done:
        if isinstance(outcome, BaseException):
            raise outcome


async def _in_order(intake: Intake, line: list[Incoming]) -> None:
    for incoming in line:
        intake.deliver(*await intake.take(incoming))


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
