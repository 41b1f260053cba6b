"""The bot is killed again and again while people work: nothing is lost, nothing counts or pays twice."""

import asyncio
import random
from pathlib import Path

import pytest

from db.database import connected
from tests.whole.house import running_bot, running_sandbox
from tests.whole.promises import acknowledged_taps_are_kept, the_books_are_right
from tests.whole.screens import everybody_is_shown_right
from tests.whole.work import Crowd, hasty_people, post_work

KILLS = 20
PEOPLE = 50


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_a_bot_killed_twenty_times_loses_no_acknowledged_answer_and_pays_none_twice(
    dsn: str, tmp_path: Path, webhook: bool
) -> None:
    luck = random.Random(f"kill {webhook}")
    async with (
        asyncio.timeout(240),
        connected(dsn, name="test") as database,
        running_sandbox() as sandbox,
        running_bot(sandbox, dsn, tmp_path / "bot.log", webhook=webhook) as bot,
    ):
        work = await post_work(database, dsn, tmp_path / "batch", tasks=900, golds=60)
        people = hasty_people(PEOPLE, double_tap=0.25, repeated_update=0.25)
        crowd = Crowd(sandbox.url, people, work.knowledge)
        crowd.begin()
        for _ in range(KILLS):
            await crowd.more_taps(luck.randint(20, 100))
            await bot.kill()
            await bot.start()
            if webhook:
                await bot.started()
                await sandbox.advance(10)  # Telegram waits longer and longer before it tries again
        await crowd.more_taps(100)
        reports = await crowd.end()

        assert not [report.error for report in reports if report.error]
        answers = await acknowledged_taps_are_kept(database, reports, work.values)
        assert answers > 5 * PEOPLE
        await the_books_are_right(database)
        await everybody_is_shown_right(sandbox, database, [report.worker for report in reports])
        await the_books_are_right(database)
