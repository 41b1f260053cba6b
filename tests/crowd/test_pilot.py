"""A pilot: the first tasks alone, for real money, until somebody or Kazi finds that all is well."""

import asyncio
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from crowd.batches.cards import batch_card
from crowd.batches.life import BatchError, State, set_state
from crowd.loop.answering import DontKnow
from crowd.loop.assigning import assign
from crowd.loop.handing import Dry, Given, next_task
from crowd.loop.leases import Way, expire_leases, give_back_all
from crowd.loop.offers import Nothing, offers
from crowd.pilots.card import LEAST_ALPHA, MOST_SKIPS, Card, Light, Subject, at_least, at_most, mark_of
from crowd.pilots.measuring import Answered, GivenBack, rows_of
from crowd.pilots.releasing import HANGS, look_at_pilots, pilot_card, release
from crowd.pilots.states import PILOT_TASKS, WITHOUT, NoReasonError, PilotState
from crowd.upkeep import move_fronts
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, people, until_waiting, working
from tests.database import Clock

TASKS, GOLDS = 70, 20
GOOD = 0

Opinion = Callable[[Given], int | DontKnow | Way]


def well(task: Given) -> int:
    """Right about golds, and as all others about tasks: by the number in the text."""
    text = task.payload["text"]
    return GOOD if text.startswith("gold") else int(text.split()[-1]) % 3


@pytest.fixture
async def alone(database: Database) -> None:
    """No other batch is open."""
    async with database.transaction() as tx:
        for row in await tx.rows("SELECT id FROM batch WHERE state <> 'closed'"):
            await set_state(tx, row["id"], State.CLOSED, actor="test")


@pytest.fixture
async def batch(alone: None, database: Database, tmp_path: Path) -> Batch:
    return await large(database, tmp_path)


async def large(database: Database, folder: Path, **spec: Any) -> Batch:
    asked = {"tasks": TASKS, "golds": GOLDS, "overlap": {"least": 2, "most": 3, "confidence": 0.9}, **spec}
    return await Batch.post(database, folder, no_pilot=asked.pop("no_pilot", None), **asked)


async def work(
    batch: Batch, crew: Sequence[Worker], clock: Clock, opinion: Opinion = well, most: int = 1000
) -> dict[int, list[Given]]:
    """Everybody works in turn until there is nothing left for them; what each got."""
    got: dict[int, list[Given]] = {worker.id: [] for worker in crew}
    luck = random.Random(7)
    left = list(crew)
    while left and most:
        for worker in list(left):
            task = await batch.next(worker, seed=luck.randrange(10**6))
            if not isinstance(task, Given):
                left.remove(worker)
                continue
            most -= 1
            got[worker.id].append(task)
            clock.advance(4)
            thinks = opinion(task)
            if isinstance(thinks, Way):
                await batch.pass_on(worker, task.lease_id, thinks)
                continue
            done = await batch.accepted(worker, task.lease_id, thinks, luck)
            if isinstance(done.next, Given):  # it comes again from `next`
                assert done.next.batch_id == batch.id
            if not most:
                break
    return got


def ordinary(got: dict[int, list[Given]]) -> set[int]:
    return {task.task_id for all_of in got.values() for task in all_of if task.payload["text"].startswith("text")}


async def first_ids(batch: Batch, count: int = PILOT_TASKS) -> set[int]:
    async with batch.database.reading() as tx:
        rows = await tx.rows(
            "SELECT id FROM task WHERE batch_id = $1 AND gold IS NULL ORDER BY id LIMIT $2", batch.id, count
        )
    return {row["id"] for row in rows}


async def state(batch: Batch) -> PilotState | None:
    async with batch.database.reading() as tx:
        card = await batch_card(tx, batch.id)
    assert card is not None
    return None if card.pilot is None else card.pilot.state


async def card(batch: Batch) -> Card:
    async with batch.database.reading() as tx:
        found = await pilot_card(tx, batch.id)
    assert found is not None
    return found


