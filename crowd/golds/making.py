"""Golds made of a batch's own tasks, once a person has decided them: for workers who begin the batch after that.

The gold repeats the decided task, which keeps its label, its answers and its place in results; nobody is judged by what
they said to that one before. What is promised of golds holds by where it is put and by how many seats it has:

- It gets the id before the batch's first task, and a worker's cursor for golds begins there and only moves forward. So
  only who begins later meets it, and nobody who had the task before.
- It and the decided task together are answered at most as often as any task, so that it is not known by how often it
  comes round. The money for that was put in when the batch was posted, unless a budget has gone elsewhere since.

Where the kind has a mutation (`crowd.kinds.mutation`), the gold may be another item than the task it is made of, so
that who has seen one does not know the other again.

Who begins meets those made last first: labels take turns among them only as far as whoever makes them sees to it.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import asyncpg

from crowd import audit
from crowd.batches.life import BatchError, State, spec_of
from crowd.batches.spec import BatchSpec
from crowd.batchfile.rowcheck import LONGEST_EXPLANATION
from crowd.batchfile.unseen import BIDI, CONTROL, shows_nothing
from crowd.golds.ruling import Ruling, rule
from crowd.golds.suspending import lock_gold, suspend
from crowd.kinds import kind_named
from crowd.kinds.base import Json
from crowd.kinds.mutation import MutableKind
from crowd.media.picture import Picture
from crowd.money.purses import FREE
from db.database import Tx

CALLED = "{key} (gold)"
"""The id that a gold goes by in results, beside the requester's own id of the task it is made of."""


class Obstacle(StrEnum):
    """Why no gold can be made of a task."""

    GONE = "gone"
    """There is no such task in the batch, or it is a gold."""
    UNDECIDED = "undecided"
    """Nobody has decided it, or that it cannot be decided."""
    CLOSED = "closed"
    """The batch is closed."""
    REPORTED = "reported"
    """Workers reported it as broken."""
    FULL = "full"
    """It has all the answers that a task may get."""
    MONEY = "money"
    """The budget is used up."""
    EXPLANATION = "explanation"
    """The explanation cannot be shown."""
    MUTATION = "mutation"
    """Items of this kind cannot be changed in a way that is known."""


_SENTENCES = {
    Obstacle.GONE: "there is no such task, or it is a gold already",
    Obstacle.UNDECIDED: "nobody has decided which label of this task is right: decide it first",
    Obstacle.CLOSED: "this batch is closed: `kazi batch golds` has the task as a gold for the next one",
    Obstacle.REPORTED: "workers reported this task as broken, so that it would be a bad gold",
    Obstacle.FULL: (
        "this task has all the answers that a task of this batch may get, and one that comes round more often is known "
        "for a gold: `kazi batch golds` has it for the next batch"
    ),
    Obstacle.MONEY: "the budget of this batch has no money left for answers to a further gold",
    Obstacle.EXPLANATION: (
        f"an explanation is a text of at most {LONGEST_EXPLANATION:,} characters that can be seen, by the code of its "
        "language"
    ),
    Obstacle.MUTATION: "tasks of this kind cannot be changed such that the right answer is known",
}


class MakingError(BatchError):
    """No gold can be made of the task. Nothing has changed."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(_SENTENCES[obstacle])
        self.obstacle = obstacle


@dataclass(frozen=True, slots=True)
class Made:
    """A gold that was made of a decided task."""

    task_id: int
    """Of the gold."""
    made_by: str
    made_at: datetime
    standing: bool
    """Workers may meet it, and are judged by it; not once it is suspended or dropped."""
    answers: int
    """That it has got, without those of the task it repeats."""


MADE = """
SELECT m.source_id, m.task_id, m.made_by, m.made_at, g.suspended_at IS NULL AS standing, g.answers - m.met AS answers
FROM made_gold m JOIN task g ON g.id = m.task_id
"""

# Whoever closes the batch, or fits it, locks its row and then its tasks.
_BATCH = "SELECT digest, state, price, purses FROM batch WHERE id = $1 FOR NO KEY UPDATE"

_SOURCE = """
SELECT key, payload, label, gold IS NOT NULL AS gold, reviewed_at, withdrawn_at, answers + leased AS met,
       (SELECT id FROM review WHERE task_id = task.id AND undone_at IS NULL) AS review
