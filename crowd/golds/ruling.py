"""Suspended golds, and what a person decides about each: it was right, another answer is, or it is dropped.

A decision can be changed: each time verdicts and scores are made what they would have been. It takes no money; what was
voided because of such a gold goes back (`crowd.appeals.settling`), and stays, whatever is decided later.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import asyncpg

from crowd import audit
from crowd.appeals.settling import give_back_for_golds
from crowd.batches.life import BatchError, spec_of
from crowd.batches.spec import BatchSpec
from crowd.golds.suspending import lock_gold
from crowd.golds.telling import tell_of_check
from crowd.golds.verdicts import judge_gold
from crowd.kinds import kind_named
from crowd.kinds.base import ItemError, Json
from crowd.labels.so_far import Said
from crowd.loop.settling import progress, sampled
from db.database import Tx


class Ruling(StrEnum):
    """What somebody decided."""

    RIGHT = "right"
    """The gold was right: its verdicts count again."""
    OTHER = "other"
    """Another answer is right: verdicts are by that one."""
    DROPPED = "dropped"
    """It cannot be decided, and is out for good."""


class RulingError(BatchError):
    """A decision that cannot be made. Nothing has changed. `trouble` is `gone`, `busy` or `label`."""

    def __init__(self, trouble: str, sentence: str) -> None:
        super().__init__(sentence)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Suspended:
    """A gold that workers contradicted."""

    task_id: int
    key: str
    payload: Json
    value: Json
    """Its answer in the file."""
    explanation: dict[str, str]
    """Per locale."""
    instead: Json
    """What most of those who can tell said."""
    wrong: float
    """How probable it was that it is wrong, 0..1."""
    said: tuple[Said, ...]
    at: datetime
    ruling: Ruling | None
    """None: nobody has decided."""
    right: Json
    """The right answer by that; None where there is none."""
    ruled_by: str | None
    ruled_at: datetime | None
    made_of: int | None
    """The decided task of this batch that it was made of, if it was; see `crowd.golds.making`."""


_LIST = """
SELECT s.task_id, s.gold, s.instead, s.wrong, s.at, s.ruling, s.ruled_by, s.ruled_at, t.key, t.payload,
       (SELECT source_id FROM made_gold WHERE task_id = t.id) AS made_of,
       CASE WHEN t.suspended_at IS NULL THEN t.gold -> 'value' END AS right, (
           SELECT coalesce(jsonb_agg(jsonb_build_array(w.pseudonym, a.value, a.ms) ORDER BY a.id), '[]')
           FROM answer a JOIN worker w ON w.id = a.worker_id WHERE a.task_id = s.task_id
       ) AS said
FROM suspension s JOIN task t ON t.id = s.task_id
WHERE s.batch_id = $1 AND s.wrong IS NOT NULL AND s.task_id = coalesce($3, s.task_id)
ORDER BY s.ruling IS NOT NULL, s.at DESC, s.task_id LIMIT $2 OFFSET $4
"""


async def suspended_golds(tx: Tx, batch_id: int, *, start: int = 0, limit: int = 100) -> list[Suspended]:
    """The golds of a batch that workers contradicted: those that wait for a decision first, then the latest.

    From the `start`th on, `limit` at most.
    """
    return await _suspended(tx, batch_id, limit, start=start)


async def suspended_gold(tx: Tx, batch_id: int, task_id: int) -> Suspended | None:
    """One of them."""
    found = await _suspended(tx, batch_id, 1, task_id)
    return found[0] if found else None


async def _suspended(
    tx: Tx, batch_id: int, limit: int, task_id: int | None = None, *, start: int = 0
) -> list[Suspended]:
    return [
        Suspended(
            task_id=row["task_id"],
            key=row["key"],
            payload=row["payload"],
            value=row["gold"]["value"],
            explanation=row["gold"].get("explanation") or {},
            instead=row["instead"],
            wrong=row["wrong"],
            said=tuple(Said(*each) for each in row["said"]),
            at=row["at"],
            ruling=Ruling(row["ruling"]) if row["ruling"] else None,
            right=row["right"],
            ruled_by=row["ruled_by"],
            ruled_at=row["ruled_at"],
            made_of=row["made_of"],
        )
        for row in await tx.rows(_LIST, batch_id, limit, task_id, start)
    ]


_SUSPENSION = """
SELECT s.gold, s.settled, s.ruling, s.wrong, b.digest, b.likeness, b.best, t.payload, t.evidence, t.answers, t.leased,
       t.gold -> 'value' AS value
