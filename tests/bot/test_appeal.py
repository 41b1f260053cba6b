"""Money taken back: its worker is told why, appeals by taps and a message, and hears how it ended; and wrong checks."""

import asyncio
from datetime import timedelta

import pytest

from bot.i18n.tongue import tongue
from crowd.appeals.deciding import decide
from crowd.appeals.settling import settle_voidings
from crowd.appeals.states import Ground
from crowd.appeals.voiding import void
from crowd.golds.contesting import uphold
from crowd.grading.grading import grade_answers
from tests.bot.chat import Chat, Person, Screen, own_language
from tests.bot.looks import isolated
from tests.requester.scene import Item

AMINA, JUMA = "house/amina (panel)", "house/juma (panel)"
HOSTILE = "<b>the same {answer} & more"


async def earned(chat: Chat, locale: str = "en", *, answers: int = 3, title: str = "Feelings") -> tuple[Person, int]:
    language = own_language()
    batch = await chat.batch(language, answers + 2, title={"en": title})
    person = await chat.worker(language, locale=locale)
    await person.begin(batch)
    for _ in range(answers):
        await person.tap(r"a:\d+:0")
    return person, batch.batch_id


async def worker_id(person: Person) -> int:
    found: int = await person.chat.value("SELECT id FROM worker WHERE person_id = $1", person.id)
    return found


async def taken(person: Person, batch_id: int, reason: str = HOSTILE, *, answer_id: int | None = None) -> Screen:
    """Void what is on hold, and wait until the phone shows it."""
    worker, before = await worker_id(person), (await person.screen()).message_id
    async with person.chat.database.transaction() as tx:
        await void(tx, worker, batch_id, reason=reason, ground=Ground.FINDING, by=AMINA, answer_id=answer_id)
    return await person.until(lambda screen: screen.message_id > before and screen.has(r"ap:\d+"))


async def answer_it(person: Person, *, grant: bool, reason: str = "Two of us looked.") -> Screen:
    before = (await person.screen()).message_id
    number = await person.chat.value(
        "SELECT max(v.id) FROM voiding v JOIN worker w ON w.id = v.worker_id WHERE w.person_id = $1", person.id
    )
    async with person.chat.database.transaction() as tx:
        await decide(tx, number, grant=grant, reason=reason, by=JUMA)
    return await person.until(lambda screen: screen.message_id > before)


async def appeals(person: Person) -> list[str | None]:
    """What was said in each that was filed."""
    async with person.chat.onlooker.reading() as tx:
        rows = await tx.rows(
            "SELECT v.said FROM voiding v JOIN worker w ON w.id = v.worker_id "
            "WHERE w.person_id = $1 AND v.appealed_at IS NOT NULL ORDER BY v.id",
            person.id,
        )
    return [row["said"] for row in rows]


async def test_money_taken_back_is_told_with_the_reason_and_shown_in_earnings(chat: Chat) -> None:
    person, batch = await earned(chat)
    notice = await taken(person, batch)
    assert "$0.06 for 3 answers in Feelings, which was on hold, was taken back." in notice.text
    assert HOSTILE in notice.text
    assert "for 14 days" in notice.text
    assert "within 72 hours" in notice.text
    screen = await person.tap("e", notice)
    assert "On hold: $0.00" in screen.text
    assert "Taken back, can be appealed: $0.06" in screen.text
    assert screen.text.count(f"Taken back: “{HOSTILE}”") == 3
    assert "<s>$0.02</s>" in screen.html
    assert screen.labels.count("⚖️ Appeal") == 1


async def test_two_voidings_on_one_page_have_a_button_each(chat: Chat) -> None:
    person, batch = await earned(chat)
    first = await chat.value("SELECT min(a.id) FROM answer a WHERE worker_id = $1", await worker_id(person))
    await taken(person, batch, answer_id=first)
    await taken(person, batch)
    screen = await person.say("/earnings")
    assert {"⚖️ 1. Appeal", "⚖️ 2. Appeal"} <= set(screen.labels)
    assert "⚖️ 1. You can appeal until" in screen.text


async def test_an_appeal_with_a_reason_is_won_and_the_money_is_available(chat: Chat) -> None:
    person, batch = await earned(chat)
    await taken(person, batch)
    screen = await person.tap(r"ap:\d+")
    assert "Write in one message why" in screen.text
    draft = await person.say("They are <i>all good.")
    assert "They are <i>all good." in draft.text
    assert await appeals(person) == []
    assert await person.answers() == 3, "it answered no task"
    draft = await person.say("I looked twice.")
    assert "They are" not in draft.text
    done = await person.tap(r"ay:.*")
    assert "Your appeal is sent" in done.text
    assert "Your appeal is answered by" in done.text
    assert not done.has(r"ap:\d+")
    assert await appeals(person) == ["I looked twice."]
    news = await answer_it(person, grant=True)
    assert "You won your appeal: $0.06 for Feelings" in news.text
    assert "Two of us looked." in news.text
    screen = await person.tap("e", news)
    assert "Available: $0.06" in screen.text
    assert screen.text.count("It was given back to you.") == 3
    assert "<s>" not in screen.html


