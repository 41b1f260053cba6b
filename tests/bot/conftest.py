"""A sandbox and a bot for each module, with the database of the module between them."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import pytest_asyncio
import structlog

from bot.process import BotSettings, run
from crowd.payouts.vault import Vault, new_key
from crowd.receipts import keys
from crowd.receipts.desk import ReceiptDesk
from db.database import Database, connected
from kazi.logs import without_secrets
from sandbox import Bot, Settings, running
from tests.bot.chat import SECRET, TOKEN, Chat, eventually
from tests.bot_api_schema import PATH, violations
from tests.database import Clock


@pytest.fixture(scope="module")
def clock() -> Clock:
    """It begins now, for the sandbox dates messages by its own clock."""
    return Clock(datetime.now(UTC))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def quiet_chat(
    database: Database, dsn: str, clock: Clock, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Chat]:
    """A sandbox that no bot serves yet."""
    async with (
        running(Settings((Bot(TOKEN, "kazi_bot", "Kazi"),))) as sandbox,
        httpx.AsyncClient(verify=False, timeout=60) as http,
        connected(dsn, name="onlooker", connections=2) as onlooker,
    ):
        signing = keys.SigningKey(keys.new_key())
        desk = ReceiptDesk(signing, keys.KnownKeys([signing.public]), "https://kazi.example/receipts/check")
        settings = BotSettings(TOKEN, sandbox.base_url, None, SECRET, 0, Vault([new_key()]), desk, seed=1)
        chat = Chat(sandbox.base_url, http, database, onlooker, clock, tmp_path_factory.mktemp("batches"), settings)
        yield chat
        if PATH.is_file():  # every call that a scene made the bot do is as the Bot API says
            assert [what for call in await chat.calls() for what in violations(call)] == []


@asynccontextmanager
async def serving(chat: Chat, settings: BotSettings) -> AsyncIterator[None]:
    """The bot runs; by the end it has stopped in order."""
    stop = asyncio.Event()
    bot = asyncio.create_task(run(settings, chat.database, stop))
    try:
        yield
        assert not bot.done(), "the bot stopped by itself"
    finally:
        stop.set()
        async with asyncio.timeout(30):
            await bot


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def chat(quiet_chat: Chat) -> AsyncIterator[Chat]:
    """A bot that polls."""
    async with serving(quiet_chat, quiet_chat.settings):

        async def polls() -> bool:
            return bool((await quiet_chat.control("GET", "/bots"))["bots"][0]["polling"])

        await eventually(polls)
        yield quiet_chat


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """Every line that is logged, by structlog as a process of Kazi has it, and by libraries at their chattiest."""
    lines: list[str] = []
    kept = structlog.get_config()

    def keep(_: Any, __: str, event: Any) -> str:
        lines.append(json.dumps(event, default=str))
        raise structlog.DropEvent

    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.format_exc_info, without_secrets, keep],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        cache_logger_on_first_use=False,
    )
    with caplog.at_level(logging.INFO):
        yield lines
    structlog.configure(**kept)