FROM suspension s JOIN task t ON t.id = s.task_id JOIN batch b ON b.id = s.batch_id
WHERE s.task_id = $1 AND s.batch_id = $2
"""

_RULE = """
WITH ruled AS (
    UPDATE suspension SET ruling = $2, ruled_by = $3, ruled_at = $4, moves = moves + 1 WHERE task_id = $1
)
UPDATE task SET gold = $5, suspended_at = CASE WHEN $6::boolean THEN coalesce(suspended_at, $4) END,
                settled_at = CASE WHEN $7::boolean THEN coalesce(settled_at, $4) END,
                seats = $8::smallint, open = $8 > 0
WHERE id = $1
"""


async def rule(tx: Tx, batch_id: int, task_id: int, ruling: Ruling, cell: str | None, *, by: str) -> None:
    """Decide about a gold that was suspended. For OTHER, `cell` is the right answer as a file of golds would have it.

    Who was told that it does not count, and whose answer is wrong after all, is told that too; so is who was called
    wrong and is not any more, unless they were told. Raises RulingError.
    """
    # Workers are locked before the gold, as everywhere; so whether there is such a gold is known only after that.
    if not await lock_gold(tx, task_id):
        raise RulingError("busy", "somebody is answering this gold just now: try again")
    row = await tx.row(_SUSPENSION, task_id, batch_id)
    if row is None or (row["wrong"] is None and row["ruling"] is not None):
        raise RulingError("gone", "there is no such gold that was suspended")
    spec = await spec_of(tx, batch_id, row["digest"])
    gold = _ruled(spec, row["payload"], row["gold"], ruling, cell)
    out = ruling is Ruling.DROPPED
    settled, seats = (True, 0) if out or row["settled"] else _seats(row, spec, task_id)
    if (row["ruling"], row["value"]) == (ruling, gold["value"]):
        return  # the same, sent twice
    await tx.run(_RULE, task_id, ruling, by, tx.now, gold, out, settled, seats)
    changed = await judge_gold(tx, batch_id, spec, task_id, None if out else gold["value"], before=row["value"])
    worse = [each for each in changed if each.before is None and each.after is not None and each.after < 1]
    await tell_of_check(tx, "check_decided", task_id, spec, row["payload"], worse)
    await tell_of_check(tx, "check_mistaken", task_id, spec, row["payload"], [each for each in changed if each.better])
    await give_back_for_golds(tx, [each.worker_id for each in changed if each.sound], spec.kind, spec.language)
    await tx.run("UPDATE contest SET answered_at = $2 WHERE task_id = $1 AND answered_at IS NULL", task_id, tx.now)
    detail = {"batch": batch_id, "ruling": ruling, "value": None if out else gold["value"]}
    await audit.note(tx, by, "gold.rule", task_id, detail)


def _ruled(spec: BatchSpec, payload: Json, gold: Json, ruling: Ruling, cell: str | None) -> Json:
    """The gold as it is after a decision. An explanation of another answer explains nothing any more."""
    if ruling is not Ruling.OTHER:
        return gold
    kind = kind_named(spec.kind)
    try:
        value = kind.read_gold(spec, kind.payload(payload), (cell or "").replace("\0", ""))
    except ItemError as error:
        raise RulingError("label", f"the answer {error.problem}") from error
    if value == gold["value"]:
        raise RulingError("label", "this is the answer that it had")
    return {"value": value, **{name: gold[name] for name in ("mutation",) if name in gold}}


def _seats(row: asyncpg.Record, spec: BatchSpec, task_id: int) -> tuple[bool, int]:
    """Whether a gold that comes back needs no more answers, and its seats."""
    consensus = kind_named(spec.kind).consensus(spec, row["evidence"], row["likeness"])
    stand = progress(
        spec.overlap, consensus, answers=row["answers"], leased=row["leased"], best=row["best"], full=sampled(task_id)
    )
    return stand.settled, stand.seats
