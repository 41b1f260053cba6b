"""Approved payouts of the method `webhook` leave one by one, each as a message to the provider.

Whoever posts takes one (`take`), commits, posts its body under its key, and says what came of it (`heard`). A payout is
`sent` before it is posted for the first time, and its key and body are kept until it has ended: after a crash between
the two it is posted again, the same, so that a provider who keeps to the key pays once.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import orjson

from crowd import audit
from crowd.payouts.details import owner
from crowd.payouts.method import Asked, NotPayableError, Order
from crowd.payouts.methods.webhook import METHOD
from crowd.payouts.states import PayoutState, tell
from crowd.payouts.vault import Vault, VaultError
from db.database import Tx

HELD_S = 60
"""Seconds for which one that was taken is left alone: much longer than a post may last."""


class NotPostableError(Exception):
    """A payout cannot be posted: a key of the vault is missing, or its amount is none that could be paid."""

    def __init__(self, payout_id: int, why: Exception) -> None:
        super().__init__(f"payout {payout_id} cannot be posted: {why}")
        self.payout_id = payout_id


@dataclass(frozen=True, slots=True)
class Post:
    """One message to the provider."""

    payout_id: int
    key: str
    """Names the payout to the provider, each time that it is posted."""
    body: bytes = field(repr=False)
    """JSON, the same each time; it says where money goes."""


_DUE = """
SELECT p.id, p.worker_id, p.amount - p.fee AS amount, p.currency, p.state, d.sealed AS details
FROM payout p JOIN payout_details d ON d.id = p.details_id LEFT JOIN payout_post q ON q.payout_id = p.id
WHERE p.method = $1 AND p.ended_at IS NULL AND p.id <> ALL($3::bigint[])
  AND (p.state = 'approved' AND d.sealed IS NOT NULL OR p.state = 'sent' AND q.due_at <= $2)
ORDER BY coalesce(q.due_at, p.approved_at), p.id LIMIT 1 FOR NO KEY UPDATE OF p SKIP LOCKED
"""

_FIRST = """
INSERT INTO payout_post (payout_id, key, sealed, sent_at, due_at, taken_until, tries)
VALUES ($1, $2, $3, $4, $5, $5, 1)
"""

# One that was taken and of which nothing was heard may have reached the provider.
_AGAIN = """
UPDATE payout_post SET tries = tries + 1, unsure = unsure OR taken_until IS NOT NULL, due_at = $3, taken_until = $3
WHERE payout_id = $1 AND due_at <= $2 RETURNING key, sealed
"""


async def take(tx: Tx, vault: Vault, passed_over: Collection[int] = ()) -> Post | None:
    """Take the payout that has waited longest, new or to be tried again; None where none is due.

    It is to be posted once this is committed, within HELD_S; then it comes again. Raises NotPostableError.
    """
    row = await tx.row(_DUE, METHOD.name, tx.now, list(passed_over))
    if row is None:
        return None
    held = tx.now + timedelta(seconds=HELD_S)
    try:
        if row["state"] == PayoutState.APPROVED:
            return await _first(tx, vault, row, held)
        found = await tx.row(_AGAIN, row["id"], tx.now, held)
        return Post(row["id"], found["key"], vault.open_file(found["sealed"])) if found else None
    except (VaultError, NotPayableError) as error:
        raise NotPostableError(row["id"], error) from None


async def _first(tx: Tx, vault: Vault, row: asyncpg.Record, held: datetime) -> Post:
    number, key = row["id"], f"payout_{uuid4()}"
    order = Order(number, vault.open(owner(row["worker_id"]), row["details"]), row["amount"], row["currency"])
    body = _body(order, key, tx.now)
    await tx.run(_FIRST, number, key, vault.seal_file(body), tx.now, held)
    await tx.run("UPDATE payout SET state = 'sent' WHERE id = $1", number)
    await audit.note(tx, METHOD.name, "payout.post", number, {"key": key, "total": order.amount})
    await tell(tx, [number], PayoutState.SENT)
    return Post(number, key, body)


def _body(order: Order, key: str, at: datetime) -> bytes:
    return orjson.dumps(
        {
            "type": "payout.requested",
            "timestamp": at.astimezone(UTC).isoformat(),
            "data": {
                "key": key,
                "reference": order.reference,
                "amount": order.units,
                "currency": order.currency,
                "account": order.details[Asked.ACCOUNT],
                "name": order.details[Asked.NAME],
            },
        }
    )
