"""A worker's data is put together and handed over: one after the other, in files that are gone when they are sent."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.i18n.tongue import tongue
from bot.session import FILE, File, call
from bot.telegram import Bot, ClientDecodeError, SendDocument, TelegramAPIError, TelegramRetryAfter
from bot.views.exporting import caption
from crowd.outbox import Notice
from crowd.owndata.packing import pack
from crowd.workers import registry
from db.database import Database

_PATIENCE_S = 300
"""For one file: up to 40 MB, perhaps over a slow line."""


class Exporting:
    """Of one process."""

    def __init__(self, bot: Bot, database: Database) -> None:
        self._bot = bot
        self._database = database
        self._one = asyncio.Lock()
        """So that disk and memory do not fill when many ask."""

    async def failure(self, notice: Notice) -> Exception | str | None:
        """Make and send what a notice asks for; what kept it from being sent. Raises TelegramRetryAfter."""
        if not notice.wanted:
            return "stopped or blocked since"
        async with self._one:
            with TemporaryDirectory(prefix="kazi-") as folder:
                async with self._database.reading() as tx:
                    worker = await registry.find(tx, notice.person_id)
                    if worker is None:
                        return "erased since"
                    paths = await pack(tx, worker.id, Path(folder))
                try:
                    for number, path in enumerate(paths, 1):
                        await self._send(notice, path, number, len(paths))
                except TelegramRetryAfter:
                    raise
                except (TelegramAPIError, ClientDecodeError) as error:
                    return error
        return None

    async def _send(self, notice: Notice, path: Path, number: int, parts: int) -> None:
        content = await asyncio.to_thread(path.read_bytes)
        parameters = {
            "chat_id": notice.person_id,
            "document": FILE,
            "caption": caption(tongue(notice.locale), number, parts),
            "parse_mode": "HTML",
            "disable_notification": True,
        }
        file = File(content, path.name, "application/zip")
        await call(self._bot, SendDocument, parameters, file=file, wait_s=_PATIENCE_S)
