"""What tasks that are answered in writing have in common on a phone."""

from typing import TypeVar

from bot.i18n.tongue import Tongue
from bot.tasks.base import WORDS, Ask, Face, Message, Packed, shortened
from bot.tasks.item import glimpse, packed
from crowd.kinds.base import AnswerError, Json
from crowd.kinds.item import Item
from crowd.kinds.written import WrittenSpec

S = TypeVar("S", bound=WrittenSpec)


class WritingFace(Face[S, Item]):
    """The worker writes; what was read is echoed, and counts once it is confirmed. In a pack it counts at once."""

    in_writing = True

    def read_tap(self, said: str) -> Json:
        """A text is never tapped."""
        return said

    def turns(self, spec: S, payload: Item, value: Json) -> tuple[Message, ...]:  # noqa: ARG002
        """The text."""
        return (Message(value),)

    def words(self, spec: S, value: Json, voice: Tongue) -> str:  # noqa: ARG002
        """The text."""
        return shortened(voice, str(value), WORDS)

    def echo(self, spec: S, value: Json, voice: Tongue) -> str:  # noqa: ARG002
        """The text."""
        wrote, ask = voice.say("You wrote:"), voice.say("Send it, or write it again.")
        return f"{wrote}\n<blockquote>{voice.block(str(value))}</blockquote>{ask}"

    def trouble(self, error: AnswerError, voice: Tongue) -> str:
        """Too short or too long."""
        return wrong_length(error, voice) or super().trouble(error, voice)

    def packed(self, ask: Ask[S, Item]) -> Packed | None:
        """See Face."""
        return packed(ask)

    def glimpse(self, payload: Item, voice: Tongue) -> str:
        """See Face."""
        return glimpse(payload, voice)


def wrong_length(error: AnswerError, voice: Tongue) -> str | None:
    """What is wrong with the length of a text, if that is what is wrong; plain text."""
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
    return None
