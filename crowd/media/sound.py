"""A sound: a voice note, or a clip that is to be listened to."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crowd.kinds.base import Json

LONGEST_S = 300
"""Seconds of a sound that is taken in, at most."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound that was taken in."""

    name: str
    """Of the file in the store (see `db.files`): OGG/Opus."""
    ms: int
    """How long it is, milliseconds."""
    voice_ms: int
    """So much of it is louder than a quiet room, milliseconds."""
    level: float
    """How loud that part is: root mean square dB below full scale. A voice near a phone has about -25."""
    clipped: float
    """The share of it, 0..1, that was too loud for the microphone."""
    brought: str = ""
    """The name that the requester's file has."""

    @classmethod
    def of(cls, stored: "Json") -> "Sound":
        """From JSON that `stored` made."""
        return cls(*stored)

    @property
    def stored(self) -> "Json":
        """As JSON."""
        return [self.name, self.ms, self.voice_ms, self.level, self.clipped, self.brought]
