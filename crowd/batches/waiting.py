"""What a batch waits for that only its requester can do: it stands still, or part of it does, until they do it."""

from enum import StrEnum

from db.database import Tx


class Need(StrEnum):
    """What is waited for."""

    MONEY = "money"
    """Its money does not pay what an hour has to: it is paused until more is put in, or it is closed."""
    PILOT = "pilot"
    """Its pilot is over, and did not go so well that the other tasks are handed out by themselves."""
    PARITY = "parity"
    """Who read one language's instructions does worse on the same golds than others: see `crowd.parity`."""


NEEDS_MONEY = "(b.state = 'paused' AND b.fair_price IS NOT NULL)"
"""SQL on batch `b`."""

NEEDS_PARITY = "EXISTS (SELECT FROM parity WHERE parity.batch_id = b.id AND parity.ended_at IS NULL)"
"""The same."""

NEEDS_SOMETHING = f"({NEEDS_MONEY} OR (b.state <> 'closed' AND (pilot.state = 'ready' OR {NEEDS_PARITY})))"
"""SQL on batch `b` and its `pilot`, which may be NULL."""

_WAITING = f"""
SELECT count(*) FROM batch b LEFT JOIN pilot ON pilot.batch_id = b.id WHERE b.requester_id = $1 AND {NEEDS_SOMETHING}
"""  # noqa: S608


async def waiting_batches(tx: Tx, requester_id: int) -> int:
    """How many batches of a requester wait for them."""
    found: int = await tx.value(_WAITING, requester_id)
    return found
