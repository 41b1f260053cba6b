"""How each kind of task looks on a phone. A file of this folder that has a `FACE` is one; nothing else lists them."""

import sys
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.i18n.tongue import Tongue, tongue
from bot.screens import Body, Media, Played, Shown
from bot.tasks.base import Ask, Face, Hand
from crowd.batches.spec import BatchSpec
from crowd.kinds import kind_named
from crowd.kinds.base import Json, SteppedKind, Takes
from crowd.media.picture import FIRST_BYTES
from crowd.plugins import named_in

AnyFace = Face[Any, Any]

VOICE_BYTES_A_S = 4000
"""Of a voice note, about: it is encoded at 32 kbit/s at most."""


@cache
def faces() -> dict[str, AnyFace]:
    """All faces by the name of their kind."""
    return named_in(sys.modules[__name__], "FACE")


def face_of(kind: str) -> AnyFace:
    """The face of a kind. Raises KeyError."""
    return faces()[kind]


def body_of(voice: Tongue, spec: BatchSpec, payload: Json, hand: Hand, *, draft: Json = None, view: int = 0) -> Body:
    """The part of a task's screen that its kind makes. Without a draft, as before any step."""
    return face_of(spec.kind).show(ask_of(voice, spec, payload, hand, draft, view))


def body_again(voice: Tongue, spec: BatchSpec, payload: Json, hand: Hand) -> Body:
    """The same once the task was answered, over what was right."""
    return face_of(spec.kind).again(ask_of(voice, spec, payload, hand, None, 0))


def ask_of(
    voice: Tongue, spec: BatchSpec, payload: Json, hand: Hand, draft: Json = None, view: int = 0
) -> Ask[Any, Any]:
    """A task that is to be shown; without a draft, as before any step."""
    item = kind_named(spec.kind).payload(payload)
    return Ask(spec, item, voice, hand, before_any_step(spec, payload) if draft is None else draft, view)


def before_any_step(spec: BatchSpec, payload: Json) -> Json:
    """The draft of an answer that goes step by step, before the first; None in kinds that know no steps."""
    kind = kind_named(spec.kind)
    return kind.begin(spec, kind.payload(payload)) if isinstance(kind, SteppedKind) else None


def taken(spec: BatchSpec, payload: Json, draft: Json) -> Takes | None:
    """What message answers a task, or is the next step of its answer; None: buttons only."""
    kind = kind_named(spec.kind)
    return kind.takes(spec, kind.payload(payload), before_any_step(spec, payload) if draft is None else draft)


def is_confirmed(spec: BatchSpec, payload: Json) -> bool:
    """Whether the answer is one message, which is echoed and confirmed before it counts."""
    return not isinstance(kind_named(spec.kind), SteppedKind) and taken(spec, payload, None) is not None


def keeps_drafts(spec: BatchSpec, payload: Json) -> bool:
    """Whether there is something between a task and its answer that is kept: a message to be confirmed, or steps."""
    return isinstance(kind_named(spec.kind), SteppedKind) or taken(spec, payload, None) is not None


def after(spec: BatchSpec, payload: Json, draft: Json, said: Json) -> Json:
    """The draft after a message: with one more step, or the answer that is to be confirmed. Raises AnswerError."""
    kind = kind_named(spec.kind)
    item = kind.payload(payload)
    if isinstance(kind, SteppedKind):
        return kind.step(spec, item, kind.begin(spec, item) if draft is None else draft, said)
    return kind.read_answer(spec, item, said)


@dataclass(frozen=True, slots=True)
class Preview:
    """A task's screen as plain text and button labels, for a requester to look at before posting."""

    text: str
    buttons: list[list[str]]
    picture: str | None
    """The requester's name of the picture that stands above the text."""
    sound: str | None
    """The same of a sound."""
    bytes: int
    """What such a task costs a phone, about: of a picture, what its first view has at most."""


def preview(spec: BatchSpec, payload: Json, locale: str) -> Preview:
    """How a task would look on a phone in a locale."""
    from bot.views.task import task_screen
    from bot.weighing import weigh

    screen = task_screen(tongue(locale), spec, payload, lease_id=0)
    buttons = [[button.label for button in row] for row in screen.buttons]
    media = screen.media
    return Preview(
        text=_plain(screen.text),
        buttons=buttons,
        picture=media.picture.brought if isinstance(media, Shown) else None,
        sound=media.sound.brought if isinstance(media, Played) else None,
        bytes=weigh(screen) + _media_bytes(media),
    )


def _media_bytes(media: Media | None) -> int:
    if isinstance(media, Played):
        return media.sound.ms * VOICE_BYTES_A_S // 1000
    return FIRST_BYTES if media is not None else 0


def said_in_words(spec: BatchSpec, payload: Json, value: Json, locale: str, hand: Hand) -> str:
    """An answer to an item as the worker knows it who had the task in that hand, HTML."""
    voice = tongue(locale)
    if value is None:
        return voice.say("I don't know")
    return face_of(spec.kind).told(Ask(spec, kind_named(spec.kind).payload(payload), voice, hand), value)


def item_in_words(spec: BatchSpec, payload: Json, locale: str) -> str:
    """A few words of an item, by which a worker recognises it; HTML."""
    return face_of(spec.kind).glimpse(kind_named(spec.kind).payload(payload), tongue(locale))


def _plain(markup: str) -> str:
    import html
    import re

    bare: str = html.unescape(re.sub(r"<[^>]+>", "", markup))
    return bare.translate(dict.fromkeys((0x200F, 0x2060, 0x2068, 0x2069)))
