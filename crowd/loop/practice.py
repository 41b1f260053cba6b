"""Practice: tasks of a batch that are not paid and not counted, each explained once it is answered.

They come in the order of the requester's file; those answered wrong come round once more at the end, and one may begin
anew. What is known of a worker is what they did (`practised`) and the task they have in hands (`practising`), so any
process can go on with it.
"""

from dataclasses import dataclass

import asyncpg

from crowd.batches.life import spec_of
from crowd.batches.spec import BatchSpec
from crowd.kinds import kind_named
from crowd.kinds.base import Json
from crowd.loop.answering import DontKnow
from crowd.loop.gate import HOW_FAR, needed
from crowd.loop.handing import ALLOWED
from db.database import Tx

_READING_MS = 5_000
_UNMEASURED_MS = 15_000
_LISTED = 20


@dataclass(frozen=True, slots=True)
class Practice:
    """The practice of a batch, and how far a worker is in it."""

    batch_id: int
    spec: BatchSpec
    items: int
    done: int
    """Answered at least once."""
    right: tuple[int, int]
    """Got right at the first try, and at the second."""
    tried_again: int
    """Answered twice."""
    needed: int
    """To be got right, at either try, before paid work; 0: none."""
    takes_s: int
    """Seconds that all of it takes, about: by the measured pace of the batch, where there is one."""
    takes_part: bool
    """The worker has had paid tasks of the batch."""

    @property
    def finished(self) -> bool:
        """Nothing is left to try."""
        return self.done == self.items and self.right[0] + self.tried_again == self.items

    @property
    def may_begin(self) -> bool:
        """Whether paid work is open to the worker, as far as practice goes."""
        return self.takes_part or sum(self.right) >= self.needed

    @property
    def tries(self) -> int:
        """Of all tasks together, since the worker began anew."""
        return self.done + self.tried_again


@dataclass(frozen=True, slots=True)
class PracticeTask:
    """The practice task in a worker's hands, to be answered or just answered."""

    task_id: int
    batch_id: int
    spec: BatchSpec
    payload: Json
    attempt: int
    """1 or 2."""
    number: int
    """Which one it is of those that come round at this try, from 1."""
    of: int
    """How many those are."""
    right: Json
    explanation: dict[str, str]
    """Per locale."""
    answered: bool
    said: Json
    """None before it is answered, and for “I don't know”."""
    was_right: bool


_PRACTICES = f"""
SELECT b.id, b.digest, b.pace_ms, far.*,
       EXISTS (SELECT FROM participation WHERE worker_id = $1 AND batch_id = b.id) AS takes_part
FROM batch b, LATERAL ({HOW_FAR.format(batch="b.id")}) far
WHERE b.state = 'open' AND ($3::bigint IS NULL OR b.id = $3) AND far.items > 0
  AND {ALLOWED.format(worker="$1", now="$2::timestamptz")}
ORDER BY b.id DESC LIMIT {_LISTED}
"""  # noqa: S608


async def practices(tx: Tx, worker_id: int) -> list[Practice]:
    """Where a worker can practise: the newest open batches that they may work on and that have practice.

    Being paused, by what golds showed, is in nobody's way here.
    """
    return [await _practice(tx, row) for row in await tx.rows(_PRACTICES, worker_id, tx.now, None)]


async def practice_of(tx: Tx, worker_id: int, batch_id: int) -> Practice | None:
    """The practice of one batch; None where there is none for this worker."""
    row = await tx.row(_PRACTICES, worker_id, tx.now, batch_id)
    return await _practice(tx, row) if row else None


async def _practice(tx: Tx, row: asyncpg.Record) -> Practice:
    spec = await spec_of(tx, row["id"], row["digest"])
    return Practice(
        batch_id=row["id"],
        spec=spec,
        items=row["items"],
        done=row["done"],
        right=(row["first"], row["second"]),
        tried_again=row["tried_again"],
        needed=needed(spec, row["items"]),
        takes_s=row["items"] * ((row["pace_ms"] or _UNMEASURED_MS) + _READING_MS) // 1000,
        takes_part=row["takes_part"],
    )


