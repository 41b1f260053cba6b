"""Sounds for tests, made as they are needed."""

import io

import numpy as np
import soundfile


def beep(
    *,
    hertz: float = 440,
    ms: int = 1500,
    loud: float = 0.1,
    rate: int = 24_000,
    form: str = "WAV",
    kind: str = "PCM_16",
) -> bytes:
    """A tone with a beginning and an end, as a file. `loud` is its amplitude, 0..1."""
    at = np.arange(rate * ms // 1000) / rate
    samples = loud * np.sin(2 * np.pi * hertz * at)
    out = io.BytesIO()
    soundfile.write(out, samples, rate, format=form, subtype=kind)
    return out.getvalue()


def voice_note(*, hertz: float = 440, ms: int = 1500, loud: float = 0.1) -> bytes:
    """The same as a phone sends it."""
    return beep(hertz=hertz, ms=ms, loud=loud, form="OGG", kind="OPUS")
