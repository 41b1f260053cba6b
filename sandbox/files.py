"""The files that bots and people have sent, each under the id by which a bot knows it."""

import secrets
from pathlib import Path, PurePath

from sandbox.errors import bad_request
from sandbox.photos import photo_sizes
from sandbox.records import FileRecord, Json

UPLOAD_LIMIT = 50 * 1024 * 1024
DOWNLOAD_LIMIT = 20 * 1024 * 1024
LINK_LIFETIME_S = 3600.0
_PREFIXES = {"photo": "AgACAgIAAx", "voice": "AwACAgIAAx", "audio": "CQACAgIAAx", "document": "BQACAgIAAx"}
_VOICE_ENDINGS = {"audio/ogg": ".oga", "audio/mpeg": ".mp3", "audio/mp4": ".m4a"}
_FOLDERS = {"photo": "photos", "voice": "voice", "audio": "music", "document": "documents"}


class Files:
    """Files by id. With a folder, each is also written there, once, and read back when needed."""

    def __init__(self, records: list[FileRecord], folder: Path | None) -> None:
        self._records = {record.file_id: record for record in records}
        self._by_path = {(record.bot_id, record.path): record for record in records}
        self._contents: dict[str, bytes] = {}
        self._folder = folder

    def records(self) -> list[FileRecord]:
        """What is known of all files, without their bytes."""
        return list(self._records.values())

    def get(self, file_id: str) -> FileRecord | None:
        """The file with this id, whichever bot it belongs to."""
        return self._records.get(file_id)

    def of_bot(self, bot_id: int, file_id: str) -> FileRecord | None:
        """The file with this id, if this bot may use it: ids are good for one bot only."""
        record = self._records.get(file_id)
        return record if record is not None and record.bot_id == bot_id else None

    def at_path(self, bot_id: int, path: str) -> FileRecord | None:
        """The file behind a download link."""
        return self._by_path.get((bot_id, path))

    def content(self, record: FileRecord) -> bytes:
        """The bytes of a file."""
        content = self._contents.get(record.unique_id)
        if content is None:
            if self._folder is None:
                raise KeyError(record.unique_id)
            content = self._contents[record.unique_id] = (self._folder / record.unique_id).read_bytes()
        return content

    def add_photo(self, bot_id: int, content: bytes) -> list[Json]:
        """Take in a picture; its sizes as the Bot API describes them, smallest first."""
        records = []
        for size in photo_sizes(content):
            record = self._add(bot_id, "photo", size.content, ".jpg", "image/jpeg")
            record.description = {
                "file_id": record.file_id,
                "file_unique_id": record.unique_id,
                "width": size.width,
                "height": size.height,
                "file_size": record.size,
            }
            records.append(record)
        sizes = [record.description for record in records]
        for record in records:
            record.sizes = sizes
        return sizes

    def add(self, bot_id: int, kind: str, content: bytes, name: str, mime_type: str, more: Json) -> Json:
        """Take in any other file; what the Bot API says of it. ``more`` is what belongs to its kind."""
        if len(content) > UPLOAD_LIMIT:
            raise bad_request("file is too big")
        if not content:
            raise bad_request("file must be non-empty")
        ending = _VOICE_ENDINGS.get(mime_type) if kind == "voice" else None  # a voice message keeps no name
        record = self._add(bot_id, kind, content, ending or PurePath(name).suffix, mime_type)
        record.description = {
            **more,
            "mime_type": mime_type,
            "file_id": record.file_id,
            "file_unique_id": record.unique_id,
            "file_size": record.size,
        }
        if kind != "voice" and name:
            record.description["file_name"] = name
        return record.description

    def _add(self, bot_id: int, kind: str, content: bytes, suffix: str, mime_type: str) -> FileRecord:
        number = len(self._records)
        path = f"{_FOLDERS[kind]}/file_{number}{suffix}"
        unique_id = "AQAD" + secrets.token_urlsafe(9)
        file_id = _PREFIXES[kind] + secrets.token_urlsafe(36)
        record = FileRecord(file_id, unique_id, bot_id, kind, path, len(content), mime_type)
        self._records[file_id] = record
        self._by_path[(bot_id, path)] = record
        self._contents[unique_id] = content
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / unique_id).write_bytes(content)
        return record
