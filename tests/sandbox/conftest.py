"""A sandbox for each test, on a free port, with two bots and nobody in it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from sandbox import Bot, Settings, running

TOKEN = "123456:first-token"
OTHER_TOKEN = "654321:second-token"
BOTS = (Bot(TOKEN, "first_bot", "First"), Bot(OTHER_TOKEN, "second_bot", "Second"))

Json = dict[str, Any]


@dataclass(frozen=True)
class Play:
    """A running sandbox, seen by a bot (``call`` and the like) and by the people who use it."""

    base_url: str
    http: httpx.AsyncClient

    async def call(self, method: str, *, token: str = TOKEN, **parameters: Any) -> Json:
        response = await self.http.post(f"{self.base_url}/bot{token}/{method}", json=parameters)
        answer: Json = response.json()
        assert response.status_code == (200 if answer["ok"] else answer["error_code"])
        return answer

    async def ok(self, method: str, *, token: str = TOKEN, **parameters: Any) -> Any:
        answer = await self.call(method, token=token, **parameters)
        assert answer["ok"], answer
        return answer["result"]

    async def refused(self, method: str, *, token: str = TOKEN, **parameters: Any) -> str:
        answer = await self.call(method, token=token, **parameters)
        assert not answer["ok"], answer
        return f"{answer['error_code']} {answer['description']}"

    async def updates(self, offset: int = 0, **parameters: Any) -> list[Json]:
        found: list[Json] = await self.ok("getUpdates", offset=offset, **parameters)
        return found

    async def control(self, verb: str, path: str, body: Any = None, **options: Any) -> Any:
        response = await self.http.request(verb, f"{self.base_url}/sandbox{path}", json=body, **options)
        assert response.is_success, response.text
        return response.json()

    async def person(self, language_code: str | None = "sw", *, started: bool = True, **fields: Any) -> int:
        """Somebody new, who has written to the first bot unless told otherwise."""
        body = {"first_name": "Amina", "language_code": language_code, **fields}
        person_id: int = (await self.control("POST", "/users", body))["id"]
        if started:
            await self.say(person_id, "/start")
            await self.updates(-1)
            await self.updates((await self.updates())[-1]["update_id"] + 1)
        return person_id

    async def say(self, person_id: int, text: str) -> Json:
        said: Json = await self.control("POST", f"/users/{person_id}/messages", {"text": text})
        return said

    async def chat(self, person_id: int, **query: Any) -> Json:
        found: Json = await self.control("GET", f"/users/{person_id}/chat", params=query)
        return found

    async def messages(self, person_id: int) -> list[Json]:
        found: list[Json] = (await self.chat(person_id))["messages"]
        return found

    async def texts(self, person_id: int) -> list[str]:
        return [message["text"] for message in await self.messages(person_id)]

    async def link(self, person_id: int, *, online: bool, **link: float) -> None:
        await self.control("PUT", f"/users/{person_id}/link", {"online": online, **link})

    async def traffic(self, person_id: int) -> Json:
        found: Json = await self.control("GET", f"/users/{person_id}/traffic")
        return found

    async def advance(self, seconds: float) -> None:
        await self.control("POST", "/clock", {"advance_s": seconds})

    async def freeze(self) -> None:
        """Let the sandbox's time stand still but for ``advance``."""
        await self.control("POST", "/clock", {"frozen": True})

    async def fault(self, method: str, status: int | str, **more: Any) -> None:
        await self.control("POST", "/faults", {"method": method, "status": status, **more})

    async def calls(self, method: str | None = None) -> list[Json]:
        found: list[Json] = (await self.control("GET", "/calls", params={"method": method} if method else None))[
            "calls"
        ]
        return found

    def begin_tap(self, person_id: int, message_id: int, **tap: Any) -> "asyncio.Task[Any]":
        """Tap, and go on while the tap waits for its answer."""
        body = {"message_id": message_id, **tap}
        return asyncio.create_task(self.control("POST", f"/users/{person_id}/taps", body))

    async def poll(self, *, token: str = TOKEN, **parameters: Any) -> "asyncio.Task[Json]":
        """A poll that waits, and goes on waiting while the test goes on."""
        polling = asyncio.create_task(self.call("getUpdates", token=token, **{"timeout": 50, **parameters}))

        async def waits() -> bool:
            bots = (await self.control("GET", "/bots"))["bots"]
            return any(bot["polling"] for bot in bots if token.startswith(str(bot["id"])))

        await until(waits)
        return polling

    async def next_update(self, kind: str) -> Json:
        """The first pending update of this kind, as soon as there is one; nothing is confirmed."""
        async with asyncio.timeout(20):
            while True:
                for update in await self.updates():
                    if kind in update:
                        return update


@pytest.fixture(scope="session")
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=30, verify=False) as client:
        yield client


@pytest.fixture
async def base_url() -> AsyncIterator[str]:
    async with running(Settings(BOTS)) as sandbox:
        yield sandbox.base_url


@pytest.fixture
async def play(base_url: str, http: httpx.AsyncClient) -> Play:
    return Play(base_url, http)


async def until(happened: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that the sandbox does in its own time; fails after a generous while."""
    async with asyncio.timeout(20):
        while not await happened():  # noqa: ASYNC110 - it asks over HTTP for what has no event here
            await asyncio.sleep(0)


def keyboard(*rows: dict[str, str]) -> Json:
    """An inline keyboard; each row maps labels to data."""
    return {
        "inline_keyboard": [[{"text": label, "callback_data": data} for label, data in row.items()] for row in rows]
    }
