"""Sending photos, voice messages, songs and documents, and fetching what people sent."""

import secrets

from sandbox.arguments import Arguments
from sandbox.compose import read_caption, read_envelope
from sandbox.errors import bad_request
from sandbox.files import DOWNLOAD_LIMIT, LINK_LIFETIME_S
from sandbox.media import read_media
from sandbox.methods.messages import post
from sandbox.methods.registry import Call, method
from sandbox.records import Json
from sandbox.world import NewMessage

ALBUM_SIZE = range(2, 11)
ALBUM_KINDS = ("photo", "audio", "document")


@method("sendPhoto")
def send_photo(call: Call) -> Json:
    """Send a photo."""
    return _send(call, "photo")


@method("sendVoice")
def send_voice(call: Call) -> Json:
    """Send a voice message."""
    return _send(call, "voice")


@method("sendAudio")
def send_audio(call: Call) -> Json:
    """Send a song."""
    return _send(call, "audio")


@method("sendDocument")
def send_document(call: Call) -> Json:
    """Send a file."""
    return _send(call, "document")


@method("sendMediaGroup")
def send_media_group(call: Call) -> list[Json]:
    """Send an album: 2 to 10 messages that belong together, without keyboards."""
    chat = call.chat()
    items = call.args.json_array("media") or []
    if len(items) not in ALBUM_SIZE:
        raise bad_request("a media group must include 2-10 items")
    contents = [input_media(call, item, ALBUM_KINDS) for item in items]
    kinds = {kind for content in contents for kind in ALBUM_KINDS if kind in content}
    if len(kinds) > 1:
        raise bad_request("documents and audio can't be mixed with other media types")
    envelope = read_envelope(call.args, chat)
    head = {**envelope.head, "media_group_id": str(secrets.randbelow(10**17) + 10**17)}
    sent = [
        call.world.add_message(
            call.account, chat, NewMessage(content, reply_to=envelope.reply_to, head=head), from_bot=True
        )
        for content in contents
    ]
    return [chat.as_json(message) for message in sent]


@method("getFile")
def get_file(call: Call) -> Json:
    """Prepare a file for download; the link is good for an hour."""
    record = call.world.files.of_bot(call.account.id, call.args.text("file_id") or "")
    if record is None:
        raise bad_request("invalid file_id")
    if record.size > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    record.link_until = call.world.clock.now() + LINK_LIFETIME_S
    return {
        "file_id": record.file_id,
        "file_unique_id": record.unique_id,
        "file_size": record.size,
        "file_path": record.path,
    }


def input_media(call: Call, item: object, kinds: tuple[str, ...]) -> Json:
    """The content that an InputMedia describes."""
    if not isinstance(item, dict):
        raise bad_request("can't parse InputMedia: object expected")
    kind = item.get("type")
    if kind not in kinds:
        raise bad_request(f"can't parse InputMedia: the sandbox takes the types {', '.join(kinds)}, not {kind!r}")
    options = Arguments(item)
    content = read_media(call.world.files, call.account.id, call.args, kind, item.get("media"), item)
    if kind == "photo" and options.boolean("has_spoiler"):
        content["has_media_spoiler"] = True
    return content | read_caption(options, above=kind == "photo")


def _send(call: Call, kind: str) -> Json:
    chat = call.chat()
    args = call.args
    content = read_media(call.world.files, call.account.id, args, kind, args.raw.get(kind), args.raw)
    content |= read_caption(args, above=kind == "photo")
    if kind == "photo" and args.boolean("has_spoiler"):
        content["has_media_spoiler"] = True
    return chat.as_json(post(call, chat, content))
