"""Every table of Kazi, as SQLAlchemy metadata: what migrations are held against.

Hot tables (task, lease, answer, hold, transfer, participation, tally) carry no foreign keys: a key check is a
lock on the parent row, and all workers of a batch share its row. `crowd` writes each of them in one place,
under the worker's row lock. The ledger's own rules (append only, balances, no overdraft) are triggers and
constraints, in `db/migrations`.
"""

from db.schema import (
    appeals,
    bonuses,
    coordination,
    datasaving,
    fairpay,
    money,
    packs,
    parity,
    payouts,
    people,
    practice,
    quality,
    redos,
    rhythm,
    wordings,
    work,
)
from db.schema.columns import metadata

__all__ = [
    "appeals",
    "bonuses",
    "coordination",
    "datasaving",
    "fairpay",
    "metadata",
    "money",
    "packs",
    "parity",
    "payouts",
    "people",
    "practice",
    "quality",
    "redos",
    "rhythm",
    "wordings",
    "work",
]
