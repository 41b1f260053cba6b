"""Locks on a batch as a whole: shared by all who work on it, and exclusive for who closes it or changes its price."""

from db.database import Tx

_WHOLE = 4052
"""Advisory locks of this class go by batch."""

WORKED_ON = f"pg_advisory_xact_lock_shared({_WHOLE}, (batch_id & 2147483647)::int)"
"""SQL that keeps a batch from being closed until the transaction ends, and waits for a closing under way.

Whoever makes a lease or answers one calls it before locking anything but the worker."""


async def keep_from_closing(tx: Tx, batch_id: int) -> None:
    """See WORKED_ON."""
    await tx.run(f"SELECT {WORKED_ON} FROM (SELECT $1::bigint AS batch_id) batch", batch_id)  # noqa: S608


async def keep_others_out(tx: Tx, batch_id: int) -> None:
    """Wait until nobody works on a batch, and let nobody begin before the transaction ends. Its row must be locked."""
    await tx.run(f"SELECT pg_advisory_xact_lock({_WHOLE}, ($1::bigint & 2147483647)::int)", batch_id)
