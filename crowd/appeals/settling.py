"""Voided money leaves the account where it waits: back to its worker, or to the batch that it came from.

What would go back to somebody who had themselves erased meanwhile falls to the house, as all that they had.
"""

from collections.abc import Collection

from crowd import audit
from crowd.appeals.states import APPEAL, TO_ANSWER, TO_FILE, Ground, Outcome, tell, tell_it_is_over
from crowd.batches.locks import keep_from_closing
from crowd.fairpay.aside import pay_aside, return_aside
from crowd.referrals.due import look_again
from db.database import Database, Tx

_MANY = 500

# What money moves by, once for each answer. Accounts are locked in one order, as by all who move money of several.
_MOVE = """
WITH moving AS (
    SELECT a.answer_id, a.amount, d.id AS debit, {credit} AS credit
    FROM voided_answer a JOIN voiding v ON v.id = a.voiding_id
    JOIN account d ON d.kind = 'voided' AND d.owner = v.batch_id AND d.currency = v.currency AND d.slot = 0
    {joined}
    WHERE v.id = $1
), locked AS (
    SELECT id FROM account WHERE id IN (SELECT debit FROM moving UNION SELECT credit FROM moving)
    ORDER BY id FOR NO KEY UPDATE
)
INSERT INTO transfer (reason, ref, debit, credit, amount, at)
SELECT '{reason}', answer_id, debit, credit, amount, $2 FROM moving WHERE (SELECT count(*) FROM locked) > 0
"""

_BACK = _MOVE.format(
    reason="unvoid",
    credit="c.id",
    joined="""JOIN account c
        ON c.kind = 'available' AND c.owner = v.worker_id AND c.currency = v.currency AND c.slot = 0""",
)

_TO_HOUSE = _MOVE.format(
    reason="lapse",
    credit="f.id",
    joined="JOIN account f ON f.kind = 'fee' AND f.owner = 0 AND f.currency = v.currency AND f.slot = 0",
)
_OPEN_HOUSE = """
INSERT INTO account (kind, owner, currency) SELECT 'fee', 0, currency FROM voiding WHERE id = $1 ON CONFLICT DO NOTHING
"""

_TO_BATCH = _MOVE.format(
    reason="unclaimed",
    credit="CASE WHEN b.state = 'closed' THEN w.id ELSE a.purse_id END",
    joined="""JOIN batch b ON b.id = v.batch_id
    JOIN account w ON w.kind = 'world' AND w.owner = 0 AND w.slot = 0 AND w.currency = v.currency""",
)

_SILENT = """
SELECT id FROM voiding
WHERE settled_at IS NULL AND outcome IS NULL AND appealed_at <= $1 ORDER BY appealed_at LIMIT $2
"""
_SILENCE = """
UPDATE voiding SET outcome = 'silence', ended_at = $2, settled_at = $2
WHERE id = $1 AND outcome IS NULL AND appealed_at <= $3
"""

_OVER = (
    "settled_at IS NULL AND voided_at <= {at} AND (outcome = 'refused' OR (outcome IS NULL AND appealed_at IS NULL))"
)
_UNCLAIMED = f"SELECT id, batch_id FROM voiding WHERE {_OVER.format(at='$1')} ORDER BY voided_at LIMIT $2"  # noqa: S608
_UNCLAIM = f"""
UPDATE voiding SET outcome = coalesce(outcome, 'unappealed'), ended_at = coalesce(ended_at, $2), settled_at = $2
WHERE id = $1 AND {_OVER.format(at="$3")}
"""  # noqa: S608

_MISTAKEN = """
SELECT v.id FROM voiding v JOIN batch b ON b.id = v.batch_id
WHERE v.worker_id = ANY($1) AND b.kind = $2 AND b.language = $3 AND v.ground = $4
  AND v.settled_at IS NULL AND (v.outcome IS NULL OR v.outcome = 'refused')
ORDER BY v.id FOR NO KEY UPDATE OF v
"""

# Who settles two voidings of a batch takes turns here, and so may go on to lock whatever accounts they move money to.
_LOCK = "SELECT FROM account WHERE kind = 'voided' AND owner = $1 FOR NO KEY UPDATE"

# The other way round than when it was taken (`crowd.appeals.taking`).
_COUNT = """
UPDATE participation p SET
    earned = p.earned + sums.priced, topped_up = p.topped_up - sums.priced + sums.amount,
    active_ms = p.active_ms + sums.ms
FROM voiding v JOIN batch b ON b.id = v.batch_id, LATERAL (
    SELECT sum(t.amount)::bigint AS amount, round(sum(t.amount::numeric / a.price * b.price))::bigint AS priced,
           round(sum(t.amount::numeric / a.price * a.ms))::bigint AS ms
    FROM voided_answer t JOIN answer a ON a.id = t.answer_id WHERE t.voiding_id = v.id
) sums
WHERE v.id = $1 AND p.batch_id = v.batch_id AND p.worker_id = v.worker_id
"""