async def released(batch: Batch, *, actor: str = "ada", reason: str | None = None) -> bool:
    async with batch.database.transaction() as tx:
        return await release(tx, batch.id, actor=actor, owner=True, reason=reason)


async def noted(batch: Batch) -> list[tuple[str, str]]:
    async with batch.database.reading() as tx:
        rows = await tx.rows("SELECT actor, action FROM audit WHERE subject = $1 ORDER BY id", str(batch.id))
    return [(row["actor"], row["action"]) for row in rows]


def light(card: Card, about: Subject) -> Light:
    return mark_of(card.marks, about).light


async def test_only_the_first_tasks_are_handed_out_and_golds_as_usual(
    batch: Batch, clock: Clock, database: Database
) -> None:
    crew = await people(database, 4)
    got = await work(batch, crew, clock)
    assert ordinary(got) == await first_ids(batch)
    golds = {task.task_id for each in got.values() for task in each} - ordinary(got)
    assert len(golds) >= 3
    assert [await batch.next(worker) for worker in crew] == [Dry.DONE] * 4
    assert await state(batch) is PilotState.RUNNING
    await check_books(database)


async def test_the_same_where_tasks_are_searched_for_or_named(batch: Batch, clock: Clock, database: Database) -> None:
    first, second = await people(database, 2)
    await work(batch, [first], clock)
    outside = sorted(set(range(max(await first_ids(batch)) + 1, max(await first_ids(batch, 999)) + 1)))
    async with working(database, second) as tx:
        row = await tx.rows("SELECT id FROM task WHERE id = ANY($1::bigint[]) AND gold IS NULL", outside)
        assert await assign(tx, second.id, batch.id, [each["id"] for each in row], random.Random(1)) is Dry.DONE
    task = await batch.given(second)
    clock.advance(3600)
    await expire_leases(database)  # it is open again, behind the cursor of nobody but who had it
    got = await work(batch, [first, second], clock)
    assert ordinary(got) <= await first_ids(batch)
    assert task.task_id not in {each.task_id for each in got[second.id]}
    await check_books(database)


async def test_after_its_release_everybody_gets_the_rest_also_who_had_come_to_the_end(
    alone: None, clock: Clock, database: Database, tmp_path: Path
) -> None:
    batch = await large(database, tmp_path, overlap={"least": 2, "most": 2})
    crew = await people(database, 4)
    before = await work(batch, crew[:2], clock)
    await move_fronts(database)
    assert await batch.next(crew[2]) is Dry.DONE  # came when nothing was left, and joined behind it
    assert isinstance(await _offered(database, crew[3]), Nothing), "nothing was left for whoever comes"
    await look_at_pilots(database)
    assert await released(batch)
    for worker in crew:
        offered = await _offered(database, worker)
        assert not isinstance(offered, Nothing), "at once, and not only when it has been dry for long enough"
        assert offered[0].left >= TASKS - PILOT_TASKS
    walking = "SELECT count(*) FROM participation WHERE batch_id = $1 AND lap = 0"
    assert await batch.value(walking, batch.id) == 3, "they walk again, and need not search"
    after = await work(batch, crew, clock)
    assert ordinary(before) | ordinary(after) == await first_ids(batch, 999)
    assert all(len(after[worker.id]) > 5 for worker in crew)
    for worker in crew[:2]:
        had = [task.task_id for task in (*before[worker.id], *after[worker.id])]
        assert len(had) == len(set(had))
    async with database.reading() as tx:
        done = await batch_card(tx, batch.id)
    assert done is not None
    assert done.settled == done.tasks
    await check_books(database)


async def _offered(database: Database, worker: Worker) -> Any:
    async with database.reading() as tx:
        return await offers(tx, worker.id)


async def test_what_is_left_in_a_pilot_is_what_is_offered(batch: Batch, clock: Clock, database: Database) -> None:
    (worker,) = await people(database, 1)
    mine = [each for each in await _offered(database, worker) if each.batch_id == batch.id]
    assert [each.left for each in mine] == [PILOT_TASKS]
    await work(batch, [worker], clock)
    found = await _offered(database, worker)
    assert isinstance(found, Nothing) or batch.id not in {each.batch_id for each in found}


