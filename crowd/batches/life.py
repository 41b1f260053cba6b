"""A batch as it lives: its spec, its state, who changes it."""

from enum import StrEnum

from crowd import audit
from crowd.batches.locks import keep_others_out
from crowd.batches.spec import BatchSpec
from crowd.fairpay.aside import set_aside
from crowd.fairpay.topping import settle_pay
from crowd.kinds import load_spec
from crowd.money.escrow import keep_nothing, settle_accounts
from db.database import Tx

_SPECS_KEPT = 1000
_specs: dict[bytes, BatchSpec] = {}


class State(StrEnum):
    """Whether tasks are handed out."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


async def spec_of(tx: Tx, batch_id: int, digest: bytes) -> BatchSpec:
    """The spec of a batch. It never changes and goes by the digest of what was posted: each is read once."""
    known = _specs.get(digest)
    if known is None:
        known = load_spec(await tx.value("SELECT spec FROM batch WHERE id = $1", batch_id))
        if len(_specs) >= _SPECS_KEPT:
            del _specs[next(iter(_specs))]
        _specs[digest] = known
    return known


def forget_specs() -> None:
    """Read them anew: they are of another database now."""
    _specs.clear()


class BatchError(ValueError):
    """A batch cannot be changed that way. `problem` is a sentence for the requester."""


UNDERPAID = "underpaid"
"""The reason of a pause: the money does not pay what an hour has to; see `batch.fair_price`."""

MOVES: dict[State, tuple[State, ...]] = {
    State.OPEN: (State.PAUSED, State.CLOSED),
    State.PAUSED: (State.OPEN, State.CLOSED),
    State.CLOSED: (),
}
"""Where a batch can go from each state."""


DECISIONS = """(
    (SELECT count(*) + count(undone_at) FROM review WHERE batch_id = b.id)
    + (SELECT coalesce(sum(moves), 0) FROM suspension WHERE batch_id = b.id)
    + (SELECT count(*) FROM redo WHERE batch_id = b.id AND outcome = 'fixed')
)::int"""
"""SQL: reviews of batch `b` made and undone, golds suspended and ruled on, answers mended: what was known, and changed,
without a further answer."""


async def set_state(
    tx: Tx, batch_id: int, state: State, *, actor: str, reason: str | None = None, funded: bool = False
) -> None:
    """Pause, resume or close a batch. Closing gives back the tasks in workers' hands and what is left of the money.

    Before that, who was paid less for an hour than the floor is paid what is missing. A batch that was paused since its
    money does not pay that goes on only when it is `funded`.

    An answer that is under way when a batch is paused still counts. Raises BatchError.
    """
    row = await tx.row("SELECT state, fair_price FROM batch WHERE id = $1 FOR UPDATE", batch_id)
    if row is None:
        raise BatchError(f"there is no batch {batch_id}; `kazi batch list` shows those there are")
    now = State(row["state"])
    if now is state:
        return
    if state not in MOVES[now]:
        raise BatchError(f"batch {batch_id} is {now}, it cannot become {state} again: post a new batch")
    if state is State.OPEN and row["fair_price"] is not None and not funded:
        raise BatchError(f"batch {batch_id} waits for money, since an hour of it pays too little: put in more")
    await tx.run(
        "UPDATE batch SET state = $2, state_reason = $3, "
        "closed_at = CASE WHEN $2 = 'closed' THEN $4::timestamptz END, "
        "pay_looked = CASE WHEN $2 = 'open' THEN -1 ELSE pay_looked END WHERE id = $1",
        batch_id, state, reason, tx.now,
    )  # fmt: skip
    if state is State.CLOSED:
        await keep_others_out(tx, batch_id)
        await tx.run(_WITHDRAW, batch_id, tx.now)
        await keep_nothing(tx, batch_id)
        await settle_pay(tx, batch_id)
        await set_aside(tx, batch_id)
        await settle_accounts(tx, batch_id)
    await audit.note(tx, actor, f"batch.{state}", batch_id, {"reason": reason})


# Leases out are ended first, under the locks that expiry takes, so what is left in the purses is free.
_WITHDRAW = """
WITH back AS (
    SELECT l.* FROM lease l WHERE l.batch_id = $1 ORDER BY l.id FOR UPDATE
), gone AS (
    DELETE FROM lease USING back WHERE lease.id = back.id
), freed AS (
    UPDATE account SET reserved = account.reserved - sums.amount
    FROM (SELECT escrow_id, sum(price)::bigint AS amount FROM back GROUP BY escrow_id) sums
    WHERE account.id = sums.escrow_id
), unleased AS (
    UPDATE task SET leased = task.leased - sums.leases
    FROM (
        SELECT back.task_id, count(*)::int AS leases FROM back LEFT JOIN redo ON redo.lease_id = back.id
        WHERE back.redo_of IS NULL OR redo.word IS NOT NULL GROUP BY back.task_id
    ) sums
    WHERE task.id = sums.task_id
), redone AS (
    UPDATE redo SET ended_at = $2, outcome = 'withdrawn' FROM back WHERE redo.lease_id = back.id
)
INSERT INTO passed (lease_id, task_id, batch_id, worker_id, way, price, at)
SELECT id, task_id, batch_id, worker_id, 'withdrawn', price, $2 FROM back WHERE redo_of IS NULL
"""