_WHOSE = """
SELECT v.batch_id, v.worker_id, w.state = 'forgotten' AS gone
FROM voiding v JOIN worker w ON w.id = v.worker_id WHERE v.id = $1
"""

# Before the voiding, as everywhere: nobody is erased while it is found out whether they are there.
_LOCK_WORKER = "SELECT FROM worker WHERE id = (SELECT worker_id FROM voiding WHERE id = $1) FOR NO KEY UPDATE"


async def lock_its_worker(tx: Tx, voiding_id: int) -> None:
    """For who may give back what was voided: its batch is kept from being closed, too.

    To be called before the voiding is locked.
    """
    await tx.run(_LOCK_WORKER, voiding_id)
    await keep_from_closing(tx, await tx.value("SELECT batch_id FROM voiding WHERE id = $1", voiding_id))


async def give_back(tx: Tx, voiding_id: int) -> None:
    """Move the money of a voiding, which ended so just now, to what its worker has available, and tell them.

    The worker's row must be locked. Who is erased gets nothing more, so the house has it.

    What was raised since is owed to them too: the next look at the batch's pay knows of it, and a closed batch has set
    it aside.
    """
    await look_again(tx, await _give_back(tx, voiding_id))


async def _give_back(tx: Tx, voiding_id: int) -> list[int]:
    """The worker who has money again; none where the house has it."""
    of = await tx.row(_WHOSE, voiding_id)
    assert of is not None
    await keep_from_closing(tx, of["batch_id"])  # of those for golds this is the first that it is
    await tx.run(_LOCK, of["batch_id"])
    if of["gone"]:
        await tx.run(_OPEN_HOUSE, voiding_id)
        await tx.run(_TO_HOUSE, voiding_id, tx.now)
        await return_aside(tx, voiding_id)
        return []
    await tx.run(_COUNT, voiding_id)
    await tx.run(_BACK, voiding_id, tx.now)
    await pay_aside(tx, voiding_id)
    await tell(tx, [voiding_id], APPEAL)
    return [of["worker_id"]]


async def give_back_for_golds(tx: Tx, workers: Collection[int], kind: str, language: str) -> list[int]:
    """End what was voided of workers because of golds in one kind and language; the ids of these voidings.

    For who is judged anew by mistaken golds, and nothing speaks against them any more. Their rows must be locked.
    """
    if not workers:
        return []
    found = [row["id"] for row in await tx.rows(_MISTAKEN, list(workers), kind, language, Ground.GOLDS)]
    back: list[int] = []
    for voiding_id in found:
        await tx.run(
            "UPDATE voiding SET outcome = $2, ended_at = $3, settled_at = $3 WHERE id = $1",
            voiding_id, Outcome.MISTAKEN, tx.now,
        )  # fmt: skip
        back += await _give_back(tx, voiding_id)
        await audit.note(tx, "golds", "money.unvoid", voiding_id, {"outcome": Outcome.MISTAKEN})
    await look_again(tx, back)
    return found


async def settle_voidings(database: Database) -> int:
    """Let those win whose appeal nobody answered in time, and give batches what nobody claims; how many ended."""
    return await _silent(database) + await _unclaimed(database)


async def _silent(database: Database) -> int:
    async with database.reading() as tx:
        found = [row["id"] for row in await tx.rows(_SILENT, tx.now - TO_ANSWER, _MANY)]
    ended = 0
    for voiding_id in found:
        async with database.transaction() as tx:
            await lock_its_worker(tx, voiding_id)
            if await tx.run(_SILENCE, voiding_id, tx.now, tx.now - TO_ANSWER):
                await give_back(tx, voiding_id)
                await audit.note(tx, "the clock", "appeal.grant", voiding_id, {"outcome": Outcome.SILENCE})
                ended += 1
    return ended


async def _unclaimed(database: Database) -> int:
    async with database.reading() as tx:
        found = await tx.rows(_UNCLAIMED, tx.now - TO_FILE, _MANY)
    ended = 0
    for row in found:
        async with database.transaction() as tx:
            await keep_from_closing(tx, row["batch_id"])
            if await tx.run(_UNCLAIM, row["id"], tx.now, tx.now - TO_FILE):
                await tx.run(_LOCK, row["batch_id"])
                await tx.run(_TO_BATCH, row["id"], tx.now)
                await tell_it_is_over(tx, row["id"])
                await return_aside(tx, row["id"])
                ended += 1
    return ended
