"""What an hour pays is known before a batch starts, and one that pays too little does not start."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from babel.numbers import get_territory_currencies

from crowd.batchfile import check
from crowd.fairpay.checking import with_pay, with_pay_by_default
from crowd.fairpay.expected import UnderpaidError, expected_pay, pay_by, spoken_in
from crowd.fairpay.floors import FloorError, Floors, countries, forget_floor, read_floors, set_floor
from crowd.fairpay.hours import price_for
from crowd.loop.handing import Dry, Given
from crowd.loop.offers import Nothing, NoWork, offers
from db.database import Database
from tests.crowd.scene import check_books
from tests.database import Clock
from tests.fairpay.scene import crowd, slow_work
from tests.kinds.sample import samples, write_batch
from tests.kinds.test_judged import JUDGING
from tests.requester.scene import Item, batch_file, checked_for_tests, posted

NONE = Floors({})
LOCALES = re.findall(
    r"\w+",
    "en es fr pt ar fa ur hi bn ta te mr gu pa ne si my th km lo vi id fil sw ha yo ig am so zu rw tr ru uk ko zh",
)


def some(folder: Path, **changed: object) -> Path:
    return batch_file(folder, [Item(f"i{at}", f"text {at}") for at in range(3)], **changed)


def test_countries_are_those_where_a_language_is_spoken() -> None:
    assert set(spoken_in("sw")) == {"CD", "KE", "TZ", "UG"}
    assert "NP" in spoken_in("ne")
    assert spoken_in("qaa") == ()
    assert spoken_in("zh-Hans") == spoken_in("zh")


def test_every_country_has_a_floor_in_dollars_and_about_as_much_in_other_usual_currencies() -> None:
    assert {"KE", "DE", "NP", "*"} < set(countries())
    assert all(1_000_000 <= NONE.per_hour(each, "USD") <= 8_000_000 for each in countries())
    assert NONE.per_hour(None, "USD") == NONE.per_hour("KE", "USD") == 1_500_000
    assert NONE.per_hour("UG", "USD") < NONE.per_hour("ZA", "USD") < NONE.per_hour("DE", "USD")
    assert NONE.per_hour("KE", "KES") == 130 * NONE.per_hour("KE", "USD")
    shown = NONE.of("DE", "EUR")
    assert shown is not None
    assert (shown.per_hour, shown.source.endswith("at about 0.9 EUR a dollar")) == (7_200_000, True)
    assert all(NONE.of(each, unusual) is None for each in countries() for unusual in ("FJD", "XAU"))


def test_every_locale_has_a_country_whose_money_has_floors() -> None:
    for locale in LOCALES:
        money = {used[0] for each in spoken_in(locale) if (used := get_territory_currencies(each))}
        assert any(NONE.of(None, each) for each in money), (locale, money)


async def test_where_no_floor_is_known_nothing_starts_until_staff_set_one(database: Database, tmp_path: Path) -> None:
    path = some(tmp_path, currency="FJD", price="0.02")
    checked = with_pay_by_default(check(path))
    assert not checked.good
    assert checked.pay is not None
    assert set(checked.pay.underpays) == set(countries())
    assert "kazi floors set '*' FJD" in next(checked.said())
    with pytest.raises(UnderpaidError, match="no floor for an hour's pay is known in FJD"):
        await posted(database, path)
    async with database.transaction() as tx:
        await set_floor(tx, "KE", "FJD", 2_000_000, "a test", by="test")
    async with database.reading() as tx:
        told = await with_pay(tx, check(path))
    assert told.good
    assert told.pay is not None
    assert ({"KE"} & set(told.pay.underpays), {"TZ", "DE"} <= set(told.pay.underpays)) == (set(), True)
    async with database.transaction() as tx:
        await forget_floor(tx, "KE", "FJD", by="test")


@pytest.mark.parametrize(("price", "fair"), [("0.0016", False), ("0.0017", True), ("0.02", True)])
def test_a_batch_is_fair_where_it_reaches_the_lowest_floor_of_its_language(
    tmp_path: Path, price: str, *, fair: bool
) -> None:
    """Uganda's and Congo's is 1.00 an hour: at six seconds an answer 1,667 micro-units."""
    checked = with_pay_by_default(check(some(tmp_path, price=price)))
    assert checked.pay is not None
    assert checked.pay.fair is checked.good is fair
    assert checked.pay.places[0].floor == 1_000_000
    assert checked.pay.fair_price == 1_700
    assert ("KE" in checked.pay.underpays) == (price != "0.02")
    said = list(checked.said())
    assert len([one for one in said if "the floor" in one]) == (not fair)
    if not fair:
        assert "an hour pays 0.96 USD" in said[0]
        assert "in Congo - Kinshasa is 1.00" in said[0]
        assert "Pay 0.0017 USD" in said[0]


def test_longer_times_that_a_file_states_count_and_shorter_ones_do_not_against_measured(tmp_path: Path) -> None:
    spec = check(some(tmp_path, seconds=30)).spec
    assert spec is not None
    assert pay_by(spec, NONE, ()).slow_ms == 30_000
    assert pay_by(spec, NONE, [(10_000, 20_000)]).slow_ms == 30_000
    assert pay_by(spec, NONE, [(40_000, 60_000), (42_000, 50_000), (10_000, 90_000)]).slow_ms == 60_000
    quick = spec.model_copy(update={"seconds": 1})
    assert pay_by(quick, NONE, [(10_000, 20_000)]).slow_ms == 20_000
    assert pay_by(quick, NONE, ()).slow_ms == 1200, "less than a fifth of what is usual is not believed"


def test_prices_that_are_worked_out_reach_the_floor_and_are_round() -> None:
    for ms in (1, 999, 6000, 36_000, 91_234):
        price = price_for(1_500_000, ms)
        assert price % 100 == 0
        assert price * 3_600_000 >= 1_500_000 * ms
        assert (price - 100) * 3_600_000 < 1_500_000 * ms


async def test_what_pays_too_little_is_not_posted_and_nothing_is_left_of_it(database: Database, tmp_path: Path) -> None:
    with pytest.raises(UnderpaidError):
        await posted(database, some(tmp_path, price="0.001"))
    async with database.reading() as tx:
        assert await tx.value("SELECT count(*) FROM batch WHERE price = 1000") == 0
    await check_books(database)


async def test_what_earlier_batches_took_is_known_at_the_next(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch = await slow_work(database, tmp_path, tasks=60, overlap={"least": 2, "most": 5}, price="0.1")
    many = await crowd(database, clock, batch, [40.0] * 5)
    await many.answers(60)
    await many.look()
    language = await batch.value("SELECT language FROM batch WHERE id = $1", batch.id)
    checked = checked_for_tests(some(tmp_path / "next", language=language, price="0.01"), 0)
    async with database.reading() as tx:
        told = await with_pay(tx, checked)
        assert told.spec is not None
        assert await expected_pay(tx, told.spec) == told.pay
    assert told.pay is not None
    assert told.pay.measured
    assert 38_000 < told.pay.usual_ms < told.pay.slow_ms < 50_000
    assert not told.good
    assert "measured in such work before" in next(told.said())
    checked.close()


async def test_workers_are_offered_only_what_reaches_the_floor_where_they_are(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await slow_work(database, tmp_path, tasks=20, price="0.005")
    many = await crowd(database, clock, batch, [6.0] * 3, ["KE", "DE", None])
    kenya, germany, unknown = many.workers
    for worker in (kenya, unknown):
        assert isinstance(await batch.next(worker), Given)
    assert await batch.next(germany) is Dry.NOT_ALLOWED
    async with database.reading() as tx:
        got = await offers(tx, germany.id)
    assert isinstance(got, Nothing)
    assert NoWork.UNDERPAID in got.reasons
    async with database.transaction() as tx:
        await set_floor(tx, "de", "USD", 0, "a test", by="test")
    await many.look()
    assert isinstance(await batch.next(germany), Given)
    async with database.transaction() as tx:
        await forget_floor(tx, "DE", "USD", by="test")
    await many.look()
    assert isinstance(await batch.next(germany), Given), "who takes part goes on, and is topped up"


async def test_floors_that_cannot_be_are_refused_with_a_reason(database: Database) -> None:
    async with database.transaction() as tx:
        for country, amount, source in (("XX", 1, "x"), ("KE", -1, "x"), ("KE", 1, " "), ("KE", 1, "x" * 300)):
            with pytest.raises(FloorError):
                await set_floor(tx, country, "USD", amount, source, by="test")
        await set_floor(tx, "*", "KES", 150_000_000, "what people live on", by="test")
        floors = await read_floors(tx)
        assert floors.per_hour("KE", "KES") == floors.per_hour("DE", "KES") == 150_000_000
        assert await forget_floor(tx, "*", "KES", by="test")
        assert not await forget_floor(tx, "*", "KES", by="test")


def test_a_floor_of_its_own_comes_before_that_of_all_others(tmp_path: Path) -> None:
    spec = check(some(tmp_path, price="0.02", currency="EUR")).spec
    assert spec is not None
    pay = pay_by(spec, NONE, ())
    assert pay.fair
    assert {place.country: place.floor for place in pay.places}["KE"] == 1_350_000
    assert pay.underpays == ()
    assert pay.per_hour == int(Decimal(12) * 1_000_000)


def test_judging_is_paid_fairly_too(tmp_path: Path) -> None:
    judging = {**JUDGING, "price": "0.0005"}
    path = write_batch(
        tmp_path / "b",
        next(each for each in samples() if each.name == "speak"),
        tasks=3,
        golds=0,
        practice=0,
        judging=judging,
    )
    checked = with_pay_by_default(check(path))
    assert not checked.good
    assert "judging.price: an answer takes 12 s" in next(checked.said())
