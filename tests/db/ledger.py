"""The ledger, touched as the application touches it."""

from itertools import count

from db.database import Database, Tx

_owners = count(1)
_refs = count(1)


async def open_account(tx: Tx, kind: str, currency: str = "USD") -> int:
    """An account of an owner of its own."""
    made: int = await tx.value(
        "INSERT INTO account (kind, owner, currency) VALUES ($1, $2, $3) RETURNING id", kind, next(_owners), currency
    )
    return made


async def transfer(tx: Tx, debit: int, credit: int, amount: int, reason: str = "test", ref: int | None = None) -> None:
    await tx.run(
        "INSERT INTO transfer (reason, ref, debit, credit, amount, at) VALUES ($1, $2, $3, $4, $5, $6)",
        reason, next(_refs) if ref is None else ref, debit, credit, amount, tx.now,
    )  # fmt: skip


async def balance(tx: Tx, account: int) -> int:
    found: int = await tx.value("SELECT balance FROM account WHERE id = $1", account)
    return found


async def funded(database: Database, amount: int = 100) -> tuple[int, int, int]:
    """A world, a purse with so much in it, and an empty hold."""
    async with database.transaction() as tx:
        world, purse, hold = [await open_account(tx, kind) for kind in ("world", "escrow", "hold")]
        await transfer(tx, world, purse, amount)
    return world, purse, hold
