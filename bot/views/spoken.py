"""Spoken instructions: what they cost to hear, before they are asked for, and the voice note itself."""

from bot.i18n.tongue import Tongue
from bot.screens import Button, Played, Rows, Screen
from crowd.batches.spec import BatchSpec
from crowd.batches.spoken import Spoken


def spoken_line(voice: Tongue, spec: BatchSpec) -> str:
    """That the instructions can be heard, in which language where it is another than the worker's, and how long."""
    found = _picked(voice, spec)
    if found is None:
        return ""
    code, spoken = found
    if voice.is_own(code):
        return "\n\n🔊 " + voice.count("Spoken: {number} second", "Spoken: {number} seconds", spoken.seconds)
    return "\n\n🔊 " + voice.count(
        "Spoken in this language: {language}, {number} second",
        "Spoken in this language: {language}, {number} seconds",
        spoken.seconds,
        language=voice.language(code),
    )


def listen_rows(voice: Tongue, spec: BatchSpec, batch_id: int, *, practising: bool = False) -> Rows:
    """The button that sends for them, with what they cost; none where there are none. It says where it was tapped."""
    found = _picked(voice, spec)
    if found is None:
        return ()
    data = f"hear:{batch_id}:p" if practising else f"hear:{batch_id}"
    return ((Button(f"🔊 {voice.say('Listen')}, {voice.size(found[1].size)}", data),),)


def spoken_screen(voice: Tongue, spec: BatchSpec, title: str, back: Rows, again: str) -> Screen | None:
    """The voice note; None where there is none. `again` is the data of a tap that asks for it once more."""
    found = _picked(voice, spec)
    if found is None:
        return None
    code, spoken = found
    text = f"{voice.line}📖 <b>{voice.foreign(title)}</b>"
    if not voice.is_own(code):
        text += f"\n{voice.line}🌐 {voice.foreign(voice.language(code))}"
    sorry = voice.say("The sound cannot be played just now. Nothing is lost: try again, or do another task.")
    otherwise = Screen(f"🔇 {sorry}", ((Button("🔄 " + voice.say("Try again"), again),), *back))
    return Screen(text, back, Played(spoken.sound), spec.protected, otherwise)


def _picked(voice: Tongue, spec: BatchSpec) -> tuple[str, Spoken] | None:
    """Its language, and the one that suits a worker best, as with what is written."""
    if not spec.spoken_instructions:
        return None
    code = voice.picked(spec.spoken_instructions, spec.language)
    return code, spec.spoken_instructions[code]
