"""text: write something about a text or a picture: a translation, a correction, a caption."""

from typing import Literal

from crowd.kinds.item import Item, OfItem
from crowd.kinds.written import WrittenKind, WrittenSpec
from crowd.sentences import say


class TextSpec(WrittenSpec):
    """A batch of texts to be written."""

    kind: Literal["text"]


class Text(OfItem[TextSpec], WrittenKind[TextSpec, Item]):
    """Write a text."""

    name = "text"
    called = say("writing")
    takes_s = 25
    spec = TextSpec


KIND = Text()
