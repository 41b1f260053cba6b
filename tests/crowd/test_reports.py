"""Reports on money say what the ledger says: by batch and month, of the house, and what an hour earned."""

import csv
import io
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest

from crowd.appeals.settling import give_back_for_golds, settle_voidings
from crowd.appeals.states import Ground
from crowd.appeals.voiding import void
from crowd.batches.life import State, set_state
from crowd.exports import format_named
from crowd.fairpay.adding import add_money
from crowd.fairpay.raising import Raised, Reason, raise_price
from crowd.money.books import trial_balances
from crowd.money.holds import release_holds
from crowd.payouts.details import enter
from crowd.payouts.method import Asked, Payer
from crowd.payouts.methods import methods
from crowd.payouts.queue import approve
from crowd.payouts.requesting import request
from crowd.payouts.results import Outcome, Results
from crowd.payouts.sending import make_file, take_results
from crowd.payouts.vault import Vault, new_key
from crowd.reports.hourly import FEWEST, Group, Hourly, Workers, apart, hourly, percentile
from crowd.reports.ledger import Told
from crowd.reports.months import month_named, month_of, months, name_of
from crowd.reports.report import Report, ReportError, report
from crowd.reports.tables import TABLES, TableName, written
from crowd.requesters import Requester
from db.database import Database
from tests.crowd.scene import Batch, Worker, check_books, people, working
from tests.database import Clock
from tests.requester.scene import Item, batch_file, posted, requester

NOVEMBER, DECEMBER, JANUARY = date(2031, 11, 1), date(2031, 12, 1), date(2032, 1, 1)
VAULT = Vault([new_key()])
M = 1_000_000
_batches = count(1)


async def told(database: Database, who: Requester, *, month: date | None = None, batch_id: int | None = None) -> Report:
    async with database.reading() as tx:
        return await report(tx, who, month=month, batch_id=batch_id)


def go_to(clock: Clock, moment: datetime) -> None:
    clock.advance((moment - clock.now()).total_seconds())
    assert clock.now() == moment


async def batch_of(database: Database, folder: Path, owner: str, *, tasks: int = 8, **spec: object) -> Batch:
    """Answers at a dollar each, with a fee of a tenth; each task is for one worker."""
    about = f"{owner} {next(_batches)}"
    items = [Item(f"t{at}", f"{about} {at}") for at in range(tasks)]
    overlap = {"least": 1, "most": 1}
    path = batch_file(folder / about, items, **{"price": "1", "overlap": overlap, "hold_hours": 24, **spec})
    return Batch(database, (await posted(database, path, owner=owner, fee_ppm=100_000)).batch_id)


async def answer_in(batch: Batch, clock: Clock, worker: Worker, *seconds: float) -> None:
    """So many answers, each after so many seconds; the task that comes next is given back."""
    for each in seconds:
        got = await batch.given(worker)
        await batch.run(_SHOWN_NOW, worker.id, clock.now(), clock.now() + timedelta(hours=2))
        clock.advance(each)
        await batch.accepted(worker, got.lease_id)
    in_hands = await batch.value("SELECT id FROM lease WHERE worker_id = $1", worker.id)
    if in_hands is not None:
        await batch.pass_on(worker, in_hands)


_SHOWN_NOW = "UPDATE lease SET given_at = $2, due_at = $3 WHERE worker_id = $1"


async def pay_out(database: Database, worker: Worker) -> None:
    """All that is available, to a phone in Kenya."""
    details: dict[str, str] = {Asked.PHONE: "+254712345678", Asked.NAME: "Amina"}
    async with working(database, worker) as tx:
        await enter(tx, VAULT, worker.id, methods()["mobile_money"], details)
        await tx.run("UPDATE payout_details SET usable_at = entered_at WHERE worker_id = $1", worker.id)
        asked = await request(tx, worker.id, "KE", "USD")
    async with database.transaction() as tx:
        await approve(tx, [asked.id], by="amina", four_eyes={})
        file = await make_file(tx, VAULT, Payer(), "mobile_money", "USD", key=str(asked.id), by="amina")
        assert file is not None
        arrived = Outcome(asked.id, paid=True, reference="M", reason="")
        await take_results(tx, file.id, Results((arrived,)), by="amina")