FROM task WHERE id = $1 AND batch_id = $2 FOR NO KEY UPDATE
"""

_FREE = f"""
SELECT coalesce(sum({FREE}), 0)::bigint FROM account WHERE kind = 'escrow' AND owner = $1 AND slot < $2
"""  # noqa: S608

# Below the first id of a batch is the end of the room of the one before, of which no batch comes near.
_MAKE = """
WITH numbered AS (
    UPDATE batch SET first_task = first_task - 1, golds = golds + 1 WHERE id = $1 RETURNING first_task AS id
), noted AS (
    INSERT INTO made_gold (task_id, source_id, batch_id, met, made_by, made_at)
    SELECT id, $2, $1, $3::smallint, $4, $5 FROM numbered
)
INSERT INTO task (id, batch_id, key, payload, gold, open, seats, answers)
SELECT id, $1, $6, $7, $8, true, $9::smallint, $3 FROM numbered RETURNING id
"""


async def make_gold(
    tx: Tx,
    batch_id: int,
    task_id: int,
    explanation: Mapping[str, str],
    *,
    by: str,
    review_id: int | None = None,
    mutated: bool = False,
) -> Made:
    """Make a gold of a task that somebody decided; `explanation` is told by locale, and may be empty.

    `mutated`: of the item as its kind's mutation changes it.
    `review_id` is the decision that was looked at; None: whichever there is. A task becomes one once: asked again, this
    says what became of it. Nothing of the batch may be locked. Raises MakingError.
    """
    mirrored = await _mirrored(tx, batch_id, task_id) if mutated else None  # before anything is locked
    batch = await tx.row(_BATCH, batch_id)
    source = await tx.row(_SOURCE, task_id, batch_id)
    if batch is None or source is None or source["gold"]:
        raise MakingError(Obstacle.GONE)
    made = await made_of(tx, task_id)
    if made is not None:
        return made
    if review_id not in {None, source["review"]}:
        raise MakingError(Obstacle.UNDECIDED)
    told = _told(explanation)
    spec = await spec_of(tx, batch_id, batch["digest"])
    room = await _room(tx, batch_id, batch, source, spec)
    met = source["met"]
    seats = min(room, max(spec.overlap.least - met, 1))
    payload, gold = source["payload"], {"value": source["label"], "explanation": told}
    if mutated:
        kind = mutable(spec)
        if kind is None:
            raise MakingError(Obstacle.MUTATION)
        gold |= {
            "value": kind.mutated_answer(spec, kind.payload(payload), source["label"]),
            "mutation": kind.mutation,
        }
        payload = kind.mutated(spec, payload, mirrored)
    number = await tx.value(
        _MAKE, batch_id, task_id, met, by, tx.now, CALLED.format(key=source["key"]), payload, gold, seats
    )
    detail = {"batch": batch_id, "task": task_id, "value": gold["value"], "mutation": gold.get("mutation")}
    await audit.note(tx, by, "gold.make", number, detail)
    made = await made_of(tx, task_id)
    assert made is not None
    return made


def mutable(spec: BatchSpec) -> MutableKind[BatchSpec, object] | None:
    """The batch's kind, if it can change its items."""
    kind = kind_named(spec.kind)
    return kind if isinstance(kind, MutableKind) else None


async def _mirrored(tx: Tx, batch_id: int, task_id: int) -> Json:
    """The mirrored picture of a task's item, kept in the store; None where there is none."""
    payload = await tx.value("SELECT payload FROM task WHERE id = $1 AND batch_id = $2", task_id, batch_id)
    if not payload or "picture" not in payload:
        return None
    from crowd.media.mirroring import mirror  # Pillow, which few need

    picture = Picture.of(payload["picture"])
    mirrored, data = await asyncio.to_thread(mirror, picture, await tx.files.get(picture.name))
    await tx.files.keep(data)
    return mirrored.stored


async def _room(tx: Tx, batch_id: int, batch: asyncpg.Record, source: asyncpg.Record, spec: BatchSpec) -> int:
    """How many answers a gold of this task may get. Raises MakingError when there is something against it."""
    if source["reviewed_at"] is None or source["label"] is None:
        raise MakingError(Obstacle.UNDECIDED)
    if batch["state"] == State.CLOSED:
        raise MakingError(Obstacle.CLOSED)
    if source["withdrawn_at"] is not None:
        raise MakingError(Obstacle.REPORTED)
    room: int = spec.overlap.most - source["met"]
    if room <= 0:
        raise MakingError(Obstacle.FULL)
    if await tx.value(_FREE, batch_id, batch["purses"]) < room * batch["price"]:
        raise MakingError(Obstacle.MONEY)
    return room


def _told(explanation: Mapping[str, str]) -> dict[str, str]:
    told = {locale: text.replace("\r\n", "\n").strip() for locale, text in explanation.items()}
    for locale, text in told.items():
        both = locale + text
        unseen = CONTROL.search(both) or BIDI.search(both) or shows_nothing(text) or not locale.strip()
        if unseen or len(text) > LONGEST_EXPLANATION or len(locale) > _LONGEST_LOCALE:
            raise MakingError(Obstacle.EXPLANATION)
    return {locale: text for locale, text in told.items() if text}


_LONGEST_LOCALE = 35
"""Characters of a language tag, by RFC 5646 4.4.1."""


async def made_of(tx: Tx, source_id: int) -> Made | None:
    """The gold that was made of a task."""
    row = await tx.row(f"{MADE} WHERE m.source_id = $1", source_id)
    return made_from(row) if row else None


def made_from(row: asyncpg.Record) -> Made:
    """From a row of MADE."""
    return Made(row["task_id"], row["made_by"], row["made_at"], row["standing"], row["answers"])


async def lock_made(tx: Tx, source_id: int) -> tuple[Made | None, bool]:
    """The gold made of a task, locked with its workers: before the task is. False when somebody just answers it."""
    made = await made_of(tx, source_id)
    return (made, True) if made is None else (made, await lock_gold(tx, made.task_id))


async def drop_made(tx: Tx, batch_id: int, spec: BatchSpec, made: Made, *, by: str) -> None:
    """Take a gold out for good, its verdicts too, as the decision it was made of is undone. It must be locked.

    Whom it had found wrong is told that it does not count.
    """
    known = await tx.row("SELECT ruling FROM suspension WHERE task_id = $1", made.task_id)
    if known is None:
        await suspend(tx, batch_id, spec, made.task_id)
    if known is None or known["ruling"] != Ruling.DROPPED:
        await rule(tx, batch_id, made.task_id, Ruling.DROPPED, None, by=by)
