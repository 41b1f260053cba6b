"""What a phone makes of a recording: an OGG/Opus voice note, as people's phones send them."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.errors import ControlError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATES = range(8_000, 192_001)
"""Samples a second that a recording may have."""
_NARROW, _WIDE = 24_000, 48_000
_SMALLNESS = 0.93
"""About 26 kbit/s, which is what phones use for speech."""


@dataclass(frozen=True, slots=True)
class Note:
    """A voice note: OGG/Opus, mono, and how long it is."""

    content: bytes
    seconds: float


def is_wav(content: bytes) -> bool:
    """Is this a WAV file, by its first bytes?"""
    return content.startswith(b"RIFF") and content[8:12] == b"WAVE"


def note_of(wav: bytes) -> Note:
    """The voice note of a WAV file. Takes a while: about 20 ms for a second of sound.

    Raises ControlError if the file is damaged, or holds nothing.
    """
    import soundfile  # takes long to load, and only voices need it

    samples, rate = _samples(wav)
    seconds = len(samples) / rate
    wide = _WIDE if rate > _NARROW else _NARROW
    out = io.BytesIO()
    soundfile.write(
        out, _resampled(samples, rate, wide), wide, format="OGG", subtype="OPUS", compression_level=_SMALLNESS
    )
    return Note(out.getvalue(), seconds)


def _samples(wav: bytes) -> "tuple[NDArray[np.float32], int]":
    """One channel, between -1 and 1, and its samples a second."""
    import numpy as np
    import soundfile

    try:
        found, rate = soundfile.read(io.BytesIO(wav), dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise ControlError(f"this WAV file cannot be read: {error}. Send one of PCM samples") from None
    if not len(found):
        raise ControlError("this WAV file holds no sound: send one with samples in it")
    if rate not in RATES:
        raise ControlError(f"a recording has {RATES[0]} to {RATES[-1]} samples a second, and this one has {rate}")
    mono: Any = np.nan_to_num(found.mean(axis=1), posinf=1.0, neginf=-1.0)
    return np.clip(mono, -1.0, 1.0, dtype=np.float32), int(rate)


def _resampled(samples: "NDArray[np.float32]", rate: int, wanted: int) -> "NDArray[np.float32]":
    import soxr

    if rate == wanted:
        return samples
    resampled: NDArray[np.float32] = soxr.resample(samples, rate, wanted)
    return resampled