async def test_an_appeal_without_a_reason_is_turned_down_with_one(chat: Chat) -> None:
    person, batch = await earned(chat)
    await taken(person, batch)
    await person.tap(r"ap:\d+")
    await person.tap("⚖️ Send without")
    assert await appeals(person) == [None]
    news = await answer_it(person, grant=False)
    assert "turned it down: $0.06 for Feelings stays taken back" in news.text
    screen = await person.tap("e", news)
    assert "Your appeal was turned down: “Two of us looked.”" in screen.text
    assert "can be appealed" not in screen.text
    assert "Available: $0.00" in screen.text


async def test_silence_is_told_and_stays_with_who_said_stop(chat: Chat) -> None:
    person, batch = await earned(chat)
    await taken(person, batch)
    await person.tap(r"ap:\d+")
    await person.tap("⚖️ Send without")
    stopped = await person.say("/stop")
    await chat.run(
        "UPDATE outbox SET due_at = due_at - interval '1 day' WHERE person_id = $1 AND sent_at IS NULL", person.id
    )
    chat.clock.advance(timedelta(hours=72).total_seconds())
    await settle_voidings(chat.database)
    news = await person.until(lambda screen: screen.message_id > stopped.message_id)
    assert "Nobody answered your appeal in time, so you won it: $0.06" in news.text


async def test_double_taps_and_stale_buttons_file_one_appeal_and_send_only_what_stood_there(chat: Chat) -> None:
    person, batch = await earned(chat)
    notice = await taken(person, batch)
    screen = await person.tap(r"ap:\d+")
    without = screen.find("⚖️ Send without")
    await person.say("A reason.")
    again = await person.forge(without)
    assert "A reason." in again.text, "the old button sends nothing"
    assert await appeals(person) == []
    send = again.find("✅ Send the appeal")
    await asyncio.gather(*(person.finger(send, again) for _ in range(3)))
    assert await appeals(person) == ["A reason."]
    assert "nothing to appeal against" in (await person.forge(notice.find(r"ap:\d+"))).text
    assert "nothing to appeal against" in (await person.forge("ay:000")).text
    assert "nothing to appeal against" in (await person.forge("ap:1")).text


async def test_what_is_too_long_is_said_and_cancelling_leaves_it_open(chat: Chat) -> None:
    person, batch = await earned(chat)
    await taken(person, batch)
    await person.tap(r"ap:\d+")
    assert "1,000 characters at most" in (await person.say("x" * 1001)).text
    await person.tap("ax")
    assert await appeals(person) == []
    assert "No task" in (await person.say("hello")).text or await appeals(person) == []
    screen = await person.say("/earnings")
    assert screen.has(r"ap:\d+")


async def test_an_appeal_is_what_the_next_text_is_for_and_not_a_payout(chat: Chat) -> None:
    person, batch = await earned(chat)
    await taken(person, batch)
    await person.say("/payout")
    await person.tap("od")
    await person.tap("od:mobile_money")
    screen = await person.say("/earnings")
    await person.tap(r"ap:\d+", screen)
    assert "You wrote:" in (await person.say("0712 345 678")).text


async def test_too_late_is_said(chat: Chat) -> None:
    person, batch = await earned(chat)
    notice = await taken(person, batch)
    chat.clock.advance(timedelta(days=14).total_seconds())
    try:
        await person.forge(notice.find(r"ap:\d+"))
        shown = [screen.text for screen in await person.screens()]
        assert any("nothing to appeal against" in text for text in shown)
        assert await appeals(person) == []
    finally:
        chat.clock.advance(-timedelta(days=14).total_seconds())


@pytest.mark.parametrize("locale", ["ar", "sw"])
async def test_every_text_that_is_not_the_catalogs_is_isolated(chat: Chat, locale: str) -> None:
    person, batch = await earned(chat, locale, title="Hisia (bora)")
    notice = await taken(person, batch)
    assert tongue(locale).money(60_000, "USD") in notice.text
    await person.tap(r"ap:\d+")
    await person.say("I looked (twice).")
    await person.tap(r"ay:.*")
    assert all(isolated(screen.text) for screen in await person.screens())


# The check is wrong


async def learning(chat: Chat) -> tuple[Person, int, Screen]:
    """A worker who is told that their first answer was wrong, the batch, and the screen that says so."""
    language = own_language()
    rows = [*(Item(f"g{one}", f"gold {one}", "good", "It is.") for one in range(9)),
            *(Item(f"i{one}", f"task {one}") for one in range(9))]  # fmt: skip
    batch = await chat.batch(language, rows, overlap={"least": 3, "most": 3})
    person = await chat.worker(language)
    screen = await person.begin(batch)
    for _ in range(9):
        screen = await person.tap(r"a:\d+:1")
        if "practice check" in screen.text:
            return person, batch.batch_id, screen
    raise AssertionError("no check came")


