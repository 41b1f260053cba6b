"""What work there is for a worker; and where there is none, the true reason."""

import pytest

from bot.i18n.tongue import tongue
from crowd.batches import life as batches
from crowd.batches.life import State
from crowd.fraud.findings import dismiss, findings, keep, pause
from crowd.signals.base import Finding
from tests.bot.chat import Chat, own_language
from tests.requester.scene import Item


async def test_a_paused_worker_is_told_and_keeps_the_money(chat: Chat) -> None:
    language = own_language()
    golds = [Item(f"g{one}", f"gold {one}", "good") for one in range(60)]
    rows = [*golds, *(Item(f"i{one}", f"task {one}") for one in range(60))]
    batch = await chat.batch(language, rows, overlap={"least": 20, "most": 20})
    person = await chat.worker(language)
    await person.begin(batch)
    await chat.run(
        "UPDATE track SET golds = 30, refreshed_at = now() WHERE language = $1", language
    )  # as after many wrong golds; the next one decides
    paused = False
    for _ in range(40):
        screen = await person.screen()
        if not screen.has(r"a:\d+:1"):
            paused = True
            break
        await person.tap(r"a:\d+:1")
    assert paused
    assert "paused for you" in screen.text
    assert "paused for you" in (await person.say("/work")).text
    assert "$0.02" in (await person.say("/earnings")).text
    await person.say("/work")
    screen = await person.tap("ef")
    wrong = screen.text.count("A check. The right answer")
    assert wrong == screen.text.count("•") > 0


async def test_who_was_paused_for_differing_from_others_alone_is_told_so(chat: Chat) -> None:
    language = own_language()
    await chat.batch(language, 3)
    person = await chat.worker(language)
    await chat.run(
        "INSERT INTO track (worker_id, kind, language, compared, evidence, paused_at)"
        " VALUES ((SELECT id FROM worker WHERE person_id = $1), 'choice', $2, 30, 100, now())",
        person.id,
        language,
    )
    assert "from what others say" in (await person.say("/work")).text
    assert "differ from those of others count too" in (await person.tap("ef")).text


async def test_who_is_paused_while_a_person_looks_is_told_no_more_than_is_known(chat: Chat) -> None:
    language = own_language()
    posted = await chat.batch(language)
    person = await chat.worker(language)
    await person.begin(posted)
    worker = await chat.value("SELECT id FROM worker WHERE person_id = $1", person.id)
    other = await chat.worker(language)
    second = await chat.value("SELECT id FROM worker WHERE person_id = $1", other.id)
    async with chat.database.transaction() as tx:
        found = [Finding(tuple(sorted((worker, second))), 5.0, 9.0, {"rows": []})]
        await keep(tx, posted.batch_id, {"copying": found}, rate=0.005, answers=100, look=1)
        (card,) = [each for each in await findings(tx) if each.batch_id == posted.batch_id]
        await pause(tx, card.id, [worker], "same wrong answers", actor="test")
    screen = await person.until(lambda screen: "while a person looks" in screen.text)
    for accusing in ("fraud", "cheat", "copied", "differed", "same wrong answers"):
        assert accusing not in screen.text
    await person.say("/work")
    screen = await person.tap(r"a:\d+:1")  # what is in hands is still taken
    assert "while a person looks" in screen.text
    assert not screen.has("ef"), "no checks led to it"
    async with chat.database.transaction() as tx:
        await dismiss(tx, card.id, "two sisters", actor="test")
    await person.until(lambda screen: "open again" in screen.text)


async def test_batches_of_one_title_are_told_apart(chat: Chat) -> None:
    one, other = own_language(), own_language()
    for language, price, tasks in ((one, "0.02", 8), (one, "0.02", 5), (one, "0.03", 8), (other, "0.02", 8)):
        await chat.batch(language, tasks, title={"en": "Alike"}, price=price)
    await chat.batch(one, title={"en": "Alone"})
    person = await chat.worker(one, other)
    labels = [label for label in (await person.say("/work")).labels if label.startswith("▶️")]
    names = {tongue("en").language(code) for code in (one, other)}
    assert len(set(labels)) == 5
    assert "▶️ Alone" in labels
    assert all(any(name in label for name in names) for label in labels if label != "▶️ Alone")
    assert sum("$0.03" in label for label in labels) == 1
    assert sum("5 left" in label for label in labels) == 1


# Why there is no work


async def test_nothing_is_offered_where_nothing_is_open(chat: Chat) -> None:
    await chat.run("UPDATE batch SET state = 'paused' WHERE state = 'open'")
    person = await chat.worker(own_language())
    assert "no work at all right now" in (await person.say("/work")).text


