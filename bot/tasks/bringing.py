"""What tasks that are answered by a voice note or a picture have in common on a phone."""

from typing import TypeVar

from bot.i18n.tongue import Tongue
from bot.tasks.base import Face, Message
from bot.tasks.item import glimpse
from crowd.kinds.base import Json
from crowd.kinds.item import Item
from crowd.kinds.judging import BroughtSpec

S = TypeVar("S", bound=BroughtSpec)


class BringingFace(Face[S, Item]):
    """The worker sends something; it was looked at, and counts once it is confirmed."""

    def read_tap(self, said: str) -> Json:
        """It is never tapped."""
        return said

    def turns(self, spec: S, payload: Item, value: Json) -> tuple[Message, ...]:  # noqa: ARG002
        """What is sent."""
        return (Message(value),)

    def glimpse(self, payload: Item, voice: Tongue) -> str:
        """See Face."""
        return glimpse(payload, voice)
