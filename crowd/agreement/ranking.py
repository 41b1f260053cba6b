"""Which of the sources that a batch compares is the strongest, and how far workers prefer what they see first.

Labels are counted, one for each task, so a task weighs the same however many answered it. Strengths are those of
`crowd.consensus.pairs`. “Both are bad” says nothing of which is better, and is told beside them. By how much one is
better makes no difference.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from crowd.batches.life import BatchError, spec_of
from crowd.elsewhere import elsewhere
from crowd.kinds.base import Json
from crowd.kinds.pair import BOTH_BAD, PairSpec, Side, preferred
from db.database import Database, Tx

MOST_SOURCES = 200
"""More are no sources but names of single answers."""

_SURE = 1.959964
"""So many standard errors on either side hold 95 % of a normal distribution."""


class Obstacle(StrEnum):
    """Why sources are not ranked."""

    UNNAMED = "unnamed"
    """No item says what made the two."""
    UNDECIDED = "undecided"
    """No comparison of two sources has a label yet that says anything of them."""
    APART = "apart"
    """No comparison joins some of them with the others, not even by way of a third."""
    MANY = "many"
    """There are more than MOST_SOURCES."""


class Source(BaseModel):
    """What made some of the answers that are compared."""

    model_config = ConfigDict(frozen=True)

    name: str
    won: int = Field(description="tasks whose label says that this source's is the better one")
    lost: int
    even: int = Field(description="tasks whose label is `same`")
    both_bad: int = Field(description="tasks whose label is `both_bad`; they do not count for the score")
    score: float | None = Field(
        default=None,
        description="the share of comparisons with a source of middling strength that this one wins, 0..1, ties "
        "counting half; null where sources are not ranked",
    )
    low: float | None = Field(default=None, description="of its 95 % interval")
    high: float | None = None
    strength: float | None = Field(
        default=None, description="log of its worth in Bradley and Terry's model; the mean of all sources is 0"
    )


class FirstShown(BaseModel):
    """Whether workers prefer what they see first. The order is drawn anew for each, so labels hardly suffer from it."""

    model_config = ConfigDict(frozen=True)

    answers: int = Field(description="that prefer one of the two, golds among them")
    share: float | None = Field(description="of these, how many prefer the one shown first, 0..1; null without answers")
    low: float | None = Field(description="of its 95 % interval; 0.5 lies in it where order makes no difference")
    high: float | None


class Ranking(BaseModel):
    """The sources of a batch, the strongest first."""

    model_config = ConfigDict(frozen=True)

    obstacle: Obstacle | None = Field(
        description="why sources are not ranked. unnamed: no item has `a_from` and `b_from`; undecided: no label says "
        "yet which of two is better, or that they are the same; apart: no comparison joins some of them with the "
        "others (see groups); many: there are too many different names"
    )
    sources: tuple[Source, ...] = Field(description="the strongest first; by name where they are not ranked")
    groups: tuple[tuple[str, ...], ...] = Field(
        description="of sources that comparisons join, where there is more than one; else empty"
    )
    tie: float | None = Field(description="ν, the weight of ties in Davidson's model; null where there is no ranking")
    tasks: int = Field(description="with a label and two different sources")
    unnamed: int = Field(description="with a label, and nothing said of what made the two")
    first_shown: FirstShown


Counted = tuple[str | None, str | None, Json, int]
"""What made a and b, a label, and how many tasks are so."""

# What `chat` says of a task is an object, which has the better one under that name.
_LABELS = """
SELECT payload ->> 'a_from' AS a_from, payload ->> 'b_from' AS b_from, coalesce(label -> 'better', label) AS label,
       count(*)::int AS tasks
