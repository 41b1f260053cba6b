"""speak: read a sentence aloud, and send it as a voice note."""

from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from crowd.kinds.base import AnswerError, Column, Json, Takes
from crowd.kinds.item import Item
from crowd.kinds.judging import BroughtKind, BroughtSpec
from crowd.media.sound import Sound
from crowd.sentences import SentenceError, say

LEAST_VOICE = 0.15
"""Of a recording, a voice takes up this share at least: else it is mostly silence."""

QUIETEST = -42.0
"""Below this level, dB, a voice is hard to understand, and no louder than what is around it."""

MOST_CLIPPED = 0.02
"""With more of it too loud for the microphone, a recording rattles."""


class SpeakSpec(BroughtSpec):
    """A batch of sentences to be read aloud."""

    kind: Literal["speak"]
    least_seconds: int = Field(default=1, ge=1, le=60, description="so many seconds a recording has at least")
    most_seconds: int = Field(default=30, ge=2, le=120, description="so many seconds a recording has at most")

    @field_validator("most_seconds")
    @classmethod
    def _ordered(cls, most: int, info: ValidationInfo) -> int:
        least = info.data.get("least_seconds", 0)
        if most <= least:
            what = say("{most} must be more than {name} ({least})", most=most, name="least_seconds", least=least)
            raise SentenceError(what)
        return most


_PARTS = ("sound", "ms", "voice_ms", "level", "clipped")


class Speak(BroughtKind[SpeakSpec]):
    """Read aloud. An answer says where the recording is, and how long and loud."""

    name = "speak"
    called = say("speaking")
    takes_s = 25
    spec = SpeakSpec
    brings = Takes.SOUND
    parts_of = _PARTS

    def columns(self, spec: SpeakSpec) -> tuple[Column, ...]:  # noqa: ARG002
        """What is to be read."""
        return (Column("text", "what is to be read aloud"),)

    def read_answer(self, spec: SpeakSpec, payload: Item, said: Json) -> Json:  # noqa: ARG002
        """`said` is a sound that was taken in, or an answer made of one."""
        answer = said if isinstance(said, dict) else _answer(Sound.of(said))
        seconds, voice = answer["ms"] / 1000, answer["voice_ms"] / 1000
        if seconds < spec.least_seconds:
            raise AnswerError(self.name, "too_short", least=spec.least_seconds)
        if seconds > spec.most_seconds:
            raise AnswerError(self.name, "too_long", most=spec.most_seconds)
        if voice < max(0.2, LEAST_VOICE * seconds):
            raise AnswerError(self.name, "silent")
        if answer["level"] < QUIETEST:
            raise AnswerError(self.name, "too_quiet")
        if answer["clipped"] > MOST_CLIPPED:
            raise AnswerError(self.name, "too_loud")
        return answer

    def judged_item(self, spec: SpeakSpec, payload: Item, answer: Json) -> Json:  # noqa: ARG002
        """The sentence, and the recording."""
        sound = Sound(*(answer[name] for name in _PARTS))
        return {"sound": sound.stored, "text": payload.text}

    told = ("sound", "ms")

    def tell(self, spec: SpeakSpec, payload: Item, label: Json) -> tuple[Json, ...]:  # noqa: ARG002
        """The file of the recording, and how long it is, milliseconds."""
        return label["sound"], label["ms"]


def _answer(sound: Sound) -> dict[str, Any]:
    return dict(zip(_PARTS, (sound.name, sound.ms, sound.voice_ms, sound.level, sound.clipped), strict=True))


KIND = Speak()
