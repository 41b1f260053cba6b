"""Workers are paid on top of what their answers earned, out of the batch's purses, and told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Owed:
    """What a worker is to be paid on top."""

    worker_id: int
    amount: int
    """Micro-units of the batch's currency."""


@dataclass(frozen=True, slots=True)
class Purse:
    """An account of a batch's money; amounts in micro-units."""

    id: int
    balance: int
    reserved: int
    kept: int
    """With a budget: for tasks below their least answers. Never less than nothing here."""


_PURSES = """
SELECT a.id, a.balance, a.reserved, greatest(0, coalesce(a.kept, 0)) AS kept
FROM batch b JOIN account a ON a.kind = 'escrow' AND a.owner = b.id AND a.slot < b.purses
WHERE b.id = $1 ORDER BY a.id FOR NO KEY UPDATE OF a
"""

_EVEN = """
INSERT INTO transfer (reason, ref, debit, credit, amount, at)
SELECT 'even', nextval('evening'), debit, credit, amount, $4
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS part (debit, credit, amount)
"""

_ABOUT = """
SELECT price, currency, jsonb_build_object('title', spec -> 'title', 'name', name, 'currency', currency) AS about
FROM batch WHERE id = $1
"""

_LOCK = """
SELECT id FROM account WHERE kind = 'available' AND owner = ANY($1::bigint[]) AND currency = $2
ORDER BY id FOR NO KEY UPDATE
"""

# It is available at once: it is owed for work that was done.
_PAY = """
WITH owed AS (
    SELECT * FROM unnest($3::bigint[], $4::bigint[]) AS owed (worker_id, amount)
), paid AS (
    INSERT INTO top_up (batch_id, worker_id, amount, raise_id, at)
    SELECT $1, worker_id, amount, $5, $6 FROM owed RETURNING id, worker_id, amount
), told AS (
    INSERT INTO outbox (person_id, subject, content, key, due_at)
    SELECT w.person_id, 'top_up', $7::jsonb || jsonb_build_object('amount', paid.amount), 'top_up:' || paid.id, $6
    FROM paid JOIN worker w ON w.id = paid.worker_id
)
INSERT INTO transfer (reason, ref, debit, credit, amount, at)
SELECT 'top_up', paid.id, $2, a.id, paid.amount, $6
FROM paid JOIN account a ON a.kind = 'available' AND a.owner = paid.worker_id AND a.currency = $8 AND a.slot = 0
ORDER BY a.id
"""


async def purses_of(tx: Tx, batch_id: int) -> list[Purse]:
    """The purses of a batch, locked."""
    return [Purse(*row) for row in await tx.rows(_PURSES, batch_id)]


async def pay_on_top(
    tx: Tx, batch_id: int, owed: Sequence[Owed], free: Mapping[int, int], *, price: int, raise_id: int | None = None
) -> None:
    """Pay them, and tell them. The purses must be locked, and have enough together.

    `free` is what each purse, by its account, has beyond what it must have after this, micro-units; less than nothing
    where other purses have to help. Purses are evened out so that none lacks anything, and all but the one that pays
    have whole answers at `price`, micro-units: parts of one would be of no use to anybody.
    """
    payer = await gather(tx, free, sum(each.amount for each in owed), price)
    if owed:
        await pay_from(tx, batch_id, payer, owed, raise_id=raise_id)


async def gather(tx: Tx, free: Mapping[int, int], total: int, price: int) -> int:
    """The purse that has so much after this, as above; the others give it what it lacks."""
    left = dict(free)
    payer = max(left, key=lambda each: (left[each], -each))
    left[payer] -= total
    await _even(tx, left, payer, price)
    return payer


async def pay_from(tx: Tx, batch_id: int, payer: int, owed: Sequence[Owed], *, raise_id: int | None = None) -> None:
    """Pay them out of one purse, and tell them."""
    row = await tx.row(_ABOUT, batch_id)
    assert row is not None
    workers = [each.worker_id for each in owed]
    await tx.run(_LOCK, workers, row["currency"])  # in the order in which money is released
    await tx.run(
        _PAY, batch_id, payer, workers, [each.amount for each in owed], raise_id, tx.now,
        row["about"] | {"raised": raise_id is not None}, row["currency"],
    )  # fmt: skip


async def _even(tx: Tx, left: dict[int, int], payer: int, price: int) -> None:
    """Move money between purses until none has less than nothing left, and parts of answers lie in one purse."""
    moves: list[tuple[int, int, int]] = []
    poor = [each for each in left if left[each] < 0]
    rich = sorted((each for each in left if left[each] > 0), key=lambda each: -left[each])
    for purse in poor:
        for other in rich:
            amount = min(-left[purse], left[other])
            if amount > 0:
                moves.append((other, purse, amount))
                left[purse] += amount
                left[other] -= amount
    moves += [(purse, payer, rest) for purse in left if purse != payer and (rest := left[purse] % price)]
    if moves:
        givers, getters, amounts = zip(*moves, strict=True)
        await tx.run(_EVEN, list(givers), list(getters), list(amounts), tx.now)
