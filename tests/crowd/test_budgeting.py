"""A budget: never more is spent, each task gets its least answers, and the rest goes where labels are in doubt."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import pytest

from crowd.batches.cards import batch_card
from crowd.batches.life import State, set_state
from crowd.labels.fitting import fit_stale
from crowd.loop.answering import Accepted, DontKnow
from crowd.loop.handing import Given
from crowd.loop.leases import Way, expire_leases
from crowd.loop.settling import LEAST_WORTH
from crowd.money import escrow
from crowd.money.budgeting import MOST_WORTH, Doubt, Outlook, keep_to_budgets, lasting_worth, wanted_answers
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, people
from tests.database import Clock
from tests.requester.scene import OPTIONS

PRICE = 20_000
LEAST, MOST = 2, 6
BUDGETED = {"least": LEAST, "most": MOST}
RIGHT, WRONG = 0, 1
MISLED = (1, 2)
"""Which answers to a task that misleads are wrong, by the order they come in."""


def money(answers: int) -> str:
    """A budget for so many answers."""
    return f"{answers * PRICE // 1_000_000}.{answers * PRICE % 1_000_000:06}"


@dataclass
class Crowd:
    """Workers who see at once what most items are. In one task of five the first who come are misled."""

    workers: Sequence[Worker]
    luck: random.Random = field(default_factory=lambda: random.Random(7))
    come: Counter[int] = field(default_factory=Counter)
    """Answers to each task so far."""
    unsure: float = 0.0
    """How often they do not know."""

    def says(self, given: Given) -> int | DontKnow:
        if self.luck.random() < self.unsure:
            return DontKnow.DONT_KNOW
        text = given.payload["text"]
        come, self.come[given.task_id] = self.come[given.task_id], self.come[given.task_id] + 1
        if text.startswith("gold") or int(text.rsplit(" ", 1)[1]) % 5 or come not in MISLED:
            return RIGHT
        return WRONG


async def work(batch: Batch, crowd: Crowd, *, jobs_every: int = 25) -> None:
    """Everybody works until nobody is given anything, while the job comes round."""
    answers, before = 0, -1
    while answers > before:
        before = answers
        for worker in crowd.workers:
            got = await batch.next(worker, seed=crowd.luck.randint(0, 10**6))
            for _ in range(3):
                if isinstance(got, Given):
                    done = await batch.say(worker, got.lease_id, crowd.says(got), crowd.luck)
                    assert isinstance(done, Accepted)
                    got, answers = done.next, answers + 1
                    if answers % jobs_every == 0:
                        await keep_to_budgets(batch.database)
        await keep_to_budgets(batch.database)


async def earned(batch: Batch) -> int:
    """What workers earned, micro-units."""
    return int(await batch.value("SELECT coalesce(sum(price), 0)::bigint FROM answer WHERE batch_id = $1", batch.id))


async def tasks_of(batch: Batch) -> list[asyncpg.Record]:
    async with batch.database.reading() as tx:
        return await tx.rows("SELECT * FROM task WHERE batch_id = $1 AND gold IS NULL", batch.id)


async def purse_rows(batch: Batch) -> list[asyncpg.Record]:
    async with batch.database.reading() as tx:
        return await tx.rows(
            "SELECT * FROM account WHERE kind = 'escrow' AND owner = $1 AND slot < 1000 ORDER BY slot", batch.id
        )


@pytest.fixture
def several_purses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a small batch, as large ones have them."""
    monkeypatch.setattr(escrow, "_ONE_PURSE_BELOW", 10)
    monkeypatch.setattr(escrow, "_PURSES", 3)


async def test_a_budget_gives_better_labels_than_the_same_money_spent_evenly(
    database: Database, tmp_path: Path
) -> None:
    right = []
    for spec in ({"overlap": {"least": 3, "most": 3}}, {"overlap": BUDGETED, "budget": money(3 * 40)}):
        batch = await Batch.post(database, tmp_path, tasks=40, **spec)
        await work(batch, Crowd(await people(database, 8)))
        assert await earned(batch) <= 3 * 40 * PRICE
        right.append(sum(task["label"] == OPTIONS[RIGHT] for task in await tasks_of(batch)))
        await check_books(database)
    evenly, by_doubt = right
    assert evenly == 32
    assert by_doubt >= 38


