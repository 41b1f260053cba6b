"""The bot is told to end while people work: it finishes what it took, and leaves the rest to be taken later."""

import asyncio
from pathlib import Path

import pytest

from db.database import Database, connected
from tests.whole.house import SandboxProcess, running_bot, running_sandbox
from tests.whole.promises import acknowledged_taps_are_kept, the_books_are_right
from tests.whole.screens import everybody_is_shown_right, shown, stands_where_the_database_says
from tests.whole.work import Crowd, hasty_people, post_work

PEOPLE = 20
ENDS_WITHIN_S = 10


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_a_bot_told_to_end_finishes_what_it_took_and_loses_nothing(
    dsn: str, tmp_path: Path, webhook: bool
) -> None:
    async with (
        asyncio.timeout(240),
        connected(dsn, name="test") as database,
        running_sandbox() as sandbox,
        running_bot(sandbox, dsn, tmp_path / "bot.log", webhook=webhook) as bot,
    ):
        work = await post_work(database, dsn, tmp_path / "batch", tasks=400, golds=40)
        crowd = Crowd(sandbox.url, hasty_people(PEOPLE, double_tap=0.2), work.knowledge)
        crowd.begin()
        await crowd.until(lambda: crowd.answers >= 5 * PEOPLE)
        bot.terminate()
        async with asyncio.timeout(ENDS_WITHIN_S):
            assert await bot.ended() == 0, bot.log()

        async with asyncio.timeout(ENDS_WITHIN_S):  # what was recorded was acknowledged, too: phones are to see it
            while await _unseen(database, crowd):
                await crowd.more_taps(1)
        kept = await acknowledged_taps_are_kept(database, crowd.reports, work.values)
        for report in crowd.reports:
            screen = await shown(sandbox.http, report.worker)
            await stands_where_the_database_says(sandbox, database, report.worker, screen, bot_is_away=True)

        await bot.start()
        await bot.started()
        await sandbox.advance(10)  # Telegram waits longer and longer before it tries again
        await crowd.until(lambda: crowd.answers >= 10 * PEOPLE)
        reports = await crowd.end()
        assert await acknowledged_taps_are_kept(database, reports, work.values) > kept
        await the_books_are_right(database)
        await everybody_is_shown_right(sandbox, database, [report.worker for report in reports])


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_a_bot_told_to_end_does_not_wait_as_long_as_telegram_says(
    dsn: str, tmp_path: Path, webhook: bool
) -> None:
    async with (
        asyncio.timeout(240),
        connected(dsn, name="test") as database,
        running_sandbox() as sandbox,
        running_bot(sandbox, dsn, tmp_path / "bot.log", webhook=webhook) as bot,
    ):
        work = await post_work(database, dsn, tmp_path / "batch", tasks=60, golds=6)
        crowd = Crowd(sandbox.url, hasty_people(5), work.knowledge)
        crowd.begin()
        await crowd.until(lambda: crowd.answers >= 5)
        for method in ("editMessageText", "sendMessage"):
            await sandbox.order_fault(method, status=429, retry_after=50, times=1000)
        held_up = [asyncio.create_task(_tap(sandbox, report.worker)) for report in crowd.reports]
        await asyncio.wait(held_up, timeout=1)  # some are answered, and their screens wait for Telegram
        bot.terminate()
        async with asyncio.timeout(ENDS_WITHIN_S):
            assert await bot.ended() == 0, bot.log()
        for tap in held_up:
            tap.cancel()

        await sandbox.no_more_faults()
        await bot.start()
        await bot.started()
        await sandbox.advance(10)  # Telegram waits longer and longer before it tries again
        people = [report.worker for report in crowd.reports]
        reports = await crowd.end()
        await acknowledged_taps_are_kept(database, reports, work.values)
        await everybody_is_shown_right(sandbox, database, people)
        await the_books_are_right(database)


async def _tap(sandbox: SandboxProcess, person: int) -> None:
    """Tap whatever is last on the person's screen."""
    screen = await shown(sandbox.http, person)
    tap = {"message_id": screen.message_id, "data": screen.data[-1]}
    await sandbox.http.post(f"/sandbox/users/{person}/taps", json=tap)


async def _unseen(database: Database, crowd: Crowd) -> set[int]:
    """Answers in the database of which no phone saw a tap acknowledged."""
    seen = {
        int(tap.data.split(":")[1])
        for report in crowd.reports
        for tap in report.taps
        if tap.answered and tap.data.startswith("a:")
    }
    async with database.reading() as tx:
        return {row["id"] for row in await tx.rows("SELECT id FROM answer")} - seen
