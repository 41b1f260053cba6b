"""Two answers to the same thing, of which one may be better, as several kinds have them."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, TypeVar

from pydantic import Field

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import AnswerError, Column, ItemError, Json
from crowd.kinds.item import LONGEST_TEXT
from crowd.kinds.mutation import MutableKind, Mutation
from crowd.kinds.options import among
from crowd.kinds.picked import PickedKind
from crowd.lengths import chat_length
from crowd.sentences import Listed, say

Side = Literal["a", "b"]
SIDES: tuple[Side, ...] = ("a", "b")

SAME, BOTH_BAD = "same", "both_bad"

_SHOWN = ("text", "a", "b")
_SOURCES = ("a_from", "b_from")
_LONGEST_SOURCE = 100


class PairSpec(BatchSpec):
    """A batch whose items are two answers each."""

    tie: bool = Field(default=True, description="whether “about the same” is an answer")
    both_bad: bool = Field(default=True, description="whether “both are bad” is an answer")

    def better(self, side: Side) -> tuple[str, ...]:
        """The answers that prefer a side, the weakest first."""
        return (side,)

    @property
    def steps(self) -> tuple[str, ...]:
        """The answers that say which is better, from one end to the other."""
        return (*reversed(self.better("a")), *((SAME,) if self.tie else ()), *self.better("b"))

    @property
    def values(self) -> tuple[str, ...]:
        """All answers to which is better."""
        return (*self.steps, BOTH_BAD) if self.both_bad else self.steps


S = TypeVar("S", bound=PairSpec)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two answers to the same thing."""

    text: str
    """What they answer; may be empty."""
    a: str
    b: str

    def side(self, side: Side) -> str:
        """One of the two."""
        return self.a if side == "a" else self.b


class PairKind(PickedKind[S, Pair], MutableKind[S, Pair]):
    """Says which of two is better: `a`, `b`, `same` or `both_bad`.

    It names the sides as the items do, whichever was shown first.
    """

    mutation = Mutation.SWAPPED

    def columns(self, spec: S) -> tuple[Column, ...]:  # noqa: ARG002
        """The two, what they answer, and what made them."""
        return (
            Column("text", "what both answer", required=False),
            Column("a", "one of the two"),
            Column("b", "the other"),
            Column("a_from", "what made a: never shown to workers", required=False),
            Column("b_from", "what made b", required=False),
        )

    def read_item(self, spec: S, cells: Mapping[str, str]) -> Json:
        """See Kind. What is empty is left out."""
        item = {name: text for name in (*_SHOWN, *_SOURCES) if (text := cells.get(name, "").strip())}
        for name in SIDES:
            if name not in item:
                raise ItemError(name, say("is empty: there is nothing to compare"))
        if item["a"] == item["b"] and not spec.tie:
            raise ItemError("b", say("is the same as {other}, and the batch has no answer for that", other="a"))
        _look_at_sources(item)
        _look_at_lengths({name: chat_length(item[name]) for name in _SHOWN if name in item})
        return item

    def read_gold(self, spec: S, payload: Pair, cell: str) -> Json:  # noqa: ARG002
        """`a`, `a++`, `same`, `both_bad`; capitals, blanks and hyphens make no difference."""
        words = cell.casefold().replace("-", " ").replace("_", " ").split()
        return among(("_" if words == ["both", "bad"] else "").join(words), spec.values)

    def possible(self, spec: S) -> tuple[str, ...]:
        """See PairSpec."""
        return spec.values

    def payload(self, stored: Json) -> Pair:
        """See Kind. Faces do not see what made the two."""
        return Pair(stored.get("text", ""), stored["a"], stored["b"])

    def read_answer(self, spec: S, payload: Pair, said: Json) -> Json:  # noqa: ARG002
        """`said` is one of the answers."""
        if said not in spec.values:
            raise AnswerError(self.name, "no_such_option")
        return said

    def mutated(self, spec: S, stored: Json, mirrored: Json) -> Json:  # noqa: ARG002
        """See MutableKind. What made each goes with it."""
        other = {"a": "b", "b": "a", "a_from": "b_from", "b_from": "a_from"}
        return {other.get(name, name): text for name, text in stored.items()}

    def mutated_answer(self, spec: S, payload: Pair, value: Json) -> Json:  # noqa: ARG002
        """See MutableKind."""
        side = preferred(value)
        return value if side is None else value.replace(side, "b" if side == "a" else "a")


def preferred(value: Json) -> Side | None:
    """The side that an answer or a label prefers."""
    return value[0] if value not in {None, SAME, BOTH_BAD} else None


def first_shown(hand: int | str) -> Side:
    """Which of the two is shown first to whom a task is in hands: that of a lease, by its id, is its answer's too.

    By the last bit of the first byte of SHA-256 of its decimal digits, so that it is the same in every process, and in
    the database (`crowd.agreement.ranking`).
    """
    return "a" if sha256(str(hand).encode()).digest()[0] & 1 else "b"


def _look_at_sources(item: Mapping[str, str]) -> None:
    for name, other in zip(_SOURCES, reversed(_SOURCES), strict=True):
        if other in item and name not in item:
            raise ItemError(name, say("is empty, and {other} is not: fill in both or none", other=other))
        if len(item.get(name, "")) > _LONGEST_SOURCE:
            length = len(item[name])
            raise ItemError(name, say("has {length} characters; {most} at most", length=length, most=_LONGEST_SOURCE))


def _look_at_lengths(lengths: Mapping[str, int]) -> None:
    """All that is shown stands in one message. Raises ItemError for the longest."""
    total, longest = sum(lengths.values()), max(lengths, key=lambda name: lengths[name])
    if total > LONGEST_TEXT:
        what = say(
            "has {length} characters, and {columns} have {total} together; a chat message holds {most}",
            length=lengths[longest],
            columns=Listed(tuple(lengths)),
            total=total,
            most=LONGEST_TEXT,
        )
        raise ItemError(longest, what)
