"""All that is sealed is sealed anew, under the first key of the vault."""

from collections.abc import Awaitable, Callable

import asyncpg

from crowd.payouts.details import owner
from crowd.payouts.entering import forget_entries
from crowd.payouts.methods import methods
from crowd.payouts.vault import Vault
from db.database import Database, Tx

_MANY = 200

_DETAILS = """
SELECT id, worker_id, method, sealed FROM payout_details WHERE id > $1 AND sealed IS NOT NULL ORDER BY id LIMIT $2
FOR UPDATE
"""
_FILES = "SELECT id, sealed FROM payout_file WHERE id > $1 ORDER BY id LIMIT $2 FOR UPDATE"
_POSTS = """
SELECT payout_id AS id, sealed FROM payout_post WHERE payout_id > $1 AND sealed IS NOT NULL ORDER BY id LIMIT $2
FOR UPDATE
"""

_ENTRIES = "SELECT worker_id AS id, sealed FROM payout_entry WHERE worker_id > $1 ORDER BY id LIMIT $2 FOR UPDATE"


async def rotate(database: Database, vault: Vault) -> int:
    """Seal all that is kept anew; how many. Raises VaultError where a key is missing: what is done stays done."""
    await forget_entries(database)
    parts = ((_DETAILS, _details), (_FILES, _file), (_POSTS, _post), (_ENTRIES, _entry))
    return sum([await _all(database, vault, query, anew) for query, anew in parts])


async def _all(
    database: Database, vault: Vault, query: str, anew: Callable[[Tx, Vault, asyncpg.Record], Awaitable[None]]
) -> int:
    count, after = 0, 0
    while True:
        async with database.transaction() as tx:
            rows = await tx.rows(query, after, _MANY)
            for row in rows:
                await anew(tx, vault, row)
        count += len(rows)
        if len(rows) < _MANY:
            return count
        after = rows[-1]["id"]


async def _details(tx: Tx, vault: Vault, row: asyncpg.Record) -> None:
    """Prints hang on the key too."""
    method = methods().get(row["method"])
    details = vault.open(owner(row["worker_id"]), row["sealed"])
    mark = vault.print(method.account(details)) if method is not None else None
    await tx.run(
        "UPDATE payout_details SET sealed = $2, print = coalesce($3, print) WHERE id = $1",
        row["id"], vault.anew(row["sealed"]), mark,
    )  # fmt: skip


async def _file(tx: Tx, vault: Vault, row: asyncpg.Record) -> None:
    await tx.run("UPDATE payout_file SET sealed = $2 WHERE id = $1", row["id"], vault.anew(row["sealed"]))


async def _entry(tx: Tx, vault: Vault, row: asyncpg.Record) -> None:
    """What is on the screen of its worker is then shown once more, to be confirmed: its mark is another."""
    await tx.run("UPDATE payout_entry SET sealed = $2 WHERE worker_id = $1", row["id"], vault.anew(row["sealed"]))


async def _post(tx: Tx, vault: Vault, row: asyncpg.Record) -> None:
    await tx.run("UPDATE payout_post SET sealed = $2 WHERE payout_id = $1", row["id"], vault.anew(row["sealed"]))
