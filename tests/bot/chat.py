"""A chat as people have it: phones in the sandbox, the bot between them and the database, all over real HTTP."""

import asyncio
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.process import BotSettings
from crowd.batches.posting import Posted
from crowd.datasaving.saving import choose
from crowd.workers.registry import (
    Level,
    WorkerState,
    agree,
    claim_language,
    set_country,
    set_state,
    set_time_zone,
    welcome,
)
from db.database import Database
from tests.database import Clock
from tests.requester.scene import Item, batch_file, posted

TOKEN = "123456789:an-invented-token-for-tests"
SECRET = "an-invented-webhook-secret"
WAIT_S = 30.0

Json = dict[str, Any]
_codes = (f"q{one}{two}" for one in "abcdefghijklmnopqrst" for two in "abcdefghijklmnopqrstuvwxyz")


def own_language() -> str:
    """A language code that nobody else's batches are in: those that ISO 639 leaves for private use."""
    return next(_codes)


@dataclass(frozen=True)
class Screen:
    """One message of the bot, as the phone shows it."""

    message_id: int
    text: str
    html: str
    rows: tuple[tuple[tuple[str, str], ...], ...]
    """Labels and data of the buttons."""
    edited: bool

    @property
    def labels(self) -> list[str]:
        return [label for row in self.rows for label, _ in row]

    @property
    def data(self) -> list[str]:
        return [data for row in self.rows for _, data in row]

    def find(self, wanted: str) -> str:
        """The data of the button with that label, or with data that are so or match so."""
        for row in self.rows:
            for label, data in row:
                if wanted in {label, data} or re.fullmatch(wanted, data):
                    return data
        raise AssertionError(f"no button {wanted!r} among {self.rows} of: {self.text}")

    def has(self, wanted: str) -> bool:
        return any(wanted == data or re.fullmatch(wanted, data) for data in self.data)

    @property
    def lease_id(self) -> int:
        """Of the task that the screen shows."""
        return next(int(data.split(":")[1]) for data in self.data if re.match(r"[asm]:\d+", data))


def _screen(message: Json) -> Screen:
    rows = tuple(tuple((one["label"], one["data"]) for one in row) for row in message["buttons"])
    return Screen(message["message_id"], message["text"], message["html"], rows, message["edited"])


@dataclass
class Chat:
    """The sandbox with a bot on it, and what there is behind the bot."""

    base_url: str
    http: httpx.AsyncClient
    database: Database
    """The bot's."""
    onlooker: Database
    """The same, by connections of its own."""
    clock: Clock
    folder: Path
    settings: BotSettings
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    async def control(self, verb: str, path: str, body: Any = None, **query: Any) -> Any:
        response = await self.http.request(verb, f"{self.base_url}/sandbox{path}", json=body, params=query or None)
        assert response.is_success, response.text
        return response.json()

    async def person(self, language_code: str | None = "en", first_name: str = "Amina") -> "Person":
        """Somebody whom the bot does not know."""
        body: Json = {"first_name": first_name}
        if language_code is not None:
            body["language_code"] = language_code
        return Person(self, (await self.control("POST", "/users", body))["id"])

    async def worker(self, *languages: str, locale: str = "en", language_code: str | None = None) -> "Person":
        """Somebody who has joined, and whose phone shows the screen of /work."""
        person = await self.person(language_code or locale)
        async with self.database.transaction() as tx:
            made = await welcome(tx, person.id, locale=locale, country=None, time_zone=None, slug=None)
            await agree(tx, made.id)
            await set_country(tx, made.id, "TZ")
            await choose(tx, made.id, saves=False)  # though data is dear there
            await set_time_zone(tx, made.id, "Africa/Dar_es_Salaam")
            for language in languages:
                await claim_language(tx, made.id, language, Level.NATIVE)
            await set_state(tx, made.id, WorkerState.ACTIVE)
        await person.say("/work")
        return person

    async def batch(self, language: str, items: Sequence[str | Item] | int = 5, **changed: Any) -> Posted:
        """Post a batch; a number makes so many items."""
        number = next(self.numbers)
        if isinstance(items, int):
            items = [f"sentence {number}.{one}" for one in range(items)]
        rows = [one if isinstance(one, Item) else Item(f"i{at}", one) for at, one in enumerate(items)]
        told = {
            "name": f"Batch {number}", "language": language, "seconds": 3, "overlap": {"least": 1, "most": 1}, **changed
        }  # fmt: skip
        path = batch_file(self.folder / str(number), rows, **told)
        return await posted(self.database, path)

    async def text_batch(self, language: str, items: Sequence[str | Item] | int = 5, **changed: Any) -> Posted:
        """Post a batch whose answers are written."""
        return await self.batch(language, items, **{"kind": "text", "options": None, **changed})

    async def fault(self, method: str, status: int | str, **more: Any) -> None:
        await self.control("POST", "/faults", {"method": method, "status": status, **more})

    async def calls(self, method: str | None = None) -> list[Json]:
        found: list[Json] = (await self.control("GET", "/calls", **({"method": method} if method else {})))["calls"]
        return found

    async def calls_to(self, person: "Person", method: str) -> list[Json]:
        return [call for call in await self.calls(method) if str(call["parameters"].get("chat_id")) == str(person.id)]

    async def value(self, query: str, *arguments: Any) -> Any:
        """One value out of the database."""
        async with self.onlooker.transaction() as tx:
            return await tx.value(query, *arguments)

    async def run(self, query: str, *arguments: Any) -> None:
        async with self.onlooker.transaction() as tx:
            await tx.run(query, *arguments)

    async def end_connections(self) -> None:
        """End all the bot's connections to the database, as a restart of it does."""
        await self.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = 'kazi test'"
        )