FROM task
WHERE id BETWEEN $1 AND $2 AND batch_id = $3 AND gold IS NULL AND withdrawn_at IS NULL AND label IS NOT NULL
GROUP BY 1, 2, 3
"""

# `first_shown` of crowd.kinds.pair, for a million answers at once.
_FIRST = """
SELECT count(*) FILTER (WHERE (left(coalesce(value -> 'better', value) #>> '{}', 1) = 'a')
                            = (get_byte(sha256(convert_to(id::text, 'UTF8')), 0) & 1 = 1))::int AS first,
       count(*)::int AS answers
FROM answer
WHERE task_id BETWEEN $1 AND $2 AND batch_id = $3 AND coalesce(value -> 'better', value) = ANY($4::jsonb[])
"""


async def ranking_of(database: Database, batch_id: int) -> Ranking:
    """The ranking of a batch that is there, by its labels as they are now. Raises BatchError where it compares nothing.

    The database counts; a million tasks take it a second or two.
    """
    async with database.reading() as tx:
        batch = await tx.row("SELECT digest, first_task, last_task FROM batch WHERE id = $1", batch_id)
        assert batch is not None
        spec = await spec_of(tx, batch_id, batch["digest"])
        if not isinstance(spec, PairSpec):
            raise BatchError(
                f"batch {batch_id} compares nothing: only batches of kind `compare` or `chat` have a ranking"
            )
        rows = await tx.rows(_LABELS, batch["first_task"], batch["last_task"], batch_id)
        shown = await _first_shown(tx, spec, batch_id, batch["first_task"], batch["last_task"])
    return await elsewhere(ranked, [tuple(row) for row in rows], shown, ties=spec.tie)


async def _first_shown(tx: Tx, spec: PairSpec, batch_id: int, first: int, last: int) -> FirstShown:
    sides: tuple[Side, ...] = ("a", "b")
    values = [value for side in sides for value in spec.better(side)]
    row = await tx.row(_FIRST, first, last, batch_id, values)
    assert row is not None
    return of_answers(row["first"], row["answers"])


def of_answers(first: int, answers: int) -> FirstShown:
    """Of so many answers so many prefer what is shown first: the share, and Wilson's interval (1927) of it.

    The order of each is drawn by itself, so answers of one worker are no more alike in this than those of several.
    """
    if not answers:
        return FirstShown(answers=0, share=None, low=None, high=None)
    share, pull = first / answers, _SURE**2 / answers
    middle = (share + pull / 2) / (1 + pull)
    half = _SURE / (1 + pull) * math.sqrt(share * (1 - share) / answers + pull / (4 * answers))
    return FirstShown(answers=answers, share=share, low=max(0.0, middle - half), high=min(1.0, middle + half))


def ranked(counted: Sequence[Counted], shown: FirstShown, *, ties: bool) -> Ranking:
    """The ranking by what was counted. Plain computing, for a process of its own: NumPy is loaded only there."""
    named = [row for row in counted if row[0] and row[1]]
    names = sorted({name for row in named for name in row[:2] if name})
    unnamed = sum(row[3] for row in counted) - sum(row[3] for row in named)
    compared = [row for row in named if row[0] != row[1]]
    told = Ranking(
        obstacle=None if names else Obstacle.UNNAMED,
        sources=() if len(names) > MOST_SOURCES else _sources(names, compared),
        groups=(), tie=None, tasks=sum(row[3] for row in compared), unnamed=unnamed, first_shown=shown,
    )  # fmt: skip
    if len(names) > MOST_SOURCES:
        return told.model_copy(update={"obstacle": Obstacle.MANY})
    decided = [row for row in compared if row[2] != BOTH_BAD]
    if names and not decided:
        return told.model_copy(update={"obstacle": Obstacle.UNDECIDED})
    return _by_strength(told, names, decided, ties=ties) if names else told


def _by_strength(told: Ranking, names: Sequence[str], decided: Sequence[Counted], *, ties: bool) -> Ranking:
    from crowd.consensus import pairs

    number = {name: at for at, name in enumerate(names)}
    first, second = [number[str(row[0])] for row in decided], [number[str(row[1])] for row in decided]
    group = pairs.groups(first, second, len(names)).tolist()
    if len(set(group)) > 1:
        groups = tuple(tuple(name for name, at in zip(names, group, strict=True) if at == each) for each in set(group))
        return told.model_copy(update={"obstacle": Obstacle.APART, "groups": tuple(sorted(groups, key=_largest))})
    won, lost, even = ([row[3] * (preferred(row[2]) == side) for row in decided] for side in ("a", "b", None))
    found = pairs.strengths(first, second, won, lost, even, sources=len(names), ties=ties)
    figures = zip(found.scores(), found.scores(-_SURE), found.scores(_SURE), found.logs, strict=True)
    sources = [
        source.model_copy(update=dict(zip(("score", "low", "high", "strength"), map(float, each), strict=True)))
        for source, each in zip(told.sources, figures, strict=True)
    ]
    sources.sort(key=lambda source: (-(source.strength or 0.0), source.name))
    return told.model_copy(update={"sources": tuple(sources), "tie": found.tie})


def _largest(group: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """What groups are ordered by."""
    return -len(group), group


def _sources(names: Iterable[str], compared: Iterable[Counted]) -> tuple[Source, ...]:
    seen: dict[str, Counter[str]] = {name: Counter() for name in names}
    for a_from, b_from, label, tasks in compared:
        better = preferred(label)
        for side, name in (("a", str(a_from)), ("b", str(b_from))):
            what = "won" if better == side else "lost" if better else "both_bad" if label == BOTH_BAD else "even"
            seen[name][what] += tasks
    whats = ("won", "lost", "even", "both_bad")
    return tuple(Source(name=name, **{what: times[what] for what in whats}) for name, times in seen.items())
