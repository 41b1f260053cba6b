"""A worker on a link of 16 kbit/s and 800 ms that loses a fifth of what is sent and is away for minutes at a time."""

import random
import re

from tests.bot.chat import Chat, Person, Screen, own_language

KBPS, LATENCY_MS, LOSS = 16, 800, 0.2
GAP_S, GAP_EVERY = 300, 20
STEP_S = 0.25
PATIENCE_S = 30
"""So long somebody looks at a screen that does not change, before they tap once more."""

TASKS = 100
SIZE = 25


class Link:
    """A bad link, in the sandbox's own time, which passes only as somebody waits."""

    def __init__(self, chat: Chat, person: Person, seed: int) -> None:
        self.chat, self.person, self.luck = chat, person, random.Random(seed)

    async def online(self, online: bool) -> None:
        link = {"online": online, "kbps": KBPS, "latency_ms": LATENCY_MS}
        await self.chat.control("PUT", f"/users/{self.person.id}/link", link)

    async def pass_time(self, seconds: float) -> None:
        await self.chat.control("POST", "/clock", {"advance_s": seconds, "frozen": True})
        self.chat.clock.advance(seconds)

    async def breaks(self) -> None:
        """Whatever is on its way is lost, a fifth of the time: after a part of the time that it takes."""
        if self.luck.random() < LOSS:
            await self.pass_time(self.luck.uniform(0, 2.5))
            await self.online(False)
            await self.pass_time(1)
            await self.online(True)

    async def gap(self) -> None:
        await self.online(False)
        await self.pass_time(GAP_S)
        await self.online(True)

    async def until_changed(self, before: Screen) -> Screen | None:
        """What the phone shows once that is something else; None where nothing comes."""
        for _ in range(int(PATIENCE_S / STEP_S)):
            await self.pass_time(STEP_S)
            now = await self.person.screen()
            if now != before:
                return now
        return None


async def on_a_bad_link(chat: Chat, person: Person, seed: int) -> Link:
    link = Link(chat, person, seed)
    await link.pass_time(0)
    await link.online(True)
    return link


async def paid(chat: Chat, person: Person) -> tuple[int, int, int]:
    """Answers, tasks among them, and micro-units that they earned."""
    found = await chat.value(
        "SELECT ARRAY[count(*), count(DISTINCT task_id), sum(t.amount)] FROM answer a "
        "JOIN transfer t ON t.reason = 'earn' AND t.ref = a.id "
        "JOIN worker w ON w.id = a.worker_id WHERE person_id = $1",
        person.id,
    )
    answers, tasks, earned = map(int, (one or 0 for one in found))
    return answers, tasks, earned


async def test_a_hundred_tasks_by_taps_are_recorded_once_and_paid(chat: Chat) -> None:
    language = own_language()
    batch = await chat.batch(language, [f"text {one} that somebody reads on the way" for one in range(TASKS)])
    person = await chat.worker(language)
    await person.begin(batch)
    link = await on_a_bad_link(chat, person, 1)
    taps = 0
    screen = await person.screen()
    while screen.has(r"a:\d+:0"):
        taps += 1
        if taps % GAP_EVERY == 0:
            await link.gap()
        await person.touch(r"a:\d+:0", screen)
        await link.breaks()
        screen = await link.until_changed(screen) or screen
        assert taps < 3 * TASKS
    assert await paid(chat, person) == (TASKS, TASKS, TASKS * 20_000)
    assert taps > TASKS, "some were lost"
    await chat.control("POST", "/clock", {"frozen": False})


async def test_a_hundred_tasks_in_packs_are_recorded_once_and_paid(chat: Chat) -> None:
    language = own_language()
    await chat.batch(language, [f"text {one} that somebody reads on the way" for one in range(TASKS)])
    person = await chat.worker(language)
    link = await on_a_bad_link(chat, person, 2)
    for _ in range(3 * TASKS // SIZE):
        if (await paid(chat, person))[0] == TASKS:
            break
        await _one_pack(link)
    assert await paid(chat, person) == (TASKS, TASKS, TASKS * 20_000)
    await chat.control("POST", "/clock", {"frozen": False})


async def _one_pack(link: Link) -> None:
    person = link.person
    before = await person.screen()
    await person.send(f"/pack {SIZE}")
    await link.breaks()
    pack = await link.until_changed(before)
    while pack is None or not (numbers := re.findall(r"^(\d+)\. text", pack.text, re.MULTILINE)):
        await person.send("/pack")  # nothing came, or it says that one is open
        pack = await link.until_changed(await person.screen())
        if pack is not None and pack.has(r"ka:\d+"):
            await person.touch(r"ka:\d+", pack)
            pack = await link.until_changed(pack)
    await link.online(False)
    await link.pass_time(GAP_S)
    answers = [f"{number}{link.luck.choice('abc')}" for number in numbers]
    for start in range(0, SIZE, 10):  # written while there is no link; the phone sends them when there is one
        await person.send(", ".join(answers[start : start + 10]))
        if link.luck.random() < LOSS:
            await person.send(", ".join(answers[start : start + 10]))  # to be sure
    await link.online(True)
    await link.breaks()
    for _ in range(10):
        if await link.until_changed(await person.screen()) is None:
            break
