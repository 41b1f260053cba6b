"""One person's phone in the sandbox, by its control API."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp

from crowd.replay.way import ReplayError

T = TypeVar("T")

_PATIENCE_S = 60.0
"""Nothing that a bot does takes longer."""

_LOOK_S = 20.0
_LAST = 4
"""Messages looked at, newest last."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A message of the bot: its buttons' data, in their order."""

    message_id: int
    buttons: tuple[str, ...]


@asynccontextmanager
async def phones_of(sandbox: str) -> AsyncIterator["Phones"]:
    """The phones of a sandbox at that address."""
    async with aiohttp.ClientSession(
        sandbox,
        connector=aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=_PATIENCE_S + _LOOK_S),
    ) as session:
        yield Phones(session)


class Phones:
    """Where phones come from."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def new(self, first_name: str, language_code: str) -> "Phone":
        """The phone of somebody new."""
        person = {"first_name": first_name, "language_code": language_code}
        return Phone(self, (await self.call("POST", "/sandbox/users", person))["id"])

    async def call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """One call of the control API. Raises ReplayError when it fails."""
        try:
            async with self._session.request(method, path, json=body) as answer:
                if answer.status >= 400:
                    raise ReplayError(f"the sandbox refuses {method} {path}: {await answer.text()}")
                said: dict[str, Any] = await answer.json()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ReplayError(f"the sandbox does not answer to {method} {path}: {error!r}") from error
        return said


class Phone:
    """A phone, and whoever holds it."""

    def __init__(self, phones: Phones, person_id: int) -> None:
        self.person_id = person_id
        self._phones = phones
        self._path = f"/sandbox/users/{person_id}"

    async def send(self, text: str) -> None:
        """Write to the bot."""
        await self._phones.call("POST", f"{self._path}/messages", {"text": text})

    async def tap(self, message_id: int, data: str) -> None:
        """Tap a button, and wait until the bot has acknowledged it. Raises ReplayError when it does not."""
        said = await self._phones.call("POST", f"{self._path}/taps", {"message_id": message_id, "data": data})
        if not said["answered"]:
            raise ReplayError(f"the bot did not acknowledge the tap on {data} of person {self.person_id}")

    async def shows(self, what: str, wanted: Callable[[Screen], T | None]) -> T:
        """What is wanted of a screen, as soon as one of the newest has it. Raises ReplayError when none comes."""
        give_up = asyncio.get_running_loop().time() + _PATIENCE_S
        query = f"?last={_LAST}"
        while True:
            chat = await self._phones.call("GET", f"{self._path}/chat{query}")
            for screen in reversed([_screen(message) for message in chat["messages"] if message["from_bot"]]):
                found = wanted(screen)
                if found is not None:
                    return found
            if asyncio.get_running_loop().time() > give_up:
                raise ReplayError(f"the bot shows person {self.person_id} no {what} within {_PATIENCE_S:g} seconds")
            query = f"?last={_LAST}&after={chat['version']}&wait_s={_LOOK_S:g}"


def _screen(message: dict[str, Any]) -> Screen:
    return Screen(message["message_id"], tuple(button["data"] or "" for row in message["buttons"] for button in row))
