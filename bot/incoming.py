"""What an update says, whatever its type: the few fields that Kazi goes by, checked, and nothing else of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, StrictInt, ValidationError, model_validator

Id = Annotated[StrictInt, Field(ge=-(2**63), lt=2**63)]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a reaction goes."""

    person_id: int
    message_id: int | None
    """The message that was tapped."""
    sent_at: datetime | None
    """When that message was sent."""
    query_id: str | None
    """The tap, to be acknowledged."""
    media: str | None = None
    """Which picture or sound that message shows, as the network identifies it; None where it is a text."""
    sounds: bool = False
    """It is a sound."""
    protected: bool = False
    """That message can be neither forwarded nor saved."""


class Sent(Enum):
    """What a message is."""

    TEXT = "text"
    """Or nothing that a person sends: a pinned message, say."""
    VOICE = "voice"
    PHOTO = "photo"
    """Also one that was sent as a file, so that the network leaves it as it is."""
    FILE = "file"
    """A film, a sticker, a place: Kazi does not take it, and never reads what it holds."""
    CONTACT = "contact"
    """A phone number, likewise."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came with a message, before it is fetched."""

    handle: str
    """By which the network gives it."""
    size: int | None
    """Bytes, as the network says."""
    seconds: int = 0
    """Of a sound."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What an update says, whatever its type."""

    update_id: int
    person_id: int
    first_name: str
    language_code: str | None
    text: str
    target: Target
    tapped: bool
    sent: Sent = Sent.TEXT
    attached: Attached | None = None
    """Of a voice note or a picture."""
    blocked: bool | None = None
    """The person blocked (or took back) the bot."""


class _Person(BaseModel):
    id: Id
    first_name: str = ""
    language_code: str | None = None


class _Chat(BaseModel):
    type: str


_FILES = (
    "animation", "audio", "document", "location", "poll", "sticker", "story", "video", "video_note",
)  # fmt: skip


_PICTURES = {"image/jpeg", "image/png", "image/webp"}


class _File(BaseModel):
    file_id: str
    file_unique_id: str
    file_size: int | None = None
    duration: int = 0
    mime_type: str = ""


class _Message(BaseModel):
    message_id: Id
    date: Annotated[StrictInt, Field(ge=0, lt=2**38)]
    """Seconds since 1970; 0 for a message that is no longer accessible."""
    chat: _Chat
    person: _Person | None = Field(None, alias="from")
    text: str | None = None
    sent: Sent = Sent.TEXT
    photo: list[_File] = []
    voice: _File | None = None
    document: _File | None = None
    protected: bool = Field(False, alias="has_protected_content")

    @model_validator(mode="before")
    @classmethod
    def _name_what_was_sent(cls, told: Any) -> Any:
        if not isinstance(told, dict):
            return told
        kinds = {
            "contact": Sent.CONTACT, "voice": Sent.VOICE, "photo": Sent.PHOTO, **dict.fromkeys(_FILES, Sent.FILE)
        }  # fmt: skip
        return {**told, "sent": next((sent for name, sent in kinds.items() if name in told), Sent.TEXT)}

    @model_validator(mode="after")
    def _tell_pictures_from_files(self) -> Self:
        if self.sent is Sent.FILE and self.document is not None and self.document.mime_type in _PICTURES:
            self.sent = Sent.PHOTO
        return self

    @property
    def file(self) -> _File | None:
        """The sound, or the picture in its largest size."""
        if self.voice or self.photo:
            return self.voice or self.photo[-1]
        return self.document if self.sent is Sent.PHOTO else None


class _Tap(BaseModel):
    id: str
    person: _Person = Field(alias="from")
    message: _Message | None = None
    data: str = ""


class _Standing(BaseModel):
    status: str


class _Member(BaseModel):
    chat: _Chat
    person: _Person = Field(alias="from")
    new_chat_member: _Standing


class _Update(BaseModel):
    update_id: Id
    message: _Message | None = None
    callback_query: _Tap | None = None
    my_chat_member: _Member | None = None


class UnreadableError(ValueError):
    """An update that is not what the Bot API says."""


def read(update: object) -> Incoming | None:
    """The part of an update that Kazi goes by; None for one that is none of its business. Raises UnreadableError."""
    try:
        told = _Update.model_validate(update)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise UnreadableError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    if (tap := told.callback_query) is not None:
        message = tap.message
        return _incoming(told.update_id, tap.person, tap.data, _tapped(tap, message))
    if (said := told.message) is not None and said.person is not None and said.chat.type == "private":
        return _incoming(told.update_id, said.person, said.text or "", sent=said.sent, file=said.file)
    if (member := told.my_chat_member) is not None and member.chat.type == "private":
        blocked = member.new_chat_member.status == "kicked"
        return _incoming(told.update_id, member.person, "", blocked=blocked)
    return None


def _tapped(tap: _Tap, message: _Message | None) -> Target:
    if message is None:
        return Target(tap.person.id, None, None, tap.id)
    sent_at = datetime.fromtimestamp(message.date, UTC) if message.date else None
    shown = message.file.file_unique_id if message.file is not None else None
    return Target(
        tap.person.id, message.message_id, sent_at, tap.id, shown, message.voice is not None, message.protected
    )


def _incoming(
    update_id: int,
    person: _Person,
    text: str,
    tapped: Target | None = None,
    *,
    sent: Sent = Sent.TEXT,
    file: _File | None = None,
    blocked: bool | None = None,
) -> Incoming:
    return Incoming(
        update_id=update_id,
        person_id=person.id,
        first_name=person.first_name,
        language_code=person.language_code,
        text=text,
        target=tapped or Target(person.id, None, None, None),
        tapped=tapped is not None,
        sent=sent,
        attached=Attached(file.file_id, file.file_size, file.duration) if file is not None else None,
        blocked=blocked,
    )
