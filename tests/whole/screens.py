"""What phones show, held against where the database says each worker stands."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx

from db.database import Database
from tests.whole.house import SandboxProcess

_WAIT_S = 20


@dataclass(frozen=True)
class Shown:
    """The bot's newest message on a phone."""

    message_id: int
    text: str
    data: tuple[str, ...]
    """Of its buttons."""
    version: int
    """Of the chat."""

    @property
    def answers(self) -> tuple[str, ...]:
        """The buttons that answer a task."""
        return tuple(data for data in self.data if data.startswith("a:"))


async def shown(http: httpx.AsyncClient, person: int, *, after: int | None = None) -> Shown:
    """The newest screen; with `after`, once the chat has changed since that version."""
    wait = {} if after is None else {"after": after, "wait_s": _WAIT_S}
    chat: dict[str, Any] = (await http.get(f"/sandbox/users/{person}/chat", params={"last": 4, **wait})).json()
    newest = next(message for message in reversed(chat["messages"]) if message["from_bot"])
    data = tuple(button["data"] for row in newest["buttons"] for button in row)
    return Shown(newest["message_id"], newest["text"], data, chat["version"])


async def asks_for_work(sandbox: SandboxProcess, person: int) -> Shown:
    """The person sends /work; the screen that comes."""
    before = await shown(sandbox.http, person)
    sent = await sandbox.http.post(f"/sandbox/users/{person}/messages", json={"text": "/work"})
    said: int = sent.json()["message_id"]
    now = before
    while now.message_id < said:
        now = await shown(sandbox.http, person, after=now.version)
    return now


async def taps(sandbox: SandboxProcess, person: int, screen: Shown, data: str) -> Shown:
    """The person taps; the screen that comes. Fails when the bot does not acknowledge it."""
    tap = {"message_id": screen.message_id, "data": data}
    result = (await sandbox.http.post(f"/sandbox/users/{person}/taps", json=tap)).json()
    assert result.get("answered"), (person, screen, result)
    now = await shown(sandbox.http, person)
    while now.message_id == screen.message_id and now.data == screen.data:
        after = now.version
        now = await shown(sandbox.http, person, after=after)
        assert now.version > after, f"the screen of {person} stays as it was: {now}"
    return now


async def stands_where_the_database_says(
    sandbox: SandboxProcess, database: Database, person: int, screen: Shown, *, bot_is_away: bool = False
) -> Shown:
    """A worker with a task in hands sees that task; others see no task. The screen that was looked at.

    Before the task there may be something to read, with a button that leads on; nobody answers a tap on it while
    the bot is away, so then that it leads to the right task is enough.
    """
    async with database.reading() as tx:
        held = await tx.row(
            """
            SELECT l.id, t.payload FROM lease l JOIN worker w ON w.id = l.worker_id JOIN task t ON t.id = l.task_id
            WHERE w.person_id = $1
            """,
            person,
        )
    if held is None:
        assert not screen.answers, (person, screen)
        return screen
    if f"b:{held['id']}" in screen.data:
        if bot_is_away:
            return screen
        screen = await taps(sandbox, person, screen, f"b:{held['id']}")
    assert screen.answers, (person, held, screen)
    assert {data.split(":")[1] for data in screen.answers} == {str(held["id"])}
    assert held["payload"]["text"] in screen.text
    return screen


async def everybody_is_shown_right(sandbox: SandboxProcess, database: Database, people: list[int]) -> None:
    """Every second worker taps what is on the screen, the others ask for work: each sees where they stand."""

    async def one(number: int, person: int) -> None:
        screen = await shown(sandbox.http, person)
        if number % 2 and screen.answers:
            screen = await taps(sandbox, person, screen, screen.answers[0])
        else:
            screen = await asks_for_work(sandbox, person)
        screen = await stands_where_the_database_says(sandbox, database, person, screen)
        if screen.answers:
            screen = await taps(sandbox, person, screen, screen.answers[-1])
            await stands_where_the_database_says(sandbox, database, person, screen)

    await asyncio.gather(*(one(number, person) for number, person in enumerate(people)))
