"""Where a worker's money is to go: entered once, encrypted, shown by its last characters only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from crowd import audit
from crowd.payouts.method import Method
from crowd.payouts.reading import masked
from crowd.payouts.vault import Vault, VaultError
from db.database import Tx

FROZEN = timedelta(hours=24)
"""After a change nothing leaves for so long: whoever got hold of a phone must not get the money too."""


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of where a worker's money is to go."""

    id: int
    method: str
    masked: str
    entered_at: datetime
    usable_at: datetime
    """Until then nothing is sent there."""


_CURRENT = """
SELECT id, method, masked, entered_at, usable_at FROM payout_details WHERE worker_id = $1 AND replaced_at IS NULL
"""

_ENTER = """
INSERT INTO payout_details (worker_id, method, sealed, masked, print, entered_at, usable_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id, method, masked, entered_at, usable_at
"""


CHANGED = "details_changed"
"""The subject of the notice that tells of a change, on its own: the screen that made it may not be the worker's."""

_TELL = """
INSERT INTO outbox (person_id, subject, content, key, due_at)
SELECT w.person_id, $2, jsonb_build_object('method', d.method, 'masked', d.masked), $2 || ':' || d.id, $3
FROM payout_details d JOIN worker w ON w.id = d.worker_id WHERE d.id = $1
"""


async def details_of(tx: Tx, worker_id: int) -> Details | None:
    """What a worker entered; None where they never did."""
    row = await tx.row(_CURRENT, worker_id)
    return _details(row) if row else None


async def enter(tx: Tx, vault: Vault, worker_id: int, method: Method, entered: Mapping[str, str]) -> Details:
    """Keep what a worker entered, each as `reading.read` gives it; the worker's row must be locked.

    The first details are of use at once, others once FROZEN has passed, and the worker is told of these. The same ones
    again change nothing.
    """
    before = await details_of(tx, worker_id)
    if before is not None and before.method == method.name:
        sealed = await tx.value("SELECT sealed FROM payout_details WHERE id = $1", before.id)
        if sealed is not None and _opened(vault, worker_id, sealed) == dict(entered):
            return before
    usable_at = tx.now if before is None else tx.now + FROZEN
    await tx.run(
        "UPDATE payout_details SET replaced_at = $2 WHERE worker_id = $1 AND replaced_at IS NULL", worker_id, tx.now
    )
    row = await tx.row(
        _ENTER, worker_id, method.name, vault.seal(owner(worker_id), entered), masked(entered[method.fields[0]]),
        vault.print(method.account(entered)), tx.now, usable_at,
    )  # fmt: skip
    assert row is not None
    found = _details(row)
    detail = {"method": found.method, "masked": found.masked, "usable_at": usable_at.isoformat()}
    await audit.note(tx, f"worker {worker_id}", "payout.details", found.id, detail)
    if before is not None:
        await tx.run(_TELL, found.id, CHANGED, tx.now)
    return found


def _opened(vault: Vault, worker_id: int, sealed: bytes) -> Mapping[str, str] | None:
    """What was sealed; None where its key is lost, so that it can be entered anew."""
    try:
        return vault.open(owner(worker_id), sealed)
    except VaultError:
        return None


def owner(worker_id: int) -> str:
    """As the vault names a worker."""
    return f"worker {worker_id}"


def _details(row: asyncpg.Record) -> Details:
    return Details(row["id"], row["method"], row["masked"], row["entered_at"], row["usable_at"])