async def test_a_ledger_worked_by_hand_is_told_to_the_cent_with_months_ending_in_utc(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    go_to(clock, datetime(2031, 11, 30, 23, 59, 40, tzinfo=UTC))
    batch = await batch_of(database, tmp_path, "hand")  # 8.00 and a fee of 0.80 are put in
    (worker,) = await people(database, 1)
    await answer_in(batch, clock, worker, 10, 9.999)  # the second one a millisecond before December
    assert clock.now() < datetime(2031, 12, 1, tzinfo=UTC)
    await answer_in(batch, clock, worker, 0.001)  # as December begins, to the millisecond
    go_to(clock, datetime(2031, 12, 31, 23, 59, 59, tzinfo=UTC))
    await release_holds(database)
    await answer_in(batch, clock, worker, 0.5)  # on hold when the year ends
    go_to(clock, datetime(2032, 1, 3, tzinfo=UTC))
    await release_holds(database)
    await pay_out(database, worker)  # 4.00
    async with database.transaction() as tx:
        await set_state(tx, batch.id, State.CLOSED, actor="test")
    found = await told(database, await requester(database, "hand"))
    assert [(each.month, each.told) for each in found.batches] == [
        (JANUARY, Told(released=1 * M, fee=400_000, returned=4_400_000)),
        (DECEMBER, Told(spent=2 * M, released=3 * M, on_hold=1 * M, left=4_800_000)),
        (NOVEMBER, Told(funded=8_800_000, spent=2 * M, on_hold=2 * M, left=6_800_000)),
    ]
    assert found.months == (JANUARY, DECEMBER, NOVEMBER)
    assert found.sums[DECEMBER, "USD"] == found.batches[1].told
    assert (found.house, found.trials) == ((), ())
    assert found.batches[2].hourly == Hourly(1, None, None), "one worker's pay is not shown"
    only = await told(database, await requester(database, "hand"), month=DECEMBER)
    assert [each.month for each in only.batches] == [DECEMBER]
    assert only.months == found.months

    house = {each.month: each for each in (await told(database, await requester(database))).house}
    assert (house[DECEMBER].paid, house[DECEMBER].owed, house[DECEMBER].batches.on_hold) == (0, 3 * M, 1 * M)
    january = house[JANUARY]
    assert (january.paid + january.payout_fees, january.owed, january.batches.on_hold) == (4 * M, 0, 0)
    assert january.batches == Told(released=1 * M, fee=400_000, returned=4_400_000)
    await check_books(database)


async def test_each_sees_their_own_batches_and_the_house_sees_all(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    ada, bob = await batch_of(database, tmp_path, "ada"), await batch_of(database, tmp_path, "bob")
    (worker,) = await people(database, 1)
    await answer_in(bob, clock, worker, 5)
    hers = await told(database, await requester(database, "ada"))
    assert {each.batch_id for each in hers.batches} == {ada.id}
    assert hers.groups == ()
    assert (await told(database, await requester(database, "nobody yet"))).batches == ()
    for number in (bob.id, 2**62):
        with pytest.raises(ReportError, match="no batch"):
            await told(database, await requester(database, "ada"), batch_id=number)
    house = await told(database, await requester(database))
    assert {ada.id, bob.id} <= {each.batch_id for each in house.batches}
    one = await told(database, await requester(database), batch_id=bob.id)
    assert {each.batch_id for each in one.batches} == {bob.id}
    assert (one.house, one.trials) == ((), ())


def parsed(name: TableName, found: Report) -> list[dict[str, str]]:
    text = written(format_named("csv"), TABLES[name], found).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


async def test_files_parse_back_and_add_up_to_the_trial_balance(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    crew = await people(database, 2)
    for name, currency in (("=HYPERLINK(1)", "USD"), ("Kwanza", "KES")):
        batch = await batch_of(database, tmp_path, "house", name=name, currency=currency)
        for worker in crew:
            await answer_in(batch, clock, worker, 3.5, 4)
    clock.advance(40 * 86400)
    await release_holds(database)
    await pay_out(database, crew[0])
    found = await told(database, await requester(database))
    balances: defaultdict[str, defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    async with database.reading() as tx:
        for trial in await trial_balances(tx):
            for line in trial.lines:
                balances[trial.currency][line.kind] = Decimal(line.balance) / M
    of_house, of_batches = parsed(TableName.HOUSE, found), parsed(TableName.BATCHES, found)
    assert {row["currency"] for row in of_house} == {"USD", "KES"}
    now = name_of(month_of(clock.now()))
    for currency, books in balances.items():
        assert books["available"] > 0, currency
        for rows in (of_house, of_batches):
            own = [row for row in rows if row["currency"] == currency]
            sums = {name: sum(Decimal(row[name]) for row in own) for name in ("funded", "spent", "fee", "returned")}
            assert sums["funded"] - sums["returned"] == -books["world"]
            assert sums["funded"] - sums["returned"] - sums["fee"] - sums["spent"] == books["escrow"]
            at_the_end = [row for row in own if row["month"] == now]
            assert sum(Decimal(row["on_hold"]) for row in at_the_end) == books["hold"]
            assert sum(Decimal(row["left"]) for row in at_the_end) == books["escrow"]
        own = [row for row in of_house if row["currency"] == currency]
        assert sum(Decimal(row["paid"]) for row in own) == books["paid"]
        assert sum(Decimal(row["fee"]) + Decimal(row["payout_fees"]) for row in own) == books["fee"]
        (last,) = (row for row in own if row["month"] == now)
        assert Decimal(last["owed"]) == books["available"] + books["requested"]
    assert all(
        Decimal(row["balance"]) == (0 if row["kind"] == "sum" else balances[row["currency"]][row["kind"]])
        for row in parsed(TableName.BALANCE, found)
    )
    assert "'=HYPERLINK(1)" in {row["name"] for row in of_batches}, "no spreadsheet runs it"


async def test_an_hours_pay_is_that_of_workers_by_country_and_language(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    """Dollars an hour by hand: one answer in 360 s is 10, in 180 s it is 20, two in 100 s and 260 s are 20 as well."""
    batch = await batch_of(database, tmp_path, "hourly", tasks=20)
    crew = await people(database, 7)
    for worker, country in zip(crew, ["KE", "KE", "KE", "TZ", "TZ", None, "KE"], strict=True):
        await batch.run("UPDATE worker SET country = $2 WHERE id = $1", worker.id, country)
    for worker, seconds in zip(crew, ((360,), (180,), (100, 260), (3600,), (1800,), (900,), (72,)), strict=True):
        await answer_in(batch, clock, worker, *seconds)
    found = await told(database, await requester(database, "hourly"))
    (row,) = found.batches
    # 2, 2 (an hour counts as half of one), 4, 10, 20, 20, 50
    assert row.hourly == Hourly(7, 10 * M, 2 * M)
    month = month_of(clock.now())
    assert found.groups == (
        Group(month, "USD", "sw", "KE", Hourly(4, 20 * M, 13 * M)),
        Group(month, "USD", None, None, Hourly(3, 2 * M, 2 * M)),
    )
    assert parsed(TableName.PAY, found)[1]["country"] == "others"


async def test_what_was_voided_is_no_pay_and_its_time_no_work(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch = await batch_of(database, tmp_path, "voided pay", tasks=20)
    for worker in await people(database, 3):
        await answer_in(batch, clock, worker, 3600, 360)
        first = await batch.value("SELECT min(id) FROM answer WHERE worker_id = $1", worker.id)
        async with database.transaction() as tx:
            about = {"reason": "a test", "ground": Ground.FINDING, "by": "one"}
            await void(tx, worker.id, batch.id, answer_id=first, **about)  # type: ignore[arg-type]
    (row,) = (await told(database, await requester(database, "voided pay"))).batches
    assert row.hourly == Hourly(3, 10 * M, 10 * M), "1.00 for six minutes"


def of(language: str, country: str, *pay: int) -> Workers:
    return Workers(language, country, tuple((hash((country, each)), each) for each in pay))


def shown(groups: Sequence[Workers]) -> list[tuple[str | None, int]]:
    return [(each.country, len(each.pay)) for each in apart(groups)]


@pytest.mark.unit
def test_fewer_than_three_workers_are_never_shown_apart_nor_found_by_taking_away() -> None:
    assert FEWEST == 3
    assert hourly([1, 2]) == Hourly(2, None, None)
    assert shown([]) == []
    assert shown([of("sw", "KE", 1, 2)]) == []
    assert shown([of("sw", "KE", 1, 2, 3)]) == [("KE", 3)]
    assert shown([of("sw", "KE", 1, 2), of("sw", "TZ", 1)]) == [(None, 3)]
    assert shown([of("sw", "KE", 1, 2, 3, 4), of("sw", "UG", 5, 6, 7), of("sw", "TZ", 1)]) == [("KE", 4), (None, 4)]
    one = ((7, 1),)
    same = [Workers("sw", "KE", one), Workers("am", "KE", one), Workers("ha", "KE", one)]
    assert apart(same) == [], "one worker in three languages is one worker"


@pytest.mark.unit
def test_a_percentile_lies_between_its_neighbours() -> None:
    assert percentile([5], 50) == 5
    assert percentile([0, 10], 50) == 5
    assert percentile([0, 10], 10) == 1
    assert percentile(list(range(101)), 10) == 10


@pytest.mark.unit
def test_months_have_names_and_follow_each_other() -> None:
    assert list(months(NOVEMBER, JANUARY)) == [NOVEMBER, DECEMBER, JANUARY]
    assert month_named("2031-11") == NOVEMBER
    for wrong in ("2031-13", "2031-1", "31-11", "2031-11-01", "", "٢٠٣١-١١", "0000-01"):
        with pytest.raises(ValueError, match=r"month|year"):
            month_named(wrong)


async def test_what_is_paid_on_top_and_what_is_voided_are_told(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    go_to(clock, datetime(2033, 3, 1, 9, tzinfo=UTC))
    march, april = date(2033, 3, 1), date(2033, 4, 1)
    batch = await batch_of(database, tmp_path, "on top", tasks=10)  # 10.00 and a fee of 1.00 are put in
    who = await requester(database, "on top")
    (worker,) = await people(database, 1)
    await answer_in(batch, clock, worker, 10, 10, 10)
    async with database.transaction() as tx:
        await add_money(tx, batch.id, 3 * M, key="more", fee_ppm=0, by="test")
        assert isinstance(await raise_price(tx, batch.id, Reason(1_200_000, 10_000, "KE", 1)), Raised)
    (now,) = (await told(database, who)).batches
    assert (now.told.spent, now.told.on_hold, now.told.left) == (3_600_000, 3 * M, 10_400_000)
    first = await batch.value("SELECT min(id) FROM answer WHERE batch_id = $1", batch.id)
    async with database.transaction() as tx:
        ground = Ground.FINDING
        await void(tx, worker.id, batch.id, answer_id=first, reason="a test", ground=ground, by="one")
    (now,) = (await told(database, who)).batches
    assert (now.told.spent, now.told.on_hold) == (3_600_000, 3 * M), "it may still be given back"
    go_to(clock, datetime(2033, 4, 2, tzinfo=UTC))
    await release_holds(database)
    await settle_voidings(database)
    found = await told(database, who)
    assert [(each.month, each.told) for each in found.batches] == [
        (april, Told(spent=-1 * M, released=2 * M, left=11_400_000)),
        (march, Told(funded=14 * M, spent=3_600_000, on_hold=3 * M, left=10_400_000)),
    ]
    house = await told(database, await requester(database, "house"))
    for each in house.house:
        assert each.batches.on_hold >= 0
    await check_books(database)


async def test_what_is_set_aside_at_the_end_for_what_was_voided_is_told_until_it_is_paid_or_returned(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    go_to(clock, datetime(2034, 3, 1, 9, tzinfo=UTC))
    march, april = date(2034, 3, 1), date(2034, 4, 1)
    batch = await batch_of(database, tmp_path, "set aside", tasks=10)  # 10.00 and a fee of 1.00 are put in
    who = await requester(database, "set aside")
    (worker,) = await people(database, 1)
    await answer_in(batch, clock, worker, 10, 10, 10)
    first, second = [
        await batch.value("SELECT id FROM answer WHERE batch_id = $1 ORDER BY id OFFSET $2 LIMIT 1", batch.id, at)
        for at in range(2)
    ]
    async with database.transaction() as tx:
        for answer, ground in ((first, Ground.GOLDS), (second, Ground.FINDING)):
            await void(tx, worker.id, batch.id, answer_id=answer, reason="a test", ground=ground, by="one")
        await add_money(tx, batch.id, 3 * M, key="more", fee_ppm=0, by="test")
        assert isinstance(await raise_price(tx, batch.id, Reason(1_200_000, 10_000, "KE", 1)), Raised)
        await set_state(tx, batch.id, State.CLOSED, actor="test")
    fee = round(1_200_000 * M / (13 * M))
    (now,) = (await told(database, who)).batches
    assert now.told == Told(funded=14 * M, spent=3_600_000, fee=fee, returned=10_400_000 - fee, on_hold=3_400_000)
    go_to(clock, datetime(2034, 4, 1, 10, tzinfo=UTC))
    async with working(database, worker) as tx:
        kind = await tx.row("SELECT kind, language FROM batch WHERE id = $1", batch.id)
        assert kind is not None
        await give_back_for_golds(tx, [worker.id], kind["kind"], kind["language"])
    go_to(clock, datetime(2034, 4, 20, tzinfo=UTC))
    await release_holds(database)
    await settle_voidings(database)
    assert [(each.month, each.told) for each in (await told(database, who)).batches] == [
        (april, Told(spent=-1_200_000, released=2 * M, returned=1_200_000)),
        (march, now.told),
    ]
    await check_books(database)
