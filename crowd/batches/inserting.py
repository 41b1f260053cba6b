"""The row of a new batch. One of which an hour pays too little is not made."""

import secrets
from dataclasses import dataclass

from crowd.batches.spec import BatchSpec
from crowd.fairpay.expected import UnderpaidError, expected_pay
from db.database import Tx

_ROOM = 2**28
"""Task ids of a batch begin at its own id times this: room that is its own without waiting for other posts.

Ids stay below 2**53, which JavaScript counts exactly, for the first 33 million batches."""

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class NewBatch:
    """A batch that is to be."""

    requester_id: int
    digest: bytes
    spec: BatchSpec
    purses: int
    tasks: int = 0
    golds: int = 0
    worth: float | None = None
    columns: tuple[str, ...] | None = None
    """Of the kind's columns, those that the items have."""
    judges: int | None = None
    """The batch whose answers its tasks are."""


@dataclass(frozen=True, slots=True)
class Inserted:
    """A batch that is there, without tasks and money."""

    batch_id: int
    slug: str
    first_task: int
    """The id that its first task has, or will have."""


_INSERT = """
INSERT INTO batch (id, requester_id, digest, slug, name, kind, language, spec, currency, price, skills, tasks, golds,
                   first_task, last_task, front, purses, created_at, worth, columns, judges, takes_ms, underpays)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $14, $16, $17, $18, $19, $20, $21, $22)
ON CONFLICT DO NOTHING RETURNING id
"""

_TALLY = "INSERT INTO tally (batch_id, slot) SELECT $1, slot FROM generate_series(0, $2::int - 1) slot"


async def insert(tx: Tx, new: NewBatch) -> Inserted | None:
    """Insert it; None when there is one of its digest, or the link that was drawn for it is taken: try again.

    Raises UnderpaidError.
    """
    pay = await expected_pay(tx, new.spec)
    if not pay.fair:
        raise UnderpaidError(pay)
    batch_id = await tx.value("SELECT nextval(pg_get_serial_sequence('batch', 'id'))")
    first, spec = batch_id * _ROOM, new.spec
    slug = "".join(secrets.choice(_LETTERS) for _ in range(8))
    made = await tx.value(
        _INSERT, batch_id, new.requester_id, new.digest, slug, spec.name, spec.kind, spec.language,
        spec.model_dump(mode="json"), spec.currency, spec.price_micros, list(spec.skills), new.tasks, new.golds, first,
        first + new.tasks + new.golds - 1, new.purses, tx.now, new.worth,
        None if new.columns is None else list(new.columns), new.judges, pay.slow_ms, list(pay.underpays),
    )  # fmt: skip
    if not made:
        return None
    await tx.run(_TALLY, batch_id, new.purses)
    return Inserted(batch_id, slug, first)
