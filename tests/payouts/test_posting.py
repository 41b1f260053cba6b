"""Payouts are posted to a provider who fails, is late, repeats itself and dies: each is paid once, or comes back."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import orjson
import pytest

from crowd.outbox import take as take_notices
from crowd.payouts.details import enter
from crowd.payouts.entering import begin, give
from crowd.payouts.filed import ready
from crowd.payouts.hearing import FIRST_PAUSE_S, LONGEST_PAUSE_S, Became, Heard, Word, awaited, settle, told_later
from crowd.payouts.method import Asked
from crowd.payouts.methods import methods, serving
from crowd.payouts.methods.webhook import METHOD, Provider
from crowd.payouts.posting import HELD_S
from crowd.payouts.queue import DecisionError, refuse
from crowd.payouts.reading import EntryError, Fault
from crowd.payouts.requesting import Payout
from crowd.payouts.results import Outcome
from crowd.payouts.rotating import rotate
from crowd.payouts.signing import Signer
from crowd.payouts.states import OWN, PayoutState
from crowd.payouts.vault import Vault, new_key
from db.database import Database
from kazi.payoutposting import Posting
from tests.crowd.scene import Worker, check_books, people, working
from tests.database import Clock
from tests.payouts.provider import SECRET, FakeProvider, running_provider
from tests.payouts.test_paying_out import EARNED, KEYS, VAULT, approved, asked, earned, go, news, wallet, ways

ACCOUNT = "MW-00123456"
SIGNER = Signer([SECRET])


@pytest.fixture(autouse=True)
def who_pays() -> Iterator[None]:
    METHOD.set_up(Provider("M-Wallet", {"USD": 1_000_000}, re.compile(r"MW-\d{8}"), "MW-12345678", frozenset({"KE"})))
    yield
    METHOD.set_up(None)


@pytest.fixture
async def provider() -> AsyncIterator[FakeProvider]:
    async with running_provider(FakeProvider()) as running:
        yield running


@pytest.fixture
async def worker(database: Database, clock: Clock, tmp_path: Path) -> Worker:
    """Somebody who has 2.50 available, and an account with the provider."""
    (somebody,) = await people(database, 1)
    await earned(database, clock, tmp_path, [somebody])
    async with working(database, somebody) as tx:
        await enter(tx, VAULT, somebody.id, METHOD, {Asked.ACCOUNT: ACCOUNT, Asked.NAME: "Amina"})
    return somebody


async def ordered(database: Database, worker: Worker) -> Payout:
    payout = await asked(database, worker)
    await approved(database, payout)
    return payout


async def posted(database: Database, provider: FakeProvider) -> int:
    return await Posting(provider.url, SIGNER, VAULT).post_due(database)


async def state(database: Database, payout: Payout) -> str:
    async with database.reading() as tx:
        return str(await tx.value("SELECT state FROM payout WHERE id = $1", payout.id))


async def late(database: Database, hours: float = 0) -> list[int]:
    async with database.reading() as tx:
        return [each.id for each in await awaited(tx, hours)]


async def told(database: Database, key: str, word: Word) -> Became:
    async with database.transaction() as tx:
        return await told_later(tx, key, word)


async def test_a_payout_is_posted_signed_and_paid_at_once(
    database: Database, worker: Worker, provider: FakeProvider
) -> None:
    payout = await ordered(database, worker)
    async with database.reading() as tx:
        assert await ready(tx) == [], "no file is to be made of it"
    assert await posted(database, provider) == 1
    ((key, body),) = provider.posts
    said = orjson.loads(body)
    assert said["type"] == "payout.requested"
    assert said["data"] == {
        "key": key, "reference": f"KAZI-{payout.id}", "amount": "2.50", "currency": "USD", "account": ACCOUNT,
        "name": "Amina",
    }  # fmt: skip
    assert (await wallet(database, worker)).paid == EARNED
    assert await news(database, worker) == ["approved", "sent", "paid"]
    async with database.reading() as tx:
        row = await tx.row("SELECT * FROM payout JOIN payout_post ON payout_id = id WHERE id = $1", payout.id)
    assert row is not None
    assert (row["reference"], row["sealed"]) == (f"R-{key[-4:]}", None), "what is over is kept no longer"
    assert await posted(database, provider) == 0
    await check_books(database)


@pytest.mark.parametrize("pays", [False, True], ids=["not paid", "paid unseen"])
@pytest.mark.parametrize("trouble", [500, 503, 409, 408, 429, "cut", "redirect"])
async def test_after_trouble_the_same_is_posted_again_and_paid_once(
    database: Database, clock: Clock, worker: Worker, provider: FakeProvider, trouble: object, pays: bool
) -> None:
    payout = await ordered(database, worker)
    provider.answers, provider.pays_before_it_fails = [trouble, trouble], pays
    pause = FIRST_PAUSE_S
    for _ in range(2):
        await posted(database, provider)
        assert await state(database, payout) == "sent"
        clock.advance(pause - 1)
        assert await posted(database, provider) == 0, "not before its time"
        clock.advance(1)
        pause *= 2
    await posted(database, provider)
    assert len(provider.posts) == 3
    assert len(set(provider.posts)) == 1, "the same key, and the same body"
    assert len(provider.paid) == 1
    assert (await wallet(database, worker)).paid == EARNED
    assert await news(database, worker) == ["approved", "sent", "paid"]
    await check_books(database)


async def test_a_provider_who_is_away_gets_it_when_they_are_back(
    database: Database, clock: Clock, worker: Worker, provider: FakeProvider
) -> None:
    payout = await ordered(database, worker)
    away = Posting("http://127.0.0.1:9/", SIGNER, VAULT)
    for tries in range(1, 12):
        assert await away.post_due(database) == 1
        clock.advance(min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (tries - 1)))
    assert await late(database) == [payout.id]
    async with database.reading() as tx:
        (seen,) = await awaited(tx, 0)
    assert (seen.tries, seen.trouble) == (11, "no connection")
    await posted(database, provider)
    assert await late(database) == []
    assert (await wallet(database, worker)).paid == EARNED


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((200, {"status": "failed", "reason": "No such\naccount"}), "No such account"),
        ((422, {"status": "failed", "reason": "Closed"}), "Closed"),
        ((200, {"status": "failed"}), "M-Wallet"),
        (422, "M-Wallet: 422"),
        (400, "M-Wallet: 400"),
    ],
)
async def test_what_the_provider_turns_down_comes_back_with_the_reason(
    database: Database, worker: Worker, provider: FakeProvider, answer: object, reason: str
) -> None:
    payout = await ordered(database, worker)
    provider.answers = [answer]
    await posted(database, provider)
    assert await state(database, payout) == "failed"
    assert (await wallet(database, worker)).available == EARNED
    assert await news(database, worker) == ["approved", "sent", "failed"]
    async with database.transaction() as tx:
        *_, last = [each for each in await take_notices(tx, 1000) if each.person_id == worker.person_id]
    assert last.content["reason"] == reason
    await check_books(database)


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_where_the_house_is_turned_down_no_payout_is(
    database: Database, clock: Clock, worker: Worker, provider: FakeProvider, status: int
) -> None:
    """A wrong secret or address must not fail what a worker asked for."""
    payout = await ordered(database, worker)
    provider.answers = [status]
    await posted(database, provider)
    assert await state(database, payout) == "sent"
    clock.advance(FIRST_PAUSE_S)
    await posted(database, provider)
    assert await state(database, payout) == "paid"


async def test_what_may_have_been_taken_is_not_given_back_because_it_is_turned_down_later(
    database: Database, clock: Clock, worker: Worker, provider: FakeProvider
) -> None:
    payout = await ordered(database, worker)
    provider.answers = [500, 422, (422, {"status": "failed", "reason": "No"})]
    for _ in range(2):
        await posted(database, provider)
        assert await state(database, payout) == "sent"
        clock.advance(LONGEST_PAUSE_S)
    await posted(database, provider)
    assert await state(database, payout) == "failed", "the provider's own word counts"


async def test_what_is_accepted_ends_by_a_later_word_said_any_number_of_times(
    database: Database, clock: Clock, worker: Worker, provider: FakeProvider
) -> None:
    payout = await ordered(database, worker)
    provider.answers = [(202, {"status": "accepted"})]
    await posted(database, provider)
    ((key, _),) = provider.posts
    clock.advance(86_400)
    assert await posted(database, provider) == 0, "they have it"
    assert await late(database, 24) == [payout.id]
    assert await told(database, key, Word(Heard.ACCEPTED)) is Became.KNOWN
    paid = Word(Heard.PAID, "R1")
    done = await asyncio.gather(*(told(database, key, paid) for _ in range(4)))
    assert sorted(done) == [Became.KNOWN] * 3 + [Became.TAKEN]
    assert await told(database, key, Word(Heard.FAILED, reason="no")) is Became.CONTRADICTED
    assert await told(database, "payout_none", paid) is Became.UNKNOWN
    assert await news(database, worker) == ["approved", "sent", "paid"]
    async with database.reading() as tx:
        assert await tx.value(
            "SELECT count(*) FROM audit WHERE action = 'payout.contradicted' AND subject = $1", str(payout.id)
        ) == 1  # fmt: skip
    await check_books(database)


async def test_whoever_posts_is_killed_midway_and_the_same_is_posted_again(
    database: Database, clock: Clock, worker: Worker, provider: FakeProvider
) -> None:
    payout = await ordered(database, worker)
    provider.answers, provider.pays_before_it_fails = ["hang"], True
    posting = asyncio.create_task(posted(database, provider))
    await provider.hanging.wait()
    assert await state(database, payout) == "sent", "committed before anything was posted"
    assert await posted(database, provider) == 0, "nobody else posts it meanwhile"
    posting.cancel()
    with suppress(asyncio.CancelledError):
        await posting
    clock.advance(HELD_S)
    provider.answers = [422]
    await posted(database, provider)
    assert await state(database, payout) == "sent", "the first may have been taken: it was"
    clock.advance(LONGEST_PAUSE_S)
    await posted(database, provider)
    assert len({key for key, _ in provider.posts}) == len(provider.paid) == 1
    assert (await wallet(database, worker)).paid == EARNED
    await check_books(database)


async def test_the_word_that_comes_before_the_answer_counts(
    database: Database, worker: Worker, provider: FakeProvider
) -> None:
    payout = await ordered(database, worker)
    provider.answers = ["hang"]
    posting = asyncio.create_task(posted(database, provider))
    await provider.hanging.wait()
    ((key, _),) = provider.posts
    assert await told(database, key, Word(Heard.PAID)) is Became.TAKEN
    posting.cancel()
    with suppress(asyncio.CancelledError):
        await posting
    assert await state(database, payout) == "paid"


async def test_several_who_post_at_once_post_each_payout_once(
    database: Database, clock: Clock, tmp_path: Path, provider: FakeProvider
) -> None:
    crew = list(await people(database, 5))
    await earned(database, clock, tmp_path, crew)
    for at, who in enumerate(crew):
        async with working(database, who) as tx:
            await enter(tx, VAULT, who.id, METHOD, {Asked.ACCOUNT: f"MW-1000000{at}", Asked.NAME: "Amina"})
        await ordered(database, who)
    provider.answers = [503] * 3
    await asyncio.gather(*(posted(database, provider) for _ in range(4)))
    clock.advance(FIRST_PAUSE_S)
    await asyncio.gather(*(posted(database, provider) for _ in range(4)))
    assert len(provider.posts) == 8
    assert len(provider.paid) == 5
    for who in crew:
        assert (await wallet(database, who)).paid == EARNED
    await check_books(database)


async def test_staff_say_how_it_ended_but_not_while_it_is_being_sent(
    database: Database, clock: Clock, worker: Worker, provider: FakeProvider
) -> None:
    payout = await ordered(database, worker)
    provider.answers = ["hang"]
    posting = asyncio.create_task(posted(database, provider))
    await provider.hanging.wait()

    async def say(outcome: Outcome) -> None:
        async with database.transaction() as tx:
            await settle(tx, outcome.payout_id, outcome, by="house/amina")

    failed = Outcome(payout.id, paid=False, reference="", reason="They do not know it")
    with pytest.raises(DecisionError, match="at this moment"):
        await say(failed)
    posting.cancel()
    with suppress(asyncio.CancelledError):
        await posting
    clock.advance(HELD_S)
    with pytest.raises(DecisionError, match="say why"):
        await say(Outcome(payout.id, paid=False, reference="", reason=""))
    await say(failed)
    await say(failed)
    with pytest.raises(DecisionError, match="waits no more"):
        await say(Outcome(payout.id, paid=True, reference="", reason=""))
    with pytest.raises(DecisionError, match="was not sent"):
        await say(Outcome(2**40, paid=True, reference="", reason=""))
    assert await posted(database, provider) == 0
    assert (await wallet(database, worker)).available == EARNED
    assert await news(database, worker) == ["approved", "sent", "failed"]


async def test_a_payout_that_cannot_be_read_stands_in_nobodys_way(
    database: Database, clock: Clock, worker: Worker, tmp_path: Path, provider: FakeProvider
) -> None:
    payout = await ordered(database, worker)
    async with database.transaction() as tx:
        await tx.run("UPDATE payout_details SET sealed = $2 WHERE worker_id = $1", worker.id, b"lost")
    (other,) = await people(database, 1)
    await earned(database, clock, tmp_path / "other", [other])
    async with working(database, other) as tx:
        await enter(tx, VAULT, other.id, METHOD, {Asked.ACCOUNT: "MW-55555555", Asked.NAME: "Juma"})
    await ordered(database, other)
    await posted(database, provider)
    assert (await wallet(database, other)).paid == EARNED
    assert await state(database, payout) == "approved"
    async with database.transaction() as tx:
        await tx.run("UPDATE payout_details SET sealed = NULL WHERE worker_id = $1", worker.id)


async def test_an_amount_that_cannot_be_paid_stands_in_nobodys_way(
    database: Database, clock: Clock, owner: Database, worker: Worker, tmp_path: Path, provider: FakeProvider
) -> None:
    """Nobody can ask for such any more, but there may be one from before."""
    payout = await ordered(database, worker)
    async with owner.transaction() as tx:
        await tx.run("ALTER TABLE payout DISABLE TRIGGER payout_goes_on")
        await tx.run("UPDATE payout SET amount = amount - 1 WHERE id = $1", payout.id)
        await tx.run("ALTER TABLE payout ENABLE TRIGGER payout_goes_on")
    (other,) = await people(database, 1)
    await earned(database, clock, tmp_path / "other", [other])
    async with working(database, other) as tx:
        await enter(tx, VAULT, other.id, METHOD, {Asked.ACCOUNT: "MW-55555556", Asked.NAME: "Juma"})
    await ordered(database, other)
    await posted(database, provider)
    assert (await wallet(database, other)).paid == EARNED
    assert await state(database, payout) == "approved"
    async with owner.transaction() as tx:
        await tx.run("ALTER TABLE payout DISABLE TRIGGER payout_goes_on")
        await tx.run("UPDATE payout SET amount = amount + 1 WHERE id = $1", payout.id)
        await tx.run("ALTER TABLE payout ENABLE TRIGGER payout_goes_on")
        await refuse(tx, payout.id, "the test is over", by="test")


async def test_what_is_kept_to_be_posted_again_is_sealed_and_sealed_anew(
    database: Database, clock: Clock, worker: Worker, provider: FakeProvider
) -> None:
    payout = await ordered(database, worker)
    provider.answers = [500]
    await posted(database, provider)
    new = Vault([new_key(), *KEYS])
    await rotate(database, new)
    async with database.reading() as tx:
        for table in ("payout_post", "payout", "audit", "outbox"):
            for row in await tx.rows(f"SELECT to_jsonb(t)::text AS told FROM {table} t"):
                assert ACCOUNT not in row["told"]
    clock.advance(LONGEST_PAUSE_S)
    await Posting(provider.url, SIGNER, new).post_due(database)
    assert await state(database, payout) == "paid"
    assert len(set(provider.posts)) == 1


async def test_an_account_is_as_the_provider_says(database: Database, worker: Worker) -> None:
    assert [each.name for each in serving("KE", "USD")] == ["manual", "mobile_money", "webhook"]
    assert METHOD not in serving("UG", "USD")
    assert METHOD not in serving("KE", "EUR")
    async with working(database, worker) as tx:
        await begin(tx, VAULT, worker.id, "KE", "webhook")
        for wrong in ("MW-123", "x MW-12345678", "MW-1234567é"):
            with pytest.raises(EntryError) as raised:
                await give(tx, VAULT, worker.id, "KE", wrong)
            assert raised.value.fault is Fault.ACCOUNT
        entry = await give(tx, VAULT, worker.id, "KE", " MW-٠٠١٢٣٤٥٦ ")
    assert entry is not None
    assert entry.entered == {Asked.ACCOUNT: ACCOUNT}
    METHOD.set_up(None)
    assert METHOD not in [each for country in ("KE", "DE") for each in serving(country, "USD")]
    assert methods()["webhook"] is METHOD


@pytest.mark.parametrize("by", ["answer", "message", "staff"])
@pytest.mark.parametrize("way", ways(PayoutState.REQUESTED), ids="-".join)
async def test_on_every_way_each_state_is_told_whoever_brings_it_about(
    database: Database, clock: Clock, worker: Worker, provider: FakeProvider, way: list[PayoutState], by: str
) -> None:
    """Each step is really taken; the worker's own acts are shown by the screen that does them."""
    end = way[-1] if PayoutState.SENT in way else None
    said = {"status": end, "reason": "no"} if end and by == "answer" else {"status": "accepted"}
    provider.answers = [(200, said)]
    payout = await asked(database, worker)
    for state_ in way[1:]:
        if state_ is PayoutState.SENT:
            await posted(database, provider)
            clock.advance(HELD_S)
        elif state_ is not end:
            await go(database, worker, payout, state_)
        elif by == "message":
            await told(database, provider.posts[-1][0], Word(Heard(end), reason="no"))
        elif by == "staff":
            async with database.transaction() as tx:
                paid = end is PayoutState.PAID
                await settle(tx, payout.id, Outcome(payout.id, paid, "", "" if paid else "no"), by="house/amina")
    assert await state(database, payout) == way[-1]
    assert await news(database, worker) == [each for each in way if each not in OWN]
    await check_books(database)
