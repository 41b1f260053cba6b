"""Instructions that are heard: a sound for each language, sent to who asks for it and never by itself."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema

from crowd.media.sound import Sound
from crowd.sentences import SentenceError, say


@dataclass(frozen=True, slots=True)
class Spoken:
    """Instructions in one language, spoken."""

    sound: Sound
    """Of what is only named so far, only the name that it was brought under is known."""
    size: int
    """Bytes that a phone fetches."""

    @classmethod
    def named(cls, file: str) -> "Spoken":
        """As a batch file says it, before its sound is taken in."""
        return cls(Sound("", 0, 0, 0.0, 0.0, file), 0)

    @property
    def seconds(self) -> int:
        """How long it is, rounded up."""
        return -(-self.sound.ms // 1000)


def _brought(said: object, info: ValidationInfo) -> object:
    """A batch file names a file; only what is stored says which of the store's it is."""
    if isinstance(said, str):
        if not said.strip():
            raise SentenceError(say("must say something"))
        return Spoken.named(said.strip())
    if info.context is not None:
        raise SentenceError(say("must be the name of a sound, beside the batch file"))
    return said


SpokenFile = Annotated[
    Spoken,
    BeforeValidator(_brought),
    WithJsonSchema({"type": "string", "minLength": 1}),
]
