"""Two bots behind one address and one database: the same promises as with one."""

import asyncio
from pathlib import Path

from crowd.schedule import Job, run_once
from db.database import Database, connected
from tests.whole.balancer import balanced
from tests.whole.house import running_bot, running_sandbox
from tests.whole.promises import acknowledged_taps_are_kept, the_books_are_right
from tests.whole.screens import everybody_is_shown_right
from tests.whole.work import Crowd, hasty_people, post_work

PEOPLE = 20
REPLICAS = 2


async def test_two_bots_behind_a_load_balancer_keep_what_one_bot_promises(dsn: str, tmp_path: Path) -> None:
    ports: list[int] = []
    async with (
        asyncio.timeout(240),
        connected(dsn, name="test") as database,
        running_sandbox() as sandbox,
        balanced(ports) as balancer,
        running_bot(sandbox, dsn, tmp_path / "1.log", webhook=True, behind=balancer.url) as one,
        running_bot(sandbox, dsn, tmp_path / "2.log", webhook=True, behind=balancer.url) as two,
    ):
        work = await post_work(database, dsn, tmp_path / "batch", tasks=300, golds=30)
        await asyncio.gather(one.started(), two.started())
        ports += [one.port, two.port]
        crowd = Crowd(sandbox.url, hasty_people(PEOPLE, double_tap=0.3, repeated_update=0.3), work.knowledge)
        crowd.begin()
        await crowd.until(lambda: crowd.answers >= 20 * PEOPLE)
        reports = await crowd.end()

        assert min(balancer.sent.values()) > 5 * PEOPLE, "both bots took their part"
        assert set(balancer.statuses) == {200}, "each bot takes what the other asked Telegram for"
        answers = await acknowledged_taps_are_kept(database, reports, work.values)
        assert answers >= 20 * PEOPLE
        await the_books_are_right(database)
        await everybody_is_shown_right(sandbox, database, [report.worker for report in reports])
        await _all_holds_are_released_once(database)
        await the_books_are_right(database)


async def _all_holds_are_released_once(database: Database) -> None:
    """The bots' clocks tick at the same time, and each hold is released by one of them: here the holds of all who
    are not proven yet, for a proven worker's end as they begin."""
    async with database.transaction() as tx:
        held = await tx.run("UPDATE hold SET due_at = $1", tx.now)
    while True:
        async with database.reading() as tx:
            if await tx.value("SELECT count(*) FROM hold") == 0:
                break
        await asyncio.sleep(0.2)
    async with database.reading() as tx:
        answers = await tx.rows("SELECT id, price FROM answer WHERE price > 0")
        released = await tx.rows("SELECT ref, amount FROM transfer WHERE reason = 'release'")
    assert held > PEOPLE
    assert sorted(map(tuple, released)) == sorted(map(tuple, answers))


async def test_a_job_is_done_by_one_of_the_replicas_that_tick_at_once(dsn: str) -> None:
    done: list[Database] = []

    async def work(database: Database) -> int:
        done.append(database)
        return 7

    job = Job("counted", 3600, work)
    async with connected(dsn, name="one") as one, connected(dsn, name="two") as two:
        results = await asyncio.gather(*(run_once(database, job) for database in (one, two) * 5))
        async with one.reading() as tx:
            slots = await tx.rows("SELECT done_at FROM job_slot WHERE job = 'counted'")
    assert len(done) == 1
    assert sorted(results, key=str) == [7, *[None] * (5 * REPLICAS - 1)]
    assert [row["done_at"] is not None for row in slots] == [True]
