"""A budget while its batch runs: how much an answer must tell to be asked for, such that the money lasts.

Money for the least answers of each task is kept in the purses (`crowd.money.escrow`), so it cannot go elsewhere. What
is free beside it pays for golds, and for further answers to tasks in doubt. The price in doubt of these, the batch's
`worth`, is the highest at which the answers still wanted use up what is free. What is wanted is foreseen from how in
doubt the tasks are that have their least answers: the others are thought to become like them. When nothing is free any
more, tasks that wait for a further answer are settled with what they have.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

from crowd.batches.life import spec_of
from crowd.batches.spec import BatchSpec
from crowd.kinds import kind_named
from crowd.loop.settling import LEAST_WORTH, reliability
from crowd.money.purses import even_out
from crowd.money.quote import Quote
from db.database import Database

MOST_WORTH = 0.5
"""Where two answers to a choice of two stand against each other."""

_FINER = 0.95
"""Prices that are tried are so far apart."""

_AT_THE_END = 2.0
"""Once no task is below its least answers there is nothing to save for: more is then asked for than can be paid, since
not everybody may answer everything, and the most doubtful are asked about first anyhow."""

_BLOCK = 5000
"""Tasks settled in one transaction."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Tasks that wait for a further answer, equally in doubt."""

    doubt: float
    room: int
    """How many more answers each may get."""
    tasks: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is still wanted of a batch, and what there is for it. Money is counted in answers."""

    free: int
    """Paid for by what is neither kept nor reserved."""
    kept: int
    """To tasks below their least answers."""
    fresh: int
    """Tasks below their least answers."""
    reached: int
    """Tasks that have them."""
    further: int
    """Answers beyond the least ones, so far."""
    gold_share: float
    """Of golds, for each answer to a task, so far."""
    usual: float
    """Reliability of a usual worker."""
    doubts: Sequence[Doubt]


def first_worth(spec: BatchSpec, cost: Quote) -> float | None:
    """The price to begin with, as if doubts were to spread evenly up to the greatest; None without a budget."""
    if cost.budget is None:
        return None
    wanted = cost.tasks * (spec.overlap.most - spec.overlap.least)
    paid = min(1.0, (cost.paid_answers - cost.kept_answers) / wanted) if wanted else 0.0
    return max(LEAST_WORTH, MOST_WORTH * (1 - paid))


def wanted_answers(outlook: Outlook, worth: float) -> float:
    """How many answers beside those that money is kept for will be wanted at a price, golds among them."""
    now = sum(_each(each, worth, outlook.usual) * each.tasks for each in outlook.doubts)
    coming = outlook.fresh * (outlook.further + now) / outlook.reached if outlook.reached else 0.0
    return now + coming + outlook.gold_share * (outlook.kept + now + coming)


def _each(tasks: Doubt, worth: float, usual: float) -> float:
    """Answers until a task is no more in doubt than the price asks for: about each halves its doubt."""
    told = tasks.doubt * usual**2
    if told < worth:
        return 0.0
    return tasks.room if tasks.doubt >= 1 else min(tasks.room, 1 + log2(told / worth))


def lasting_worth(outlook: Outlook) -> float:
    """The highest price at which all that is free is used up."""
    enough = outlook.free * (1.0 if outlook.fresh else _AT_THE_END)
    worth = MOST_WORTH
    while worth > LEAST_WORTH and wanted_answers(outlook, worth) < enough:
        worth *= _FINER
    return max(worth, LEAST_WORTH)


_BUDGETS = "SELECT id FROM batch WHERE state = 'open' AND worth IS NOT NULL ORDER BY id"

_STANDING = """
SELECT b.digest, b.worth, b.usual, b.price, b.tasks, b.golds, done.*, money.*
FROM batch b, LATERAL (
    SELECT sum(answers) AS answers, sum(gold_answers) AS gold_answers, sum(settled) AS settled
    FROM tally WHERE batch_id = b.id
) done, LATERAL (
    SELECT sum(kept)::bigint AS kept, (sum((balance - reserved - kept) / b.price) * b.price)::bigint AS free
    FROM account WHERE kind = 'escrow' AND owner = b.id AND slot < b.purses
) money
WHERE b.id = $1 AND b.state = 'open' AND b.worth IS NOT NULL
"""

_DOUBTS = """
SELECT exp(round(ln(greatest(wanted, 0.001)) * 20) / 20) AS doubt, $2::int - answers AS room, count(*) AS tasks
FROM task WHERE batch_id = $1 AND open AND wanted IS NOT NULL GROUP BY 1, 2
"""

_SETTLE = """
WITH rest AS (
    SELECT id, confidence FROM task WHERE batch_id = $1 AND open AND wanted IS NOT NULL AND leased = 0
    LIMIT $4 FOR NO KEY UPDATE SKIP LOCKED
), done AS (
    UPDATE task SET settled_at = $2, seats = 0, open = false, wanted = NULL FROM rest WHERE task.id = rest.id
), sums AS (
    SELECT count(*)::int AS tasks, (count(*) FILTER (WHERE confidence < $3))::int AS unsure FROM rest
)
UPDATE tally SET settled = tally.settled + sums.tasks, unsure = tally.unsure + sums.unsure FROM sums
WHERE batch_id = $1 AND slot = 0 RETURNING sums.tasks
"""


async def keep_to_budgets(database: Database) -> int:
    """See that the money of every open batch with a budget lasts; how many there were."""
    async with database.reading() as tx:
        found = [row["id"] for row in await tx.rows(_BUDGETS)]
    for batch_id in found:
        await keep_to_budget(database, batch_id)
    return len(found)


async def keep_to_budget(database: Database, batch_id: int) -> None:
    """Set the price of an answer anew, or settle what waits for one when there is no money. Without a budget, nothing.

    It costs the more the more tasks wait for an answer: a million take about a second.
    """
    async with database.reading() as tx:
        row = await tx.row(_STANDING, batch_id)
    if row is None:
        return
    await even_out(database, batch_id)
    async with database.reading() as tx:
        spec = await spec_of(tx, batch_id, row["digest"])
        found = await tx.rows(_DOUBTS, batch_id, spec.overlap.most)
    if row["free"] < row["price"]:
        await _settle(database, batch_id, spec)
        return
    doubts = [Doubt(each["doubt"], each["room"], each["tasks"]) for each in found]
    reached = row["settled"] + sum(each.tasks for each in doubts)
    kept, ordinary = row["kept"] // row["price"], row["answers"] - row["gold_answers"]
    chance = kind_named(spec.kind).chance(spec)
    outlook = Outlook(
        free=row["free"] // row["price"],
        kept=kept,
        fresh=max(0, row["tasks"] - reached) if kept else 0,
        reached=reached,
        further=max(0, ordinary - (row["tasks"] * spec.overlap.least - kept)),
        gold_share=row["gold_answers"] / ordinary if row["golds"] and ordinary else 0.0,
        usual=reliability(row["usual"], chance, row["usual"]) if row["usual"] is not None else 1.0,
        doubts=doubts,
    )
    if reached:
        async with database.transaction() as tx:
            await tx.run("UPDATE batch SET worth = $2 WHERE id = $1", batch_id, lasting_worth(outlook))


async def _settle(database: Database, batch_id: int, spec: BatchSpec) -> None:
    while True:
        async with database.transaction() as tx:
            settled = await tx.value(_SETTLE, batch_id, tx.now, spec.overlap.sure, _BLOCK)
        if settled < _BLOCK:
            return