# Paid work that came later takes its place: whatever is sent then is meant for that.
_IN_HANDS = f"""
SELECT t.id, t.batch_id, t.payload, t.gold, b.digest, n.attempt, p.tries, p.said, p."right", far.*
FROM practising n
JOIN practice_task t ON t.id = n.task_id
JOIN batch b ON b.id = t.batch_id
CROSS JOIN LATERAL ({HOW_FAR.format(batch="t.batch_id")}) far
LEFT JOIN practised p ON p.worker_id = n.worker_id AND p.task_id = t.id
WHERE n.worker_id = $1
  AND NOT EXISTS (SELECT FROM lease WHERE worker_id = $1 AND NOT waiting AND pack_id IS NULL AND given_at > n.shown_at)
  AND NOT coalesce(
      (SELECT answered_at FROM answer WHERE worker_id = $1 ORDER BY id DESC LIMIT 1) > n.shown_at, false
  )
"""  # noqa: S608


async def in_hands(tx: Tx, worker_id: int) -> PracticeTask | None:
    """The practice task in a worker's hands; none once a paid one was given, or answered, after it was shown."""
    row = await tx.row(_IN_HANDS, worker_id)
    if row is None:
        return None
    answered = row["tries"] is not None and row["tries"] >= row["attempt"]
    before, of = (row["done"], row["items"]) if row["attempt"] == 1 else (row["tried_again"], row["again"])
    return PracticeTask(
        task_id=row["id"],
        batch_id=row["batch_id"],
        spec=await spec_of(tx, row["batch_id"], row["digest"]),
        payload=row["payload"],
        attempt=row["attempt"],
        number=before + (not answered),
        of=of,
        right=row["gold"]["value"],
        explanation=row["gold"]["explanation"],
        answered=answered,
        said=row["said"] if answered else None,
        was_right=answered and row["right"],
    )


_TAKE_NEXT = """
INSERT INTO practising (worker_id, task_id, attempt, shown_at)
SELECT $1, t.id, coalesce(p.tries, 0) + 1, $3
FROM practice_task t LEFT JOIN practised p ON p.worker_id = $1 AND p.task_id = t.id
WHERE t.batch_id = $2 AND (p.tries IS NULL OR (p.tries = 1 AND NOT p."right"))
ORDER BY p.tries IS NOT NULL, t.place LIMIT 1
ON CONFLICT (worker_id) DO UPDATE
SET task_id = excluded.task_id, attempt = excluded.attempt, shown_at = excluded.shown_at
"""


async def next_practice(tx: Tx, worker_id: int, batch_id: int) -> PracticeTask | None:
    """Take the next practice task of a batch into hands: new ones first, then those to be tried again.

    None when nothing is left to try; then none is in hands. The worker's row must be locked.
    """
    if await tx.run(_TAKE_NEXT, worker_id, batch_id, tx.now):
        return await in_hands(tx, worker_id)
    await put_away(tx, worker_id)
    return None


_RECORD = """
INSERT INTO practised (worker_id, task_id, tries, said, "right", at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (worker_id, task_id) DO UPDATE
SET tries = excluded.tries, said = excluded.said, "right" = excluded.right, at = excluded.at
"""


async def answer_practice(
    tx: Tx, worker_id: int, task_id: int, attempt: int, said: Json | DontKnow
) -> PracticeTask | None:
    """Answer the practice task in hands, at that try; the same with what is known of it now.

    `said` is as the face of its kind reads it. None when it is not in hands, or answered already: nothing changes then.
    The worker's row must be locked. Raises AnswerError.
    """
    task = await in_hands(tx, worker_id)
    if task is None or task.answered or (task.task_id, task.attempt) != (task_id, attempt):
        return None
    value, right = None, False
    if not isinstance(said, DontKnow):
        kind = kind_named(task.spec.kind)
        value = kind.read_answer(task.spec, kind.payload(task.payload), said)
        right = kind.verdict(task.spec, task.right, value) == 1
    await tx.run(_RECORD, worker_id, task_id, attempt, value, right, tx.now)
    return await in_hands(tx, worker_id)


async def begin_anew(tx: Tx, worker_id: int, batch_id: int) -> None:
    """Forget what a worker did in the practice of a batch."""
    await tx.run(
        "DELETE FROM practised p USING practice_task t WHERE p.worker_id = $1 AND t.id = p.task_id AND t.batch_id = $2",
        worker_id, batch_id,
    )  # fmt: skip
    await put_away(tx, worker_id)


async def put_away(tx: Tx, worker_id: int) -> None:
    """Leave practice; what was done in it stays."""
    await tx.run("DELETE FROM practising WHERE worker_id = $1", worker_id)


async def batch_of(tx: Tx, task_id: int) -> int | None:
    """The batch that a practice task belongs to."""
    found: int | None = await tx.value("SELECT batch_id FROM practice_task WHERE id = $1", task_id)
    return found
