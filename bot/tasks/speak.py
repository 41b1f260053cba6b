"""speak: the worker reads aloud what stands there, and sends it as a voice note."""

from bot.i18n.tongue import Tongue
from bot.screens import Body
from bot.tasks.base import Ask
from bot.tasks.bringing import BringingFace
from crowd.kinds.base import AnswerError, Json
from crowd.kinds.item import Item
from crowd.kinds.speak import SpeakSpec


class SpeakFace(BringingFace[SpeakSpec]):
    """Speak."""

    name = "speak"

    def show(self, ask: Ask[SpeakSpec, Item]) -> Body:
        """See Face."""
        asked = ask.voice.say("Read this aloud: hold the microphone, speak, and let go.")
        return Body(f"🎤 <i>{asked}</i>\n\n<b>{ask.voice.block(ask.payload.text)}</b>")

    def words(self, spec: SpeakSpec, value: Json, voice: Tongue) -> str:  # noqa: ARG002
        """How long the recording is."""
        minutes, seconds = divmod(round(value["ms"] / 1000), 60)
        return "🎤 " + voice.say("Recording, {length}", length=voice.foreign(f"{minutes}:{seconds:02}"))

    def echo(self, spec: SpeakSpec, value: Json, voice: Tongue) -> str:
        """See Face."""
        return f"{self.words(spec, value, voice)}\n\n{voice.say('Listen to it above. Send it, or record it again.')}"

    def trouble(self, error: AnswerError, voice: Tongue) -> str:
        """What a listener would find."""
        if error.problem == "too_short":
            return voice.count(
                "Too short: speak for at least {number} second.",
                "Too short: speak for at least {number} seconds.",
                error.values["least"],
            )
        if error.problem == "too_long":
            return voice.count(
                "Too long: speak for at most {number} second.",
                "Too long: speak for at most {number} seconds.",
                error.values["most"],
            )
        told = {
            "silent": voice.say("Hardly a voice is heard. Hold the phone closer, and record it again."),
            "too_quiet": voice.say("Too quiet. Hold the phone closer, or speak up, and record it again."),
            "too_loud": voice.say("Too loud: it rattles. Hold the phone further away, and record it again."),
        }
        return told.get(error.problem) or super().trouble(error, voice)


FACE = SpeakFace()
