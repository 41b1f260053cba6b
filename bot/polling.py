"""Long polling, for one machine. Nothing is confirmed before its transaction is committed."""

import asyncio
from collections import defaultdict

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError, TelegramRetryAfter
from aiogram.methods import DeleteWebhook, GetUpdates
from aiogram.types import Update

from bot.intake import Intake, read

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
        except TelegramConflictError as error:
            if "webhook" in error.message:
                await bot(DeleteWebhook())  # what waits there is kept and comes by polling
                continue
            _log.warning("polling.conflict", mend="another process polls with this token: stop one of the two")
            await _rest(stop, 5)
        except Exception as error:  # whatever it is, what was not confirmed comes again
            _log.warning("polling.failed", error=repr(error), again_in_s=pause_s)
            await _rest(stop, pause_s)
            pause_s = min(30, pause_s * 2)
        else:
            pause_s = 0.5
            if updates:
                offset = updates[-1].update_id + 1


async def _ask(bot: Bot, offset: int | None) -> list[Update]:
    return await bot(
        GetUpdates(offset=offset, limit=100, timeout=POLL_S, allowed_updates=ALLOWED), request_timeout=POLL_S + 10
    )


async def _handle(intake: Intake, updates: list[Update]) -> None:
    """All at once, but those of one person one after the other."""
    lines: dict[int, list[Update]] = defaultdict(list)
    for update in updates:
        incoming = read(update)
        lines[incoming.person_id if incoming else 0].append(update)
    done = await asyncio.gather(*(_in_order(intake, line) for line in lines.values()), return_exceptions=True)
    for outcome in done:
        if isinstance(outcome, BaseException):
            raise outcome


async def _in_order(intake: Intake, updates: list[Update]) -> None:
    for update in updates:
        taken = await intake.take(update)
        if taken is not None:
            intake.deliver(*taken)


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
