"""Items that are a picture, with a few words below it where the requester wants them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar

import orjson
from pydantic import Field

from crowd.batches.spec import BatchSpec, Locale, Words
from crowd.kinds.base import Column, Holds, ItemError, Json
from crowd.kinds.mutation import MutableKind, Mutation
from crowd.lengths import chat_length
from crowd.media.picture import Grid, Picture
from crowd.sentences import say

LONGEST_WORDS = 400
"""Characters below a picture, an emoji as two: with what stands around them, they must fit a caption of 1024."""


class PictureSpec(BatchSpec):
    """A batch that asks something of each picture."""

    question: dict[Locale, Annotated[Words, Field(max_length=200)]] = Field(
        min_length=1, description="what is looked for, per locale: it stands below each picture"
    )

    @property
    def grid(self) -> Grid | None:
        """What is drawn over each picture."""
        return None


S = TypeVar("S", bound=PictureSpec)


@dataclass(frozen=True, slots=True)
class PictureItem:
    """An item that is a picture."""

    picture: Picture
    text: str
    """May be empty."""


class OfPicture(MutableKind[S, PictureItem]):
    """A kind whose items are pictures."""

    mutation = Mutation.MIRRORED

    def columns(self, spec: S) -> tuple[Column, ...]:  # noqa: ARG002
        """The picture, and the words below it."""
        return (
            Column("picture", "the name of its file, beside the batch file", holds=Holds.PICTURE),
            Column("text", "what stands below it", required=False),
        )

    def read_item(self, spec: S, cells: Mapping[str, str]) -> Json:  # noqa: ARG002
        """See Kind."""
        if not cells["picture"].strip():
            raise ItemError("picture", say("is empty: name a picture beside the batch file"))
        text = cells.get("text", "").strip()
        if (length := chat_length(text)) > LONGEST_WORDS:
            what = say("has {length} characters; below a picture {most} have room", length=length, most=LONGEST_WORDS)
            raise ItemError("text", what)
        return {"picture": orjson.loads(cells["picture"]), **({"text": text} if text else {})}

    def payload(self, stored: Json) -> PictureItem:
        """See Kind."""
        return PictureItem(Picture.of(stored["picture"]), stored.get("text", ""))

    def mutated(self, spec: S, stored: Json, mirrored: Json) -> Json:  # noqa: ARG002
        """See MutableKind."""
        return {**stored, "picture": mirrored}
