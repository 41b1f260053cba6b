"""“Please fix this” on a phone: told with the reason, taken and mended, or left; and what stale buttons say."""

from datetime import timedelta
from random import Random
from typing import Any

from crowd.batches.life import State, set_state
from crowd.batches.posting import Posted
from crowd.labels.judged import bring_to_judges
from crowd.loop.answering import Accepted, answer
from crowd.loop.handing import Given, next_task
from crowd.redos.asking import send_back
from crowd.redos.ending import end_redos
from crowd.redos.states import TO_FIX
from tests.bot.chat import Chat, Person, Screen, own_language
from tests.bot.test_bringing import batch_of, send
from tests.crowd.scene import working
from tests.media.sounds import voice_note
from tests.requester.scene import people

AMINA = "house/amina (panel)"
HOSTILE = "Not <b>that one {item} & more"
JUDGING = {"price": "0.05", "instructions": {"en": "Judge it."}, "overlap": {"least": 1, "most": 1}}
FIX, LEAVE = r"fx:\d+", r"fl:\d+"


async def worker_id(person: Person) -> int:
    found: int = await person.chat.value("SELECT id FROM worker WHERE person_id = $1", person.id)
    return found


async def notice(person: Person, before: Screen) -> Screen:
    return await person.until(lambda screen: screen.message_id > before.message_id and screen.has(FIX))


async def recorded(chat: Chat) -> tuple[Person, Posted, str]:
    """Somebody who read one of two texts aloud, and has the other in hands."""
    language = own_language()
    person = await chat.worker(language)
    rows = ["id,text", "1,Good morning", "2,Good night"]
    batch = await batch_of(chat, language, "speak", rows, overlap={"least": 1, "most": 2}, judging=JUDGING)
    await person.begin(batch)
    await send(person, "voice", voice_note(ms=2300))
    await person.tap("ok:.*")
    return person, batch, language


async def judged(chat: Chat, batch: Posted, language: str, word: str) -> None:
    """Somebody else says that of all there is to judge."""
    await bring_to_judges(chat.database)
    (judge,) = await people(chat.database, 1, language)
    judges = await chat.value("SELECT id FROM batch WHERE judges = $1", batch.batch_id)
    while True:
        async with working(chat.database, judge) as tx:
            task = await next_task(tx, judge.id, judges, Random(1))
            if not isinstance(task, Given):
                break
            done = await answer(tx, judge.person_id, task.lease_id, lambda _: word, Random(1))
            assert isinstance(done, Accepted)
    await bring_to_judges(chat.database)


async def rejected(chat: Chat) -> tuple[Person, Posted, str, Screen]:
    person, batch, language = await recorded(chat)
    before = await person.screen()
    await judged(chat, batch, language, "unclear")
    return person, batch, language, await notice(person, before)


async def earned(chat: Chat, *, answers: int = 2) -> tuple[Person, int, list[int]]:
    """Somebody with so many answers, which are on hold, and the next task in hands."""
    language = own_language()
    batch = await chat.batch(language, answers + 2)
    person = await chat.worker(language)
    await person.begin(batch)
    for _ in range(answers):
        await person.tap(r"a:\d+:0")
    async with chat.onlooker.reading() as tx:
        rows = await tx.rows("SELECT id FROM answer WHERE worker_id = $1 ORDER BY id", await worker_id(person))
    return person, batch.batch_id, [row["id"] for row in rows]


async def sent_back(person: Person, answer_id: int, reason: str = HOSTILE) -> Screen:
    before = await person.screen()
    async with person.chat.database.transaction() as tx:
        await send_back(tx, await worker_id(person), answer_id, reason=reason, by=AMINA)
    return await notice(person, before)


async def value(chat: Chat, answer_id: int) -> Any:
    return await chat.value("SELECT value FROM answer WHERE id = $1", answer_id)


async def test_what_judges_reject_is_told_with_the_reason_and_mended_by_another_voice_note(chat: Chat) -> None:
    person, batch, language, told = await rejected(chat)
    in_hands = await chat.value("SELECT id FROM lease WHERE worker_id = $1 AND NOT waiting", await worker_id(person))
    assert "Please fix this" in told.text
    assert "Others found: Not clear" in told.text
    assert "Send it once more by" in told.text
    assert "It stays paid" in told.text
    task = await person.tap(FIX, told)
    assert "Please fix this" in task.text
    assert "Others found: Not clear" in task.text
    assert "Read this aloud" in task.text
    assert not task.has(r"s:\d+")
    assert task.has(LEAVE)
    more = await person.tap(r"m:\d+")
    assert not more.has(r"r:\d+")
    await person.tap(r"b:\d+")
    echo = await send(person, "voice", voice_note(ms=4000))
    assert echo.has(LEAVE)
    after = await person.tap("ok:.*", echo)
    assert "Thank you. It is looked at again, and stays paid." in after.text
    assert after.lease_id == in_hands, "the other task is back in hands"
    assert "+$" not in after.text
    assert await person.answers() == 1
    answer_id = await chat.value("SELECT id FROM answer WHERE worker_id = $1", await worker_id(person))
    assert (await value(chat, answer_id))["ms"] == 4000
    await person.finger("ok:.*", echo)
    assert person.toast == "✓ Already recorded. It counts once."
    await person.finger(FIX, told)
    assert person.toast == "✓ You have sent it once more. It counts once."

    before = await person.screen()
    await judged(chat, batch, language, "other_words")
    again = await person.until(lambda screen: screen.message_id > before.message_id and "Others looked" in screen.text)
    assert "Other words" in again.text
    assert not again.has(FIX)


