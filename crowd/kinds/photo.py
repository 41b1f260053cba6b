"""photo: take a picture of what is asked for."""

from typing import Literal

from pydantic import Field

from crowd.kinds.base import AnswerError, Column, Json, Takes
from crowd.kinds.item import Item
from crowd.kinds.judging import BroughtKind, BroughtSpec
from crowd.media.picture import Picture
from crowd.sentences import say

BLURRED = 12.0
"""A picture less sharp than this is out of focus, whatever it shows; see `crowd.media.snap`."""

DARK, BRIGHT = 18.0, 245.0
"""Mean brightness of a picture on which nothing can be seen."""


class PhotoSpec(BroughtSpec):
    """A batch of things to be photographed."""

    kind: Literal["photo"]
    least_side: int = Field(default=480, ge=64, le=1280, description="pixels of the shorter side, at least")


class Photo(BroughtKind[PhotoSpec]):
    """Take a picture. An answer says where it is, how large, and how sharp."""

    name = "photo"
    called = say("photos")
    takes_s = 60
    spec = PhotoSpec
    brings = Takes.PICTURE
    parts_of = ("picture", "width", "height", "sharpness", "light", "mark")

    def columns(self, spec: PhotoSpec) -> tuple[Column, ...]:  # noqa: ARG002
        """What is asked for."""
        return (Column("text", "what is to be photographed"),)

    def read_answer(self, spec: PhotoSpec, payload: Item, said: Json) -> Json:  # noqa: ARG002
        """`said` is a picture that was taken in."""
        if min(said["width"], said["height"]) < spec.least_side:
            raise AnswerError(self.name, "too_small", least=spec.least_side)
        if not DARK <= said["light"] <= BRIGHT:
            raise AnswerError(self.name, "too_dark" if said["light"] < DARK else "too_bright")
        if said["sharpness"] < BLURRED:
            raise AnswerError(self.name, "blurred")
        return {name: said[name] for name in self.parts_of}

    def mark(self, spec: PhotoSpec, said: Json) -> str:  # noqa: ARG002
        """See Kind."""
        return str(said["mark"])

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
