"""A worker is erased: who they are is gone, and what they did stays, without anybody to whom it could be traced.

What goes and what stays is in docs/receipts.md, and is told before. It cannot be undone: nobody could tell for whom.
"""

import hashlib
from dataclasses import dataclass

from crowd import audit
from crowd.loop import leases
from crowd.workers.registry import new_pseudonym
from db.database import Tx


@dataclass(frozen=True, slots=True)
class Left:
    """Money in one currency that would be lost, micro-units."""

    currency: str
    held: int
    available: int


@dataclass(frozen=True, slots=True)
class Leaving:
    """What stands between a worker and being erased."""

    money: tuple[Left, ...]
    """Never paid out, it falls to the house: nobody could claim it any more."""
    voided: tuple[tuple[str, int], ...]
    """What was voided and may still come back, currency and micro-units: if it does, it falls to the house as well."""
    under_way: bool
    """A payout is: nobody is erased before it has arrived or come back."""
    mark: str
    """Names the worker and that money: what is confirmed is what was on the screen."""


_MONEY = """
SELECT currency, coalesce(sum(balance) FILTER (WHERE kind = 'hold'), 0)::bigint AS held,
       coalesce(sum(balance) FILTER (WHERE kind = 'available'), 0)::bigint AS available
FROM account WHERE owner = $1 AND kind IN ('hold', 'available') AND balance > 0 GROUP BY currency ORDER BY currency
"""
_VOIDED = """
SELECT currency, sum(amount)::bigint FROM voiding WHERE worker_id = $1 AND settled_at IS NULL
GROUP BY currency ORDER BY currency
"""
_UNDER_WAY = "SELECT EXISTS (SELECT FROM payout WHERE worker_id = $1 AND ended_at IS NULL)"

# The balances are read after the holds are gone: nothing is released from one account to the other any more.
_FORFEIT = """
WITH own AS (
    SELECT id, currency, balance FROM account WHERE owner = $1 AND kind IN ('hold', 'available') AND balance > 0
    ORDER BY id FOR NO KEY UPDATE
), house AS (
    INSERT INTO account (kind, owner, currency) SELECT DISTINCT 'fee', 0, currency FROM own ORDER BY currency
    ON CONFLICT (kind, owner, currency, slot) DO UPDATE SET reserved = account.reserved RETURNING id, currency
)
INSERT INTO transfer (reason, ref, debit, credit, amount, at)
SELECT 'forfeit', own.id, own.id, house.id, own.balance, $2 FROM own JOIN house USING (currency)
"""

_ERASE = """
UPDATE worker SET person_id = -id, pseudonym = $2, state = 'forgotten', locale = 'und', points_out = false,
    saves_data = false, chose_saving = false,
    country = NULL, time_zone = NULL, consented_at = NULL, consent_version = NULL, invited_to = NULL
WHERE id = $1
"""

_OF_PERSON = tuple(f"DELETE FROM {table} WHERE person_id = $1" for table in ("draft", "outbox"))  # noqa: S608
_OF_WORKER = (
    "DELETE FROM worker_language WHERE worker_id = $1",
    "DELETE FROM skill WHERE worker_id = $1",
    "DELETE FROM practising WHERE worker_id = $1",
    "DELETE FROM practised WHERE worker_id = $1",
    "DELETE FROM payout_entry WHERE worker_id = $1",
    "DELETE FROM appeal_entry WHERE worker_id = $1",
    "DELETE FROM wording WHERE worker_id = $1",
    "DELETE FROM data_use WHERE worker_id = $1",
    "DELETE FROM rhythm WHERE worker_id = $1",
    "UPDATE participation SET read_in = NULL WHERE worker_id = $1 AND read_in IS NOT NULL",
    "UPDATE payout_details SET sealed = NULL, print = NULL, masked = '' WHERE worker_id = $1",
    "UPDATE payout SET reason = '' WHERE worker_id = $1 AND reason IS NOT NULL",
    "UPDATE redo SET before = NULL, reason = CASE WHEN reason IS NOT NULL THEN '' END WHERE worker_id = $1",
    "SELECT forget_in_audit($1)",
)
# Last, since the words of nobody else's appeal can be changed.
_UNSAY = "UPDATE voiding SET said = NULL WHERE worker_id = $1 AND said IS NOT NULL"


async def leaving(tx: Tx, worker_id: int) -> Leaving:
    """How it stands now."""
    money = tuple(Left(**dict(row)) for row in await tx.rows(_MONEY, worker_id))
    voided = tuple((row[0], row[1]) for row in await tx.rows(_VOIDED, worker_id))
    told = "".join(f" {each.currency}={each.held + each.available}" for each in money)
    told += "".join(f" {currency}~{amount}" for currency, amount in voided)
    mark = hashlib.sha256(f"{worker_id}{told}".encode()).hexdigest()[:16]
    return Leaving(money, voided, await tx.value(_UNDER_WAY, worker_id), mark)


async def forget(tx: Tx, worker_id: int, person_id: int, mark: str) -> bool:
    """Erase a worker; False, and nothing is changed, where a payout is under way or `mark` is not of how it stands.

    The worker's row must be locked.
    """
    found = await leaving(tx, worker_id)
    if found.under_way or found.mark != mark:
        return False
    await leases.give_back_all(tx, worker_id)
    await tx.run("DELETE FROM hold WHERE worker_id = $1", worker_id)
    await tx.run(_FORFEIT, worker_id, tx.now)
    for deletion in _OF_PERSON:
        await tx.run(deletion, person_id)
    for erasure in _OF_WORKER:
        await tx.run(erasure, worker_id)
    await tx.run(_ERASE, worker_id, new_pseudonym())
    await tx.run(_UNSAY, worker_id)
    lost = {each.currency: each.held + each.available for each in found.money}
    await audit.note(tx, f"worker {worker_id}", "worker.forget", worker_id, {"lost": lost})
    return True
