"""A phone that measures: from the tap to the next task on its screen."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from sandbox.workers import Character, Knowledge, Manners, Phone
from sandbox.workers.mind import Mind, Press
from sandbox.workers.phone import Chat

_LOOK_S = 25.0

_LEAST_TAPS = 3
"""Of each probe, however soon it is to end: one that is slow to join tells something too."""


@dataclass(frozen=True, slots=True)
class Step:
    """A task was answered and the next screen is there."""

    item: str
    """The text of the task that was answered."""
    seconds: float
    """From the tap until the next screen was on the phone."""


class Probe:
    """A worker with a phone, who taps when told to."""

    def __init__(self, phone: Phone, character: Character, knowledge: Knowledge, manners: Manners) -> None:
        self.phone = phone
        self._mind = Mind(character, knowledge, manners)
        self._manners = manners
        self._chat: Chat | None = None

    async def step(self) -> Step | None:
        """Do what the screen asks for, and wait for the next one; None when it was no task. Raises TimeoutError."""
        chat = self._chat or await self.phone.chat()
        if chat.empty:
            await self.phone.send(self._manners.start)
        act = self._mind.decide(chat)
        began = time.perf_counter()
        tapping = None
        if isinstance(act, Press):
            tapping = asyncio.create_task(self.phone.tap(act.screen.message_id, act.button.data))
        after = await self._changed(chat)
        took = time.perf_counter() - began
        if tapping is not None:
            await tapping
        self._chat = after
        return Step(act.item, took) if isinstance(act, Press) and act.item is not None else None

    async def _changed(self, before: Chat) -> Chat:
        """The chat, as soon as it shows another screen."""
        give_up = time.monotonic() + _LOOK_S
        now = before
        while now.screens == before.screens:
            if time.monotonic() > give_up:
                raise TimeoutError(f"nothing new on the screen of {self.phone.user_id} for {_LOOK_S:g} seconds")
            now = await self.phone.chat(now.version, _LOOK_S)
        return now


@asynccontextmanager
async def probe(
    base_url: str, knowledge: Knowledge, manners: Manners, *, language: str, seed: int = 0
) -> AsyncIterator[Probe]:
    """A probe with a phone of its own."""
    character = Character(skill=0.97, language_code=language, first_name="Probe", seed=seed)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        phone = await Phone.buy(session, base_url, first_name="Probe", language_code=language)
        yield Probe(phone, character, knowledge, manners)


async def latencies(
    base_url: str,
    knowledge: Knowledge,
    manners: Manners,
    *,
    language: str,
    probes: int,
    pause_s: float,
    until: Callable[[], bool],
) -> list[float]:
    """Seconds from tap to next task, of several probes that rest between taps, `pause_s` in the mean."""

    async def one(seed: int) -> list[float]:
        chance = random.Random(seed)
        found: list[float] = []
        async with probe(base_url, knowledge, manners, language=language, seed=seed) as worker:
            while not until() or len(found) < _LEAST_TAPS:
                done = await worker.step()
                if done is not None:
                    found.append(done.seconds)
                    await asyncio.sleep(chance.uniform(0, 2 * pause_s))
        return found

    return [took for several in await asyncio.gather(*map(one, range(probes))) for took in several]
