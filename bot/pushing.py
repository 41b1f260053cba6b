"""Pushes leave through the outbox, paced: about 25 a second, and none while Telegram says to wait."""

import asyncio

import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramForbiddenError, TelegramRetryAfter
from aiogram.methods import SendMessage

from bot.delivery import keyboard
from bot.i18n.tongue import tongue
from bot.views.notices import notice_screen
from crowd import outbox, workers
from crowd.outbox import Notice
from db.database import Database

_log = structlog.get_logger(__name__)

BETWEEN_S = 0.04
IDLE_S = 2.0
_AT_ONCE = 20
_MOST_TRIES = 8


async def push(bot: Bot, database: Database, stop: asyncio.Event) -> None:
    """Send what is in the outbox until `stop` is set."""
    while not stop.is_set():
        try:
            wait_s = await push_due(bot, database)
        except Exception as error:  # the database is away, or the like: what was taken comes again
            _log.warning("pushing.failed", error=repr(error))
            wait_s = IDLE_S
        try:
            await asyncio.wait_for(stop.wait(), wait_s)
        except TimeoutError:
            continue


async def push_due(bot: Bot, database: Database) -> float:
    """Send the notices that are due; seconds after which to look again."""
    async with database.transaction() as tx:
        notices = await outbox.take(tx, _AT_ONCE)
    for place, notice in enumerate(notices):
        frozen_s = await _push(bot, database, notice)
        if frozen_s:
            async with database.transaction() as tx:
                for waiting in notices[place:]:
                    await outbox.put_off(tx, waiting.id, frozen_s)
            return frozen_s
        await asyncio.sleep(BETWEEN_S)
    return BETWEEN_S if notices else IDLE_S


async def _push(bot: Bot, database: Database, notice: Notice) -> float:
    """Send one notice; seconds for which Telegram wants nothing more."""
    if not notice.wanted:
        async with database.transaction() as tx:
            await outbox.give_up(tx, notice.id, "stopped or blocked since")
        return 0
    screen = notice_screen(tongue(notice.locale), notice)
    message = SendMessage(
        chat_id=notice.person_id,
        text=screen.text,
        parse_mode="HTML",
        reply_markup=keyboard(screen),
        disable_notification=True,
    )
    try:
        await bot(message)
    except TelegramRetryAfter as error:
        return float(max(1, error.retry_after))
    except TelegramForbiddenError:
        async with database.transaction() as tx:
            await workers.set_blocked(tx, notice.person_id, blocked=True)
            await outbox.give_up(tx, notice.id, "blocked")
        return 0
    except (TelegramAPIError, ClientDecodeError) as error:
        async with database.transaction() as tx:
            if notice.tries >= _MOST_TRIES:
                await outbox.give_up(tx, notice.id, str(error))
            else:
                await outbox.put_off(tx, notice.id, 2.0**notice.tries)
        return 0
    async with database.transaction() as tx:
        await outbox.sent(tx, notice.id)
    return 0
