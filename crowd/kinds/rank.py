"""rank: put a few items in order, the best first."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import orjson

from crowd.batches.spec import BatchSpec
from crowd.kinds import orders
from crowd.kinds.base import (
    AnswerError,
    AnswerTable,
    Column,
    Consensus,
    Difference,
    Fit,
    FittedKind,
    ItemError,
    Json,
    SteppedKind,
)
from crowd.kinds.calibrated import on_line
from crowd.kinds.grades import Steps
from crowd.kinds.item import LONGEST_TEXT
from crowd.kinds.mutation import MutableKind, Mutation
from crowd.kinds.written import fold
from crowd.lengths import chat_length
from crowd.sentences import say

LONGEST_ITEM = 300
"""Characters of one of the items, an emoji as two."""

_KNOWS = 0.9
"""Who knows the work has this share of the pairs right: an item or two may be a matter of taste."""

_DECIMALS = 9
_NAMES = tuple(f"item{number}" for number in range(1, orders.MOST + 1))


class RankSpec(BatchSpec):
    """A batch of items to be put in order."""

    kind: Literal["rank"]


@dataclass(frozen=True, slots=True)
class RankItem:
    """What is to be put in order, numbered from 1."""

    items: tuple[str, ...]
    text: str
    """What they are about; may be empty."""


class Rank(SteppedKind[RankSpec, RankItem], FittedKind[RankSpec, RankItem], MutableKind[RankSpec, RankItem]):
    """Put 3 to 8 items in order. An answer is the list of their numbers in the file, from 1, the best first.

    Evidence is {votes, items, leads}, `leads` as in `orders.likeliest`. A fit adds a `line`; see
    `crowd.kinds.calibrated`.
    """

    name = "rank"
    called = say("ranking")
    takes_s = 25
    spec = RankSpec

    def columns(self, spec: RankSpec) -> tuple[Column, ...]:  # noqa: ARG002
        """The items, and the question about them."""
        items = (
            Column(name, "one of the items", required=number < orders.FEWEST) for number, name in enumerate(_NAMES)
        )
        return (*items, Column("text", "what they are about", required=False))

    def read_item(self, spec: RankSpec, cells: Mapping[str, str]) -> Json:  # noqa: ARG002
        """See Kind. The items as they are named, and the text where there is one."""
        found = {name: text for name in (*_NAMES, "text") if (text := cells.get(name, "").strip())}
        items = [name for name in _NAMES if name in found]
        for name, expected in zip(_NAMES, items, strict=False):
            if name != expected:
                raise ItemError(name, say("is empty, and {column} is not: leave none out", column=expected))
        if len(items) < orders.FEWEST:
            what = say("is empty: there must be {fewest} to {most} items", fewest=orders.FEWEST, most=orders.MOST)
            raise ItemError(_NAMES[len(items)], what)
        seen: dict[str, str] = {}
        for name in items:
            if (length := chat_length(found[name])) > LONGEST_ITEM:
                raise ItemError(name, say("has {length} characters; {most} at most", length=length, most=LONGEST_ITEM))
            other = seen.setdefault(fold(found[name]), name)
            if other != name:
                raise ItemError(name, say("says the same as {column}", column=other))
        if (length := sum(chat_length(text) for text in found.values())) > LONGEST_TEXT:
            what = say(
                "has {length} characters, its items counted in; a chat message holds {most}",
                length=length,
                most=LONGEST_TEXT,
            )
            raise ItemError("text", what)
        return found

    def payload(self, stored: Json) -> RankItem:
        """See Kind."""
        return RankItem(tuple(stored[name] for name in _NAMES if name in stored), stored.get("text", ""))

    def read_gold(self, spec: RankSpec, payload: RankItem, cell: str) -> Json:  # noqa: ARG002
        """`3 > 1 > 2`, or a JSON list."""
        order = _numbers(cell)
        if sorted(order) != list(range(1, len(payload.items) + 1)):
            what = say(
                "must have each number from 1 to {items} once, the best first, such as {example}",
                items=len(payload.items),
                example="3 > 1 > 2",
            )
            raise ItemError("gold", what)
        return order

    mutation = Mutation.REVERSED

    def mutated(self, spec: RankSpec, stored: Json, mirrored: Json) -> Json:  # noqa: ARG002
        """See MutableKind."""
        names = [name for name in _NAMES if name in stored]
        return {**stored, **{name: stored[other] for name, other in zip(names, reversed(names), strict=True)}}

    def mutated_answer(self, spec: RankSpec, payload: RankItem, value: Json) -> Json:  # noqa: ARG002
        """See MutableKind."""
        return [len(value) + 1 - number for number in value]

    def begin(self, spec: RankSpec, payload: RankItem) -> Json:  # noqa: ARG002
        """Nothing is placed. A draft is the list of the numbers that are, the best first."""
        return []

    def step(self, spec: RankSpec, payload: RankItem, draft: Json, said: Json) -> Json:  # noqa: ARG002
        """`said` is [number, whether it is to be placed]: next, or taken back with all after it.

        The last item has no choice: it is placed, and taken back, with the one before it.
        """
        number, placed = said
        numbers = range(1, len(payload.items) + 1)
        if number not in numbers:
            raise AnswerError(self.name, "no_such_item")
        if placed == (number in draft):
            return draft
        if not placed:
            return draft[: min(draft.index(number), len(numbers) - 2)]
        left = [each for each in numbers if each not in {*draft, number}]
        return [*draft, number, *left] if len(left) == 1 else [*draft, number]

    def read_answer(self, spec: RankSpec, payload: RankItem, said: Json) -> Json:  # noqa: ARG002
        """`said` is a draft."""
        if sorted(said) != list(range(1, len(payload.items) + 1)):
            raise AnswerError(self.name, "not_all_placed", items=len(payload.items))
        return list(said)

    def verdict(self, spec: RankSpec, right: Json, said: Json) -> float:  # noqa: ARG002
        """The share of pairs that stand as in the gold: (1 + tau) / 2 by Kendall's rank correlation."""
        return 1 - orders.apart(orders.bits(right), orders.bits(said), len(right)) / orders.pairs(len(right))

    def steps(self, spec: RankSpec) -> Steps:  # noqa: ARG002
        """Half from three of four pairs that stand right, which is half way from chance; all from nine of ten."""
        return Steps(0.75, 0.9)

    def chance(self, spec: RankSpec) -> float:  # noqa: ARG002
        """Of all orders together, each pair stands one way as often as the other, whatever is said."""
        return 0.5

    def telling(self, spec: RankSpec, right: Json, said: Json) -> float:  # noqa: ARG002
        """By Mallows' model of who knows the work."""
        items = len(right)
        away = orders.apart(orders.bits(right), orders.bits(said), items)
        return orders.chance(items, orders.sharpness(items, _KNOWS), away)

    def blindly(self, spec: RankSpec, said: Json) -> float:  # noqa: ARG002
        """Any order: since phones show the items in an order of their own each, there is no habit to have."""
        return 1 / math.factorial(len(said))

    def difference(self, spec: RankSpec, counts: Sequence[tuple[Json, int]]) -> Difference:  # noqa: ARG002
        """The share of pairs that stand differently, of the items that both orders have."""
        known = {tuple(order): orders.bits(order) for order, _ in counts}

        def apart(one: Json, other: Json) -> float:
            items = min(len(one), len(other))
            return orders.apart(known[tuple(one)], known[tuple(other)], items) / orders.pairs(items)

        return apart

    def add(self, spec: RankSpec, evidence: Json, said: Json, accuracy: float) -> Json:  # noqa: ARG002
        """See Kind. Each pair that stands as in the answer becomes likelier by its worker's sharpness."""
        before = evidence or {"votes": 0, "items": len(said), "leads": [0.0] * orders.pairs(len(said))}
        more = round(orders.sharpness(len(said), accuracy), _DECIMALS)
        leads = [
            round(lead + more * sign, _DECIMALS) for lead, sign in zip(before["leads"], orders.signs(said), strict=True)
        ]
        return {**before, "votes": before["votes"] + 1, "leads": leads}

    def consensus(self, spec: RankSpec, evidence: Json, likeness: float = 0.0) -> Consensus:  # noqa: ARG002
        """The most probable order by Mallows' model, and how probable it is; a fit puts that right by golds."""
        if not evidence:
            return Consensus(None, 0.0, 0)
        heat = 1 + likeness * (evidence["votes"] - 1)
        label, sure = orders.likeliest([lead / heat for lead in evidence["leads"]], evidence["items"])
        return Consensus(label, on_line(sure, *evidence["line"]) if "line" in evidence else sure, evidence["votes"])

    def fit(self, spec: RankSpec, table: AnswerTable) -> Fit:
        """All orders of the batch tell who has pairs right; see `crowd.consensus.mallows`."""
        from crowd.kinds import rankfit  # NumPy, which only a fit needs

        return rankfit.fit(self, spec, table)


def _numbers(cell: str) -> list[int]:
    """The numbers of a cell; none where it is something else."""
    if cell.startswith("["):
        try:
            listed = orjson.loads(cell)
        except orjson.JSONDecodeError:
            return []
        return listed if isinstance(listed, list) and all(type(number) is int for number in listed) else []
    parts = [part.strip() for part in re.split("[>,]", cell)]
    return [int(part) for part in parts] if all(re.fullmatch(r"\d{1,2}", part) for part in parts) else []


KIND = Rank()
