"""What money is about worth at home stands beside it, marked as only about so, and never decides anything."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.i18n.locales import available
from bot.i18n.tongue import tongue
from crowd.money.rates import BASE, Rate, RateError, Worth, rates, set_rate, worth
from db.database import Database
from tests.bot.chat import Chat, Person
from tests.bot.test_payout import rich

TZS = "0.0004"


async def kept(database: Database, currency: str, value: str) -> Rate:
    async with database.transaction() as tx:
        return await set_rate(tx, currency, value, "the central bank", by="amina")


async def earned(chat: Chat) -> Person:
    """Somebody in Tanzania with 2.50 dollars available."""
    return await rich(chat)


async def test_amounts_say_what_they_are_about_worth_at_home_as_long_as_the_rate_is_fresh(chat: Chat) -> None:
    person = await earned(chat)
    for screen in ("/earnings", "/payout"):
        assert "≈" not in (await person.say(screen)).text, "nobody keeps a rate"
    rate = await kept(chat.onlooker, "TZS", TZS)
    dated = f"Its rate is of {tongue('en').day(rate.set_at.date())}."
    text = (await person.say("/earnings")).text
    assert "Available: $2.50 ≈ TZS 6,250\n" in text.replace("\xa0", " ")
    assert "On hold: $0.00\n" in text, "nothing is worth nothing everywhere"
    assert "≈ is only a guide" in text
    assert "Its rate is of" not in text
    payout_screen = await person.say("/payout")
    assert "≈ TZS 6,250" in payout_screen.text.replace("\xa0", " ")
    chat.clock.advance((rate.set_at + timedelta(days=30) - chat.clock.now()).total_seconds())
    for shown in ("/earnings", "/payout"):
        assert dated in (await person.say(shown)).text
    chat.clock.advance(timedelta(days=60).total_seconds())
    for shown in ("/earnings", "/payout"):
        assert "≈" not in (await person.say(shown)).text, "what is three months old says nothing"


async def test_nothing_is_paid_by_a_rate(chat: Chat) -> None:
    await kept(chat.onlooker, "TZS", "5000")
    person = await earned(chat)
    assert "≈" in (await person.say("/earnings")).text
    wallets = "SELECT DISTINCT a.currency FROM account a JOIN worker w ON w.id = a.owner AND w.person_id = $1"
    assert await chat.value(wallets, person.id) == "USD"
    available_now = wallets.replace("DISTINCT a.currency", "a.balance") + " WHERE a.kind = 'available'"
    assert await chat.value(available_now, person.id) == 2_500_000


async def test_who_is_paid_in_their_own_money_sees_no_other(database: Database) -> None:
    await kept(database, "KES", "0.0077")
    await kept(database, "EUR", "1.1")
    async with database.reading() as tx:
        assert await worth(tx, "KE", ["KES"]) == {}
        assert await worth(tx, "EC", ["USD"]) == {}, "Ecuador pays with dollars"
        assert await worth(tx, "ZW", ["USD"]) == {}, "Zimbabwe too, beside its own"
        assert await worth(tx, None, ["USD"]) == {}
        assert await worth(tx, "XX", ["USD"]) == {}
        assert await worth(tx, "NG", ["USD"]) == {}, "nobody keeps a rate of its money"
        across = (await worth(tx, "KE", ["EUR", "USD", "GBP"]))["EUR"]
        home = (await worth(tx, "EC", ["KES"]))["KES"]
    assert (across.currency, across.about(10_000_000)) == ("KES", 1_430_000_000)  # 1.1 / 0.0077 = 142.86
    assert (home.currency, home.about(100_000_000)) == (BASE, 770_000)


@pytest.mark.unit
def test_about_has_three_digits() -> None:
    same = Worth("KES", 1, 1, None)
    for exact, about in ((0, 0), (7, 7), (999, 999), (1004, 1000), (1005, 1010), (123_456_789, 123_000_000)):
        assert same.about(exact) == about


@pytest.mark.unit
@pytest.mark.parametrize("locale", available())
def test_an_amount_that_is_about_right_has_no_empty_cents(locale: str) -> None:
    voice = tongue(locale)
    assert "00" not in voice.about(12_000_000, "KES").replace("1200", "")
    assert any(sign in voice.about(2_600_000, "KES") for sign in ("2.6", "2,6"))
    assert not any(sign in voice.about(2_600_000, "KES") for sign in ("2.60", "2,60"))


async def test_a_rate_is_kept_with_where_it_is_from_and_a_wrong_one_is_not(database: Database) -> None:
    for currency, value, source in (
        ("USD", "1", "x"), ("XXX", "1", "x"), ("kshs", "1", "x"), ("KES", "0", "x"), ("KES", "-1", "x"),
        ("KES", "NaN", "x"), ("KES", "Infinity", "x"), ("KES", "1e99", "x"), ("KES", "many", "x"), ("KES", "1", " "),
        ("KES", "1", "x" * 201), ("KES", "1", "a\u202eb"), ("KES", "0.0000000001", "x"),
    ):  # fmt: skip
        with pytest.raises(RateError):
            async with database.transaction() as tx:
                await set_rate(tx, currency, value, source, by="amina")
    await kept(database, "ugx", "0.00027")
    made = await kept(database, "UGX", "0.000275")
    async with database.reading() as tx:
        assert made in await rates(tx)
        assert [each.value for each in await rates(tx) if each.currency == "UGX"] == [Decimal("0.000275")]
        assert await tx.value("SELECT count(*) FROM audit WHERE action = 'rate.set' AND actor = 'amina'") >= 2
