"""Answers of the past go through the bot: each is a tap on the button that its worker chose."""

import asyncio
import itertools
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from crowd.replay.handing import put_into_hands, worker_of
from crowd.replay.posting import LANGUAGE
from crowd.replay.turns import Turns
from crowd.replay.way import Left, Posted, ReplayError, Way
from db.database import Database, utc_now
from kazi.replaying.phone import Phone, Phones, Screen

_AT_ONCE = 40
"""People who join at the same time."""

_JOINED = "place:ok"
_JOINING = ("agree", f"level:{LANGUAGE}:native", "langs:done", f"lang:{LANGUAGE}", _JOINED, "country:")
"""How one gets from /start to having joined: the first of these that a screen has is tapped."""


class Chat(Way):
    """Through the sandbox and the bot, in real time: times in the data set say in which order, not when.

    What a worker did not answer in the past they cannot answer now. So the bot does not choose: the task of the next
    answer is put into its worker's hands, who asks the bot for work, is shown that task, and taps.
    """

    name = "chat"

    def __init__(self, phones: Phones) -> None:
        super().__init__()
        self.turns = Turns()
        self._phones = phones
        self._phone_of: dict[str, Phone] = {}
        self._numbers = itertools.count(1)
        self._crew = asyncio.Semaphore(_AT_ONCE)

    def now(self) -> datetime:
        """See Way."""
        return utc_now()

    async def come(
        self, database: Database, posted: Posted, names: Sequence[str], left: Left, done: Callable[[int], None]
    ) -> list[str]:
        """See Way. What the next one is asked depends on every answer before: only joining goes side by side."""
        try:
            async with asyncio.TaskGroup() as group:
                for name in dict.fromkeys(names):
                    if name not in self._phone_of:
                        group.create_task(self._join(database, name))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None
        waiting: list[str] = []
        for name in names:
            if await self._again(database, posted, name, left):
                done(1)
            else:
                waiting.append(name)
        return waiting

    async def _again(self, database: Database, posted: Posted, name: str, left: Left) -> bool:
        """Give one answer of a worker again, if one of those that are left is asked for."""
        async with database.transaction() as tx:
            tasks = await self.turns.tasks(tx, posted, name, self.people[name], left, self.luck)
            given = await put_into_hands(tx, self.people[name], posted.batch_id, tasks, self.luck)
        if given is None:
            return False
        phone, event = self._phone_of[name], left[name].pop(self.turns.took(posted, name, given.task_id))
        await phone.send("/work")
        message_id, options = await phone.shows("task", lambda screen: _options(screen, given.lease_id))
        await phone.tap(message_id, options[posted.labels[event.label]])
        self.given += 1
        return True

    async def _join(self, database: Database, name: str) -> None:
        """Somebody with that name in the data set comes, and joins as everybody does."""
        async with self._crew:
            await self._joined(database, name)

    async def _joined(self, database: Database, name: str) -> None:
        phone = await self._phones.new(f"Worker {next(self._numbers)}", LANGUAGE)
        await phone.send("/start")
        screen, data = Screen(0, ()), ""
        while data != _JOINED:
            screen, data = await phone.shows("way to join", partial(_onward, before=screen))
            await phone.tap(screen.message_id, data)
        async with database.reading() as tx:
            worker_id = await worker_of(tx, phone.person_id)
        if worker_id is None:
            raise ReplayError(f"person {phone.person_id} has joined, and is no worker")
        self.people[name], self._phone_of[name] = worker_id, phone


def _options(screen: Screen, lease_id: int) -> tuple[int, list[str]] | None:
    """The message with the task of a lease, and the data of the buttons that answer it."""
    found = [data for data in screen.buttons if data.startswith(f"a:{lease_id}:")]
    return (screen.message_id, found) if found else None


def _onward(screen: Screen, before: Screen) -> tuple[Screen, str] | None:
    """The button that leads on from a screen other than the last one."""
    if screen == before:
        return None
    for way in _JOINING:
        for data in screen.buttons:
            if data.startswith(way):
                return screen, data
    return None
