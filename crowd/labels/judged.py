"""Answers that others judge: each becomes a task of the judges' batch, and what they say of it comes back to it.

An answer counts, and is paid, when it is given. Rejected, it is no part of its task any more, and where the task
has not had its most answers yet it is opened once more, for somebody else. Whoever gave it is told, with the reason.
Before that it goes back to them once, to be mended, where it can (`crowd.redos`); mended, it is judged anew.
Nobody judges what they brought themselves: it stands among what they passed (`crowd.loop.handing.walks`).
A person who decides about a judges' task, or takes that back, has its answer judged anew (`judge_anew`).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from crowd.batches.life import State, set_state, spec_of
from crowd.batches.locks import keep_from_closing
from crowd.kinds import kind_named
from crowd.kinds.base import Consensus
from crowd.kinds.judging import GOOD, Judged, JudgedKind, JudgedSpec
from crowd.loop.settling import progress
from crowd.redos.asking import after_word
from crowd.redos.states import REJECTED
from db.database import Database, Tx

UNDECIDED = "undecided"
"""What is said of an answer that no judge could say anything about; it counts on."""

Counts = tuple[int, int, int]
"""Of tasks: settled, settled without being sure; and the answers that were not asked for."""

_STANDING = frozenset({GOOD, UNDECIDED})

_BLOCK = 50
"""Answers brought in one transaction: their tasks are locked meanwhile."""

_AS_KNOWN: Mapping[int, tuple[str | None, float]] = {}

_UNKNOWN = 0.7
"""The accuracy of somebody of whom nothing is known here."""

_PAIRS = """
SELECT b.id, j.id AS judges, b.state AS state, j.state AS judges_state,
       (SELECT sum(settled) FROM tally WHERE batch_id = j.id) >= j.tasks AS finished
FROM batch j JOIN batch b ON b.id = j.judges
WHERE j.state <> 'closed' OR EXISTS (SELECT FROM judged_answer WHERE batch_id = b.id AND judged_at IS NULL)
ORDER BY j.id
"""


@dataclass(frozen=True, slots=True)
class _Pair:
    """A batch and that of its judges."""

    batch_id: int
    judges_id: int


async def bring_to_judges(database: Database) -> int:
    """Bring new answers to judges, and what judges said to the answers, in all batches; how many were brought.

    Answers to golds are checked by these, and not judged.
    """
    async with database.reading() as tx:
        pairs = await tx.rows(_PAIRS)
    brought = 0
    for row in pairs:
        pair = _Pair(row["id"], row["judges"])
        brought += await _all(database, pair, _ask_judges) + await _all(database, pair, _take_words)
        over = row["state"] == State.CLOSED and row["judges_state"] != State.CLOSED and row["finished"]
        if over and not await _waiting(database, pair):
            async with database.transaction() as tx:
                await set_state(tx, pair.judges_id, State.CLOSED, actor="kazi", reason="all answers are judged")
    return brought


async def _all(database: Database, pair: _Pair, some: Callable[[Tx, _Pair], Awaitable[int]]) -> int:
    """Block by block, each in a transaction of its own."""
    brought, done = 0, _BLOCK
    while done == _BLOCK:
        async with database.transaction() as tx:
            done = await some(tx, pair)
        brought += done
    return brought


# The row of the judges' batch is locked first, as everybody does who gives it tasks.
_JUDGES = "SELECT digest, last_task FROM batch WHERE id = $1 AND state <> 'closed' FOR NO KEY UPDATE"

_NEW = """
SELECT a.id, a.value, t.key, t.payload, r.answer_id IS NOT NULL AS mended
FROM batch b JOIN task t ON t.id BETWEEN b.first_task AND b.last_task
JOIN answer a ON a.task_id = t.id LEFT JOIN judged_answer j ON j.answer_id = a.id
LEFT JOIN redo r ON r.answer_id = a.id AND r.outcome = 'fixed'
WHERE b.id = $1 AND t.gold IS NULL AND a.value IS NOT NULL AND j.answer_id IS NULL
  AND NOT EXISTS (SELECT FROM redo WHERE answer_id = a.id AND outcome IS NULL)
