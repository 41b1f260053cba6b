"""The bot as a process: polling or webhook, pushes, and the clock's jobs, until it is told to stop."""

import asyncio
import gc
import random
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field

import structlog
import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.delivery import LONGEST_FINISH_S, Delivery
from bot.fetching import Fetching
from bot.freeze import Freeze
from bot.intake import Intake
from bot.polling import ALLOWED, poll
from bot.profile import Name, publish
from bot.pushing import Pusher
from bot.session import LeanSession
from bot.telegram import (
    Bot,
    ClientDecodeError,
    SetWebhook,
    TelegramAPIServer,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
    TokenValidationError,
)
from bot.webhook import PATH, Webhook
from bot.weighing import Scale
from crowd.payouts.vault import Vault
from crowd.receipts.desk import ReceiptDesk
from crowd.schedule import JOBS, Job, run_once
from crowd.uptime import came_back, seen
from db.database import Database

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class BotSettings:
    """What the bot needs to know."""

    token: str = field(repr=False)
    telegram_url: str
    webhook_url: str | None
    """Public address; without it the bot polls."""
    webhook_secret: str = field(repr=False)
    webhook_port: int
    vault: Vault = field(repr=False)
    """Seals and opens where money goes."""
    receipts: ReceiptDesk = field(repr=False)
    """Signs receipts."""
    jobs: tuple[Job, ...] = ()
    """Work that comes round, beside that of all houses."""
    seed: int | None = None
    """Of the luck with which golds are drawn; for tests."""


@asynccontextmanager
async def telegram(settings: BotSettings) -> AsyncIterator[Bot]:
    """The Bot API."""
    session = LeanSession(api=TelegramAPIServer.from_base(settings.telegram_url), limit=200)
    bot = Bot(settings.token, session=session)
    try:
        yield bot
    finally:
        await session.close()


class TokenError(ValueError):
    """The token is none, or is no longer good."""


async def run(settings: BotSettings, database: Database, stop: asyncio.Event) -> None:
    """Run until `stop` is set. What was taken by then is finished and shown. Raises TokenError."""
    try:
        await _run(settings, database, stop)
    except TokenValidationError as error:
        raise TokenError("is no bot token: @BotFather gives them in the form 123456:ABC…") from error
    except TelegramUnauthorizedError as error:
        raise TokenError(
            "was refused by Telegram: it was revoked, or is another's. @BotFather shows the one"
        ) from error


async def _run(settings: BotSettings, database: Database, stop: asyncio.Event) -> None:
    gc.freeze()  # what is loaded by now stays: the collector need not walk through all of it again and again
    async with telegram(settings) as bot:
        freeze = Freeze()
        scale = Scale(database)
        delivery = Delivery(bot, database, freeze, scale)
        fetching, luck = Fetching(bot, database), random.Random(settings.seed)
        name = Name()
        intake = Intake(bot.id, database, delivery, fetching, settings.vault, settings.receipts, luck, name)
        ticking = _ticking(database, (*JOBS, *settings.jobs))
        publishing = asyncio.create_task(_publish(bot, name, database, stop))
        beating = asyncio.create_task(_beat(bot.id, database, scale, stop))
        pushing = asyncio.create_task(Pusher(bot, database, freeze).push(stop))
        try:
            if settings.webhook_url is None:
                await poll(bot, intake, stop)
            else:
                await _serve(bot, intake, settings, stop)
        finally:
            stop.set()
            ticking.shutdown(wait=False)
            publishing.cancel()
            await asyncio.wait({pushing}, timeout=LONGEST_FINISH_S)
            pushing.cancel()  # what it had taken comes again
            await asyncio.gather(pushing, publishing, beating, return_exceptions=True)
            await delivery.finish()
            await scale.write_down()


async def _publish(bot: Bot, name: Name, database: Database, stop: asyncio.Event) -> None:
    pause_s = 1.0
    while not stop.is_set():
        try:
            await publish(bot, name, database)
        except TelegramRetryAfter as error:
            await asyncio.sleep(error.retry_after)
        except Exception as error:  # a description that is late is no reason to stop work
            _log.warning("profile.failed", error=repr(error), again_in_s=pause_s)
            await asyncio.sleep(pause_s)
            pause_s = min(300, pause_s * 2)
        else:
            return


BEAT_S = 10
"""Seconds after which the bot notes that it is there, and what it sent."""


async def _beat(bot_id: int, database: Database, scale: Scale, stop: asyncio.Event) -> None:
    """Note now and then that the bot is there, and what it sent; first, tell whom it kept waiting."""
    began = False
    while not stop.is_set():
        try:
            async with database.transaction() as tx:
                await (seen(tx, bot_id) if began else came_back(tx, bot_id))
            began = True
            await scale.write_down()
        except Exception as error:  # the database is away: it is noted the next time
            _log.warning("beat.failed", error=repr(error))
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), BEAT_S if began else 1)


def _ticking(database: Database, jobs: Sequence[Job]) -> AsyncIOScheduler:
    scheduler = AsyncIOScheduler(timezone="UTC")
    for job in jobs:
        scheduler.add_job(
            run_once, "interval", (database, job), seconds=job.every_s, id=job.name, coalesce=True, max_instances=1
        )
    scheduler.start()
    return scheduler


class _Server(uvicorn.Server):
    """Leaves signals to the process it runs in, and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals stop the whole process, in order."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn."""
        await super().startup(sockets)
        self.listening.set()


async def _serve(bot: Bot, intake: Intake, settings: BotSettings, stop: asyncio.Event) -> None:
    app = Webhook(intake, settings.webhook_secret)
    everywhere = "0.0.0.0"  # noqa: S104 (a load balancer stands before it)
    config = uvicorn.Config(app, everywhere, settings.webhook_port, log_config=None, access_log=False, lifespan="off")
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    listening, stopping = asyncio.create_task(server.listening.wait()), asyncio.create_task(stop.wait())
    await asyncio.wait({serving, listening}, return_when=asyncio.FIRST_COMPLETED)
    if not serving.done():
        try:
            await _set_webhook(bot, settings, stopping)
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            server.should_exit = True
            await serving
    listening.cancel()
    stopping.cancel()
    await serving


async def _set_webhook(bot: Bot, settings: BotSettings, stopping: asyncio.Task[bool]) -> None:
    """Tell Telegram where updates are to go; while it is away, again and again."""
    url = f"{(settings.webhook_url or '').rstrip('/')}{PATH}"
    pause_s = 0.5
    while not stopping.done():
        try:
            await bot(SetWebhook(url=url, secret_token=settings.webhook_secret, allowed_updates=ALLOWED))
        except (TelegramNetworkError, TelegramServerError, TelegramRetryAfter, ClientDecodeError) as error:
            _log.warning("webhook.not_set", error=str(error), again_in_s=pause_s)
            await asyncio.wait({stopping}, timeout=pause_s)
            pause_s = min(30, pause_s * 2)
        else:
            return


async def until_signalled(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run something that stops when told to; SIGINT and SIGTERM tell it."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await work(stop)
