"""What simulated workers send where a sentence is to be read aloud: no speech, but what a phone takes for it."""

import io
from hashlib import sha256

import numpy as np
import soundfile
from numpy.typing import NDArray

_RATE = 24_000
_SYLLABLE_S, _PAUSE_S = 0.17, 0.09
_VOWELS = {"a": (800, 1200), "e": (500, 1900), "i": (300, 2300), "o": (500, 900), "u": (320, 800)}
"""Two formants each, hertz."""


def murmur(text: str) -> bytes:
    """A voice note that hums a text, vowel by vowel, always the same for the same text. OGG/Opus."""
    luck = np.random.default_rng(int.from_bytes(sha256(text.encode()).digest()[:8]))
    pitch = luck.uniform(105, 210)
    parts: list[NDArray[np.float64]] = []
    for word in text.lower().split():
        parts += [_vowel(letter, pitch * luck.uniform(0.93, 1.07)) for letter in word if letter in _VOWELS]
        parts.append(np.zeros(round(_RATE * _PAUSE_S)))
    samples = np.concatenate([np.zeros(_RATE // 5), *parts, np.zeros(_RATE // 5)])
    samples += luck.normal(0, 0.0004, len(samples))
    out = io.BytesIO()
    soundfile.write(out, samples, _RATE, format="OGG", subtype="OPUS", compression_level=0.95)
    return out.getvalue()


def _vowel(letter: str, pitch: float) -> NDArray[np.float64]:
    """Harmonics of a pitch, each as loud as it is near a formant of the vowel."""
    at = np.arange(round(_RATE * _SYLLABLE_S)) / _RATE
    found = np.zeros(len(at))
    for number in range(1, 24):
        near = sum(np.exp(-(((number * pitch - formant) / 260) ** 2)) for formant in _VOWELS[letter])
        found += near * np.sin(2 * np.pi * number * pitch * at) / number**0.5
    loud: NDArray[np.float64] = 0.16 * found / np.abs(found).max() * np.hanning(len(at)) ** 0.4
    return loud