@dataclass
class Person:
    """Somebody with a phone."""

    chat: Chat
    id: int
    toast: str | None = None
    """What the answer to the last tap said."""
    touches: "set[asyncio.Task[Any]]" = field(default_factory=set)

    async def shown(self, **query: Any) -> Json:
        found: Json = await self.chat.control("GET", f"/users/{self.id}/chat", **query)
        return found

    async def screens(self) -> list[Screen]:
        """All messages of the bot, oldest first."""
        return [_screen(one) for one in (await self.shown())["messages"] if one["from_bot"]]

    async def screen(self) -> Screen:
        """The newest message of the bot."""
        return (await self.screens())[-1]

    async def send(self, text: str) -> None:
        """Write something, and go on."""
        await self.chat.control("POST", f"/users/{self.id}/messages", {"text": text})

    async def say(self, text: str) -> Screen:
        """Write something, and wait for the bot's next message."""
        last = max((one["message_id"] for one in (await self.shown(last=5))["messages"]), default=0)
        await self.send(text)
        return await self.until(lambda screen: screen.message_id > last)

    async def until(self, wanted: Any) -> Screen:
        """The newest message of the bot, once it is as wanted."""
        shown = await self.shown()
        async with asyncio.timeout(WAIT_S):
            while True:
                screens = [_screen(one) for one in shown["messages"] if one["from_bot"]]
                if screens and wanted(screens[-1]):
                    return screens[-1]
                shown = await self.shown(after=shown["version"], wait_s=WAIT_S)

    async def finger(self, wanted: str, message: Screen | None = None, **more: Any) -> Json:
        """Tap, and wait for the answer to the tap only."""
        screen = message or await self.screen()
        body = {"message_id": screen.message_id, "data": screen.find(wanted), "forged": message is not None, **more}
        told: Json = await self.chat.control("POST", f"/users/{self.id}/taps", body)
        self.toast = told["text"]
        return told

    async def touch(self, wanted: str, message: Screen) -> None:
        """Tap, and do not wait for anything: what the link does with it shows on the screen, or not."""
        body = {"message_id": message.message_id, "data": message.find(wanted), "forged": True}
        tapping = asyncio.create_task(self.chat.control("POST", f"/users/{self.id}/taps", body))
        self.touches.add(tapping)
        tapping.add_done_callback(self.touches.discard)
        await asyncio.sleep(0)  # it is on its way

    async def forge(self, data: str) -> Screen:
        """Send a tap of data that no button has, and wait until the bot has reacted."""
        screen = await self.screen()
        body = {"message_id": screen.message_id, "data": data, "forged": True}
        told = await self.chat.control("POST", f"/users/{self.id}/taps", body)
        self.toast = told["text"]
        return await self.settled()

    async def tap(self, wanted: str, message: Screen | None = None) -> Screen:
        """Tap a button, and wait until the screen has changed."""
        shown = await self.shown(last=10)
        screen = message or _screen([one for one in shown["messages"] if one["from_bot"]][-1])
        told = await self.finger(wanted, message)
        assert told["answered"], "nobody answered the tap"
        after = await self.shown(after=shown["version"], wait_s=WAIT_S)
        assert after["version"] > shown["version"], f"nothing changed after {wanted!r} on: {screen}"
        screens = [_screen(one) for one in after["messages"] if one["from_bot"]]
        changed = next((one for one in screens if one.message_id == screen.message_id), screens[-1])
        return changed if screens[-1].message_id == screen.message_id or changed != screen else screens[-1]

    async def settled(self) -> Screen:
        """The newest message once all that was under way to this person is shown: replies to one come in order."""
        before = (await self.screen()).message_id
        await self.send("/help")
        await self.until(lambda screen: screen.message_id > before and "/earnings" in screen.text)
        return (await self.screens())[-2]

    async def begin(self, posted_: Posted) -> Screen:
        """From the list of work to the first task of a batch."""
        screen = await self.say("/work")
        await self.tap(f"w:{posted_.batch_id}", screen)
        return await self.tap(f"go:{posted_.batch_id}")

    async def change(self, **fields: Any) -> None:
        await self.chat.control("PUT", f"/users/{self.id}", fields)

    async def online(self, online: bool) -> None:
        await self.chat.control("PUT", f"/users/{self.id}/link", {"online": online})

    async def block(self, blocked: bool) -> None:
        await self.chat.control("PUT", f"/users/{self.id}/blocked", {"blocked": blocked})

    async def answers(self) -> int:
        """How many answers of theirs are recorded."""
        found: int = await self.chat.value(
            "SELECT count(*) FROM answer a JOIN worker w ON w.id = a.worker_id WHERE w.person_id = $1", self.id
        )
        return found

    async def state(self) -> str | None:
        found: str | None = await self.chat.value("SELECT state FROM worker WHERE person_id = $1", self.id)
        return found


async def eventually(happened: Any) -> None:
    """Wait until something is so that announces itself nowhere."""
    async with asyncio.timeout(WAIT_S):
        while not await happened():  # noqa: ASYNC110 (it is asked of a database or over HTTP)
            await asyncio.sleep(0.01)