async def test_what_is_left_stays_as_it_is_and_says_so(chat: Chat) -> None:
    person, _, _, told = await rejected(chat)
    screen = await person.tap(LEAVE, told)
    assert "It stays as you sent it, and it stays paid." in screen.text
    assert "Read this aloud" in screen.text, "the task in hands is below it"
    for wanted in (LEAVE, FIX):
        await person.finger(wanted, told)
        assert person.toast == "You left it as it was. It stays paid."
    await person.settled()
    assert await chat.value("SELECT outcome FROM redo WHERE worker_id = $1", await worker_id(person)) == "declined"


async def test_staff_send_back_an_answer_and_their_words_stand_above_the_task_however_often_it_is_shown(
    chat: Chat,
) -> None:
    person, _, (first, _) = await earned(chat)
    told = await sent_back(person, first)
    assert f"You are told: “{HOSTILE}”" in told.text
    task = await person.tap(FIX, told)
    assert HOSTILE in task.text
    assert HOSTILE in (await person.say("/work")).text
    await person.tap(r"a:\d+:2")
    assert await value(chat, first) == "neither"
    assert await person.answers() == 2
    screen = await person.settled()
    assert "Thank you" in screen.text
    assert await chat.value("SELECT before FROM redo WHERE answer_id = $1", first) == "good"


async def test_work_shows_what_waits_on_top_also_with_another_task_in_hands(chat: Chat) -> None:
    person, _, answers = await earned(chat)
    for answer_id in answers:
        await sent_back(person, answer_id, f"Look at number {answer_id}")
    screen = await person.say("/work")
    assert screen.labels[0] == "🔧 Please fix: 2"
    assert screen.has(r"a:\d+:0")
    first = await person.tap("fx", screen)
    assert "Please fix this" in first.text
    assert "Please fix: " not in "".join(first.labels)
    await person.tap(r"a:\d+:1")
    screen = await person.say("/work")
    assert screen.labels[0] == "🔧 Please fix: 1"
    await person.tap("fx", screen)
    await person.tap(r"a:\d+:1")
    screen = await person.say("/work")
    assert "fx" not in screen.data
    assert [await value(chat, answer_id) for answer_id in answers] == ["bad", "bad"]
    await person.forge("fx")
    assert person.toast == "That one need not be fixed any more."


async def test_taps_that_come_too_late_say_what_is_so(chat: Chat) -> None:
    person, batch, (first, second) = await earned(chat)
    told = await sent_back(person, first)
    task = await person.tap(FIX, told)
    chat.clock.advance((TO_FIX + timedelta(hours=1)).total_seconds())
    await end_redos(chat.database)
    await person.until(lambda screen: "The time to fix what you were asked to fix is over" in screen.text)
    await person.finger(r"a:\d+:1", task)
    assert person.toast == "⌛ The time to fix that one is over. It stays paid."
    assert await value(chat, first) == "good"
    await person.settled()

    await chat.run("UPDATE hold SET due_at = due_at + interval '9 days' WHERE answer_id = $1", second)
    told = await sent_back(person, second)
    async with chat.database.transaction() as tx:
        await set_state(tx, batch, State.CLOSED, actor="test")
    for wanted in (FIX, LEAVE):
        await person.finger(wanted, told)
        assert person.toast == "🏁 This batch is finished."
    await person.settled()
    other = await chat.worker(own_language())
    await other.forge(told.find(FIX))
    assert other.toast == "That was an old screen. Here is where you are now."


async def test_who_begins_another_batch_has_it_wait(chat: Chat) -> None:
    language = own_language()
    person = await chat.worker(language)
    await person.begin(await chat.batch(language, 1))
    await person.tap(r"a:\d+:0")
    answer_id = await chat.value("SELECT id FROM answer WHERE worker_id = $1", await worker_id(person))
    other = await chat.batch(language, 3)
    told = await sent_back(person, answer_id)
    await person.tap(FIX, told)
    await person.tap(r"m:\d+")
    await person.tap("break")
    await person.tap(f"w:{other.batch_id}")
    screen = await person.tap(r"x:\d+:\d+")
    assert await chat.value("SELECT waiting FROM lease WHERE redo_of = $1", answer_id)
    assert screen.has(f"go:{other.batch_id}")
    await person.tap(f"go:{other.batch_id}")
    assert (await person.say("/work")).labels[0] == "🔧 Please fix: 1"


async def test_who_stops_is_asked_for_nothing_more(chat: Chat) -> None:
    person, _, (first, _) = await earned(chat)
    told = await sent_back(person, first)
    await person.say("/stop")
    assert await chat.value("SELECT outcome FROM redo WHERE answer_id = $1", first) == "declined"
    await person.say("/start")
    await person.finger(FIX, told)
    assert person.toast == "You left it as it was. It stays paid."
