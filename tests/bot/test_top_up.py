"""A worker is told of what they are paid on top, and finds it among their earnings."""

from crowd.fairpay.raising import Raised, Reason, raise_price
from tests.bot.chat import Chat


async def test_a_raise_is_told_and_stands_in_the_earnings(chat: Chat) -> None:
    posted = await chat.batch("qap", 8, title={"en": "Fruit <& more>"}, overlap={"least": 1, "most": 5})
    person = await chat.worker("qap")
    await person.begin(posted)
    await person.tap("a:.*")
    async with chat.database.transaction() as tx:
        done = await raise_price(tx, posted.batch_id, Reason(30_000, 60_000, "TZ", 1_500_000))
    assert done == Raised(1, 10_000)
    told = await person.until(lambda one: "on top" in one.text)
    assert "“Fruit <& more>” takes longer than was thought, so it now pays more." in told.text
    assert "$0.01 on top. It is available now." in told.text
    screen = await person.tap("e", told)
    assert "Available: $0.01" in screen.text
    assert "➕ $0.01 on top for “Fruit <& more>”" in screen.text


async def test_who_may_not_be_underpaid_reads_why_there_is_nothing(chat: Chat) -> None:
    posted = await chat.batch("qaq", 8, price="0.005")
    person = await chat.worker("qaq")
    await chat.run("UPDATE batch SET underpays = '{TZ}' WHERE id = $1", posted.batch_id)
    screen = await person.say("/work")
    assert "pays too little for your country" in screen.text
    assert not screen.has(f"w:{posted.batch_id}")
