"""Approved payouts leave in a file for their provider, whose answer says what became of each."""

import asyncio
from dataclasses import dataclass
from datetime import UTC

import asyncpg

from crowd import audit
from crowd.payouts.concluding import conclude
from crowd.payouts.details import owner
from crowd.payouts.method import Order, Payer
from crowd.payouts.methods import file_method
from crowd.payouts.results import Results
from crowd.payouts.states import PayoutState, tell
from crowd.payouts.vault import Vault
from crowd.sentences import SentenceError, say
from db.database import Tx

MOST = 1000
"""Payouts in one file."""


class SendingError(SentenceError):
    """No file was made, or no results were taken over; says why, for staff."""


@dataclass(frozen=True, slots=True)
class PayoutFile:
    """A file for a provider."""

    id: int
    name: str
    media_type: str
    data: bytes
    payouts: int
    total: int
    """Micro-units that are to arrive."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a file of results."""

    paid: int
    failed: int
    known: int
    """Outcomes that were taken over before."""
    under_way: int
    """Payouts that the provider says to have and has not ended: they stay as they are."""
    open: int
    """Payouts of the file of which nothing was said yet."""


_FILE = "SELECT id, name, method, currency, payouts, total, sealed FROM payout_file WHERE key = $1"

_APPROVED = """
SELECT p.id, p.worker_id, p.amount - p.fee AS amount, p.currency, d.sealed
FROM payout p JOIN payout_details d ON d.id = p.details_id
WHERE p.state = 'approved' AND p.method = $1 AND p.currency = $2 ORDER BY p.id LIMIT $3
FOR NO KEY UPDATE OF p
"""

_KEEP = """
INSERT INTO payout_file (key, method, currency, payouts, total, name, sealed, made_by, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id
"""


async def make_file(
    tx: Tx, vault: Vault, payer: Payer, method_name: str, currency: str, *, key: str, by: str
) -> PayoutFile | None:
    """The file named by `key`: that of all approved payouts of a method and currency, or the one made before.

    None where nothing is approved. Two who ask at once with one key get the same file; with two keys, one waits for the
    other, and each payout is in one file only. Raises SendingError.
    """
    await tx.run("SELECT pg_advisory_xact_lock(hashtext('payout files'))")
    made = await tx.row(_FILE, key)
    if made is not None:
        if (made["method"], made["currency"]) != (method_name, currency):
            raise SendingError(say("this key names another file, {name}: take another key", name=made["name"]))
        return file_from(vault, made)
    method = file_method(method_name)
    if method is None:
        raise SendingError(say("there is no file for {method}", method=method_name))
    rows = await tx.rows(_APPROVED, method_name, currency, MOST)
    if not rows:
        return None
    orders = [_order(vault, row) for row in rows]
    on = tx.now.astimezone(UTC).date()
    name = f"kazi-{method_name}-{currency.lower()}-{rows[0]['id']}-{rows[-1]['id']}"
    data = await asyncio.to_thread(method.write, orders, payer, file=name[:35], on=on)
    ids, total = [row["id"] for row in rows], sum(row["amount"] for row in rows)
    number = await tx.value(
        _KEEP,
        key,
        method_name,
        currency,
        len(rows),
        total,
        f"{name}.{method.suffix}",
        vault.seal_file(data),
        by,
        tx.now,
    )
    await tx.run("UPDATE payout SET state = 'sent', file_id = $2 WHERE id = ANY($1)", ids, number)
    await audit.note(tx, by, "payout.file", number, {"method": method_name, "payouts": ids, "total": total})
    await tell(tx, ids, PayoutState.SENT)
    return PayoutFile(number, f"{name}.{method.suffix}", method.media_type, data, len(rows), total)


async def file_id(tx: Tx, key: str) -> int:
    """The file that was made by a key. Raises SendingError."""
    row = await tx.row(_FILE, key)
    if row is None:
        raise SendingError(say("there is no payout file by the key {key}", key=key))
    number: int = row["id"]
    return number


_OF_FILE = "SELECT id, state FROM payout WHERE file_id = $1 ORDER BY id FOR NO KEY UPDATE"


async def take_results(tx: Tx, file_id: int, results: Results, *, by: str) -> Taken:
    """Take over what a provider says of a file's payouts. What was taken over before changes nothing again.

    Raises SendingError, and takes nothing over, when one is not of the file, or was said to have ended otherwise.
    """
    states = {row["id"]: PayoutState(row["state"]) for row in await tx.rows(_OF_FILE, file_id)}
    if not states:
        raise SendingError(say("there is no such file"))
    named = [*(outcome.payout_id for outcome in results.outcomes), *results.under_way]
    if (stranger := next((number for number in named if number not in states), None)) is not None:
        raise SendingError(say("{reference} is not in this file", reference=f"KAZI-{stranger}"))
    fresh = []
    for outcome in results.outcomes:
        state, wanted = states[outcome.payout_id], PayoutState.PAID if outcome.paid else PayoutState.FAILED
        if state is PayoutState.SENT:
            fresh.append(outcome)
        elif state is not wanted:
            raise SendingError(
                say("{reference} was said to have ended otherwise before: ask the provider", reference=outcome.name)
            )
    paid, failed = await conclude(tx, fresh)
    await audit.note(tx, by, "payout.results", file_id, {"paid": paid, "failed": failed})
    left = sum(state is PayoutState.SENT for state in states.values()) - len(fresh)
    under_way = sum(states[number] is PayoutState.SENT for number in results.under_way)
    return Taken(len(paid), len(failed), len(results.outcomes) - len(fresh), under_way, left)


def _order(vault: Vault, row: asyncpg.Record) -> Order:
    if row["sealed"] is None:
        raise SendingError(say("the details of payout {payout} are erased: refuse it", payout=row["id"]))
    return Order(row["id"], vault.open(owner(row["worker_id"]), row["sealed"]), row["amount"], row["currency"])


def file_from(vault: Vault, row: asyncpg.Record) -> PayoutFile:
    """From a row of payout_file."""
    method = file_method(row["method"])
    media_type = method.media_type if method is not None else "application/octet-stream"
    return PayoutFile(row["id"], row["name"], media_type, vault.open_file(row["sealed"]), row["payouts"], row["total"])
