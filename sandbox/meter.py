"""What a phone pays for: the one place where bytes are defined.

Telegram's own encoding is compact and cannot be had here, so this is an estimate, the same for every bot:

- each message that reaches the phone, new or edited: 48 bytes, the UTF-8 bytes of its text or caption,
  12 bytes for each entity and the bytes of its link, and for each button of a keyboard 8 bytes and the bytes
  of its label and of its data or link. An edit costs the whole message again.
- each answer to a tap, deletion or chat action: 24 bytes and the bytes of its text.
- each message that the phone sends: 48 bytes, its text, and the bytes of the file, if any.
- each tap: 48 bytes and the bytes of its data.
- files that the phone fetches are counted apart, as ``media_bytes``: photos (the largest size) and voice
  messages always, other files up to 1 MB; each file once, for the phone keeps it.
"""

from dataclasses import dataclass
from typing import Any

MESSAGE_BYTES = 48
NOTICE_BYTES = 24
ENTITY_BYTES = 12
BUTTON_BYTES = 8
FETCHED_AT_ONCE = 1_000_000
"""Bytes up to which a phone fetches a document or a song without being asked."""


@dataclass(slots=True)
class Traffic:
    """Bytes over a phone's link, and the messages and edits that reached it."""

    down_bytes: int = 0
    up_bytes: int = 0
    media_bytes: int = 0
    messages: int = 0
    edits: int = 0


def message_bytes(content: dict[str, Any], keyboard: dict[str, Any] | None) -> int:
    """Bytes of a message on its way to the phone, without its file."""
    text = content.get("text") or content.get("caption") or ""
    size = MESSAGE_BYTES + (len(text) if text.isascii() else len(text.encode()))
    for entity in content.get("entities") or content.get("caption_entities") or ():
        size += ENTITY_BYTES + len(entity.get("url", "").encode())
    if keyboard:
        for row in keyboard.get("inline_keyboard") or keyboard.get("keyboard") or ():
            for button in row:
                target = button.get("callback_data") or button.get("url") or ""
                size += BUTTON_BYTES + len(button["text"].encode()) + len(target.encode())
    return size


def fetched_files(content: dict[str, Any]) -> list[tuple[str, int]]:
    """The files that a phone fetches as soon as it sees the message: unique id and bytes of each."""
    found = []
    if photo := content.get("photo"):
        found.append((photo[-1]["file_unique_id"], photo[-1]["file_size"]))
    if voice := content.get("voice"):
        found.append((voice["file_unique_id"], voice["file_size"]))
    files = [content[kind] for kind in ("document", "audio") if kind in content]
    found += [(one["file_unique_id"], one["file_size"]) for one in files if one["file_size"] <= FETCHED_AT_ONCE]
    return found
