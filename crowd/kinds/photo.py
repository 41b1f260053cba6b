"""photo: take a picture of what is asked for."""

from collections.abc import Mapping
from typing import Literal

import orjson
from pydantic import Field

from crowd.kinds.base import AnswerError, Column, Json, Takes
from crowd.kinds.item import Item, read_words
from crowd.kinds.judging import BroughtKind, BroughtSpec, not_an_answer
from crowd.media.picture import Picture
from crowd.sentences import say

BLURRED = 12.0
"""A picture less sharp than this is out of focus, whatever it shows; see `crowd.media.snap`."""

DARK, BRIGHT = 18.0, 245.0
"""Mean brightness of a picture on which nothing can be seen."""

_NAMES = ("picture", "width", "height", "sharpness", "light", "mark")


class PhotoSpec(BroughtSpec):
    """A batch of things to be photographed."""

    kind: Literal["photo"]
    least_side: int = Field(default=480, ge=64, le=1280, description="pixels of the shorter side, at least")


class Photo(BroughtKind[PhotoSpec, Item]):
    """Take a picture. An answer says where it is, how large, and how sharp."""

    name = "photo"
    called = say("photos")
    spec = PhotoSpec
    brings = Takes.PICTURE

    def columns(self, spec: PhotoSpec) -> tuple[Column, ...]:  # noqa: ARG002
        """What is asked for."""
        return (Column("text", "what is to be photographed"),)

    def read_item(self, spec: PhotoSpec, cells: Mapping[str, str]) -> Json:  # noqa: ARG002
        """See Kind."""
        return read_words(cells)

    def payload(self, stored: Json) -> Item:
        """See Kind."""
        return Item.of(stored)

    def takes(self, spec: PhotoSpec, payload: Item, draft: Json) -> Takes:  # noqa: ARG002
        """A picture."""
        return self.brings

    def read_answer(self, spec: PhotoSpec, payload: Item, said: Json) -> Json:  # noqa: ARG002
        """`said` is a picture that was taken in."""
        if min(said["width"], said["height"]) < spec.least_side:
            raise AnswerError(self.name, "too_small", least=spec.least_side)
        if not DARK <= said["light"] <= BRIGHT:
            raise AnswerError(self.name, "too_dark" if said["light"] < DARK else "too_bright")
        if said["sharpness"] < BLURRED:
            raise AnswerError(self.name, "blurred")
        return {name: said[name] for name in _NAMES}

    def mark(self, spec: PhotoSpec, said: Json) -> str:  # noqa: ARG002
        """See Kind."""
        return str(said["mark"])

    def read_own(self, cell: str) -> Json:
        """See BroughtKind."""
        try:
            found = orjson.loads(cell)
            return {name: found[name] for name in _NAMES}
        except (orjson.JSONDecodeError, KeyError, TypeError):
            raise not_an_answer(cell) from None

    def judged_item(self, spec: PhotoSpec, payload: Item, answer: Json) -> Json:  # noqa: ARG002
        """What was asked for, and the picture."""
        return {
            "picture": Picture(answer["picture"], answer["width"], answer["height"]).stored, "text": payload.text
        }  # fmt: skip

    told = ("picture",)

    def tell(self, spec: PhotoSpec, payload: Item, label: Json) -> tuple[Json, ...]:  # noqa: ARG002
        """The file of the picture."""
        return (label["picture"],)


KIND = Photo()