@pytest.mark.parametrize("answers", [LEAST * 12, LEAST * 12 + 1, LEAST * 12 + 9, MOST * 12, MOST * 100])
@pytest.mark.usefixtures("several_purses")
async def test_never_more_is_spent_each_task_gets_its_least_and_the_end_is_reached(
    database: Database, tmp_path: Path, answers: int
) -> None:
    budget = answers * PRICE + PRICE - 1
    batch = await Batch.post(
        database, tmp_path, tasks=12, golds=12, fee_ppm=150_000, overlap=BUDGETED, budget=f"0{budget / 1e6:.6f}"
    )
    put_in = sum(row["balance"] for row in await purse_rows(batch))
    assert put_in == min(answers, 24 * MOST) * PRICE
    crew = await people(database, 8)
    await work(batch, Crowd(crew, unsure=0.1), jobs_every=10)
    tasks = await tasks_of(batch)
    assert all(task["settled_at"] is not None and task["answers"] >= LEAST for task in tasks)
    assert await earned(batch) <= min(budget, put_in)
    await check_books(database)
    async with database.transaction() as tx:
        await set_state(tx, batch.id, State.CLOSED, actor="test")
        card = await batch_card(tx, batch.id)
    assert card is not None
    assert (card.budget, card.left) == (budget, 0)
    assert card.confidence is not None
    assert card.funded == card.spent + card.fee + card.returned
    assert sum(row["balance"] for row in await purse_rows(batch)) == 0
    await check_books(database)


async def test_golds_take_nothing_of_what_is_kept_for_the_least_answers(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=6, golds=20, overlap=BUDGETED, budget=money(LEAST * 6 + 2))
    await work(batch, Crowd(await people(database, 8)), jobs_every=1000)
    golds = await batch.value("SELECT sum(answers) FROM task WHERE batch_id = $1 AND gold IS NOT NULL", batch.id)
    assert 0 < golds <= 2
    assert all(task["answers"] >= LEAST for task in await tasks_of(batch))
    await check_books(database)


@pytest.mark.parametrize("way", [Way.SKIPPED, Way.EXPIRED])
async def test_money_of_a_task_that_comes_back_is_kept_for_it_again(
    database: Database, clock: Clock, tmp_path: Path, way: Way
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=3, overlap=BUDGETED, budget=money(LEAST * 3 + 1))
    (worker,) = await people(database, 1)
    got = await batch.given(worker)
    (purse,) = await purse_rows(batch)
    assert (purse["kept"], purse["reserved"]) == (5 * PRICE, PRICE)
    if way is Way.SKIPPED:
        await batch.pass_on(worker, got.lease_id)
    else:
        clock.advance(601)
        await expire_leases(database)
    (purse,) = await purse_rows(batch)
    assert (purse["kept"], purse["reserved"], purse["balance"]) == (6 * PRICE, 0, 7 * PRICE)
    if way is Way.EXPIRED:
        await batch.accepted(worker, got.lease_id)  # late, and still wanted
        (purse,) = await purse_rows(batch)
        assert purse["kept"] + purse["reserved"] == 5 * PRICE, "the next task may be in hands"
        assert purse["balance"] == 6 * PRICE
    await check_books(database)


async def test_money_kept_for_a_task_that_is_withdrawn_is_free_for_others(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=2, overlap=BUDGETED, budget=money(LEAST * 2))
    first, second = await people(database, 2)
    for worker in (first, second):
        got = await batch.given(worker)
        await batch.pass_on(worker, got.lease_id, Way.REPORTED)
    (purse,) = await purse_rows(batch)
    assert (purse["kept"], purse["balance"]) == (LEAST * PRICE, 2 * LEAST * PRICE)
    await check_books(database)


