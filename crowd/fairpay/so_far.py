"""What an hour of a batch pays so far, and what was done about it, as its requester reads it."""

from dataclasses import dataclass
from datetime import datetime

from crowd.batches.life import spec_of
from crowd.fairpay.expected import ExpectedPay, pay_at
from crowd.fairpay.floors import read_floors
from db.database import Tx

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class RaiseMade:
    """A raise of the price. Money in micro-units of the batch's currency."""

    before: int
    price: int
    slow_ms: int
    """Measured 75th percentile of an answer's time, milliseconds."""
    country: str
    """Whose floor asked for it; `*` where that is not known."""
    per_hour: int
    """That floor."""
    at: datetime


@dataclass(frozen=True, slots=True)
class PaySoFar:
    """What workers earn in an hour. Money in micro-units of the batch's currency."""

    pay: ExpectedPay | None
    """At the present price, by measured times or those expected at first; None: of an old batch, not measured."""
    raises: tuple[RaiseMade, ...]
    """The latest first."""
    topped_up: int
    """How many workers were paid on top."""
    on_top: int
    """What they were paid so."""
    fair_price: int | None
    """It is paused, since its money does not pay this price."""
    short_by: int | None
    """What workers would have to be paid from beside what there is, so that it does."""


_BATCH = """
SELECT digest, price, coalesce(pace_ms, takes_ms) AS usual, coalesce(slow_ms, takes_ms) AS slow,
       slow_ms IS NOT NULL AS measured, fair_price, short_by
FROM batch WHERE id = $1
"""

_RAISES = f"""
SELECT price_before, price, slow_ms, country, per_hour, at FROM pay_raise
WHERE batch_id = $1 ORDER BY id DESC LIMIT {_SHOWN}
"""  # noqa: S608

_ON_TOP = "SELECT count(DISTINCT worker_id)::int AS workers, coalesce(sum(amount), 0)::bigint AS paid FROM top_up"


async def pay_so_far(tx: Tx, batch_id: int) -> PaySoFar:
    """Of a batch that there is."""
    batch = await tx.row(_BATCH, batch_id)
    assert batch is not None
    pay = None
    if batch["slow"]:
        spec = await spec_of(tx, batch_id, batch["digest"])
        pay = pay_at(
            spec, await read_floors(tx), batch["price"], batch["usual"], batch["slow"], measured=batch["measured"]
        )
    on_top = await tx.row(f"{_ON_TOP} WHERE batch_id = $1", batch_id)
    assert on_top is not None
    raises = tuple(RaiseMade(*row) for row in await tx.rows(_RAISES, batch_id))
    return PaySoFar(pay, raises, on_top["workers"], on_top["paid"], batch["fair_price"], batch["short_by"])
