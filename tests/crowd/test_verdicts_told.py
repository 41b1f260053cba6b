"""What golds say is told at once while a worker learns, and later all of a day together, from the next day on."""

import random
from pathlib import Path

from crowd.golds.rate import LEARNING
from crowd.loop.handing import Dry, Given
from crowd.money.earnings import Earnings, earnings
from db.database import Database
from tests.crowd.scene import Batch, Worker, people
from tests.crowd.test_golds import Golden, is_gold
from tests.database import Clock


async def told(database: Database, worker: Worker, *, at_once: bool = False) -> Earnings:
    async with database.reading() as tx:
        return await earnings(tx, worker.id, at_once=at_once)


async def test_verdicts_after_the_first_golds_are_told_the_next_day_and_all_together(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await Batch.post(database, tmp_path, tasks=40, golds=20)
    (worker,) = await people(database, 1)
    luck: random.Random = Golden()
    got: Given | Dry = await batch.given(worker)
    golds = 0
    while golds < LEARNING + 2:
        assert isinstance(got, Given)
        gold = is_gold(got)
        golds += gold
        got = (await batch.accepted(worker, got.lease_id, 1 if golds == 1 else 0, luck)).next
        if gold:
            newest = (await told(database, worker)).lines[0]
            assert (newest.verdict is not None) is (golds <= LEARNING)
    assert (await told(database, worker)).checks is None, "today's are not told yet"
    assert (await told(database, worker, at_once=True)).lines[0].verdict == 1
    today = clock.now().date()
    clock.advance(24 * 3600)
    after = await told(database, worker)
    assert after.lines[0].verdict == 1
    assert after.checks is not None
    assert (after.checks.day, after.checks.golds, after.checks.right) == (today, golds, golds - 1)
