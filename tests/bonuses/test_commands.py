"""`kazi bonus` and `kazi referrals`: staff fill a pot, pay out of it, and say what invitations pay."""

import json

from db.database import Database
from tests.bonuses.scene import invited, invites, looked
from tests.bonuses.test_bonuses import available
from tests.crowd.scene import check_books, people
from tests.requester.test_commands import Kazi, kazi

__all__ = ["kazi"]  # a fixture


async def test_a_pot_is_filled_and_a_bonus_paid_each_once(kazi: Kazi, database: Database) -> None:
    (worker,) = await people(database, 1)
    assert "no pot yet" in (await kazi("bonus", "list")).stdout
    for said in ("10.50 USD put into the pot", "nothing moved"):
        assert said in (await kazi("bonus", "fund", "10.50", "usd", "--key", "jan")).stdout
    assert "another sum" in (await kazi("bonus", "fund", "11", "usd", "--key", "jan", code=1)).output
    pay = ("bonus", "pay", worker.pseudonym, "0.75", "usd", "--reason", "Well done", "--key", "b1", "--by", "amina")
    for said in (f"{worker.pseudonym} has 0.75 USD more", "nothing moved"):
        assert said in (await kazi(*pay)).stdout
    assert await available(database, worker) == {"USD": 750_000}
    (pot,) = json.loads((await kazi("bonus", "list", "--json")).stdout)
    assert pot == {"currency": "USD", "balance": 9_750_000, "put_in": 10_500_000, "paid": 750_000}
    assert "9.75" in (await kazi("bonus", "list")).stdout
    assert "taken out" in (await kazi("bonus", "fund", "9", "usd", "--out", "--key", "back")).stdout
    assert "does not hold" in (await kazi(*pay[:3], "5", *pay[4:8], "b2", code=1)).output
    async with database.reading() as tx:
        actor = await tx.value("SELECT actor FROM audit WHERE action = 'bonus.pay'")
    assert actor == "amina (command)"
    await check_books(database)


async def test_what_cannot_be_done_says_why(kazi: Kazi) -> None:
    assert "no amount" in (await kazi("bonus", "fund", "much", "USD", "--key", "x", code=1)).output
    assert "--out" in (await kazi("bonus", "fund", "0", "USD", "--key", "x", code=1)).output
    assert "no currency" in (await kazi("bonus", "fund", "1", "dollars", "--key", "x", code=1)).output
    pay = ("bonus", "pay", "w_nobody", "1", "USD", "--reason", "x", "--key", "x")
    assert "there is no worker w_nobody" in (await kazi(*pay, code=1)).output
    assert "good answers" in (await kazi("referrals", "set", "1", "USD", "--answers", "0", code=1)).output


async def test_invitations_pay_what_staff_say_until_they_stop(kazi: Kazi, database: Database) -> None:
    assert "pay nothing now" in (await kazi("referrals", "show")).stdout
    assert "for 50 good answers" in (await kazi("referrals", "set", "2", "eur")).stdout
    (inviter,) = await people(database, 1)
    friend = await invited(database, inviter)
    assert "nothing from now on" in (await kazi("referrals", "stop")).stdout
    assert "already" in (await kazi("referrals", "stop")).stdout
    async with database.transaction() as tx:
        await tx.run("UPDATE invitation SET earned_at = $2 WHERE invited_id = $1", friend.id, tx.now)
    await looked(database)
    said = (await kazi("referrals", "show")).stdout
    assert "1 came by the links of 1 workers" in said
    assert "1 earned, 2.00 EUR: wait for money in the pot" in said
    await kazi("bonus", "fund", "2", "eur", "--key", "eur")
    await looked(database)
    told = json.loads((await kazi("referrals", "show", "--json")).stdout)
    assert (told["terms"], told["paid"], told["sums"], told["held"]) == (None, 1, [["EUR", 2_000_000]], [])
    assert (await invites(database, inviter)).paid == 1
