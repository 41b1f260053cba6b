"""An appeal is filed in time, once, answered by another person, and won by silence; each way moves the money once."""

import asyncio
from pathlib import Path

import pytest

from crowd.appeals import filing
from crowd.appeals.deciding import Appeal, Standing, appeals
from crowd.appeals.settling import settle_voidings
from crowd.appeals.states import LONGEST_SAID, TO_ANSWER, TO_FILE, Outcome, VoidingError
from crowd.batches.cards import batch_card
from crowd.batches.life import State, set_state
from db.database import Database
from tests.crowd.scene import check_books, people, working
from tests.crowd.test_voiding import (
    AMINA,
    DAY,
    PRICE,
    answered,
    balance,
    decided,
    filed,
    outcome,
    refusal,
    scene,
    told,
    voided,
    wallet,
)
from tests.database import Clock


async def test_a_granted_appeal_makes_the_money_available_at_once(database: Database, tmp_path: Path) -> None:
    batch, worker = await scene(database, tmp_path)
    number = await voided(batch, worker)
    assert await filed(batch, worker, number, "They are all bad, look at them.")
    (waiting,) = [each for each in await listed(database) if each.id == number]
    assert (waiting.said, waiting.voided_by, len(waiting.shown)) == ("They are all bad, look at them.", AMINA, 4)
    assert "another person" in await refusal(decided(batch, number, grant=False, by=AMINA))
    assert "another person" in await refusal(decided(batch, number, grant=True, by=AMINA))
    assert "say why" in await refusal(decided(batch, number, grant=True, reason=" "))
    await decided(batch, number, grant=True, reason="You are right.")
    assert await wallet(database, worker) == (0, 4, 0)
    (notice,) = await told(database, worker, "appeal")
    assert (notice["outcome"], notice["decision"]) == ("granted", "You are right.")
    assert "waits no more" in await refusal(decided(batch, number, grant=False))
    assert await balance(batch, "voided") == 0
    assert not await filed(batch, worker, number)
    await check_books(database)


async def listed(database: Database, standing: Standing = Standing.OPEN) -> list[Appeal]:
    async with database.reading() as tx:
        return await appeals(tx, standing, limit=1000)