ORDER BY a.id LIMIT $2
"""

_ASK = """
WITH brought AS (
    SELECT * FROM unnest($2::bigint[], $3::text[], $4::jsonb[], $5::bigint[]) AS t (id, key, payload, answer_id)
), own AS (
    INSERT INTO passed (lease_id, task_id, batch_id, worker_id, way, reason, price, at)
    SELECT nextval(pg_get_serial_sequence('lease', 'id')), brought.id, $1, a.worker_id, 'withdrawn', 'own', 0,
           a.answered_at
    FROM brought JOIN answer a ON a.id = brought.answer_id
), asked AS (
    INSERT INTO task (id, batch_id, key, payload, open, seats)
    SELECT id, $1, key, payload, true, $6::smallint FROM brought
), noted AS (
    INSERT INTO judged_answer (answer_id, batch_id, task_id) SELECT answer_id, $7, id FROM brought
)
UPDATE batch SET tasks = tasks + $8::int, last_task = last_task + $8 WHERE id = $1
"""


async def _ask_judges(tx: Tx, pair: _Pair) -> int:
    """A block of answers that nobody was asked about yet becomes tasks of the judges; how many."""
    judges = await tx.row(_JUDGES, pair.judges_id)
    if judges is None:
        return 0
    rows = await tx.rows(_NEW, pair.batch_id, _BLOCK)
    if not rows:
        return 0
    spec, kind = await _judged(tx, pair.batch_id)
    least = (await spec_of(tx, pair.judges_id, judges["digest"])).overlap.least
    first = judges["last_task"] + 1
    payloads = [kind.judged_item(spec, kind.payload(row["payload"]), row["value"]) for row in rows]
    await tx.run(
        _ASK, pair.judges_id, list(range(first, first + len(rows))), [_called(row) for row in rows], payloads,
        [row["id"] for row in rows], least, pair.batch_id, len(rows),
    )  # fmt: skip
    return len(rows)


def _called(row: asyncpg.Record) -> str:
    """The key of the judges' task about an answer: the task's, the answer's id, and that it is the second look."""
    return f"{row['key']}/{row['id']}{'/2' if row['mended'] else ''}"


_SAID = """
SELECT j.answer_id, a.task_id, a.value, a.worker_id, j.word AS before, said.label AS word, said.confidence AS sure
FROM judged_answer j JOIN task said ON said.id = j.task_id JOIN answer a ON a.id = j.answer_id
WHERE j.batch_id = $1 AND j.judged_at IS NULL AND said.settled_at IS NOT NULL
ORDER BY a.task_id, j.answer_id LIMIT $2
FOR NO KEY UPDATE OF j SKIP LOCKED
"""

_TASK = """
SELECT t.id, t.payload, t.answers, t.leased, t.settled_at, t.confidence, t.withdrawn_at, t.reviewed_at,
       b.state, b.best, b.likeness
FROM task t JOIN batch b ON b.id = t.batch_id WHERE t.id = $1 FOR NO KEY UPDATE OF t
"""

_CHANGE = """
WITH said AS (
    UPDATE judged_answer SET word = $2, confidence = $3, judged_at = $4 WHERE answer_id = $1
)
UPDATE task SET
    evidence = $6,
    label = CASE WHEN reviewed_at IS NULL THEN $7 ELSE label END,
    confidence = CASE WHEN reviewed_at IS NULL THEN $8 ELSE confidence END,
    settled_at = $9, seats = $10::smallint, open = $10 > 0
WHERE id = $5
"""

# Last, and once for a block: those who answer wait for the tally's row while they hold that of their task.
_COUNT = """
UPDATE tally SET settled = settled + $2::int, unsure = unsure + $3::int, saved = saved + $4::int
WHERE batch_id = $1 AND slot = 0
"""

_TELL = """
INSERT INTO outbox (person_id, subject, content, key, due_at)
SELECT person_id, $2, $3, $4, $5 FROM worker WHERE id = $1 ON CONFLICT (key) DO NOTHING
"""


async def _take_words(tx: Tx, pair: _Pair) -> int:
    """What judges said of a block of answers comes back to these; how many."""
    await keep_from_closing(tx, pair.batch_id)  # answers may go back to their workers, by leases
    rows = await tx.rows(_SAID, pair.batch_id, _BLOCK)
    if rows:
        spec, kind = await _judged(tx, pair.batch_id)
        changes = [await _take_word(tx, spec, kind, row) for row in rows]
        await tx.run(_COUNT, pair.batch_id, *map(sum, zip(*changes, strict=True)))
    return len(rows)


