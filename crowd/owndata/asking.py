"""A worker asks for their data: a row of the outbox is the request, so that it outlives whoever works on it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from db.database import Tx

SUBJECT = "export"
"""Of such notices. Whoever sends them puts the files together."""

BETWEEN = timedelta(hours=1)
"""It is made so often at most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request."""

    at: datetime
    fresh: bool
    """It was made just now; else it is the last one, and nothing more is made."""


_LAST = """
SELECT (content ->> 'at')::timestamptz FROM outbox WHERE key = ANY($1) AND failed IS NULL
ORDER BY 1 DESC LIMIT 1
"""

# Within an hour by the clock there is one at most; one that could not be sent is asked for anew.
_ASK = """
INSERT INTO outbox (person_id, subject, content, key, due_at)
SELECT person_id, $2, jsonb_build_object('at', $4::timestamptz), $3, $4 FROM worker WHERE id = $1
ON CONFLICT (key) DO UPDATE SET content = excluded.content, due_at = excluded.due_at, failed = NULL, tries = 0
WHERE outbox.failed IS NOT NULL
"""


async def ask(tx: Tx, worker_id: int) -> Asked:
    """Ask for all of a worker's data. Their row must be locked."""
    slot = int(tx.now.timestamp() // BETWEEN.total_seconds())
    keys = [f"{SUBJECT}:{worker_id}:{at}" for at in (slot, slot - 1)]
    last: datetime | None = await tx.value(_LAST, keys)
    if last is not None and tx.now - last < BETWEEN:
        return Asked(last, fresh=False)
    await tx.run(_ASK, worker_id, SUBJECT, keys[0], tx.now)
    return Asked(tx.now, fresh=True)
