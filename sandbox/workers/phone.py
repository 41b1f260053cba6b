"""One person's phone, by way of the sandbox's control API."""

import asyncio
import mimetypes
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import aiohttp
import orjson

from sandbox.workers.turns import Sort

Pause = Callable[[float], Awaitable[None]]

_JSON = {"Content-Type": "application/json"}
_LOOK = aiohttp.ClientTimeout(total=60)
_TAP = aiohttp.ClientTimeout(total=240)
"""A query lives 150 seconds; a tap is answered by then, one way or the other."""
_READ_BACK = 10
"""Messages that a worker reads back, to keep long chats cheap."""


class Button(NamedTuple):
    """An inline button that sends callback data."""

    label: str
    data: str


class Screen(NamedTuple):
    """A message of the bot, as far as a worker reads it."""

    message_id: int
    text: str
    buttons: tuple[Button, ...]


class Chat(NamedTuple):
    """The end of a chat: the bot's last messages, newest first, down to the newest that has buttons."""

    version: int
    screens: tuple[Screen, ...]
    empty: bool


class TapResult(NamedTuple):
    """What came of a tap."""

    answered: bool
    text: str | None
    waited_ms: float


class SandboxUnreachableError(Exception):
    """The sandbox did not answer for longer than the worker's patience."""


class SandboxRefusedError(Exception):
    """The sandbox answered a call with an error that trying again will not mend."""

    def __init__(self, status: int, what: str) -> None:
        super().__init__(f"{status}: {what}")
        self.status = status


@dataclass(slots=True)
class Phone:
    """A person's phone. Calls wait out a sandbox that is away, for up to `patience_s` seconds each."""

    session: aiohttp.ClientSession
    base_url: str
    user_id: int
    patience_s: float = 30.0
    pause: Pause = asyncio.sleep
    retries: int = 0

    @classmethod
    async def buy(
        cls,
        session: aiohttp.ClientSession,
        base_url: str,
        *,
        first_name: str,
        language_code: str,
        patience_s: float = 30.0,
    ) -> "Phone":
        """Makes a new person in the sandbox at `base_url`."""
        phone = cls(session, base_url.rstrip("/"), 0, patience_s)
        person = {"first_name": first_name, "language_code": language_code}
        phone.user_id = int((await phone._call("POST", "/sandbox/users", person))["id"])
        return phone

    async def chat(self, after: int | None = None, wait_s: float = 0.0) -> Chat:
        """The chat now, or as soon as it is newer than `after`, or when `wait_s` seconds have passed."""
        path = now = f"/sandbox/users/{self.user_id}/chat?last={_READ_BACK}"
        if after is not None:
            path += f"&after={after}&wait_s={wait_s:.3f}"
        # a sandbox that comes back may count its versions anew, so a second try asks for the chat as it is
        return _chat(await self._call("GET", path, path_again=now))

    async def tap(self, message_id: int, data: str, *, repeated: bool = False) -> TapResult:
        """Taps a button and waits for the answer. A button that is no longer there is not answered.

        `repeated`: the bot is told of it twice.
        """
        path = f"/sandbox/users/{self.user_id}/taps"
        try:
            tap = {"message_id": message_id, "data": data, "duplicate_update": repeated}
            said = await self._call("POST", path, tap, _TAP)
        except SandboxRefusedError as error:
            return TapResult(answered=False, text=str(error), waited_ms=0.0)
        return TapResult(bool(said["answered"]), said.get("text"), float(said.get("waited_ms") or 0.0))

    async def send(self, text: str) -> None:
        """Sends a text."""
        await self._call("POST", f"/sandbox/users/{self.user_id}/messages", {"text": text})

    async def send_file(self, sort: Sort, content: bytes, name: str) -> None:
        """Sends a voice note or a picture; the ending of `name` says of what kind it is."""
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"

        def form() -> aiohttp.FormData:
            made = aiohttp.FormData()
            made.add_field(sort, content, filename=name, content_type=kind)
            return made

        await self._call("POST", f"/sandbox/users/{self.user_id}/messages", form=form)

    async def _call(
        self,
        method: str,
        path: str,
        body: object = None,
        patience: aiohttp.ClientTimeout = _LOOK,
        path_again: str | None = None,
        form: Callable[[], aiohttp.FormData] | None = None,
    ) -> Any:
        """The answer to a call; `form` makes a form to send in the place of JSON, anew for every try."""
        loop = asyncio.get_running_loop()
        give_up = loop.time() + self.patience_s
        wait = 0.05
        data = None if body is None else orjson.dumps(body)
        headers = None if data is None else _JSON
        while True:
            try:
                async with self.session.request(
                    method, self.base_url + path, data=form() if form else data, headers=headers, timeout=patience
                ) as answer:
                    content = await answer.read()
                    if answer.status < 400:
                        return orjson.loads(content)
                    if answer.status < 500:
                        raise SandboxRefusedError(answer.status, content.decode(errors="replace"))
                    trouble = f"{answer.status} from {method} {path}"
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                trouble = f"{type(error).__name__} at {method} {path}: {error}"
            if loop.time() + wait > give_up:
                raise SandboxUnreachableError(trouble)
            self.retries += 1
            path = path_again or path
            await self.pause(wait)
            wait = min(wait * 2, 2.0)


def _chat(body: dict[str, Any]) -> Chat:
    messages = body["messages"]
    screens = []
    for message in reversed(messages):
        if not message["from_bot"]:
            continue
        rows = message.get("buttons") or ()
        buttons = tuple(Button(b["label"], b["data"]) for row in rows for b in row if b.get("data"))
        screens.append(Screen(message["message_id"], message.get("text") or "", buttons))
        if buttons:
            break
    return Chat(int(body["version"]), tuple(screens), not messages)
