"""Sounds that somebody brings: taken in safely, made into what every phone plays, and measured."""

import io

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from crowd.media.listening import take_in
from crowd.media.sound import LONGEST_S
from crowd.sentences import ENGLISH, SentenceError
from tests.media.sounds import beep, voice_note

pytestmark = pytest.mark.unit


def refusal(file: bytes) -> str:
    with pytest.raises(SentenceError) as raised:
        take_in(file)
    return ENGLISH.put(raised.value.sentence)


@pytest.mark.parametrize(("form", "kind"), [("WAV", "PCM_16"), ("FLAC", "PCM_16"), ("MP3", "MPEG_LAYER_III"),
                                            ("OGG", "VORBIS"), ("AIFF", "PCM_16")])  # fmt: skip
@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_whatever_is_brought_becomes_a_voice_note_of_the_same_length(form: str, kind: str, rate: int) -> None:
    sound, kept = take_in(beep(ms=2000, rate=rate, form=form, kind=kind))
    assert sound.ms == pytest.approx(2000, abs=60)
    with soundfile.SoundFile(io.BytesIO(kept)) as file:
        assert (file.format, file.subtype, file.channels) == ("OGG", "OPUS", 1)
        samples = file.read()
    assert len(samples) / file.samplerate == pytest.approx(2, abs=0.1)
    spectrum = np.abs(np.fft.rfft(samples))
    assert np.argmax(spectrum) * file.samplerate / len(samples) == pytest.approx(440, abs=5)
    assert len(kept) < 12_000


def test_a_voice_note_is_kept_as_it_is() -> None:
    note = voice_note(ms=1500)
    sound, kept = take_in(note)
    assert kept == note
    assert sound.ms == 1500


@pytest.mark.parametrize("ms", [200, 1500, 60_000])
def test_the_same_sound_becomes_the_same_file_each_time(ms: int) -> None:
    brought = beep(ms=ms)
    (first, kept), (again, _) = take_in(brought), take_in(brought)
    assert first == again
    assert take_in(beep(ms=ms, hertz=441))[0].name != first.name
    with soundfile.SoundFile(io.BytesIO(kept)) as file:  # a page whose checksum is wrong would be passed over
        assert len(file.read()) * 1000 / file.samplerate == pytest.approx(ms, abs=60)


def test_both_channels_are_heard() -> None:
    at = np.arange(24_000) / 24_000
    samples = np.stack([np.zeros(24_000), 0.2 * np.sin(2 * np.pi * 300 * at)], axis=1)
    out = io.BytesIO()
    soundfile.write(out, samples, 24_000, format="WAV")
    sound, _ = take_in(out.getvalue())
    assert sound.voice_ms == 1000
    assert sound.level == pytest.approx(20 * np.log10(0.1 / np.sqrt(2)), abs=0.5)


@pytest.mark.parametrize(("loud", "level"), [(0.5, -9.0), (0.1, -23.0), (0.01, -43.0)])
def test_how_loud_it_is_is_measured(loud: float, level: float) -> None:
    sound, _ = take_in(beep(loud=loud))
    assert sound.level == pytest.approx(level, abs=0.5)
    assert sound.voice_ms == 1500
    assert sound.clipped == 0


def test_silence_has_no_voice_and_what_rattles_is_clipped() -> None:
    silent, _ = take_in(beep(loud=0.0001))
    assert (silent.voice_ms, silent.level) == (0, -50.0)
    rattling, _ = take_in(beep(loud=1.5))
    assert rattling.clipped > 0.3


def test_a_sound_that_is_too_long_is_refused_whatever_its_file_says() -> None:
    long = beep(ms=(LONGEST_S + 2) * 1000, rate=8_000)
    assert "longer than 5 minutes" in refusal(long)


@pytest.mark.parametrize("content", [b"", b"hello", b"RIFF\x00\x00\x00\x00WAVEfmt ", b"OggS" + bytes(60), b"ID3 cut"])
def test_what_is_no_sound_is_refused_with_a_reason(content: bytes) -> None:
    assert "no sound that can be read" in refusal(content)


def test_a_cut_voice_note_is_taken_as_far_as_it_goes_or_refused() -> None:
    whole = voice_note(ms=5000)
    try:
        sound, _ = take_in(whole[: len(whole) // 2])
    except SentenceError:
        return
    assert sound.ms < 5000


def test_nothing_but_a_blink_is_refused() -> None:
    assert "nothing to hear" in refusal(beep(ms=100))


@given(st.binary(max_size=2000))
@settings(max_examples=200, deadline=None)
def test_no_bytes_do_any_harm(content: bytes) -> None:
    refusal(content)