async def contests(person: Person) -> int:
    found: int = await person.chat.value(
        "SELECT count(*) FROM contest c JOIN worker w ON w.id = c.worker_id WHERE w.person_id = $1", person.id
    )
    return found


async def test_the_check_is_wrong_is_one_tap_where_the_lesson_is_shown(chat: Chat) -> None:
    person, _, screen = await learning(chat)
    task, button = screen.lease_id, screen.find("✋ The check is wrong")
    said = await person.tap("✋ The check is wrong")
    assert "A person looks at this check" in (person.toast or "")
    assert "You say that it is wrong" in said.text
    assert said.lease_id == task, "the task in hands is still there"
    assert "✋ The check is wrong" not in said.labels
    await person.forge(button)
    assert await contests(person) == 1
    assert (await person.tap(r"a:\d+:0", said)).lease_id != task


async def test_in_earnings_each_check_has_its_own_button(chat: Chat) -> None:
    person, batch, _ = await learning(chat)
    shown = "SELECT count(verdict) FROM (SELECT verdict FROM answer WHERE worker_id = $1 ORDER BY id DESC LIMIT 5) page"
    while await chat.value(shown, await worker_id(person)) < 2:
        await person.tap(r"a:\d+:1")
    screen = await person.say("/earnings")
    wrong = [label for label in screen.labels if label.startswith("✋ Check")]
    assert len(wrong) >= 2
    assert "✗ 1. A check." in screen.text
    after = await person.tap("✋ Check 1 is wrong")
    assert "Your earnings" in after.text
    assert after.text.count("You say that it is wrong") == 1
    assert await contests(person) == 1
    failed = await person.forge("ef")
    assert "You say that it is wrong" in failed.text
    number = await chat.value("SELECT task_id FROM contest WHERE batch_id = $1", batch)
    before = (await person.screen()).message_id
    async with chat.database.transaction() as tx:
        await uphold(tx, batch, number, "Look at the <second> word.", by=AMINA)
    news = await person.until(lambda screen: screen.message_id > before)
    assert "A person has looked at it, and it is right" in news.text
    assert "Look at the <second> word." in news.text


async def test_a_forged_tap_learns_nothing_of_other_tasks(chat: Chat) -> None:
    person, _ = await earned(chat)
    answer = await chat.value("SELECT max(id) FROM answer WHERE worker_id = $1", await worker_id(person))
    for forged in (f"cw:{answer}", f"cw:{answer}:e", f"cw:{answer}:r", "cw:0", "cw:", "cw:x:ef:y"):
        await person.forge(forged)
        assert person.toast == "There is no check here that counts against you."
    assert await contests(person) == 0


async def test_graded_pay_is_explained_before_and_each_answer_that_earns_less_after(chat: Chat) -> None:
    language = own_language()
    golds = [Item(f"g{at}", f"check {language} {at}", "good") for at in range(20)]
    items = [Item(f"i{at}", f"sentence {language} {at}") for at in range(20)]
    batch = await chat.batch(language, items + golds, title={"en": "Feelings"}, ordered=True, graded=True)
    person = await chat.worker(language)
    screen = await person.tap(f"w:{batch.batch_id}", await person.say("/work"))
    assert "one that is half right earns half, and a wrong one nothing. All others earn all." in screen.text
    screen = await person.tap(f"go:{batch.batch_id}")
    while await chat.value("SELECT count(*) FROM answer WHERE batch_id = $1 AND verdict < 1", batch.batch_id) < 2:
        wrong = await chat.value("SELECT count(*) FROM answer WHERE batch_id = $1 AND verdict < 1", batch.batch_id)
        said = 0 if "sentence" in screen.text else 1 + wrong
        screen = await person.tap(rf"a:\d+:{said}")
    before = (await person.screen()).message_id
    chat.clock.advance(86_400)
    assert await grade_answers(chat.database) == 2
    notice = await person.until(lambda screen: screen.message_id > before and "checked" in screen.text)
    assert "What they earned is $0.03 less" in notice.text
    assert "1 answer was half right: half is paid." in notice.text
    assert "1 answer was not right: it is not paid." in notice.text
    shown = await person.tap("e", notice)
    text = shown.text
    while "Half right" not in text and shown.has(r"e:\d+"):
        shown = await person.tap(r"e:\d+", shown)
        text = shown.text
    assert "Half right, so half of it is paid." in text
    assert "A check. The right answer: Good" in text
    assert "<s>$0.02</s> <b>$0.01</b>" in shown.html
    entry = await person.tap(r"ap:\d+", shown)
    assert "right" in entry.text
    assert "You can send it until" in entry.text