@pytest.mark.usefixtures("several_purses")
async def test_what_is_left_goes_to_a_task_in_doubt_whichever_purse_it_lies_in(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=12, overlap=BUDGETED, budget=money(LEAST * 12 + 1))
    crew = await people(database, 4)
    for at, worker in enumerate(crew[:2]):
        got: object = await batch.given(worker)
        while isinstance(got, Given):
            got = (await batch.accepted(worker, got.lease_id, at)).next
    assert all(task["answers"] == LEAST for task in await tasks_of(batch))
    await keep_to_budgets(database)
    assert sorted(row["balance"] for row in await purse_rows(batch)) == [0, 0, PRICE]
    given = [await batch.next(worker, seed=3) for worker in crew[2:]]
    assert sum(isinstance(each, Given) for each in given) == 1, "whoever comes first, and nobody else"
    await check_books(database)


async def test_when_no_money_is_free_what_waits_for_an_answer_is_settled(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=4, overlap=BUDGETED, budget=money(LEAST * 4))
    for at, worker in enumerate(await people(database, 2)):
        got: object = await batch.given(worker)
        while isinstance(got, Given):
            got = (await batch.accepted(worker, got.lease_id, at)).next
    assert all(task["settled_at"] is None and task["wanted"] is not None for task in await tasks_of(batch))
    await keep_to_budgets(database)
    assert all(task["settled_at"] is not None and task["label"] is not None for task in await tasks_of(batch))
    await check_books(database)


async def test_a_fit_sets_the_price_anew(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=20, overlap=BUDGETED, budget=money(3 * 20))
    first = await batch.value("SELECT worth FROM batch WHERE id = $1", batch.id)
    crew = await people(database, 3)
    for worker in crew:
        got: object = await batch.given(worker)
        for _ in range(12):
            if isinstance(got, Given):
                got = (await batch.accepted(worker, got.lease_id, RIGHT)).next
    await fit_stale(database)
    assert await batch.value("SELECT fitted_at IS NOT NULL FROM batch WHERE id = $1", batch.id)
    assert await batch.value("SELECT worth FROM batch WHERE id = $1", batch.id) != first
    await check_books(database)


async def test_without_a_budget_nothing_is_kept_and_the_price_is_the_usual_one(
    database: Database, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=3, overlap=BUDGETED)
    await keep_to_budgets(database)
    assert await batch.value("SELECT worth FROM batch WHERE id = $1", batch.id) is None
    assert [row["kept"] for row in await purse_rows(batch)] == [None]


def outlook(free: int, *, fresh: int = 0, doubts: Sequence[Doubt] = ()) -> Outlook:
    spread = doubts or [Doubt(doubt / 100, 4, 5) for doubt in range(1, 60)]
    return Outlook(
        free=free, kept=2 * fresh, fresh=fresh, reached=300, further=0, gold_share=0.1, usual=0.8, doubts=spread
    )


def test_the_less_money_the_more_an_answer_must_tell() -> None:
    prices = [lasting_worth(outlook(free, fresh=100)) for free in (0, 10, 50, 100, 300, 10_000)]
    assert prices == sorted(prices, reverse=True)
    assert (prices[0], prices[-1]) == (MOST_WORTH, LEAST_WORTH)
    assert len(set(prices)) > 4


def test_the_price_is_one_at_which_the_money_is_used_up_and_not_much_more() -> None:
    for free in (60, 100, 200, 400):
        found = outlook(free, fresh=100)
        assert free <= wanted_answers(found, lasting_worth(found)) < free * 1.5


def test_money_is_saved_for_tasks_that_are_still_to_come() -> None:
    assert lasting_worth(outlook(100, fresh=1000)) > lasting_worth(outlook(100))


def test_of_tasks_equally_in_doubt_some_are_asked_about_though_money_is_short() -> None:
    alike = outlook(1, doubts=[Doubt(0.3, 3, 50)])
    assert lasting_worth(alike) <= 0.3 * alike.usual**2