async def _take_word(tx: Tx, spec: JudgedSpec, kind: JudgedKind[JudgedSpec, object], row: asyncpg.Record) -> Counts:
    """By how much the tally changes."""
    task = await tx.row(_TASK, row["task_id"])
    assert task is not None
    word = row["word"] or UNDECIDED
    now = (None, 0.0) if word == UNDECIDED else (word, row["sure"])
    evidence = kind.standing(spec, await said_of(tx, task["id"], {row["answer_id"]: now}))
    found = kind.consensus(spec, evidence, task["likeness"])
    turn = await after_word(tx, row["answer_id"], word, rejects=word not in _STANDING)
    settled_at, seats = _stands(spec, task, found, task["leased"] + turn.leased, tx.now)
    await tx.run(
        _CHANGE, row["answer_id"], word, row["sure"], tx.now, task["id"], evidence, found.label, found.confidence,
        settled_at, seats,
    )  # fmt: skip
    subject = _news(row["before"], word)
    if subject is not None and not turn.quiet:
        content = {"kind": spec.kind, "payload": task["payload"], "word": word}
        key = f"{subject}:{row['answer_id']}:{tx.now.isoformat()}"
        await tx.run(_TELL, row["worker_id"], subject, content, key, tx.now)
    before = _counted(spec, task["answers"], task["settled_at"], task["confidence"])
    after = _counted(spec, task["answers"], settled_at, found.confidence)
    return after[0] - before[0], after[1] - before[1], after[2] - before[2]


def _news(before: str | None, word: str) -> str | None:
    """What its worker is told: that it is rejected, or no more so."""
    if word not in _STANDING:
        return None if before == word else REJECTED
    return None if before is None or before in _STANDING else "restored"


_ALL = """
SELECT a.id, a.value, coalesce(p.accuracy, b.usual, $3) AS accuracy, j.word, coalesce(j.confidence, 0) AS sure
FROM answer a JOIN batch b ON b.id = a.batch_id
JOIN participation p ON p.worker_id = a.worker_id AND p.batch_id = a.batch_id
LEFT JOIN judged_answer j ON j.answer_id = a.id AND j.word <> $2
WHERE a.task_id = $1 AND a.value IS NOT NULL ORDER BY a.id
"""


async def said_of(tx: Tx, task_id: int, but: Mapping[int, tuple[str | None, float]] = _AS_KNOWN) -> list[Judged]:
    """All answers to a task, with what judges said of them and how sure that is; by id, what they say now of some."""
    found = await tx.rows(_ALL, task_id, UNDECIDED, _UNKNOWN)
    return [
        Judged(each["value"], each["accuracy"], *but.get(each["id"], (each["word"], each["sure"]))) for each in found
    ]


def _stands(
    spec: JudgedSpec, task: asyncpg.Record, found: Consensus, leased: int, now: datetime
) -> tuple[datetime | None, int]:
    """Since when a task is settled, if it is, and how many more may have it."""
    if task["state"] == State.CLOSED or task["withdrawn_at"] is not None or task["reviewed_at"] is not None:
        return task["settled_at"], 0
    stand = progress(spec.overlap, found, answers=task["answers"], leased=leased, best=task["best"])
    return (task["settled_at"] or now, 0) if stand.settled else (None, stand.seats)


def _counted(spec: JudgedSpec, answers: int, settled_at: object, confidence: float | None) -> Counts:
    """What a task adds to the tally."""
    if settled_at is None:
        return 0, 0, 0
    return 1, int((confidence or 0.0) < spec.overlap.sure), max(0, spec.overlap.most - answers)


_ASKED = "SELECT EXISTS (SELECT FROM judged_answer WHERE batch_id = $1 AND judged_at IS NULL)"


async def _waiting(database: Database, pair: _Pair) -> bool:
    """Whether an answer is still to be brought to judges, or their word back."""
    async with database.reading() as tx:
        return bool(await tx.rows(_NEW, pair.batch_id, 1)) or bool(await tx.value(_ASKED, pair.batch_id))


async def judge_anew(tx: Tx, task_id: int) -> None:
    """What is said in a judges' task changed: `bring_to_judges` takes it over to the answer again. Of others nothing.

    Until then the answer stands as it did.
    """
    await tx.run("UPDATE judged_answer SET judged_at = NULL WHERE task_id = $1", task_id)


async def _judged(tx: Tx, batch_id: int) -> tuple[JudgedSpec, JudgedKind[JudgedSpec, object]]:
    spec = await spec_of(tx, batch_id, await tx.value("SELECT digest FROM batch WHERE id = $1", batch_id))
    kind = kind_named(spec.kind)
    assert isinstance(spec, JudgedSpec)
    assert isinstance(kind, JudgedKind)
    return spec, kind
