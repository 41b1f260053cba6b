"""Answers of the past go through the bot: each is a tap on the button that its worker chose."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial

from crowd.replay.dataset import Answer
from crowd.replay.handing import put_into_hands, worker_of
from crowd.replay.posting import LANGUAGE
from crowd.replay.way import Posted, ReplayError, Way
from db.database import Database, utc_now
from kazi.replaying.phone import Phone, Phones, Screen

_AT_ONCE = 40
"""People who tap at the same time."""

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
        self._phones = phones
        self._phone_of: dict[str, Phone] = {}
        self._crew = asyncio.Semaphore(_AT_ONCE)

    def now(self) -> datetime:
        """See Way."""
        return utc_now()

    async def give(
        self, database: Database, posted: Posted, answers: Sequence[Answer], done: Callable[[int], None]
    ) -> None:
        """See Way. Answers that share neither worker nor task go side by side, which changes nothing that follows."""
        last: dict[tuple[str, str], asyncio.Task[None]] = {}
        try:
            async with asyncio.TaskGroup() as group:
                for event in answers:
                    lines = (("worker", event.worker), ("task", event.task))
                    earlier = {last[line] for line in lines if line in last}
                    task = group.create_task(self._in_turn(earlier, database, posted, event, done))
                    last |= dict.fromkeys(lines, task)
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None

    async def _in_turn(
        self,
        earlier: Iterable[asyncio.Task[None]],
        database: Database,
        posted: Posted,
        event: Answer,
        done: Callable[[int], None],
    ) -> None:
        if earlier:
            await asyncio.wait(earlier)
        async with self._crew:
            await self._again(database, posted, event)
        done(1)

    async def _again(self, database: Database, posted: Posted, event: Answer) -> None:
        """Give one answer again, if its task can still use it."""
        phone = self._phone_of.get(event.worker) or await self._join(database, event.worker)
        async with database.transaction() as tx:
            lease_id = await put_into_hands(tx, self.people[event.worker], posted.batch_id, posted.tasks[event.task])
        if lease_id is None:
            return
        await phone.send("/work")
        message_id, options = await phone.shows("task", lambda screen: _options(screen, lease_id))
        await phone.tap(message_id, options[posted.labels[event.label]])
        self.given += 1

    async def _join(self, database: Database, name: str) -> Phone:
        """Somebody with that name in the data set comes, and joins as everybody does."""
        phone = await self._phones.new(f"Worker {len(self._phone_of) + 1}", LANGUAGE)
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
        return phone


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
