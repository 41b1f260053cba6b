"""Audits: a person decides settled tasks drawn at random, without a look at what workers said or the label they have.

How often the label was the same tells how right the labels of the batch are, beside what its fit thinks of them.
"""

import random
from dataclasses import dataclass

from crowd.batches.spec import BatchSpec
from crowd.kinds import kind_named
from db.database import Tx

USUAL = 20
"""Tasks that an audit is suggested to have: a label wrong one time in seven is met with 95 % probability."""

_MOST = 10_000
"""Decisions that are looked at."""


@dataclass(frozen=True, slots=True)
class Audited:
    """What audits of a batch have found so far."""

    tasks: int
    """Decided, without those that it turned out cannot be."""
    confirmed: int
    """Of these, whose label was what the person decided."""


# Tasks stand in a random order, so the next settled one from a random place on is a random one. Behind what has been
# handed out there is none.
_SPAN = """
SELECT first_task, least(last_task, (
    SELECT coalesce(max(greatest(cursor, b.front)), b.front) FROM participation WHERE batch_id = b.id
)) AS last FROM batch b WHERE id = $1
"""

_NEXT = """
SELECT id FROM task
WHERE batch_id = $1 AND id BETWEEN $2 AND $3 AND id <> $4 AND gold IS NULL AND settled_at IS NOT NULL
  AND label IS NOT NULL AND reviewed_at IS NULL AND withdrawn_at IS NULL
ORDER BY id LIMIT 1
"""

_AUDITS = f"""
SELECT label, label_before FROM review
WHERE batch_id = $1 AND audit AND undone_at IS NULL AND label IS NOT NULL ORDER BY id DESC LIMIT {_MOST}
"""  # noqa: S608


async def draw(tx: Tx, batch_id: int, luck: random.Random, *, beside: int = 0) -> int | None:
    """A settled task that nobody has decided, at random, but not the one `beside`; None when there is none."""
    span = await tx.row(_SPAN, batch_id)
    if span is None:
        return None
    start = luck.randint(span["first_task"], max(span["first_task"], span["last"]))
    for first, last in ((start, span["last"]), (span["first_task"], start - 1)):
        found: int | None = await tx.value(_NEXT, batch_id, first, last, beside)
        if found is not None:
            return found
    return None


async def audited(tx: Tx, batch_id: int, spec: BatchSpec) -> Audited:
    """What audits have found so far, without decisions that were undone."""
    rows = await tx.rows(_AUDITS, batch_id)
    verdict = kind_named(spec.kind).verdict
    return Audited(len(rows), sum(verdict(spec, row["label"], row["label_before"]) == 1 for row in rows))
