"""Photos, voice messages, songs and documents: from an upload, or from a file that is already there."""

from typing import Any

from sandbox.arguments import Arguments, Upload
from sandbox.errors import bad_request
from sandbox.files import Files
from sandbox.records import FileRecord, Json

KINDS = ("photo", "voice", "audio", "document")
_OPUS_RATE = 48_000
_MPEG = (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")


def read_media(files: Files, bot_id: int, args: Arguments, kind: str, given: Any, options: Json) -> Json:
    """The content of a message with one file, such as ``{"photo": [...]}``.

    ``given`` is what the bot named: an upload, ``attach://part``, or the id of a file; ``options`` may hold
    ``duration``, ``performer`` and ``title``. A new voice message that is no OGG, MP3 or M4A goes as a document.
    Raises ApiError 400.
    """
    if isinstance(given, str) and given.startswith("attach://"):
        given = args.raw.get(given.removeprefix("attach://"))
        if not isinstance(given, Upload):
            raise bad_request(f"file for {kind} is not attached")
    if isinstance(given, Upload):
        if kind == "voice" and sound_type(given.content) is None:
            kind = "document"
        return new_media(files, bot_id, kind, given, options)
    if not isinstance(given, str) or not given:
        raise bad_request(f"there is no {kind} in the request")
    if given.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    record = files.of_bot(bot_id, given)
    if record is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return known_media(record, kind)


def known_media(record: FileRecord, kind: str) -> Json:
    """The content of a message that sends a file again."""
    if record.kind != kind:
        raise bad_request("type of file mismatch")
    return {kind: record.sizes if kind == "photo" else record.description}


def new_media(files: Files, bot_id: int, kind: str, upload: Upload, options: Json) -> Json:
    """The content of a message with a file that comes just now."""
    if kind == "photo":
        return {"photo": files.add_photo(bot_id, upload.content)}
    more: Json = {}
    mime_type = upload.mime_type.partition(";")[0].strip()
    if kind in ("voice", "audio"):
        more["duration"] = Arguments(options).integer("duration") or ogg_duration_s(upload.content)
        more |= {name: options[name] for name in ("performer", "title") if options.get(name) and kind == "audio"}
        if kind == "voice" or mime_type == "application/octet-stream":
            mime_type = sound_type(upload.content) or mime_type
    return {kind: files.add(bot_id, kind, upload.content, upload.name, mime_type, more)}


def ogg_duration_s(content: bytes) -> int:
    """Seconds of an OGG/Opus file, from the position that its last page states; 0 for anything else."""
    last = content.rfind(b"OggS")
    if last < 0 or len(content) < last + 14:
        return 0
    return int.from_bytes(content[last + 6 : last + 14], "little") // _OPUS_RATE


def sound_type(content: bytes) -> str | None:
    """The media type of what can be sent as a voice message, told by its first bytes; None for anything else."""
    if content.startswith(b"OggS"):
        return "audio/ogg"
    if content.startswith(_MPEG):
        return "audio/mpeg"
    return "audio/mp4" if content[4:8] == b"ftyp" else None
