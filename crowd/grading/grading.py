"""In batches of graded pay, a check that was answered half right earns half its price, and wrong nothing.

An answer earns its price when it is given, on hold. What a gold says of it is told the day after, with all others of
that day; then it is graded too, and what it does not earn is taken back, as any voided money is: told, open to appeal,
and given back when what it was held against turns out to be wrong (`crowd.grading.mending`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg

from crowd import audit
from crowd.appeals.states import Ground, tell_of_grades
from crowd.appeals.taking import Taken, take_back
from crowd.batches.life import spec_of
from crowd.batches.locks import keep_from_closing
from crowd.batches.spec import BatchSpec
from crowd.grading.known import KNOWN
from crowd.kinds import kind_named
from crowd.kinds.base import Json
from crowd.kinds.grades import HALF, WHOLE
from crowd.money.holds import GRADED
from crowd.parity.frozen import FROZEN, IS_FROZEN
from db.database import Database, Tx

GRADER = "grading"
"""Who takes back, in the audit log: no person, so that any of staff may answer the appeal."""

# As verdicts are told (`crowd.money.earnings`): those of today tomorrow, those of a re-test after it. Where a gold was
# ruled otherwise later, who had answered as its file said is not graded down; nor is who read instructions that are in
# doubt (`crowd.parity`).
_GRADABLE = f"""
SELECT a.id, a.batch_id, a.worker_id, b.digest, a.value, h.amount, {KNOWN} AS known,
       (SELECT s.gold -> 'value' FROM suspension s WHERE s.task_id = t.id) AS before
FROM batch b JOIN answer a ON a.batch_id = b.id AND a.verdict < 1::float AND a.answered_at < $1
JOIN hold h ON h.answer_id = a.id JOIN task t ON t.id = a.task_id
JOIN track r ON r.worker_id = a.worker_id AND r.kind = b.kind AND r.language = b.language
JOIN participation p ON p.worker_id = a.worker_id AND p.batch_id = a.batch_id
WHERE {GRADED} AND {KNOWN} IS NOT NULL AND (r.trial_from IS NULL OR r.trial_at > a.answered_at)
  AND NOT EXISTS (SELECT FROM voided_answer v WHERE v.answer_id = a.id) AND NOT {IS_FROZEN.format(answer="a")}
  AND NOT {FROZEN.format(part="p")}
"""  # noqa: S608

# Who releases holds skips those that are locked; who waits here for one that is being released finds it gone.
_OF_ONE = f"{_GRADABLE} AND b.id = $2 AND a.worker_id = $3 ORDER BY a.id FOR UPDATE OF h"

_NOTE = """
INSERT INTO voiding (worker_id, batch_id, currency, amount, answers, reason, ground, graded_by, voided_by, voided_at)
SELECT $1, b.id, b.currency, $3::bigint, 1, $4, $5, $6, $7, $8 FROM batch b WHERE b.id = $2 RETURNING id
"""


@dataclass(frozen=True, slots=True)
class _Grade:
    """An answer that does not earn its whole price."""

    answer_id: int
    share: int
    """Percent of the price that it earns."""
    cut: int
    """What it does not earn, micro-units."""
    known: Json
    """What it was held against."""


async def grade_answers(database: Database) -> int:
    """Grade what is on hold in batches of graded pay, and can be; how many answers earned less than their price."""
    async with database.reading() as tx:
        today = tx.now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        rows = await tx.rows(_GRADABLE, today)
        due = {(row["batch_id"], row["worker_id"]) for row in rows if await _grade(tx, row) is not None}
    graded = 0
    for batch_id, worker_id in sorted(due):
        async with database.transaction() as tx:
            graded += await _grade_all(tx, batch_id, worker_id, today)
    return graded


async def _grade_all(tx: Tx, batch_id: int, worker_id: int, today: datetime) -> int:
    """All of one worker in a batch, told together."""
    await tx.run("SELECT FROM worker WHERE id = $1 FOR UPDATE", worker_id)
    await keep_from_closing(tx, batch_id)
    rows = await tx.rows(_OF_ONE, today, batch_id, worker_id)
    grades = [grade for row in rows if (grade := await _grade(tx, row)) is not None]
    if grades:
        await take_back(tx, batch_id, [await _noted(tx, worker_id, batch_id, grade) for grade in grades])
        await tell_of_grades(tx, worker_id, batch_id, *_counted(grades))
    return len(grades)


async def _grade(tx: Tx, row: asyncpg.Record) -> _Grade | None:
    """None: the answer earns all of it. A part of a micro-unit is the worker's."""
    spec = await spec_of(tx, row["batch_id"], row["digest"])
    shares = [share_of(spec, row["value"], right) for right in (row["known"], row["before"]) if right is not None]
    share = max(shares)
    cut = row["amount"] * (WHOLE - share) // WHOLE
    return _Grade(row["id"], share, cut, row["known"]) if cut else None


def share_of(spec: BatchSpec, said: Json, right: Json) -> int:
    """What an answer earns, percent of its price, where that is right."""
    kind = kind_named(spec.kind)
    steps = kind.steps(spec)
    return WHOLE if steps is None else steps.share(kind.score(spec, right, said))


async def _noted(tx: Tx, worker_id: int, batch_id: int, grade: _Grade) -> Taken:
    reason = "half" if grade.share == HALF else "nothing"
    voiding_id = await tx.value(
        _NOTE, worker_id, batch_id, grade.cut, reason, Ground.GRADED, grade.known, GRADER, tx.now
    )  # fmt: skip
    detail = {"worker": worker_id, "batch": batch_id, "answer": grade.answer_id, "amount": grade.cut, "earns": reason}
    await audit.note(tx, GRADER, "money.grade", voiding_id, detail)
    return Taken(voiding_id, grade.answer_id, grade.cut)


def _counted(grades: Sequence[_Grade]) -> tuple[int, int, int]:
    """How many earned half, and nothing, and what that is together."""
    half = sum(grade.share == HALF for grade in grades)
    return half, len(grades) - half, sum(grade.cut for grade in grades)
