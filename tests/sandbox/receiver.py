"""A webhook for tests: takes updates over HTTP and answers as the test says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson


@dataclass(frozen=True)
class Answer:
    """What the webhook answers; ``status`` 0 hangs up instead."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[str, ...] = ()


@dataclass
class Receiver:
    """What has come in, oldest first, and how each is answered."""

    url: str
    answer: Callable[[dict[str, Any]], Awaitable[Answer]]
    updates: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    connections: int = 0
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def count(self, number: int) -> list[dict[str, Any]]:
        """Wait until so many updates have come in."""
        async with asyncio.timeout(20), self.arrived:
            await self.arrived.wait_for(lambda: len(self.updates) >= number)
        return self.updates

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                lines = [line.partition(": ") for line in head.split("\r\n")[1:] if line]
                headers = {name.lower(): value for name, _, value in lines}
                update = orjson.loads(await reader.readexactly(int(headers["content-length"])))
                async with self.arrived:
                    self.updates.append(update)
                    self.headers.append(headers)
                    self.arrived.notify_all()
                answer = await self.answer(update)
                if not answer.status:
                    break
                more = "".join(f"{line}\r\n" for line in answer.headers)
                writer.write(
                    f"HTTP/1.1 {answer.status} Whatever\r\nContent-Type: {answer.content_type}\r\n{more}"
                    f"Content-Length: {len(answer.body)}\r\n\r\n".encode()
                    + answer.body
                )
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def receiving(answer: Callable[[dict[str, Any]], Awaitable[Answer]]) -> AsyncIterator[Receiver]:
    """A webhook on a free port."""
    receiver = Receiver("", answer)
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook?a=1"
    try:
        yield receiver
    finally:
        server.close()


async def accept(_update: dict[str, Any]) -> Answer:
    """Takes everything."""
    return Answer()
