"""text: the worker writes; what was read is echoed and counts once it is confirmed."""

from bot.i18n.tongue import Tongue
from bot.screens import Body
from bot.tasks.base import WORDS, Ask, Face, shortened
from crowd.kinds.base import AnswerError, Json
from crowd.kinds.text import TextSpec
from crowd.kinds.textitem import TextItem


class TextFace(Face[TextSpec, TextItem]):
    """Write a text."""

    name = "text"
    takes_text = True

    def show(self, ask: Ask[TextSpec, TextItem]) -> Body:
        """See Face."""
        asked = ask.voice.say("Write your answer as a message.")
        return Body(f"{ask.voice.block(ask.payload.text)}\n\n✍️ <i>{asked}</i>")

    def read_tap(self, said: str) -> Json:
        """A text is never tapped."""
        return said

    def taps(self, spec: TextSpec, payload: TextItem, value: Json) -> tuple[str, ...]:  # noqa: ARG002
        """None."""
        return ()

    def words(self, spec: TextSpec, value: Json, voice: Tongue) -> str:  # noqa: ARG002
        """The text."""
        return shortened(voice, str(value), WORDS)

    def echo(self, spec: TextSpec, value: Json, voice: Tongue) -> str:  # noqa: ARG002
        """The text."""
        return voice.block(str(value))

    def trouble(self, error: AnswerError, voice: Tongue) -> str:
        """Too short or too long."""
        if error.problem == "answer_too_short":
            return voice.count(
                "Too short: write at least {number} character.",
                "Too short: write at least {number} characters.",
                error.values["least"],
            )
        if error.problem == "answer_too_long":
            return voice.count(
                "Too long: write at most {number} character. Yours has {length}.",
                "Too long: write at most {number} characters. Yours has {length}.",
                error.values["most"],
                length=error.values["length"],
            )
        return super().trouble(error, voice)

    def glimpse(self, payload: TextItem, voice: Tongue) -> str:
        """See Face."""
        return shortened(voice, payload.text)


FACE = TextFace()
