"""A worker enters where their money is to go, one field after the other; what is not finished is soon forgotten."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from crowd.payouts.details import Details, enter, owner
from crowd.payouts.method import Asked, Method
from crowd.payouts.methods import methods, serving, serving_country
from crowd.payouts.reading import NOT_TAKEN, EntryError, Fault, read
from crowd.payouts.vault import Vault, VaultError
from db.database import Database, Tx

FORGOTTEN = timedelta(minutes=30)
"""After the last thing that was said of it."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to be paid that a worker may choose."""

    method: Method
    currencies: tuple[str, ...]
    """Those they have money in that it pays; empty where they have none yet."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a worker has entered so far."""

    method: Method
    entered: Mapping[str, str]
    mark: str
    """Names just this, and tells nothing of it: what is confirmed is what was on the screen."""

    @property
    def asked(self) -> Asked | None:
        """The field that is asked for; None: all is there."""
        return next((each for each in self.method.fields if each not in self.entered), None)


_CURRENCIES = """
SELECT DISTINCT currency FROM account
WHERE owner = $1 AND slot = 0 AND kind IN ('hold', 'available', 'requested', 'paid') ORDER BY currency
"""

_KEEP = """
INSERT INTO payout_entry (worker_id, method, sealed, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (worker_id) DO UPDATE SET method = excluded.method, sealed = excluded.sealed, at = excluded.at
"""


async def ways(tx: Tx, worker_id: int, country: str | None) -> list[Way]:
    """The ways that pay a worker what they have; of one who has nothing yet, all that pay to where they are."""
    currencies = [row["currency"] for row in await tx.rows(_CURRENCIES, worker_id)]
    if not currencies:
        return [Way(method, ()) for method in serving_country(country)]
    paid: dict[str, list[str]] = {}
    for currency in currencies:
        for method in serving(country, currency):
            paid.setdefault(method.name, []).append(currency)
    return [Way(methods()[name], tuple(paid[name])) for name in sorted(paid)]


async def entry_of(tx: Tx, vault: Vault, worker_id: int) -> Entry | None:
    """What a worker is entering; None where it is nothing, or was forgotten."""
    row = await tx.row("SELECT method, sealed FROM payout_entry WHERE worker_id = $1 AND at > $2", worker_id,
                       tx.now - FORGOTTEN)  # fmt: skip
    return _entry(vault, worker_id, row) if row is not None else None


async def begin(tx: Tx, vault: Vault, worker_id: int, country: str | None, method: str) -> Entry | None:
    """Begin to enter, in place of what was entered so far; None where that way does not serve the worker."""
    way = next((each for each in await ways(tx, worker_id, country) if each.method.name == method), None)
    return await _keep(tx, vault, worker_id, way.method, {}) if way is not None else None


async def give(tx: Tx, vault: Vault, worker_id: int, country: str | None, text: str) -> Entry | None:
    """Give the field that is asked for; None where nothing is. The worker's row must be locked. Raises EntryError.

    What is given once all is there changes nothing.
    """
    entry = await entry_of(tx, vault, worker_id)
    if entry is None or entry.asked is None:
        return entry
    entered = read(entry.asked, text, country or "")
    if not entry.method.takes(entry.asked, entered):
        raise EntryError(NOT_TAKEN.get(entry.asked, Fault.ACCOUNT))
    return await _keep(tx, vault, worker_id, entry.method, {**entry.entered, entry.asked: entered})


async def finish(tx: Tx, vault: Vault, worker_id: int, mark: str) -> Details | None:
    """Keep what was entered as the worker's details; None where it is not all there, or not what `mark` names.

    The worker's row must be locked.
    """
    entry = await entry_of(tx, vault, worker_id)
    if entry is None or entry.asked is not None or entry.mark != mark:
        return None
    await cancel(tx, worker_id)
    return await enter(tx, vault, worker_id, entry.method, entry.entered)


async def cancel(tx: Tx, worker_id: int) -> None:
    """Forget what a worker entered."""
    await tx.run("DELETE FROM payout_entry WHERE worker_id = $1", worker_id)


async def forget_entries(database: Database) -> int:
    """Forget what nobody went on with."""
    async with database.transaction() as tx:
        return await tx.run("DELETE FROM payout_entry WHERE at <= $1", tx.now - FORGOTTEN)


async def _keep(tx: Tx, vault: Vault, worker_id: int, method: Method, entered: Mapping[str, str]) -> Entry:
    sealed = vault.seal(owner(worker_id), entered)
    await tx.run(_KEEP, worker_id, method.name, sealed, tx.now)
    return Entry(method, entered, _mark(sealed))


def _entry(vault: Vault, worker_id: int, row: asyncpg.Record) -> Entry | None:
    method = methods().get(row["method"])
    try:
        entered = vault.open(owner(worker_id), row["sealed"])
    except VaultError:  # the key was changed meanwhile: it is entered again
        return None
    return Entry(method, entered, _mark(row["sealed"])) if method is not None else None


def _mark(sealed: bytes) -> str:
    """No two seals are the same, even of the same."""
    return hashlib.sha256(sealed).hexdigest()[:16]
