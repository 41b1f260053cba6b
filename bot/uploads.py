"""Pictures and sounds on their way to phones: made when the network does not have them, then sent by its name."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.screens import Media, Played, Sheet
from bot.session import File
from crowd.media import uploads
from crowd.media.uploads import Upload
from db.database import Database

_REMEMBERED = 5_000


class Uploads:
    """What one bot has sent. Names that the network has for them are remembered here, and in the database."""

    def __init__(self, bot_id: int, database: Database) -> None:
        self._bot_id = bot_id
        self._database = database
        self._known: OrderedDict[tuple[str, str], Upload] = OrderedDict()
        self._sizes: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._under_way: dict[tuple[str, str], tuple[asyncio.Lock, int]] = {}

    async def known(self, shown: Media) -> Upload | None:
        """What the network calls what is shown; None before it has it."""
        key = shown.key
        found = self._known.get(key)
        if found is None:
            async with self._database.reading() as tx:
                found = await uploads.upload_of(tx, self._bot_id, *key)
            if found is not None:
                self._remember(key, found)
        return found

    @asynccontextmanager
    async def alone(self, shown: Media) -> AsyncIterator[None]:
        """While somebody sends it for the first time, others wait, and then send it by its name."""
        key = shown.key
        lock, waiting = self._under_way.get(key) or (asyncio.Lock(), 0)
        self._under_way[key] = lock, waiting + 1
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._under_way.pop(key)
            if waiting > 1:
                self._under_way[key] = lock, waiting - 1

    async def file(self, shown: Media) -> File:
        """What is shown, as a file. Raises OSError when the store of files does not have it, or is away."""
        if isinstance(shown, Played):
            return File(await self._database.files.get(shown.sound.name), "voice.ogg", "audio/ogg")
        if isinstance(shown, Sheet):
            from crowd.media.sheet import contact_sheet

            kept_all = [(name, await self._database.files.get(picture.name)) for name, picture in shown.pictures]
            return File(await asyncio.to_thread(contact_sheet, kept_all), "pack.jpg", "image/jpeg")
        from crowd.media.drawing import drawn  # Pillow, which a bot needs only for pictures that nobody has seen

        kept = await self._database.files.get(shown.picture.name)
        return File(await asyncio.to_thread(drawn, kept, shown.view), "picture.jpg", "image/jpeg")

    async def size(self, shown: Media) -> int:
        """How many bytes it has. Raises OSError as `file` does."""
        upload = await self.known(shown)
        if upload is not None and upload.bytes:
            return upload.bytes
        if shown.key not in self._sizes:
            self._sizes[shown.key] = len((await self.file(shown)).content)
            if len(self._sizes) > _REMEMBERED:
                self._sizes.popitem(last=False)
        return self._sizes[shown.key]

    async def keep(self, shown: Media, upload: Upload) -> None:
        """It was sent, and this is what the network calls it."""
        key = shown.key
        self._remember(key, upload)
        async with self._database.transaction() as tx:
            await uploads.keep_upload(tx, self._bot_id, *key, upload)

    async def forget(self, shown: Media, handle: str) -> None:
        """The network does not know that name any more."""
        key = shown.key
        self._known.pop(key, None)
        async with self._database.transaction() as tx:
            await uploads.forget_upload(tx, self._bot_id, *key, handle)

    def _remember(self, key: tuple[str, str], upload: Upload) -> None:
        self._known[key] = upload
        self._known.move_to_end(key)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
