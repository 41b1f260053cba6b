"""What is ready for a file, and the files that were made."""

from dataclasses import dataclass
from datetime import datetime

from crowd.payouts.methods.webhook import METHOD as WEBHOOK
from crowd.payouts.sending import PayoutFile, file_from
from crowd.payouts.vault import Vault
from db.database import Tx


@dataclass(frozen=True, slots=True)
class Ready:
    """Approved payouts that wait for a file."""

    method: str
    currency: str
    payouts: int
    total: int
    """Micro-units that are to arrive."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A file that was made, and what became of its payouts."""

    id: int
    name: str
    currency: str
    payouts: int
    total: int
    """Micro-units that were to arrive."""
    made_by: str
    made_at: datetime
    paid: int
    failed: int

    @property
    def open(self) -> int:
        """Payouts of which the provider said nothing yet."""
        return self.payouts - self.paid - self.failed


_READY = """
SELECT method, currency, count(*)::int AS payouts, sum(amount - fee)::bigint AS total FROM payout
WHERE state = 'approved' AND ended_at IS NULL GROUP BY method, currency ORDER BY method, currency
"""

_FILES = """
SELECT f.id, f.name, f.currency, f.payouts, f.total, f.made_by, f.made_at,
       count(*) FILTER (WHERE p.state = 'paid')::int AS paid, count(*) FILTER (WHERE p.state = 'failed')::int AS failed
FROM (SELECT * FROM payout_file ORDER BY id DESC LIMIT $1) f JOIN payout p ON p.file_id = f.id
GROUP BY f.id, f.name, f.currency, f.payouts, f.total, f.made_by, f.made_at ORDER BY f.id DESC
"""


async def ready(tx: Tx) -> list[Ready]:
    """By method and currency; not those that leave by themselves."""
    return [Ready(*row) for row in await tx.rows(_READY) if row["method"] != WEBHOOK.name]


async def files(tx: Tx, limit: int = 20) -> list[Filed]:
    """The latest, the newest first."""
    return [Filed(*row) for row in await tx.rows(_FILES, limit)]


async def file_again(tx: Tx, vault: Vault, file_id: int) -> PayoutFile | None:
    """A file as it was made; None where there is none."""
    row = await tx.row("SELECT id, name, method, payouts, total, sealed FROM payout_file WHERE id = $1", file_id)
    return file_from(vault, row) if row else None