async def test_a_pilot_that_goes_well_is_released_by_itself(batch: Batch, clock: Clock, database: Database) -> None:
    crew = await people(database, 4)
    assert await look_at_pilots(database) == 0
    await work(batch, crew, clock)
    assert await look_at_pilots(database) == 1
    assert await state(batch) is PilotState.RELEASED
    kept = await card(batch)
    assert kept.green
    assert {mark.about: mark.light for mark in kept.marks} == {
        Subject.WORKERS: Light.GREEN, Subject.AGREEMENT: Light.GREEN, Subject.GOLDS: Light.GREEN,
        Subject.SKIPS: Light.GREEN, Subject.REPORTS: Light.GREEN, Subject.DONT_KNOWS: Light.GREEN,
        Subject.PAY: Light.GREEN,
    }  # fmt: skip
    assert (kept.tasks, kept.done, kept.median_ms, kept.per_hour) == (PILOT_TASKS, PILOT_TASKS, 16_000, 4_500_000)
    assert ("kazi", "batch.released") in await noted(batch)
    assert isinstance(await batch.next(crew[0]), Given)
    await work(batch, crew, clock, lambda _: 2)
    assert await card(batch) == kept, "it stays as it was at the end of the pilot"


async def test_one_that_does_not_waits_for_a_person(batch: Batch, clock: Clock, database: Database) -> None:
    crew = await people(database, 4)
    turn = iter(range(10_000))

    def badly(task: Given) -> int | DontKnow | Way:
        turned = next(turn)
        return Way.SKIPPED if turned % 4 == 0 else turned % 3

    await work(batch, crew, clock, badly)
    await look_at_pilots(database)
    while (await card(batch)).done < PILOT_TASKS:  # what some skipped is for others
        crew = await people(database, 2)
        await work(batch, crew, clock, badly)
        await look_at_pilots(database)
    assert await state(batch) is PilotState.READY
    shown = await card(batch)
    assert not shown.green
    assert light(shown, Subject.SKIPS) is Light.RED
    assert light(shown, Subject.AGREEMENT) is Light.RED
    assert light(shown, Subject.WORKERS) is Light.GREEN
    assert await look_at_pilots(database) == 0
    assert ordinary(await work(batch, await people(database, 1), clock)) <= await first_ids(batch)
    assert await released(batch, reason="they were told")
    assert await state(batch) is PilotState.RELEASED
    assert (await noted(batch))[-1] == ("ada", "batch.released")
    assert not (await card(batch)).green, "the card that it was released on"


async def test_two_workers_who_agree_are_not_enough(batch: Batch, clock: Clock, database: Database) -> None:
    await work(batch, await people(database, 2), clock)
    await look_at_pilots(database)
    assert await state(batch) is PilotState.READY
    assert light(await card(batch), Subject.WORKERS) is Light.RED


