"""What a sandbox remembers: plain data, so that it can be written to a file and read again.

Contents of messages, keyboards and entities are kept as the JSON objects that the Bot API defines for them:
that is their one definition, and they are checked where they come in.
"""

from dataclasses import dataclass, field
from typing import Any

from sandbox.link import Link
from sandbox.meter import Traffic

Json = dict[str, Any]


@dataclass(slots=True)
class Person:
    """Somebody with a phone. ``language_code`` is what Telegram would tell the bot, None if it tells nothing."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    phone_number: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message at one time of its life; an edit makes a new one.

    ``content`` holds what the message says under the Bot API's names (``text`` and ``entities``, or ``photo``,
    ``caption`` …); ``head`` holds what an edit cannot change (``forward_origin``, ``media_group_id`` …).
    ``keyboard`` is the reply keyboard, its removal, or the forced reply that came along.
    """

    message_id: int
    from_bot: bool
    date: int
    content: Json
    inline_keyboard: Json | None = None
    keyboard: Json | None = None
    reply_to: int | None = None
    edit_date: int | None = None
    head: Json = field(default_factory=dict)


@dataclass(slots=True)
class ChatRecord:
    """A private chat: what the server holds (``messages``), and what the phone shows (``shown``).

    ``stale`` lists the messages that changed while the phone was away.
    """

    bot_id: int
    person_id: int
    started: bool = False
    blocked: bool = False
    messages: dict[int, Message] = field(default_factory=dict)
    shown: dict[int, Message] = field(default_factory=dict)
    keyboard: Json | None = None
    stale: dict[int, None] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)


@dataclass(slots=True)
class PhoneRecord:
    """A person's phone: its link, what it cost so far, and the files it holds (unique ids)."""

    person: Person
    link: Link = field(default_factory=Link)
    traffic: Traffic = field(default_factory=Traffic)
    files: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Update:
    """Something a bot is to be told: the JSON text of the Update, and until when it is kept.

    ``queue`` names the line in which it waits when updates go out by webhook.
    """

    update_id: int
    queue: str
    expires_at: float
    body: str


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """Where a bot wants its updates."""

    url: str
    secret_token: str = ""
    max_connections: int = 40
    ip_address: str = ""
    has_certificate: bool = False


@dataclass(slots=True)
class Profile:
    """What people see of a bot, by language code ('' for everybody else). Commands are by scope and language."""

    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    menu_buttons: dict[str, Json] = field(default_factory=dict)


@dataclass(slots=True)
class BotRecord:
    """What Telegram remembers of a bot. ``last_update_at``: when there last was something to tell it."""

    bot_id: int
    next_message_id: int = 1
    next_update_id: int = 1
    last_update_at: float = 0.0
    next_query_id: int = 1
    updates: list[Update] = field(default_factory=list)
    allowed_updates: list[str] | None = None
    webhook: WebhookTarget | None = None
    profile: Profile = field(default_factory=Profile)


@dataclass(slots=True)
class FileRecord:
    """A file as one bot knows it. ``kind`` is photo, voice, audio or document; ``path`` is its download path.

    ``sizes`` are the sizes of the photo that the file is one of; ``link_until`` is when its link ends.
    """

    file_id: str
    unique_id: str
    bot_id: int
    kind: str
    path: str
    size: int
    mime_type: str
    description: Json = field(default_factory=dict)
    sizes: list[Json] = field(default_factory=list)
    link_until: float = 0.0


@dataclass(slots=True)
class Snapshot:
    """Everything, at one moment."""

    clock_offset_s: float = 0.0
    next_person_id: int = 0
    bots: list[BotRecord] = field(default_factory=list)
    phones: list[PhoneRecord] = field(default_factory=list)
    chats: list[ChatRecord] = field(default_factory=list)
    files: list[FileRecord] = field(default_factory=list)
