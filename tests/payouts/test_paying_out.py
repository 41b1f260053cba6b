"""Money leaves once, to where its worker said, and they are told of each step; what fails comes back."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import asyncpg
import pytest

from crowd.audit import person_of
from crowd.bonuses.paying import pay_bonus
from crowd.bonuses.pot import put_in
from crowd.fraud.findings import keep
from crowd.loop.handing import Given
from crowd.money.earnings import Wallet, earnings
from crowd.money.holds import release_holds
from crowd.outbox import take
from crowd.payouts.details import FROZEN, details_of, enter
from crowd.payouts.method import Asked, Payer, Terms
from crowd.payouts.methods import methods
from crowd.payouts.methods.manual import Manual
from crowd.payouts.queue import DecisionError, Mark, approve, refuse, waiting
from crowd.payouts.requesting import Hindrance, Payout, RequestError, cancel, payouts_of, prospects, request
from crowd.payouts.results import Outcome, Results
from crowd.payouts.rotating import rotate
from crowd.payouts.sending import PayoutFile, SendingError, Taken, make_file, take_results
from crowd.payouts.states import NEXT, OWN, PayoutState
from crowd.payouts.vault import Vault, VaultError, new_key
from crowd.signals.base import Finding
from crowd.workers.registry import WorkerState, set_state
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, people, working
from tests.database import Clock

KEYS = [new_key()]
VAULT = Vault(KEYS)
HOUSE = Payer()
PHONE: dict[str, str] = {Asked.PHONE: "+254712345678", Asked.NAME: "Amina"}
OTHER: dict[str, str] = {Asked.PHONE: "+254722000111", Asked.NAME: "Juma"}
EARNED = 2_500_000
LIMIT = {"USD": 100_000_000}


async def earned(database: Database, clock: Clock, folder: Path, workers: list[Worker]) -> None:
    """Five answers at half a dollar each, their holds over."""
    batch = await Batch.post(database, folder, tasks=5, price="0.50", overlap={"least": 1, "most": 5})
    await batch.run("UPDATE task SET seats = 5 WHERE batch_id = $1", batch.id)
    for worker in workers:
        for _ in range(5):
            got = await batch.given(worker)
            await batch.accepted(worker, got.lease_id)
    clock.advance(80 * 3600)
    await release_holds(database)


async def entered(database: Database, worker: Worker, details: Mapping[str, str] = PHONE) -> None:
    async with working(database, worker) as tx:
        await enter(tx, VAULT, worker.id, methods()["mobile_money"], details)


async def asked(database: Database, worker: Worker) -> Payout:
    async with working(database, worker) as tx:
        return await request(tx, worker.id, "KE", "USD")


async def hindrance(database: Database, worker: Worker, country: str | None = "KE") -> Hindrance:
    with pytest.raises(RequestError) as raised:
        async with working(database, worker) as tx:
            await request(tx, worker.id, country, "USD")
    return raised.value.hindrance


async def wallet(database: Database, worker: Worker) -> Wallet:
    async with database.reading() as tx:
        (found,) = (await earnings(tx, worker.id)).wallets
    return found


async def file_of(database: Database, key: str) -> PayoutFile | None:
    async with database.transaction() as tx:
        return await make_file(tx, VAULT, HOUSE, "mobile_money", "USD", key=key, by="house/amina")


async def approved(database: Database, *payouts: Payout, by: str = "house/amina") -> tuple[list[int], list[int]]:
    async with database.transaction() as tx:
        return await approve(tx, [each.id for each in payouts], by=by, four_eyes=LIMIT)


async def results(database: Database, file_id: int, *outcomes: Outcome, under_way: tuple[int, ...] = ()) -> Taken:
    async with database.transaction() as tx:
        return await take_results(tx, file_id, Results(outcomes, under_way), by="house/amina")


async def news(database: Database, worker: Worker) -> list[str]:
    async with database.reading() as tx:
        rows = await tx.rows(
            "SELECT content ->> 'state' AS state FROM outbox WHERE person_id = $1 AND subject = 'payout' ORDER BY id",
            worker.person_id,
        )
    return [row["state"] for row in rows]


@pytest.fixture
async def worker(database: Database, clock: Clock, tmp_path: Path) -> Worker:
    """Somebody who has earned 2.50 and has it available."""
    (somebody,) = await people(database, 1)
    await earned(database, clock, tmp_path, [somebody])
    return somebody


async def test_from_a_request_to_the_money_each_step_is_told_and_the_books_balance(
    database: Database, worker: Worker
) -> None:
    await entered(database, worker)
    payout = await asked(database, worker)
    assert (payout.amount, payout.masked, payout.state) == (EARNED, "•••• 5678", PayoutState.REQUESTED)
    assert (await wallet(database, worker)).available == 0
    await check_books(database)
    assert await approved(database, payout) == ([payout.id], [])
    file = await file_of(database, f"a{payout.id}")
    assert file is not None
    assert b"254712345678,Amina,2.50,USD" in file.data
    paid = Outcome(payout.id, paid=True, reference="MP1", reason="")
    assert await results(database, file.id, paid) == Taken(paid=1, failed=0, known=0, under_way=0, open=0)
    assert await results(database, file.id, paid) == Taken(paid=0, failed=0, known=1, under_way=0, open=0), (
        "again changes nothing"
    )
    assert (await wallet(database, worker)).paid == EARNED
    assert await news(database, worker) == ["approved", "sent", "paid"]
    await check_books(database)


async def test_what_is_under_way_changes_nothing_and_may_fail_still(database: Database, worker: Worker) -> None:
    await entered(database, worker)
    payout = await asked(database, worker)
    await approved(database, payout)
    file = await file_of(database, f"w{payout.id}")
    assert file is not None
    assert await results(database, file.id, under_way=(payout.id,)) == Taken(0, 0, 0, under_way=1, open=1)
    assert (await wallet(database, worker)).paid == 0
    assert await news(database, worker) == ["approved", "sent"]
    await results(database, file.id, Outcome(payout.id, paid=False, reference="", reason="No such number"))
    assert await results(database, file.id, under_way=(payout.id,)) == Taken(0, 0, 0, under_way=0, open=0)
    assert (await wallet(database, worker)).available == EARNED
    await check_books(database)


class Pigeon(Manual):
    """Takes its feed."""

    name = "pigeon"

    def terms(self, currency: str) -> Terms:
        return Terms(least=1_000_000, fee=30_000)


async def test_a_fee_is_told_before_taken_off_once_and_given_back_with_what_fails(
    database: Database, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(methods(), "pigeon", Pigeon())
    async with working(database, worker) as tx:
        await enter(tx, VAULT, worker.id, methods()["pigeon"], {Asked.WORDS: "the loft", Asked.NAME: "Amina"})
        (prospect,) = await prospects(tx, worker.id, "KE")
    assert prospect.terms is not None
    assert (prospect.amount, prospect.terms.fee) == (EARNED, 30_000)
    for paid in (False, True):
        payout = await asked(database, worker)
        await approved(database, payout)
        async with database.transaction() as tx:
            before = await tx.value("SELECT coalesce(sum(balance), 0)::bigint FROM account WHERE kind = 'fee'")
            file = await make_file(tx, VAULT, HOUSE, "pigeon", "USD", key=f"p{payout.id}", by="test")
        assert file is not None
        assert b"2.47,USD" in file.data
        assert file.total == EARNED - 30_000
        await results(database, file.id, Outcome(payout.id, paid=paid, reference="", reason="" if paid else "no"))
        async with database.reading() as tx:
            after = await tx.value("SELECT coalesce(sum(balance), 0)::bigint FROM account WHERE kind = 'fee'")
        assert after - before == (30_000 if paid else 0)
        await check_books(database)
    has = await wallet(database, worker)
    assert (has.available, has.requested, has.paid) == (0, 0, EARNED - 30_000)


async def test_what_fails_comes_back_with_the_reason_and_can_be_asked_for_again(
    database: Database, worker: Worker
) -> None:
    await entered(database, worker)
    payout = await asked(database, worker)
    await approved(database, payout)
    file = await file_of(database, f"b{payout.id}")
    assert file is not None
    failed = Outcome(payout.id, paid=False, reference="", reason="No such number")
    await results(database, file.id, failed)
    with pytest.raises(SendingError, match="ask the provider"):
        await results(database, file.id, Outcome(payout.id, paid=True, reference="x", reason=""))
    assert (await wallet(database, worker)).available == EARNED
    async with database.reading() as tx:
        (last,) = await payouts_of(tx, worker.id)
        told = await tx.value(
            "SELECT content FROM outbox WHERE person_id = $1 AND content ->> 'state' = 'failed'", worker.person_id
        )
    assert (last.state, last.reason) == (PayoutState.FAILED, "No such number")
    assert told == {
        "state": "failed", "amount": EARNED, "currency": "USD", "masked": "•••• 5678", "reason": "No such number",
    }  # fmt: skip
    assert (await asked(database, worker)).id != payout.id
    await check_books(database)


async def test_what_is_finer_than_the_currency_stays_available_and_adds_up(database: Database) -> None:
    (somebody,) = await people(database, 1)
    await entered(database, somebody, {Asked.PHONE: "+221701234567", Asked.NAME: "Awa"})
    for number, (left, amount) in enumerate([(700_000, 1234), (400_000, 1235)]):
        async with database.transaction() as tx:
            await put_in(tx, 1_234_700_000, "XOF", key=f"xof {number}", by="test")
            await pay_bonus(tx, somebody.id, 1_234_700_000, "XOF", "a test", key=f"xof {number}", by="test")
        async with working(database, somebody) as tx:
            (prospect,) = await prospects(tx, somebody.id, "SN")
            payout = await request(tx, somebody.id, "SN", "XOF")
        assert (prospect.amount, prospect.left_over) == (amount * 1_000_000, left)
        assert payout.amount == prospect.amount
        await approved(database, payout)
        async with database.transaction() as tx:
            file = await make_file(tx, VAULT, HOUSE, "mobile_money", "XOF", key=f"xof {number}", by="test")
        assert file is not None
        assert f",Awa,{amount},XOF".encode() in file.data
        await results(database, file.id, Outcome(payout.id, paid=True, reference="", reason=""))
        assert (await wallet(database, somebody)).available == left
    await check_books(database)


async def test_two_requests_at_once_are_one(database: Database, worker: Worker) -> None:
    await entered(database, worker)
    done = await asyncio.gather(asked(database, worker), asked(database, worker), return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["Payout", "RequestError"]
    assert await hindrance(database, worker) is Hindrance.UNDER_WAY
    async with database.transaction() as tx:
        assert await tx.value("SELECT count(*) FROM payout WHERE worker_id = $1", worker.id) == 1
    await check_books(database)


async def test_it_can_be_taken_back_until_it_is_approved(database: Database, worker: Worker) -> None:
    await entered(database, worker)
    first = await asked(database, worker)
    for _ in range(2):
        async with working(database, worker) as tx:
            taken = await cancel(tx, worker.id, first.id)
        assert taken is not None
        assert taken.state is PayoutState.CANCELLED
    assert (await wallet(database, worker)).available == EARNED
    with pytest.raises(DecisionError, match="waits no more"):
        await approved(database, first)
    second = await asked(database, worker)
    await approved(database, second)
    async with working(database, worker) as tx:
        assert await cancel(tx, worker.id, second.id) is None
    (other,) = await people(database, 1)
    async with working(database, other) as tx:
        assert await cancel(tx, other.id, second.id) is None
    async with database.transaction() as tx:
        await refuse(tx, second.id, "the test is over", by="house/amina")
    await check_books(database)


async def test_one_that_waits_for_a_second_person_can_be_taken_back_or_approved_and_never_both(
    database: Database, worker: Worker
) -> None:
    await entered(database, worker)

    async def decided(number: int, by: str) -> tuple[list[int], list[int]]:
        async with database.transaction() as tx:
            return await approve(tx, [number], by=by, four_eyes={"USD": EARNED})

    async def taken_back(number: int) -> Payout | None:
        async with working(database, worker) as tx:
            return await cancel(tx, worker.id, number)

    first = await asked(database, worker)
    assert await decided(first.id, "house/amina (panel)") == ([], [first.id])
    back = await taken_back(first.id)
    assert back is not None
    assert (await wallet(database, worker)).available == EARNED
    with pytest.raises(DecisionError, match="waits no more"):
        await decided(first.id, "house/juma (panel)")
    second = await asked(database, worker)
    await decided(second.id, "house/amina (panel)")
    withdrawn, done = await asyncio.gather(
        taken_back(second.id), decided(second.id, "juma (command)"), return_exceptions=True
    )
    if isinstance(done, DecisionError):
        assert isinstance(withdrawn, Payout)
    else:
        assert withdrawn is None
        assert done == ([second.id], [])
        async with database.transaction() as tx:
            await refuse(tx, second.id, "the test is over", by="house/amina")
    assert (await wallet(database, worker)).available == EARNED
    await check_books(database)


async def test_what_stands_in_the_way_is_named(database: Database, clock: Clock, worker: Worker) -> None:
    assert await hindrance(database, worker) is Hindrance.NO_DETAILS
    await entered(database, worker)
    assert await hindrance(database, worker, country="DE") is Hindrance.NOT_SERVED
    assert await hindrance(database, worker, country=None) is Hindrance.NOT_SERVED
    await entered(database, worker, OTHER)
    assert await hindrance(database, worker) is Hindrance.FROZEN, "a change keeps money in for a day"
    await entered(database, worker, OTHER)
    clock.advance(FROZEN.total_seconds())
    assert (await asked(database, worker)).masked == "•••• 0111"
    (newcomer,) = await people(database, 1)
    await entered(database, newcomer)
    assert await hindrance(database, newcomer) is Hindrance.TOO_LITTLE
    async with database.reading() as tx:
        assert await prospects(tx, newcomer.id, "KE") == []
        (prospect,) = await prospects(tx, worker.id, "KE")
    assert prospect.hindrance is Hindrance.UNDER_WAY


async def test_of_a_change_of_details_their_worker_is_told_and_of_the_first_ones_not(
    database: Database, worker: Worker
) -> None:
    async def told() -> list[dict[str, str]]:
        async with database.reading() as tx:
            return [
                row["content"]
                for row in await tx.rows(
                    "SELECT content FROM outbox WHERE person_id = $1 AND subject = 'details_changed'", worker.person_id
                )
            ]

    await entered(database, worker)
    await entered(database, worker)
    assert await told() == [], "nothing was changed"
    await entered(database, worker, OTHER)
    await entered(database, worker, OTHER)
    assert await told() == [{"method": "mobile_money", "masked": "•••• 0111"}]
    async with database.transaction() as tx:
        await set_state(tx, worker.id, WorkerState.STOPPED)
        taken = [each for each in await take(tx, 1000) if each.person_id == worker.person_id]
    assert [each.wanted for each in taken if each.subject == "details_changed"] == [True], "also by who stopped"


async def test_above_a_limit_two_people_look_at_it(database: Database, worker: Worker) -> None:
    await entered(database, worker)
    payout = await asked(database, worker)
    limit = {"USD": EARNED}
    async with database.transaction() as tx:
        assert await approve(tx, [payout.id], by="house/amina", four_eyes=limit) == ([], [payout.id])
        assert await approve(tx, [payout.id], by="house/amina", four_eyes=limit) == ([], [payout.id]), "the same person"
    assert await file_of(database, f"c{payout.id}") is None
    async with database.transaction() as tx:
        assert await approve(tx, [payout.id], by="house/juma", four_eyes=limit) == ([payout.id], [])
        assert await approve(tx, [payout.id], by="house/juma", four_eyes=limit) == ([], [])
    assert await file_of(database, f"c{payout.id}") is not None


@pytest.mark.unit
def test_an_actor_is_a_person_on_whichever_way_they_come() -> None:
    ways = [
        "house/amina (panel)",
        "amina (command)",
        "Amina",
        " amina  (command)",
        "kazi house/AMINA (panel)",
        "ａmina",
    ]
    assert {person_of(way) for way in ways} == {"amina"}
    assert person_of("house/juma (panel)") != person_of("house/amina (panel)")


async def test_the_database_takes_no_second_approval_by_the_same_person(database: Database, worker: Worker) -> None:
    await entered(database, worker)
    payout = await asked(database, worker)
    seconds = "UPDATE payout SET approved_by = $2, seconded_by = $3 WHERE id = $1"
    for again in ("amina (command)", "house/Amina (panel)", " AMINA "):
        with pytest.raises(asyncpg.CheckViolationError, match="four_eyes"):
            async with database.transaction() as tx:
                await tx.run(seconds, payout.id, "house/amina (panel)", again)
    async with database.transaction() as tx:
        await tx.run(seconds, payout.id, "house/amina (panel)", "juma (command)")
        await refuse(tx, payout.id, "the test is over", by="house/amina")


async def test_what_is_refused_comes_back_and_says_why(database: Database, worker: Worker) -> None:
    await entered(database, worker)
    payout = await asked(database, worker)
    async with database.transaction() as tx:
        with pytest.raises(DecisionError, match="say why"):
            await refuse(tx, payout.id, " \n", by="house/amina")
        await refuse(tx, payout.id, "This number is another worker's.", by="house/amina")
    assert (await wallet(database, worker)).available == EARNED
    assert await news(database, worker) == ["refused"]
    async with database.transaction() as tx:
        with pytest.raises(DecisionError, match="waits no more"):
            await refuse(tx, payout.id, "again", by="house/amina")
    await check_books(database)


async def test_a_file_is_the_same_however_often_and_at_once_it_is_asked_for(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    crew = list(await people(database, 2))
    await earned(database, clock, tmp_path, crew)
    for worker, details in zip(crew, (PHONE, OTHER), strict=True):
        await entered(database, worker, details)
    payouts = [await asked(database, worker) for worker in crew]
    await approved(database, *payouts)
    key = f"d{payouts[0].id}"
    one, same = await asyncio.gather(file_of(database, key), file_of(database, key))
    assert one is not None
    assert one == same == await file_of(database, key)
    assert (one.payouts, one.total) == (2, 2 * EARNED)
    assert await file_of(database, f"e{payouts[0].id}") is None, "nothing is in two files"
    with pytest.raises(SendingError, match="not in this file"):
        await results(database, one.id, Outcome(10**9, paid=True, reference="", reason=""))
    with pytest.raises(SendingError, match="not in this file"):
        await results(database, one.id, under_way=(10**9,))
    part = await results(database, one.id, Outcome(payouts[0].id, paid=True, reference="", reason=""))
    assert part == Taken(paid=1, failed=0, known=0, under_way=0, open=1)
    await check_books(database)


async def test_staff_see_what_makes_one_look_twice(database: Database, clock: Clock, tmp_path: Path) -> None:
    crew = list(await people(database, 2))
    await earned(database, clock, tmp_path, crew)
    for worker in crew:
        await entered(database, worker)
    payouts = {(await asked(database, worker)).id: worker for worker in crew}
    async with database.reading() as tx:
        found = {each.id: each for each in await waiting(tx) if each.id in payouts}
    assert {each.pseudonym for each in found.values()} == {worker.pseudonym for worker in crew}
    assert all(each.marks == (Mark.SHARED_DETAILS,) for each in found.values())
    (fresh,) = await people(database, 1)
    await earned(database, clock, tmp_path / "more", [fresh])
    await entered(database, fresh, {Asked.PHONE: "+254733000222", Asked.NAME: "F"})
    await entered(database, fresh, {Asked.PHONE: "+254733000333", Asked.NAME: "F"})
    clock.advance(FROZEN.total_seconds())
    number = (await asked(database, fresh)).id
    async with database.transaction() as tx:
        await tx.run("UPDATE worker SET created_at = $2 WHERE id = $1", fresh.id, tx.now)
        (seen,) = [each for each in await waiting(tx) if each.id == number]
    assert seen.marks == (Mark.NEW_ACCOUNT, Mark.CHANGED_DETAILS)


async def test_nobody_who_only_sees_the_database_learns_where_money_goes(database: Database, worker: Worker) -> None:
    await entered(database, worker)
    await approved(database, payout := await asked(database, worker))
    await file_of(database, f"f{payout.id}")
    async with database.reading() as tx:
        for table in ("payout_details", "payout_file", "payout", "audit", "outbox"):
            for row in await tx.rows(f"SELECT to_jsonb(t)::text AS told FROM {table} t"):
                assert "712345678" not in row["told"]
                assert "Amina" not in row["told"]
        kept = await tx.rows("SELECT sealed FROM payout_details UNION ALL SELECT sealed FROM payout_file")
    assert all(b"712345678" not in row["sealed"] for row in kept)


async def test_keys_are_changed_under_what_is_kept(database: Database, worker: Worker) -> None:
    await entered(database, worker)
    await approved(database, payout := await asked(database, worker))
    file = await file_of(database, f"g{payout.id}")
    assert file is not None
    new = Vault([new_key(), *KEYS])
    assert await rotate(database, new) >= 2
    async with database.reading() as tx:
        row = await tx.row("SELECT sealed, print FROM payout_details WHERE worker_id = $1", worker.id)
        sealed = await tx.value("SELECT sealed FROM payout_file WHERE id = $1", file.id)
    assert row is not None
    assert new.open(f"worker {worker.id}", row["sealed"]) == PHONE
    assert row["print"] == new.print(f"mobile_money:{PHONE[Asked.PHONE]}")
    for kept in (row["sealed"], sealed):
        with pytest.raises(VaultError):
            VAULT.open_file(kept)
    assert new.open_file(sealed) == file.data
    with pytest.raises(VaultError):
        await rotate(database, VAULT)
    async with database.transaction() as tx:  # for the tests that come after
        await tx.run("UPDATE payout_details SET sealed = NULL")
        await tx.run("UPDATE payout_file SET sealed = $1", VAULT.seal_file(b""))


async def test_who_stopped_hears_of_their_money_and_who_blocked_the_bot_does_not(
    database: Database, worker: Worker
) -> None:
    await entered(database, worker)
    await approved(database, await asked(database, worker))
    for state, wanted in ((WorkerState.STOPPED, True), (WorkerState.BLOCKED, False)):
        async with database.transaction() as tx:
            await set_state(tx, worker.id, state)
            await tx.run("UPDATE outbox SET due_at = $2 WHERE person_id = $1", worker.person_id, tx.now)
            taken = await take(tx, 1000)
        notices = [each for each in taken if each.person_id == worker.person_id and each.subject != "released"]
        assert [(each.subject, each.wanted) for each in notices] == [("payout", wanted)]


async def test_where_the_key_is_lost_details_are_entered_anew(database: Database, worker: Worker) -> None:
    await entered(database, worker)
    new = Vault([new_key()])
    async with working(database, worker) as tx:
        first = await details_of(tx, worker.id)
        again = await enter(tx, new, worker.id, methods()["mobile_money"], PHONE)
        assert first is not None
        assert again.id != first.id
        assert new.open(f"worker {worker.id}", await tx.value(_SEALED, again.id)) == PHONE
        await tx.run("UPDATE payout_details SET sealed = NULL WHERE id = $1", again.id)


_SEALED = "SELECT sealed FROM payout_details WHERE id = $1"


def ways(state: PayoutState) -> list[list[PayoutState]]:
    """Every way from a state to an end."""
    return [[state, *rest] for after in sorted(NEXT[state]) for rest in ways(after)] or [[state]]


async def test_on_every_way_a_payout_can_go_each_state_is_told_but_the_workers_own_acts(
    database: Database, worker: Worker
) -> None:
    """What is paid comes last: on all other ways the money comes back."""
    await entered(database, worker)
    every = sorted(ways(PayoutState.REQUESTED), key=lambda way: way[-1] is PayoutState.PAID)
    assert {state for way in every for state in way} == set(PayoutState)
    for way in every:
        before, payout = len(await news(database, worker)), await asked(database, worker)
        for state in way[1:]:
            await go(database, worker, payout, state)
        assert (await news(database, worker))[before:] == [state for state in way if state not in OWN], way
        async with database.reading() as tx:
            assert await tx.value("SELECT state FROM payout WHERE id = $1", payout.id) == way[-1]
    await check_books(database)


async def go(database: Database, worker: Worker, payout: Payout, state: PayoutState) -> None:
    """Bring a payout to its next state, as whoever does that does it."""
    if state is PayoutState.APPROVED:
        await approved(database, payout)
    elif state is PayoutState.SENT:
        await file_of(database, f"way{payout.id}")
    elif state is PayoutState.CANCELLED:
        async with working(database, worker) as tx:
            await cancel(tx, worker.id, payout.id)
    elif state is PayoutState.REFUSED:
        async with database.transaction() as tx:
            await refuse(tx, payout.id, "why", by="house/amina")
    else:
        file = await file_of(database, f"way{payout.id}")
        assert file is not None
        paid = state is PayoutState.PAID
        await results(database, file.id, Outcome(payout.id, paid=paid, reference="", reason="" if paid else "no"))


async def test_a_key_names_one_file_and_no_other(database: Database, worker: Worker) -> None:
    await entered(database, worker)
    await approved(database, payout := await asked(database, worker))
    file = await file_of(database, f"h{payout.id}")
    assert file is not None
    for method, currency in (("manual", "USD"), ("mobile_money", "KES")):
        with pytest.raises(SendingError, match=file.name):
            async with database.transaction() as tx:
                await make_file(tx, VAULT, HOUSE, method, currency, key=f"h{payout.id}", by="house/amina")


async def test_speed_and_findings_of_fraud_make_one_look_twice(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    quick, calm = await people(database, 2)
    batch = await Batch.post(database, tmp_path, tasks=20, price="0.50", overlap={"least": 2, "most": 2})
    for who, seconds in ((quick, 1), (calm, 9)):
        got = await batch.next(who)
        while isinstance(got, Given):
            clock.advance(seconds)
            got = (await batch.accepted(who, got.lease_id)).next
    await batch.run("UPDATE batch SET pace_ms = 9000 WHERE id = $1", batch.id)
    async with database.transaction() as tx:
        found = {"burst": [Finding((calm.id,), 6.2, 23.0, {"rows": []})]}
        await keep(tx, batch.id, found, rate=0.005, answers=40, look=1)
    clock.advance(80 * 3600)
    await release_holds(database)
    for number, who in enumerate((quick, calm)):
        await entered(database, who, {Asked.PHONE: f"+25474400010{number}", Asked.NAME: "A"})
        await asked(database, who)
    async with database.reading() as tx:
        marks = {each.worker_id: each.marks for each in await waiting(tx)}
    assert (marks[quick.id], marks[calm.id]) == ((Mark.UNUSUAL_SPEED,), (Mark.FINDINGS,))


_AS_IT_IS = """
INSERT INTO payout (worker_id, currency, amount, fee, method, details_id, state, requested_at, reason, ended_at)
VALUES ($1, 'USD', 10000, 0, 'manual', $2, $3, $4::timestamptz, 'x', CASE WHEN $5 THEN $4 END) RETURNING id
"""


@pytest.mark.parametrize("before", PayoutState)
@pytest.mark.parametrize("after", PayoutState)
async def test_the_database_lets_a_payout_go_no_other_way(
    database: Database, owner: Database, before: PayoutState, after: PayoutState
) -> None:
    (somebody,) = await people(database, 1)
    await entered(database, somebody)
    ended = {PayoutState.PAID, PayoutState.FAILED, PayoutState.REFUSED, PayoutState.CANCELLED}
    async with owner.transaction() as tx:
        details = await details_of(tx, somebody.id)
        assert details is not None
        number = await tx.value(
            _AS_IT_IS,
            somebody.id, details.id, before, tx.now, before in ended,
        )  # fmt: skip

    async def go() -> None:
        async with database.transaction() as tx:
            await tx.run(
                "UPDATE payout SET state = $2, ended_at = CASE WHEN $4 THEN $3::timestamptz END WHERE id = $1",
                number, after, tx.now, after in ended,
            )  # fmt: skip

    if after is before or after in NEXT[before]:
        await go()
    else:
        with pytest.raises(asyncpg.PostgresError) as raised:
            await go()
        assert raised.value.sqlstate == "KZ004"


async def test_what_a_payout_is_for_never_changes_and_none_is_deleted(database: Database, worker: Worker) -> None:
    await entered(database, worker)
    payout = await asked(database, worker)
    for query in (
        "UPDATE payout SET amount = amount + 10000 WHERE id = $1",
        "UPDATE payout SET currency = 'EUR' WHERE id = $1",
        "DELETE FROM payout WHERE id = $1",
    ):
        with pytest.raises(asyncpg.PostgresError):
            async with database.transaction() as tx:
                await tx.run(query, payout.id)
