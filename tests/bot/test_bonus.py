"""A worker reads at once that they got a bonus, and what for, and finds it among their earnings."""

from crowd.bonuses.paying import LONGEST_REASON, pay_bonus
from crowd.bonuses.pot import put_in
from tests.bot.chat import Chat, eventually


async def test_a_bonus_is_told_with_its_reason_and_stands_in_the_earnings(chat: Chat) -> None:
    person = await chat.worker("qap")
    async with chat.database.transaction() as tx:
        worker = await tx.value("SELECT id FROM worker WHERE person_id = $1", person.id)
        await put_in(tx, 5_000_000, "KES", key="pot", by="test")
        await pay_bonus(tx, worker, 1_500_000, "KES", "You found <mistakes> & told us", key="1", by="test")
    told = await person.until(lambda one: "bonus" in one.text)
    assert "You get a bonus of KES\xa01.50. It is available now." in told.text
    assert "The reason: “You found <mistakes> & told us”" in told.text
    screen = await person.tap("e", told)
    assert "Available: KES\xa01.50" in screen.text
    assert "➕ KES\xa01.50 bonus" in screen.text
    assert "“You found <mistakes> & told us”" in screen.text


async def test_the_longest_reason_has_room(chat: Chat) -> None:
    person = await chat.worker("qar")
    async with chat.database.transaction() as tx:
        worker = await tx.value("SELECT id FROM worker WHERE person_id = $1", person.id)
        await put_in(tx, 5_000_000, "UGX", key="longest", by="test")
        for number in range(4):
            await pay_bonus(tx, worker, 1_000, "UGX", "&" * LONGEST_REASON, key=f"{number} of 4", by="test")

    async def told_of_all() -> bool:
        return sum("bonus" in one.text for one in await person.screens()) == 4

    await eventually(told_of_all)
    screen = await person.say("/earnings")
    assert screen.text.count("➕") == 3
    assert "…”" in screen.text