async def test_work_in_other_languages_only_is_named(chat: Chat) -> None:
    await chat.run("UPDATE batch SET state = 'paused' WHERE state = 'open'")
    await chat.batch("ha", ["wani abu"])
    person = await chat.worker(own_language())
    screen = await person.say("/work")
    assert "languages that you have not chosen: Hausa" in screen.text
    assert (await person.tap("langs")).has("lang:ha")
    await chat.run("UPDATE batch SET state = 'paused' WHERE state = 'open'")


async def test_a_missing_skill_is_named(chat: Chat) -> None:
    await chat.run("UPDATE batch SET state = 'paused' WHERE state = 'open'")
    language = own_language()
    await chat.batch(language, 1, skills=["medicine"])
    person = await chat.worker(language)
    assert "skills you have not shown yet: medicine" in (await person.say("/work")).text


async def test_who_has_done_all_is_told_so(chat: Chat) -> None:
    await chat.run("UPDATE batch SET state = 'paused' WHERE state = 'open'")
    language = own_language()
    batch = await chat.batch(language, 2, overlap={"least": 2, "most": 2})
    person = await chat.worker(language)
    await person.begin(batch)
    await person.tap(r"a:\d+:0")
    await person.tap(r"a:\d+:0")
    assert "You have done all the tasks there are for you" in (await person.say("/work")).text


async def test_who_has_skipped_the_rest_is_not_offered_it_again(chat: Chat) -> None:
    await chat.run("UPDATE batch SET state = 'paused' WHERE state = 'open'")
    language = own_language()
    batch = await chat.batch(language, 2, overlap={"least": 2, "most": 2})
    person = await chat.worker(language)
    await person.begin(batch)
    await person.tap(r"a:\d+:0")
    await person.tap(r"s:\d+")
    await person.tap(r"s:\d+:hard")
    screen = await person.say("/work")
    assert not screen.has("w:.*")
    assert "You have done all the tasks there are for you" in screen.text


@pytest.mark.parametrize(
    ("state", "told"), [(State.PAUSED, "The requester has paused this batch"), (State.CLOSED, "This batch is finished")]
)
async def test_a_batch_that_ends_says_so(chat: Chat, state: State, told: str) -> None:
    language = own_language()
    batch = await chat.batch(language, 3)
    person = await chat.worker(language)
    await person.begin(batch)
    async with chat.database.transaction() as tx:
        await batches.set_state(tx, batch.batch_id, state, actor="test")
    screen = await person.tap(r"a:\d+:0")
    if state is State.PAUSED:  # what was under way still counts
        assert told in screen.text
    else:
        assert person.toast == "That task was given back. Here is where you are now."
    assert await person.answers() == int(state is State.PAUSED)
    assert told in (await person.forge(f"go:{batch.batch_id}")).text


async def test_a_batch_out_of_money_says_so(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language, 3)
    person = await chat.worker(language)
    await person.begin(batch)
    await chat.run(
        "UPDATE account SET reserved = balance WHERE kind = 'escrow' AND owner = $1", batch.batch_id
    )  # as if all of it were promised to others
    screen = await person.tap(r"a:\d+:0")
    assert "used up" in screen.text


async def test_all_batches_can_be_reached_however_many_there_are(chat: Chat) -> None:
    language = own_language()
    posted = [await chat.batch(language, 1) for _ in range(18)]
    person = await chat.worker(language)
    screen = await person.say("/work")
    seen = [data for data in screen.data if data.startswith("w:")]
    for page in (2, 3):
        screen = await person.tap(f"work:{page}")
        seen += [data for data in screen.data if data.startswith("w:")]
    assert sorted(seen) == sorted(f"w:{batch.batch_id}" for batch in posted)
    assert not screen.has("work:4")
    assert (await person.tap("work:2")).has("work:1")
    for beyond in ("work:99", "work:999999999999999999"):
        assert (await person.forge(beyond)).data == screen.data


# Commands beside the work


async def test_more_languages_bring_more_work(chat: Chat) -> None:
    await chat.run("UPDATE batch SET state = 'paused' WHERE state = 'open'")
    one, other = own_language(), own_language()
    batch = await chat.batch(other)
    person = await chat.worker(one)
    assert not (await person.say("/work")).has("w:.*")
    await person.say("/languages")
    await person.tap(f"lang:{other}")
    await person.tap(f"level:{other}:good")
    screen = await person.tap("langs:done")
    assert screen.has(f"w:{batch.batch_id}")
