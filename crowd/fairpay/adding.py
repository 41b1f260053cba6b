"""A requester puts more money into a batch that runs, and one that waited for it goes on."""

from crowd import audit
from crowd.batches.life import BatchError, State, set_state
from crowd.fairpay.looking import look
from crowd.money.escrow import FEE_SLOT
from crowd.money.quote import PPM
from db.database import Tx

LONGEST_KEY = 100
"""Characters."""

_BATCH = "SELECT state, fair_price, purses, price, currency FROM batch WHERE id = $1 FOR NO KEY UPDATE"

_FUNDING = """
INSERT INTO funding (batch_id, key, labour, fee, by, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (batch_id, key) DO NOTHING RETURNING id
"""

_FEE_ACCOUNT = """
INSERT INTO account (kind, owner, slot, currency) VALUES ('escrow', $1, $2, $3) ON CONFLICT DO NOTHING
"""

# Accounts are locked in one order, as by all who move money of several.
_ADD = """
WITH moving AS (
    SELECT $2::bigint * 10000 + e.slot AS ref, w.id AS debit, e.id AS credit, part.amount
    FROM unnest($4::smallint[], $5::bigint[]) AS part (slot, amount)
    JOIN account e ON e.kind = 'escrow' AND e.owner = $1 AND e.slot = part.slot AND e.currency = $3
    JOIN account w ON w.kind = 'world' AND w.owner = 0 AND w.slot = 0 AND w.currency = $3
    WHERE part.amount > 0
), locked AS (
    SELECT id FROM account WHERE id IN (SELECT debit FROM moving UNION SELECT credit FROM moving)
    ORDER BY id FOR NO KEY UPDATE
)
INSERT INTO transfer (reason, ref, debit, credit, amount, at)
SELECT 'add', ref, debit, credit, amount, $6 FROM moving WHERE (SELECT count(*) FROM locked) > 0
"""


async def add_money(tx: Tx, batch_id: int, labour: int, *, key: str, fee_ppm: int, by: str) -> bool:
    """Put in so many micro-units for workers, and the fee on them; False where it was put in under that key before.

    A batch that was paused for want of it is open again, if it suffices now. Raises BatchError.
    """
    if not 0 < labour < 2**53:
        raise BatchError("say how much is to be put in: more than nothing, and not that much")
    if not 0 < len(key) <= LONGEST_KEY:
        raise BatchError(f"a key has 1 to {LONGEST_KEY} characters")
    batch = await tx.row(_BATCH, batch_id)
    if batch is None:
        raise BatchError(f"there is no batch {batch_id}; `kazi batch list` shows those there are")
    if batch["state"] == State.CLOSED:
        raise BatchError(f"batch {batch_id} is closed, nothing can be put into it: post a new batch")
    fee = -(-labour * fee_ppm // PPM)
    funding = await tx.value(_FUNDING, batch_id, key, labour, fee, by, tx.now)
    if funding is None:
        if await tx.value("SELECT labour FROM funding WHERE batch_id = $1 AND key = $2", batch_id, key) != labour:
            raise BatchError(f"the key {key} was used for another sum: take another one")
        return False
    await tx.run(_FEE_ACCOUNT, batch_id, FEE_SLOT, batch["currency"])
    answers, rest = divmod(labour, batch["price"])
    each, more = divmod(answers, batch["purses"])
    amounts = {slot: (each + (slot < more)) * batch["price"] for slot in range(batch["purses"])} | {FEE_SLOT: fee}
    amounts[0] += rest  # whole answers elsewhere, so that no purse is left with a part of one
    await tx.run(
        _ADD, batch_id, funding, batch["currency"], list(amounts), list(amounts.values()), tx.now
    )  # fmt: skip
    await audit.note(tx, by, "batch.add", batch_id, {"labour": labour, "fee": fee, "key": key})
    if batch["state"] == State.PAUSED and batch["fair_price"] is not None:
        await set_state(tx, batch_id, State.OPEN, actor=by, funded=True)
        await look(tx, batch_id)
    return True
