"""Items are put in order by taps: none is lost, none counts twice, and each phone shows them in its own order."""

import asyncio
import re

import pytest

from bot.i18n.tongue import tongue
from bot.tasks import body_of, item_in_words, said_in_words
from bot.tasks.base import of_lease
from tests.bot.chat import Chat, Person, Screen, own_language
from tests.kinds.sample import spec_of
from tests.kinds.samples.rank import SAMPLE
from tests.requester.scene import batch_file, posted

ITEMS = ("Nairobi", "Dodoma", "Kigali", "Juba")
SEND = r"ok:.*"


async def begun(chat: Chat, *, practice: bool = False) -> tuple[Person, Screen]:
    """A worker with the first of two tasks; the second, or that to practise on, has its right order in the file."""
    language = own_language()
    path = batch_file(
        chat.folder / language, [], kind="rank", options=None, language=language, name=f"Ranks {language}",
        overlap={"least": 1, "most": 1},
    )  # fmt: skip
    rows = ["id,item1,item2,item3,item4,gold,practice", f"i0,{','.join(ITEMS)},,", f"i1,{','.join(ITEMS)},,"]
    rows += [f"p0,{','.join(ITEMS)},2 > 1 > 4 > 3,yes"] * practice
    (path.parent / "items.csv").write_text("\n".join(rows), encoding="utf-8")
    batch = await posted(chat.database, path)
    person = await chat.worker(language)
    return person, await person.begin(batch)


def named(item: str, sign: str = r"\+") -> str:
    """The data of the button that places an item, or takes it back."""
    return rf"p?c:[\d:]+:{ITEMS.index(item) + 1}{sign}"


def placed(screen: Screen) -> list[str]:
    """The items that have a place, by their places."""
    found = [re.fullmatch(r"(\d) ✓ [A-D] · (.*)", label) for label in screen.labels]
    return [match[2] for match in sorted(filter(None, found), key=lambda match: match[1])]


async def value(chat: Chat, person: Person) -> object:
    """The newest answer of somebody."""
    return await chat.value(
        "SELECT value FROM answer a JOIN worker w ON w.id = a.worker_id WHERE w.person_id = $1 ORDER BY a.id DESC",
        person.id,
    )


async def test_items_are_tapped_in_order_the_last_has_its_place_and_the_order_is_sent(chat: Chat) -> None:
    person, screen = await begun(chat)
    assert sorted(label[4:] for label in screen.labels[:4]) == sorted(ITEMS)
    assert [label[:4] for label in screen.labels[:4]] == ["A · ", "B · ", "C · ", "D · "]
    assert not screen.has(SEND)
    order = [label[4:] for label in screen.labels[:4]]
    await person.tap(named("Juba"))
    screen = await person.tap(named("Nairobi"))
    assert placed(screen) == ["Juba", "Nairobi"]
    assert [label.rpartition(" · ")[2] for label in screen.labels[:4]] == order, "no button moves under the thumb"
    screen = await person.tap(named("Kigali"))
    assert placed(screen) == ["Juba", "Nairobi", "Kigali", "Dodoma"]
    after = await person.tap(SEND)
    assert "+$0.02" in after.text
    assert placed(after) == []
    assert await value(chat, person) == [4, 1, 3, 2]


async def test_what_is_placed_can_be_taken_back_with_all_after_it(chat: Chat) -> None:
    person, _ = await begun(chat)
    for item in ("Juba", "Nairobi", "Kigali"):
        await person.tap(named(item))
    assert placed(await person.tap(named("Dodoma", "-"))) == ["Juba", "Nairobi"]
    assert placed(await person.tap(named("Juba", "-"))) == []


async def test_taps_that_are_faster_than_the_screen_or_come_twice_all_count_once(chat: Chat) -> None:
    person, screen = await begun(chat)
    await person.finger(named("Kigali"), screen, repeat=3)
    await asyncio.gather(*(person.finger(named(item), screen) for item in ("Dodoma", "Nairobi")))
    await person.finger(named("Juba"), screen)
    now = await person.settled()
    assert placed(now)[0] == "Kigali"
    assert set(placed(now)) == set(ITEMS)
    await person.forge(re.sub(r"\d\+$", "9+", screen.find(named("Juba"))))
    assert person.toast == "That is not one of the answers to this task."


async def test_only_the_order_on_the_screen_is_sent(chat: Chat) -> None:
    person, _ = await begun(chat)
    for item in ("Juba", "Nairobi"):
        await person.tap(named(item))
    screen = await person.tap(named("Kigali"))
    await person.tap(named("Nairobi", "-"))
    await person.finger(SEND, screen)
    assert await person.answers() == 0
    assert placed(await person.settled()) == ["Juba"]


async def test_practice_tells_the_right_order_by_the_items(chat: Chat) -> None:
    person, _ = await begun(chat, practice=True)
    await person.tap(r"po:\d+")
    for item in ("Nairobi", "Dodoma", "Juba"):
        await person.tap(named(item))
    done = await person.tap(r"pok:.*")
    assert "Not right: Nairobi › Dodoma › Juba › Kigali" in done.text
    assert "The right answer: Dodoma › Nairobi › Juba › Kigali" in done.text


@pytest.mark.unit
def test_each_task_in_hands_has_an_order_of_its_own_and_none_is_first_for_all() -> None:
    spec, voice = spec_of(SAMPLE, {}), tongue("en")
    payload = {f"item{at}": item for at, item in enumerate(ITEMS, 1)}

    def shown(lease: int) -> tuple[str, ...]:
        body = body_of(voice, spec, payload, of_lease(lease))
        return tuple(row[0].label[4:] for row in body.rows)

    assert shown(5) == shown(5)
    first = [shown(lease)[0] for lease in range(2000)]
    assert all(400 < first.count(item) < 600 for item in ITEMS)
    assert len({shown(lease) for lease in range(2000)}) == 24


@pytest.mark.unit
def test_long_items_are_whole_in_the_text_and_begun_on_buttons_and_in_words() -> None:
    spec, voice = spec_of(SAMPLE, {}), tongue("en")
    payload = {f"item{at}": f"{at} " + "long " * 59 for at in range(1, 9)}
    body = body_of(voice, spec, payload, of_lease(2**62))
    assert all(item.strip() in body.text for item in payload.values())
    assert all(len(row[0].label) <= 32 for row in body.rows)
    words = said_in_words(spec, payload, [3, 1, 2, 4, 5, 6, 8, 7], "en", of_lease(1))
    assert re.findall(r"\d", words) == list("31245687")
    assert item_in_words(spec, {**payload, "text": "Which is best?"}, "en") == "Which is best?"
