"""The figures that pages are made of, held against what happened."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest_asyncio

from crowd.batches.cards import batch_card, batch_cards
from crowd.batches.life import State, set_state
from crowd.labels.so_far import label_shares, settled_tasks
from crowd.loop.answering import DontKnow
from crowd.money.books import movements, trial_balances
from crowd.workers.cards import batch_worker_cards, worker_cards
from db.database import Database
from tests.database import Clock
from tests.requester.scene import Item, Said, Worker, batch_file, people, posted, requester, work

PRICE = 20_000


@dataclass(frozen=True)
class Worked:
    batch: int
    requester: int
    crew: tuple[Worker, ...]
    said: tuple[Said, ...]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def worked(database: Database, clock: Clock, tmp_path_factory: Any) -> Worked:
    """Three people: one is right, one never knows, one is often wrong."""
    items = [Item(f"i{number}", f"text {number}") for number in range(30)]
    golds = [Item(f"g{number}", f"gold {number}", "good") for number in range(10)]
    path = batch_file(
        tmp_path_factory.mktemp("batch"), [*items, *golds], overlap={"least": 2, "most": 3, "confidence": 0.8}
    )
    batch = (await posted(database, path, owner="ada", fee_ppm=100_000)).batch_id
    crew = await people(database, 3)

    def opinion(worker: Worker, text: str) -> str | DontKnow:
        if worker is crew[1]:
            return DontKnow.DONT_KNOW
        return "bad" if worker is crew[2] and text.endswith(("1", "5")) else "good"

    said = await work(database, clock, batch, crew, opinion)
    return Worked(batch, (await requester(database, "ada")).id, tuple(crew), tuple(said))


async def test_each_worker_is_shown_what_they_earned(worked: Worked, database: Database) -> None:
    earned: dict[str, int] = defaultdict(int)
    answers: Counter[str] = Counter()
    unpaid = 0
    for said in worked.said:
        earned[said.pseudonym] += said.earned
        answers[said.pseudonym] += 1
        unpaid += said.earned == 0
    assert unpaid > 0, "the one who never knows is not paid for all of it"
    async with database.reading() as tx:
        found = await batch_worker_cards(tx, worked.batch)
    assert {hand.pseudonym: hand.earned for hand in found} == earned
    assert {hand.pseudonym: hand.answers for hand in found} == answers
    assert [hand.median_ms for hand in found] == [2500] * 3
    right = next(hand for hand in found if hand.pseudonym == worked.crew[0].pseudonym)
    assert right.estimate.right == right.estimate.golds > 0
    assert right.estimate.low < 0.6 < right.estimate.accuracy < right.estimate.high  # three golds or more, all right


async def test_a_card_adds_up_before_and_after_it_is_closed(
    worked: Worked, database: Database, clock: Clock, tmp_path: Path
) -> None:
    labour = sum(said.earned for said in worked.said)
    async with database.reading() as tx:
        card = await batch_card(tx, worked.batch, requester_id=worked.requester)
        assert card == (await batch_cards(tx, requester_id=worked.requester))[0]
        assert await batch_card(tx, worked.batch, requester_id=worked.requester + 1) is None
    assert card is not None
    assert (card.answers, card.workers, card.spent) == (len(worked.said), 3, labour)
    assert card.fee == labour // 10
    assert card.left == card.funded - card.spent - card.fee
    assert card.returned == 0

    path = batch_file(tmp_path, [Item(f"{number}", f"x {number}") for number in range(6)], name="To be closed")
    batch = (await posted(database, path, owner="ada", fee_ppm=100_000)).batch_id
    await work(database, clock, batch, await people(database, 1), lambda _worker, _text: "good", most=4)
    async with database.transaction() as tx:
        before = await batch_card(tx, batch)
        await set_state(tx, batch, State.CLOSED, actor="test")
        after = await batch_card(tx, batch)
    assert before is not None
    assert after is not None
    assert (after.spent, after.fee, after.left) == (before.spent, before.fee, 0)
    assert after.returned == before.left == before.funded - 4 * PRICE * 110 // 100


async def test_shares_and_bands_count_every_settled_task_once(worked: Worked, database: Database) -> None:
    async with database.reading() as tx:
        shares = await label_shares(tx, worked.batch, 0.8)
        page = await settled_tasks(tx, worked.batch, limit=50)
        unsure = await settled_tasks(tx, worked.batch, unsure_below=0.8, limit=50)
        card = await batch_card(tx, worked.batch)
    labels = Counter(task.label for task in page.tasks if task.label is not None)
    assert {share.label: share.tasks for share in shares.shares} == labels
    assert shares.settled == labels.total()
    assert all(share.unsure + share.fair + share.sure == share.tasks for share in shares.shares)
    assert card is not None
    assert len(page.tasks) == card.settled
    assert len(unsure.tasks) == card.unsure
    for task in page.tasks:
        texts = {said.pseudonym: said.value for said in worked.said if said.text == task.payload["text"]}
        assert {said.pseudonym: said.value for said in task.said} == texts


async def test_pages_of_people_and_transfers_miss_nobody(worked: Worked, database: Database) -> None:
    async with database.reading() as tx:
        every = await batch_worker_cards(tx, worked.batch)
        one_by_one = [await batch_worker_cards(tx, worked.batch, limit=1)]
        while one_by_one[-1]:
            last = one_by_one[-1][0]
            one_by_one.append(
                await batch_worker_cards(tx, worked.batch, before=(last.answers, last.worker_id), limit=1)
            )
        assert [page[0] for page in one_by_one[:-1]] == list(every)

        known = await worker_cards(tx, requester_id=worked.requester)
        assert {each.pseudonym for each in known} >= {each.pseudonym for each in worked.crew}
        first = known[0]
        assert list(await worker_cards(tx, requester_id=worked.requester, before=(first.answers, first.id))) == list(
            known[1:]
        )
        assert await worker_cards(tx, requester_id=worked.requester + 1) == ()

        moved, before = [], None
        while page := await movements(tx, requester_id=worked.requester, before=before, limit=7):
            moved += page
            before = page[-1].id
        assert await movements(tx, requester_id=worked.requester + 1) == []
    assert [move.id for move in moved] == sorted({move.id for move in moved}, reverse=True)
    earned = [move for move in moved if move.reason == "earn" and move.batch_id == worked.batch]
    assert sum(move.amount for move in earned) == sum(said.earned for said in worked.said)
    assert {move.pseudonym for move in earned} == {each.pseudonym for each in worked.crew}


async def test_the_trial_balance_is_zero(worked: Worked, database: Database) -> None:
    async with database.reading() as tx:
        (trial,) = await trial_balances(tx)
    assert trial.total == 0
    held = next(line for line in trial.lines if line.kind == "hold")
    assert held.balance >= sum(said.earned for said in worked.said)
