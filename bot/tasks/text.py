"""text: the worker writes something about the item."""

from bot.screens import Body
from bot.tasks.base import Ask
from bot.tasks.item import of_item
from bot.tasks.writing import WritingFace
from crowd.kinds.item import Item
from crowd.kinds.text import TextSpec


class TextFace(WritingFace[TextSpec]):
    """Write a text."""

    name = "text"

    def show(self, ask: Ask[TextSpec, Item]) -> Body:
        """See Face."""
        return of_item(ask, f"✍️ <i>{ask.voice.say('Write your answer as a message.')}</i>")


FACE = TextFace()
