"""What a batch of `chat` says of its answers, and how a gold of it is written."""

from typing import Any, Literal

import orjson
from pydantic import Field, ValidationInfo, field_validator

from crowd.kinds.base import ItemError
from crowd.kinds.item import LONGEST_TEXT
from crowd.kinds.judging import JudgedSpec
from crowd.kinds.pair import BOTH_BAD, SAME, SIDES, Pair, PairSpec, Side
from crowd.kinds.written import is_seen, tidied
from crowd.lengths import chat_length
from crowd.sentences import SentenceError, say

PARTS = ("better", "why", "ideal")
"""What an answer is made of, in the order in which it is asked for."""


class ChatSpec(PairSpec, JudgedSpec):
    """A batch of conversations with two replies each. Lengths are in characters, an emoji as two."""

    kind: Literal["chat"]
    least_why: int = Field(default=5, ge=1, le=1000, description="so many characters the reason has at least")
    most_why: int = Field(default=500, ge=1, le=2000, description="so many characters the reason has at most")
    least_ideal: int = Field(default=1, ge=1, le=1000, description="so many characters it has at least, where written")
    most_ideal: int = Field(default=1500, ge=1, le=3000, description="so many characters an ideal answer has at most")
    near_enough: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="how like a gold's ideal answer one must be to be wholly right, 0..1; else it is not judged",
    )

    @field_validator("most_why", "most_ideal")
    @classmethod
    def _ordered(cls, most: int, info: ValidationInfo) -> int:
        name = str(info.field_name).replace("most", "least")
        least = info.data.get(name, 0)
        if most < least:
            raise SentenceError(
                say("{most} must not be smaller than {name} ({least})", most=most, name=name, least=least)
            )
        return most

    @field_validator("most_ideal")
    @classmethod
    def _fits_beside_the_reason(cls, most: int, info: ValidationInfo) -> int:
        why = info.data.get("most_why", 0)
        if why + most > LONGEST_TEXT:
            what = say(
                "{most} and {name} ({other}) are more together than the {longest} that a chat message holds",
                most=most,
                name="most_why",
                other=why,
                longest=LONGEST_TEXT,
            )
            raise SentenceError(what)
        return most

    def may_stay(self, better: str) -> tuple[Side, ...]:
        """Which of the two can be the ideal answer as it is, where that is said of which is better."""
        if better == BOTH_BAD:
            return ()
        return SIDES if better == SAME else ("a" if better == "a" else "b",)

    def bounds(self, part: str) -> tuple[int, int]:
        """Of a part that is written: characters at least, and at most."""
        return (self.least_why, self.most_why) if part == "why" else (self.least_ideal, self.most_ideal)


def texts_of(cell: str) -> dict[str, str]:
    """The parts of a gold that is a JSON object. Raises ItemError."""
    try:
        said: Any = orjson.loads(cell)
    except orjson.JSONDecodeError:
        said = {}
    if "better" not in said or not all(part in PARTS and isinstance(text, str) for part, text in said.items()):
        what = say("begins with a brace and is no JSON object of texts with {name}, such as {example}",
                   name="better", example='{"better": "a", "ideal": "…"}')  # fmt: skip
        raise ItemError("gold", what)
    return dict(said)


def part_of(spec: ChatSpec, payload: Pair, part: str, text: str) -> str:
    """A part of a gold, tidied as an answer is. Raises ItemError."""
    if part == "ideal" and text.strip() in {payload.a, payload.b}:
        return text.strip()
    (least, most), kept = spec.bounds(part), tidied(text)
    if not least <= len(kept) or not is_seen(kept) or chat_length(kept) > most:
        what = say(
            "has {length} characters in {name}; answers have {least} to {most}",
            length=chat_length(kept),
            name=part,
            least=least,
            most=most,
        )
        raise ItemError("gold", what)
    return kept
