"""Sounds are taken in: whatever they are, what is kept is a voice note that every phone plays."""

import io
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from crowd.media.oggpages import without_chance
from crowd.media.sound import LONGEST_S, Sound
from crowd.sentences import SentenceError, say

LARGEST_FILE = 40 * 1024 * 1024
SHORTEST_MS = 200

_RATE = 24_000
"""Samples a second of what is kept: all of a voice, and one of the rates that Opus has."""

_COMPRESSION = 0.93
"""As libsndfile counts it: some 20 kbit a second, with which speech cannot be told from the original."""

_KEPT_AS_IT_IS = 1024 * 1024
"""Bytes; an OGG/Opus file of one channel up to this size is kept as it is, since each encoding takes from it."""

_FRAME_MS = 20
_ROOM_DB = -50.0
"""A quiet room, as the microphone of a phone hears it; dB below full scale."""

_FULL = 0.985
"""From here on a sample counts as clipped; full scale is 1."""

Samples = NDArray[np.float32]


class SoundError(SentenceError):
    """A file is no sound that can be taken in."""


def take_in(data: bytes) -> tuple[Sound, bytes]:
    """A sound out of a file, and what is kept of it. Raises SoundError.

    The file is hostile until shown otherwise: how long it is, is looked at while it is unpacked, whatever it says.
    """
    if len(data) > LARGEST_FILE:
        raise SoundError(say("is larger than {most} MB: save it smaller", most=LARGEST_FILE // 1024 // 1024))
    heard = _heard(data)
    ms = round(1000 * len(heard.samples) / heard.rate)
    if ms < SHORTEST_MS:
        raise SoundError(say("is no longer than a blink: there is nothing to hear"))
    kept = data if heard.fit else _encoded(heard)
    voice_ms, level = _loudness(heard)
    clipped = round(float(np.mean(np.abs(heard.samples) >= _FULL)), 4)
    return Sound(sha256(kept).hexdigest(), ms, voice_ms, level, clipped), kept


@dataclass(frozen=True, slots=True)
class _Heard:
    samples: Samples
    """Of one channel, -1..1."""
    rate: int
    fit: bool
    """It is what phones play, as it is."""


def _heard(data: bytes) -> _Heard:
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            rate, most = file.samplerate, (LONGEST_S + 1) * file.samplerate
            if not 4_000 <= rate <= 192_000 or file.channels > 8:
                raise SoundError(say("is no sound of a usual kind: save it as MP3, WAV, FLAC or OGG"))
            found = file.read(most, dtype="float32", always_2d=True)
            fit = (file.format, file.subtype, file.channels) == ("OGG", "OPUS", 1) and len(data) <= _KEPT_AS_IT_IS
    except (soundfile.SoundFileError, RuntimeError, ValueError, OSError):
        raise SoundError(say("is no sound that can be read, or is damaged: save it as MP3, WAV, FLAC or OGG")) from None
    if len(found) > LONGEST_S * rate:
        raise SoundError(say("is longer than {most} minutes: cut it in parts", most=LONGEST_S // 60))
    samples = np.nan_to_num(found.mean(axis=1), posinf=1.0, neginf=-1.0)
    return _Heard(samples.astype(np.float32), rate, fit)


def _encoded(heard: _Heard) -> bytes:
    samples = heard.samples if heard.rate == _RATE else soxr.resample(heard.samples, heard.rate, _RATE)
    out = io.BytesIO()
    soundfile.write(
        out, np.clip(samples, -1, 1), _RATE, format="OGG", subtype="OPUS", compression_level=_COMPRESSION
    )  # fmt: skip
    return without_chance(out.getvalue())


def _loudness(heard: _Heard) -> tuple[int, float]:
    """How many milliseconds are louder than a quiet room, and the level of these, dB; of none, that of the room."""
    frame = max(1, heard.rate * _FRAME_MS // 1000)
    whole = len(heard.samples) // frame * frame
    power = np.mean(np.square(heard.samples[:whole].reshape(-1, frame), dtype=np.float64), axis=1)
    loud = power[power > 10 ** (_ROOM_DB / 10)]
    if not len(loud):
        return 0, _ROOM_DB
    return len(loud) * _FRAME_MS, round(min(0.0, 10 * float(np.log10(np.mean(loud)))), 1)
