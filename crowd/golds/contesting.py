"""Workers say that a gold is wrong which counts against them.

That alone changes no score. The gold is looked at by the next run of `crowd.golds.suspending`, whose evidence stays
what it is, and staff see it, the most contested first: they take it out and decide about it, or say that it is right.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum

from crowd import audit
from crowd.batches.life import spec_of
from crowd.golds.contradicting import leaning
from crowd.golds.ruling import RulingError
from crowd.golds.suspending import lock_gold, suspend, voices
from crowd.kinds.base import Json
from crowd.labels.so_far import Said
from crowd.lengths import chat_length
from crowd.money.earnings import TELLABLE
from db.database import Tx

LONGEST_WHY = 300
"""Characters of why a gold is right."""


class Contested(Enum):
    """What became of it."""

    NOTED = "noted"
    AGAIN = "again"
    """They had said so before."""
    UNKNOWN = "unknown"
    """No check that they were told of counts against them there. Of other tasks nothing is told, lest it tell golds."""


@dataclass(frozen=True, slots=True)
class ContestedGold:
    """A gold that workers say is wrong, and that nobody has decided about."""

    task_id: int
    key: str
    payload: Json
    value: Json
    """Its answer."""
    explanation: dict[str, str]
    contests: int
    said: tuple[Said, ...]
    at: datetime
    """When it was contested first."""
    ruled: bool
    """A person has decided about it before: that is where it is decided anew."""


# What they were shown by a refresher they were told of, too.
_FIND = f"""
SELECT a.task_id, a.batch_id
FROM answer a JOIN batch b ON b.id = a.batch_id
JOIN track r ON r.worker_id = a.worker_id AND r.kind = b.kind AND r.language = b.language
WHERE a.id = $4 AND a.worker_id = $1 AND a.verdict < 1 AND (({TELLABLE}) OR a.answered_at <= r.refreshed_at)
"""  # noqa: S608

_NOTE = """
INSERT INTO contest (task_id, worker_id, batch_id, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
"""


async def contest(tx: Tx, worker_id: int, answer_id: int) -> Contested:
    """Note that a worker says the gold is wrong which they answered so. Their row must be locked."""
    today = tx.now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    row = await tx.row(_FIND, worker_id, today, False, answer_id)
    if row is None:
        return Contested.UNKNOWN
    noted = await tx.run(_NOTE, row["task_id"], worker_id, row["batch_id"], tx.now)
    return Contested.NOTED if noted else Contested.AGAIN


_CONTESTED = """
SELECT c.task_id, t.key, t.payload, t.gold, c.contests, c.at,
       EXISTS (SELECT FROM suspension WHERE task_id = c.task_id) AS ruled, (
    SELECT coalesce(jsonb_agg(jsonb_build_array(w.pseudonym, a.value, a.ms) ORDER BY a.id), '[]')
    FROM answer a JOIN worker w ON w.id = a.worker_id WHERE a.task_id = c.task_id
) AS said
FROM (
    SELECT task_id, count(*)::int AS contests, min(at) AS at FROM contest
    WHERE batch_id = $1 AND answered_at IS NULL GROUP BY task_id
) c JOIN task t ON t.id = c.task_id AND t.gold IS NOT NULL AND t.suspended_at IS NULL
ORDER BY c.contests DESC, c.at, c.task_id LIMIT $2
"""


async def contested_golds(tx: Tx, batch_id: int, limit: int = 50) -> list[ContestedGold]:
    """The golds of a batch that workers say are wrong, the most contested first."""
    return [
        ContestedGold(
            task_id=row["task_id"], key=row["key"], payload=row["payload"], value=row["gold"]["value"],
            explanation=row["gold"].get("explanation") or {}, contests=row["contests"],
            said=tuple(Said(*each) for each in row["said"]), at=row["at"], ruled=row["ruled"],
        )
        for row in await tx.rows(_CONTESTED, batch_id, limit)
    ]  # fmt: skip


_GOLD = """
SELECT b.digest, t.gold, t.payload, EXISTS (SELECT FROM suspension WHERE task_id = t.id) AS ruled
FROM task t JOIN batch b ON b.id = t.batch_id
WHERE t.id = $1 AND t.batch_id = $2 AND t.gold IS NOT NULL AND t.suspended_at IS NULL
  AND EXISTS (SELECT FROM contest WHERE task_id = t.id AND answered_at IS NULL)
"""


async def take_out(tx: Tx, batch_id: int, task_id: int, *, by: str) -> None:
    """Suspend a contested gold, so that somebody decides about it; its workers are told. Raises RulingError.

    One that a person ruled on before is decided anew where it was ruled on.
    """
    if not await lock_gold(tx, task_id):
        raise RulingError("busy", "somebody is answering this gold just now: try again")
    row = await tx.row(_GOLD, task_id, batch_id)
    if row is None or row["ruled"]:
        raise RulingError("gone", "there is no such gold that waits for a decision")
    spec = await spec_of(tx, batch_id, row["digest"])
    heard = [replace(each, paused=False) for each in await voices(tx, spec, task_id)]
    found = leaning(spec, row["gold"]["value"], heard)
    if found is None:
        raise RulingError("gone", "nobody says anything else of this gold")
    await suspend(tx, batch_id, spec, task_id, found)
    await audit.note(tx, by, "gold.suspend", task_id, {"batch": batch_id})


_STANDS = """
INSERT INTO outbox (person_id, subject, content, key, due_at)
SELECT w.person_id, 'check_stands', $3::jsonb, 'check_stands:' || $1 || ':' || w.id, $4
FROM contest c JOIN worker w ON w.id = c.worker_id WHERE c.task_id = $2 AND c.answered_at IS NULL
ON CONFLICT (key) DO NOTHING
"""


async def uphold(tx: Tx, batch_id: int, task_id: int, why: str, *, by: str) -> None:
    """A contested gold is right: who said otherwise is told so, with the reason if there is one. Raises RulingError."""
    why = " ".join(why.replace("\0", "").split())
    while chat_length(why) > LONGEST_WHY:
        why = why[:-1]
    await tx.run("SELECT FROM task WHERE id = $1 FOR NO KEY UPDATE", task_id)
    row = await tx.row(_GOLD, task_id, batch_id)
    if row is None:
        raise RulingError("gone", "there is no such gold that waits for a decision")
    spec = await spec_of(tx, batch_id, row["digest"])
    content = {"kind": spec.kind, "payload": row["payload"], "why": why or None}
    await tx.run(_STANDS, str(task_id), task_id, content, tx.now)
    await tx.run("UPDATE contest SET answered_at = $2 WHERE task_id = $1 AND answered_at IS NULL", task_id, tx.now)
    await audit.note(tx, by, "gold.uphold", task_id, {"batch": batch_id, "why": why})
