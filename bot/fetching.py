"""Voice notes and pictures that people send: fetched, looked at, and kept, before their update is handled.

The network is slow, so this is no part of the update's transaction. Files are named by what they hold: when the update
comes again, they are kept once, and what no answer refers to in the end is never found again.
"""

import asyncio
from dataclasses import dataclass
from enum import Enum

import orjson
import structlog

from bot.incoming import Attached, Sent
from bot.session import TooLargeError, call, download
from bot.telegram import Bot, ClientDecodeError, GetFile, TelegramAPIError, TelegramBadRequest
from crowd.kinds.base import Json
from crowd.media import sound as sounds
from crowd.sentences import SentenceError
from db.database import Database

_log = structlog.get_logger(__name__)

MOST_BYTES = 10 * 1024 * 1024
LONGEST_S = 10
"""Others' updates wait for a file when the bot polls: one that takes longer is asked for again."""

_TRIES = 3


class Problem(Enum):
    """Why a file could not be taken in."""

    AWAY = "away"
    """It did not come."""
    TOO_LARGE = "too_large"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a file that was sent."""

    said: Json = None
    """As `crowd.kinds.base.Takes` says."""
    problem: Problem | None = None


NOTHING = Brought()
"""No file was sent, or none was asked for."""


class Fetching:
    """Fetches the files of one bot."""

    def __init__(self, bot: Bot, database: Database) -> None:
        self._bot = bot
        self._database = database

    async def bring(self, sent: Sent, attached: Attached) -> Brought:
        """Fetch a voice note or a picture, and keep it. Raises no error of the network's."""
        if (attached.size or 0) > MOST_BYTES or attached.seconds > sounds.LONGEST_S:
            return Brought(problem=Problem.TOO_LARGE)
        try:
            async with asyncio.timeout(LONGEST_S):
                return await self._brought(sent, attached)
        except TimeoutError:
            _log.warning("fetching.too_slow")
            return Brought(problem=Problem.AWAY)

    async def _brought(self, sent: Sent, attached: Attached) -> Brought:
        for attempt in range(1, _TRIES + 1):
            try:
                data = await self._fetched(attached)
                stored, kept = await asyncio.to_thread(_taken_in, sent, data)
                await self._database.files.keep(kept)
            except TooLargeError:
                return Brought(problem=Problem.TOO_LARGE)
            except SentenceError as error:
                _log.info("fetching.refused", error=str(error.sentence))
                return Brought(problem=Problem.BROKEN)
            except (TelegramAPIError, ClientDecodeError, OSError, TimeoutError) as error:
                _log.warning("fetching.failed", attempt=attempt, error=type(error).__name__)
                if isinstance(error, TelegramBadRequest) and "too big" in error.message:
                    return Brought(problem=Problem.TOO_LARGE)
                if attempt < _TRIES:
                    await asyncio.sleep(0.25 * 2**attempt)
            else:
                return Brought(stored)
        return Brought(problem=Problem.AWAY)

    async def _fetched(self, attached: Attached) -> bytes:
        raw = await call(self._bot, GetFile, {"file_id": attached.handle})
        return await download(self._bot, orjson.loads(raw)["result"]["file_path"], MOST_BYTES)


def _taken_in(sent: Sent, data: bytes) -> tuple[Json, bytes]:
    """What was sent as JSON, and what is to be kept of it. Raises SentenceError."""
    if sent is Sent.VOICE:
        from crowd.media import listening  # NumPy and libsndfile, which few tasks need

        sound, kept = listening.take_in(data)
        return sound.stored, kept
    from crowd.media import snap

    taken, kept = snap.snap(data)
    return taken.stored, kept
