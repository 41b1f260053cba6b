"""A phone in the hands of somebody who knows the answers, and gives them by the taps and messages that faces name."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.tasks import face_of, keeps_drafts, taken
from bot.tasks.base import Message, Turn
from crowd.batches.life import spec_of
from crowd.batches.spec import BatchSpec
from crowd.datasaving.saving import choose
from crowd.kinds import kind_named
from crowd.kinds.base import Json, Takes
from crowd.workers.registry import Level, WorkerState, agree, claim_language, set_country, set_state, welcome
from db.database import Database
from sandbox.workers import Phone
from sandbox.workers.phone import Chat, Screen
from sandbox.workers.turns import Sort

_LOOK_S = 25.0

_IN_HANDS = """
SELECT t.key, t.payload, t.batch_id, b.digest FROM lease l JOIN task t ON t.id = l.task_id
JOIN batch b ON b.id = t.batch_id WHERE l.id = $1
"""

Brought = Callable[[Takes], tuple[Sort, bytes, str]]
"""What is sent where a recording or a picture is asked for: its sort, its content, and what the file is called."""


@dataclass(frozen=True, slots=True)
class Task:
    """A task in hands."""

    key: str
    """The requester's own name of it."""
    spec: BatchSpec
    payload: Json

    @property
    def own_bytes(self) -> int:
        """Of the item's texts, in UTF-8."""
        return sum(len(text.encode()) for value in self.payload.values() for text in _texts(value))

    def turns(self, value: Json) -> tuple[Turn, ...]:
        """By which taps and messages that answer is given."""
        return face_of(self.spec.kind).turns(self.spec, kind_named(self.spec.kind).payload(self.payload), value)


class Hands:
    """Somebody at a phone, one act after the other; each waits until the phone shows what came of it."""

    def __init__(self, phone: Phone, database: Database, brought: Brought) -> None:
        self.phone, self._database, self._brought = phone, database, brought
        self.chat = Chat(0, (), empty=True)

    async def join(self, language: str, locale: str) -> None:
        """Have joined, as a native speaker of a language."""
        async with self._database.transaction() as tx:
            worker = await welcome(tx, self.phone.user_id, locale=locale, country=None, time_zone=None, slug=None)
            await agree(tx, worker.id)
            await set_country(tx, worker.id, "KE")
            await choose(tx, worker.id, saves=False)  # data is dear there, but what all comes to is measured
            await claim_language(tx, worker.id, language, Level.NATIVE)
            await set_state(tx, worker.id, WorkerState.ACTIVE)

    async def begin(self, batch_id: int) -> None:
        """From the list of work to the first task of a batch."""
        await self.say("/work")
        await self.tap(f"^w:{batch_id}$")
        await self.tap(f"^go:{batch_id}$")

    async def task(self) -> Task | None:
        """What is in hands now, as the newest screen shows it; None: nothing is."""
        lease = next(
            (found[1] for button in self.screen.buttons if (found := re.match(r"s:(\d+)$", button.data))), None
        )
        if lease is None:
            return None
        async with self._database.transaction() as tx:
            row = await tx.row(_IN_HANDS, int(lease))
            return row and Task(row["key"], await spec_of(tx, row["batch_id"], row["digest"]), row["payload"])

    async def act(self, task: Task, turn: Turn) -> None:
        """One tap or message of an answer."""
        if not isinstance(turn, Message):
            return await self.tap(rf"^[ac]:\d+:(\d+:)?{re.escape(turn)}$")
        takes = taken(task.spec, task.payload, None)
        if isinstance(turn.said, str):
            return await self.say(turn.said)
        assert takes is not None
        return await self.send(*self._brought(takes))

    async def prepare(self, task: Task, value: Json) -> None:
        """Do all that an answer takes but the last act."""
        for turn in task.turns(value)[: None if keeps_drafts(task.spec, task.payload) else -1]:
            await self.act(task, turn)

    async def give(self, task: Task, value: Json) -> None:
        """The last act of an answer that was prepared; then the next task is there, if there is one."""
        if keeps_drafts(task.spec, task.payload):
            return await self.tap("^ok:")
        return await self.act(task, task.turns(value)[-1])

    @property
    def screen(self) -> Screen:
        """The newest screen with buttons."""
        return next(screen for screen in self.chat.screens if screen.buttons)

    async def tap(self, pattern: str) -> None:
        """Tap the first button whose data match, and wait for another screen. Raises LookupError."""
        before, screen = self.chat, self.screen
        button = next((button for button in screen.buttons if re.search(pattern, button.data)), None)
        if button is None:
            raise LookupError(f"no button {pattern} among {screen.buttons} of: {screen.text}")
        done = await self.phone.tap(screen.message_id, button.data)
        if not done.answered:
            raise LookupError(f"nobody answered a tap on {button}")
        await self._see(lambda chat: chat.screens != before.screens)

    async def say(self, text: str) -> None:
        """Write, and wait for a new message with buttons."""
        await self.phone.send(text)
        await self._see_newer()

    async def send(self, sort: Sort, content: bytes, name: str) -> None:
        """The same of a file."""
        await self.phone.send_file(sort, content, name)
        await self._see_newer()

    async def _see_newer(self) -> None:
        newest = max((screen.message_id for screen in self.chat.screens), default=0)
        await self._see(lambda chat: bool(chat.screens) and chat.screens[0].message_id > newest)

    async def _see(self, awaited: Callable[[Chat], Any]) -> None:
        chat = await self.phone.chat()
        while not (awaited(chat) and any(screen.buttons for screen in chat.screens)):
            after = await self.phone.chat(chat.version, _LOOK_S)
            if after.version == chat.version:
                raise TimeoutError(f"nothing new on the screen of {self.phone.user_id} for {_LOOK_S:g} seconds")
            chat = after
        self.chat = chat


def _texts(value: Json) -> list[str]:
    """The texts of a part of an item; a picture or a sound, whose form has numbers in it, has none."""
    if isinstance(value, str):
        return [value]
    texts = isinstance(value, list) and all(isinstance(each, str) for each in value)
    return list(value) if texts else []
