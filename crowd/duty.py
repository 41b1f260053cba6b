"""What only one process may do at a time: it holds the duty for some seconds, and renews it while it lives."""

from datetime import timedelta

from db.database import Tx

_TAKE = """
INSERT INTO duty (name, holder, held_until) VALUES ($1, $2, $4)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
WHERE duty.holder = excluded.holder OR duty.held_until <= $3
"""


async def take(tx: Tx, name: str, holder: str, seconds: float) -> bool:
    """Take a duty for so many seconds, or renew it. False while another holds it."""
    return await tx.run(_TAKE, name, holder, tx.now, tx.now + timedelta(seconds=seconds)) == 1


async def lay_down(tx: Tx, name: str, holder: str) -> None:
    """Leave a duty to others at once."""
    await tx.run("DELETE FROM duty WHERE name = $1 AND holder = $2", name, holder)