async def test_without_golds_or_answers_to_compare_nothing_says_that_it_went_well(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await large(database, tmp_path, golds=0, overlap={"least": 1, "most": 1})
    crew = await people(database, 3)
    await work(batch, crew, clock)
    await look_at_pilots(database)
    shown = await card(batch)
    assert Light.RED not in {mark.light for mark in shown.marks}
    assert light(shown, Subject.AGREEMENT) is light(shown, Subject.GOLDS) is Light.GREY
    assert await state(batch) is PilotState.READY


async def test_reports_and_dont_knows_have_limits_of_their_own(batch: Batch, clock: Clock, database: Database) -> None:
    turn = iter(range(10_000))

    def puzzled(task: Given) -> int | DontKnow | Way:
        turned = next(turn) % 4
        return Way.REPORTED if turned == 0 else DontKnow.DONT_KNOW if turned == 1 else well(task)

    await work(batch, await people(database, 3), clock, puzzled)
    shown = await card(batch)
    assert light(shown, Subject.REPORTS) is light(shown, Subject.DONT_KNOWS) is Light.RED
    assert light(shown, Subject.SKIPS) is Light.GREEN


async def test_giving_a_task_back_at_the_end_of_a_day_is_no_skip(batch: Batch, database: Database) -> None:
    (worker,) = await people(database, 1)
    await batch.given(worker)
    async with working(database, worker) as tx:
        await give_back_all(tx, worker.id)
    assert mark_of((await card(batch)).marks, Subject.SKIPS).value is None


async def test_a_pilot_that_nobody_works_on_waits_for_a_person_in_the_end(
    batch: Batch, clock: Clock, database: Database
) -> None:
    await work(batch, await people(database, 1), clock, most=5)
    clock.advance(HANGS.total_seconds() - 100)
    await look_at_pilots(database)
    assert await state(batch) is PilotState.RUNNING
    clock.advance(100)
    await look_at_pilots(database)
    assert await state(batch) is PilotState.READY
    assert not (await card(batch)).complete
    (late,) = await people(database, 1)
    assert isinstance(await batch.next(late), Given), "the rest of the pilot is still to be had"


async def test_released_twice_is_once_and_so_are_two_at_once(batch: Batch, clock: Clock, database: Database) -> None:
    crew = await people(database, 4)
    await work(batch, crew, clock)
    both = await asyncio.gather(
        released(batch, reason="one"), released(batch, reason="other"), look_at_pilots(database)
    )
    assert sorted(both[:2]) in ([False, True], [False, False])
    assert not await released(batch)
    assert [action for _, action in await noted(batch)].count("batch.released") == 1


async def test_whoever_comes_second_waits_and_finds_it_done(batch: Batch, database: Database) -> None:
    async with database.transaction() as tx:
        assert await release(tx, batch.id, actor="ada", owner=True, reason="in a hurry")
        second = asyncio.create_task(released(batch, actor="bo", reason="too"))
        await until_waiting(tx)
    assert not await second
    assert await noted(batch) == [("test", "batch.post"), ("ada", "batch.released")]


async def test_a_release_waits_for_answers_under_way_so_that_none_is_left_dry(
    batch: Batch, clock: Clock, database: Database
) -> None:
    first, second = await people(database, 2)
    await work(batch, [first], clock)
    async with working(database, first) as tx:
        assert await next_task(tx, first.id, batch.id, random.Random(1)) is Dry.DONE
        releasing = asyncio.create_task(released(batch, reason="now"))
        async with database.transaction() as other:
            await until_waiting(other, "advisory")
    assert await releasing
    assert isinstance(await batch.next(first), Given)
    assert not isinstance(await _offered(database, first), Nothing)
    assert isinstance(await batch.next(second), Given)


async def test_one_that_is_still_running_is_released_for_a_reason_only(batch: Batch) -> None:
    with pytest.raises(BatchError, match="still running"):
        await released(batch)
    with pytest.raises(NoReasonError):
        await released(batch, reason=" \n ")
    assert await released(batch, reason="the  same\nas last week")
    assert await state(batch) is PilotState.RELEASED
    kept = "SELECT reason FROM pilot WHERE batch_id = $1"
    assert await batch.value(kept, batch.id) == "the same as last week"


async def test_a_batch_may_be_closed_in_its_pilot(batch: Batch, clock: Clock, database: Database) -> None:
    crew = await people(database, 3)
    await work(batch, crew, clock, most=10)
    task = await batch.next(crew[0])
    assert isinstance(task, Given)
    async with database.transaction() as tx:
        await set_state(tx, batch.id, State.CLOSED, actor="test")
    with pytest.raises(BatchError, match="closed"):
        await released(batch, reason="too late")
    clock.advance(HANGS.total_seconds())
    await look_at_pilots(database)
    assert await state(batch) is PilotState.RUNNING
    assert (await card(batch)).answers == 10
    assert await batch.value("SELECT sum(balance) FROM account WHERE kind = 'escrow' AND owner = $1", batch.id) == 0
    await check_books(database)


async def test_a_paused_pilot_is_let_be_and_goes_on_where_it_was(
    batch: Batch, clock: Clock, database: Database
) -> None:
    crew = await people(database, 4)
    await work(batch, crew, clock, most=30)
    for wanted in (State.PAUSED, State.OPEN):
        async with database.transaction() as tx:
            await set_state(tx, batch.id, wanted, actor="test")
        if wanted is State.PAUSED:
            async with working(database, crew[0]) as tx:
                await give_back_all(tx, crew[0].id)
            assert await batch.next(crew[0]) is Dry.PAUSED_BATCH
            clock.advance(HANGS.total_seconds())
            await look_at_pilots(database)
            assert await state(batch) is PilotState.RUNNING
    assert ordinary(await work(batch, crew, clock)) <= await first_ids(batch)
    await look_at_pilots(database)
    assert await state(batch) is PilotState.RELEASED


async def test_a_small_batch_has_none_and_a_large_one_may_be_posted_without(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    small = await large(database, tmp_path / "small", tasks=WITHOUT)
    assert await state(small) is None
    assert not await released(small)
    waived = await large(database, tmp_path / "waived", no_pilot="  known\titems ")
    assert await state(waived) is PilotState.WAIVED
    assert ("test", "batch.pilot_waived") in await noted(waived)
    assert await waived.value("SELECT reason FROM pilot WHERE batch_id = $1", waived.id) == "known items"
    got = await work(waived, await people(database, 1), clock)
    assert ordinary(got) == await first_ids(waived, 999)
    with pytest.raises(NoReasonError):
        await large(database, tmp_path / "blank", no_pilot=" ")


async def test_with_a_budget_its_money_is_kept_for_all_tasks_through_the_pilot(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await large(database, tmp_path, budget="4.00", overlap={"least": 2, "most": 3}, golds=10)
    await work(batch, await people(database, 3), clock)
    await check_books(database)
    assert await released(batch, reason="on") or await state(batch) is PilotState.RELEASED
    await work(batch, await people(database, 3), clock)
    await check_books(database)


@pytest.mark.parametrize(
    ("share", "shown", "light"),
    [(0.154, 0.15, Light.GREEN), (0.156, 0.16, Light.RED), (0.0, 0.0, Light.GREEN), (None, None, Light.GREY)],
)
def test_a_figure_is_held_against_its_limit_as_it_is_shown(
    share: float | None, shown: float | None, light: Light
) -> None:
    mark = at_most(Subject.SKIPS, share, MOST_SKIPS)
    assert (mark.value, mark.light) == (shown, light)
    assert str(at_least(Subject.AGREEMENT, -0.004, LEAST_ALPHA).value) == "0.0"


def test_no_row_tells_of_one_or_two_people() -> None:
    def crowd(**countries: int) -> list[Answered]:
        ids = iter(range(1000))
        return [
            Answered(next(ids), None if name == "none" else name, 1000, unknown=False, gold=False, verdict=None)
            for name, workers in countries.items() for _ in range(workers)
        ]  # fmt: skip

    def seen(**countries: int) -> list[tuple[str | None, int]]:
        return [(row.country, row.workers) for row in rows_of(crowd(**countries), [])]

    assert seen(KE=5, TZ=3) == [("KE", 5), ("TZ", 3)]
    assert seen(KE=5, TZ=2, UG=1) == [("KE", 5), (None, 3)]
    assert seen(KE=5, TZ=4, UG=1) == [("KE", 5), (None, 5)], "else what is left tells of one"
    assert seen(KE=5, none=1) == []
    assert seen(KE=2, TZ=2) == []
    assert seen(KE=4) == []
    back = GivenBack(1, "KE", Way.SKIPPED)
    (kenya, _) = rows_of(crowd(KE=3, TZ=3), [back])
    assert (kenya.skips, kenya.workers, kenya.median_ms, kenya.slow_ms) == (1, 3, 1000, 1000)
