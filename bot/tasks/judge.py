"""judge: what somebody else brought, and below it what can be said of it."""

from bot.i18n.tongue import Tongue
from bot.screens import Body, rows_of
from bot.tasks.base import Ask, Face
from bot.tasks.item import glimpse, of_item
from crowd.kinds.base import Json
from crowd.kinds.item import Item
from crowd.kinds.judge import JudgeSpec


class JudgeFace(Face[JudgeSpec, Item]):
    """Tap what holds."""

    name = "judge"

    def show(self, ask: Ask[JudgeSpec, Item]) -> Body:
        """See Face."""
        asked = {
            "speak": ask.voice.say("Is it read word for word, and clear?"),
            "photo": ask.voice.say("Does the picture show this, and clearly?"),
            "chat": ask.voice.say("Is this answer right, and good?"),
        }[ask.spec.about]
        buttons = [ask.answer(in_words(word, ask.voice), word) for word in ask.spec.words]
        return of_item(ask, f"<i>{asked}</i>", rows_of(buttons))

    def read_tap(self, said: str) -> Json:
        """The word itself."""
        return said

    def turns(self, spec: JudgeSpec, payload: Item, value: Json) -> tuple[str, ...]:  # noqa: ARG002
        """The word itself."""
        return (str(value),)

    def words(self, spec: JudgeSpec, value: Json, voice: Tongue) -> str:  # noqa: ARG002
        """What stood on the button."""
        return in_words(str(value), voice)

    def glimpse(self, payload: Item, voice: Tongue) -> str:
        """See Face."""
        return glimpse(payload, voice)


def in_words(word: str, voice: Tongue) -> str:
    """What judges say of an answer, as people read it."""
    return {
        "good": "👍 " + voice.say("Good"),
        "other_words": voice.say("Other words"),
        "unclear": voice.say("Not clear"),
        "something_else": voice.say("Shows something else"),
        "private": voice.say("Private data"),
        "wrong": voice.say("Has mistakes"),
        "poor": voice.say("Not helpful"),
    }[word]


FACE = JudgeFace()