async def test_a_refused_appeal_is_told_with_its_reason_and_the_money_goes_back_to_its_purse(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, worker = await scene(database, tmp_path)
    escrow = await balance(batch, "escrow")
    number = await voided(batch, worker)
    assert await filed(batch, worker, number)
    await decided(batch, number, grant=False, reason="I see the same.")
    (notice,) = await told(database, worker, "appeal")
    assert (notice["outcome"], notice["decision"]) == ("refused", "I see the same.")
    await settle_voidings(database)
    assert await balance(batch, "voided") == 4, "a mistaken gold may still bring it back"
    clock.advance(TO_FILE.total_seconds())
    await settle_voidings(database)
    assert await outcome(batch, number) == Outcome.REFUSED
    assert (await balance(batch, "escrow"), await balance(batch, "voided")) == (escrow + 4, 0)
    assert await wallet(database, worker) == (0, 0, 0)
    assert number in {each.id for each in await listed(database, Standing.ENDED)}
    await check_books(database)


async def test_silence_is_won_after_72_hours_and_not_before(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch, worker = await scene(database, tmp_path)
    number = await voided(batch, worker)
    clock.advance(10 * DAY)
    assert await filed(batch, worker, number)
    clock.advance(TO_ANSWER.total_seconds() - 1)
    await settle_voidings(database)
    assert await outcome(batch, number) is None
    clock.advance(1)
    assert "the worker has won" in await refusal(decided(batch, number, grant=False))
    await settle_voidings(database)
    assert await outcome(batch, number) == Outcome.SILENCE
    assert await wallet(database, worker) == (0, 4, 0)
    assert [each["outcome"] for each in await told(database, worker, "appeal")] == ["silence"]
    await settle_voidings(database)
    await check_books(database)


async def test_an_appeal_comes_in_14_days_or_not_at_all(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch, worker = await scene(database, tmp_path)
    other, somebody = await scene(database, tmp_path / "other")
    number, theirs = await voided(batch, worker), await voided(other, somebody)
    clock.advance(TO_FILE.total_seconds() - 1)
    assert not await filed(batch, somebody, number), "it is another's"
    assert await filed(batch, worker, number)
    clock.advance(1)
    assert not await filed(other, somebody, theirs), "a second too late"
    await settle_voidings(database)
    assert await outcome(other, theirs) == Outcome.UNAPPEALED
    assert await outcome(batch, number) is None, "an appeal under way keeps the money where it is"
    assert await balance(batch, "voided") == 4
    await decided(batch, number, grant=True)
    assert await wallet(database, worker) == (0, 4, 0)
    await check_books(database)


async def test_of_a_closed_batch_the_money_goes_back_to_the_requester_without_a_fee(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, worker = await scene(database, tmp_path, fee_ppm=100_000)
    await answered(batch, (await people(database, 1))[0], 2)
    funded = await batch.value(
        "SELECT sum(amount)::bigint FROM transfer t JOIN account a ON a.id = t.credit AND a.kind = 'escrow' "
        "WHERE a.owner = $1 AND reason = 'fund'",
        batch.id,
    )
    await voided(batch, worker)
    async with database.transaction() as tx:
        await set_state(tx, batch.id, State.CLOSED, actor="test")
    assert await batch.value("SELECT amount FROM transfer WHERE reason = 'fee' AND ref = $1", batch.id) == 4_000
    clock.advance(TO_FILE.total_seconds())
    await settle_voidings(database)
    async with database.reading() as tx:
        card = await batch_card(tx, batch.id)
    assert card is not None
    assert (card.spent, card.fee, card.left) == (2 * PRICE, 4_000, 0)
    assert card.returned == funded - 2 * PRICE - 4_000
    await check_books(database)


async def test_two_staff_and_the_clock_decide_once(database: Database, clock: Clock, tmp_path: Path) -> None:
    for at in range(4):
        batch, worker = await scene(database, tmp_path / str(at))
        number = await voided(batch, worker)
        assert await filed(batch, worker, number)
        late = at % 2
        clock.advance(TO_ANSWER.total_seconds() - 1 + late)
        done = await asyncio.gather(
            decided(batch, number, grant=True), decided(batch, number, grant=False, by="house/rahma (panel)"),
            settle_voidings(database), settle_voidings(database), return_exceptions=True,
        )  # fmt: skip
        assert all(not isinstance(each, BaseException) or isinstance(each, VoidingError) for each in done)
        assert len(await told(database, worker, "appeal")) == 1
        back = 0 if await outcome(batch, number) == Outcome.REFUSED else 4
        assert not (late and back == 0)
        assert (await wallet(database, worker))[1] == back
    await check_books(database)


async def test_a_double_tap_files_once_and_what_stands_on_the_screen_is_what_is_sent(
    database: Database, tmp_path: Path
) -> None:
    batch, worker = await scene(database, tmp_path)
    number = await voided(batch, worker)
    async with working(database, worker) as tx:
        first = await filing.begin(tx, worker.id, number)
        assert first is not None
        assert await filing.write(tx, worker.id, "One thing") is not None
        assert await filing.file(tx, worker.id, first.mark) is None, "another text stands there now"
        with pytest.raises(filing.TooLongError):
            await filing.write(tx, worker.id, "x" * (LONGEST_SAID + 1))
        entry = await filing.write(tx, worker.id, "x" * LONGEST_SAID)
        assert entry is not None

    async def send() -> bool:
        async with working(database, worker) as tx:
            return await filing.file(tx, worker.id, entry.mark) is not None

    assert sorted(await asyncio.gather(*(send() for _ in range(4)))) == [False] * 3 + [True]
    assert await batch.value("SELECT length(said) FROM voiding WHERE id = $1", number) == LONGEST_SAID


async def test_who_goes_on_with_something_else_is_not_writing_an_appeal_any_more(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, worker = await scene(database, tmp_path)
    number = await voided(batch, worker)
    async with working(database, worker) as tx:
        assert await filing.begin(tx, worker.id, number) is not None
    clock.advance(filing.FORGOTTEN.total_seconds())
    async with working(database, worker) as tx:
        assert await filing.write(tx, worker.id, "my answer") is None
    assert await filing.forget_appeals_begun(database) == 1
    assert await filed(batch, worker, number)
