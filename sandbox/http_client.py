"""A small HTTP/1.1 client for webhooks: POST only, connections kept open and used again."""

import asyncio
import ssl
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

import httptools

ANSWER_LIMIT = 1_000_000
"""Bytes of an answer that are read; a webhook's answer is one method call."""


class WebhookFailed(Exception):  # noqa: N818 - reads as what happened, and is shown by getWebhookInfo
    """No usable answer; the text is what getWebhookInfo shows."""


@dataclass(slots=True)
class Answer:
    """What the webhook answered. Header names are in lower case."""

    status: int = 0
    reason: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class _Connection(asyncio.Protocol):
    """One connection, with at most one request under way."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.open = True
        self.keep_open = True
        self.started = False
        self._parser = httptools.HttpResponseParser(self)
        self._answer = Answer()
        self._headers_done = False
        self._done: asyncio.Future[Answer] | None = None

    def request(self, data: bytes) -> "asyncio.Future[Answer]":
        assert self.transport is not None
        self._parser = httptools.HttpResponseParser(self)
        self._answer = Answer()
        self._headers_done = False
        self.started = False
        self._done = asyncio.get_running_loop().create_future()
        self.transport.write(data)
        return self._done

    def close(self) -> None:
        self.open = False
        if self.transport is not None:
            self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's are of no class of asyncio's

    def connection_lost(self, exc: Exception | None) -> None:
        self.open = self.keep_open = False
        if exc is None and self._ends_with_the_stream():
            self._succeed()
        self._fail("Webhook connection closed")

    def data_received(self, data: bytes) -> None:
        self.started = True
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(f"Wrong response from the webhook: {error}")
            self.close()

    def on_status(self, status: bytes) -> None:
        self._answer.reason += status.decode("latin-1")

    def on_header(self, name: bytes, value: bytes) -> None:
        self._answer.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self._answer.status = self._parser.get_status_code()
        self._headers_done = True

    def on_body(self, body: bytes) -> None:
        self._answer.body += body
        if len(self._answer.body) > ANSWER_LIMIT:
            self._fail("Wrong response from the webhook: the answer is too long")
            self.close()

    def on_message_complete(self) -> None:
        self.keep_open = self._parser.should_keep_alive()
        self._succeed()

    def _ends_with_the_stream(self) -> bool:
        """Does the answer tell its length only by closing the connection (RFC 9112, 6.3)?"""
        headers = self._answer.headers
        chunked = headers.get("transfer-encoding", "").lower().endswith("chunked")
        return self._headers_done and "content-length" not in headers and not chunked

    def _succeed(self) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_result(self._answer)

    def _fail(self, text: str) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_exception(WebhookFailed(text))


class HttpClient:
    """Sends requests to one URL. Not limited in the number of connections: the caller is."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("a webhook's URL begins with http:// or https:// and names a host")
        self._host = parts.hostname
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._ssl = ssl.create_default_context() if parts.scheme == "https" else None
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._head = f"POST {path} HTTP/1.1\r\nHost: {parts.netloc.rpartition('@')[2]}\r\n".encode()
        self._idle: list[_Connection] = []

    async def post(self, body: bytes, headers: bytes) -> Answer:
        """Send one request. ``headers`` are complete lines. Raises WebhookFailed if no answer came."""
        request = b"%b%bContent-Length: %d\r\n\r\n%b" % (self._head, headers, len(body), body)
        while self._idle:
            connection = self._idle.pop()
            if connection.open:
                try:
                    return await self._use(connection, request)
                except WebhookFailed:
                    if connection.started:
                        raise
        return await self._use(await self._connect(), request)

    def close(self) -> None:
        """Close the connections that wait for a next request."""
        for connection in self._idle:
            connection.close()
        self._idle.clear()

    async def _connect(self) -> _Connection:
        loop = asyncio.get_running_loop()
        try:
            _, connection = await loop.create_connection(_Connection, self._host, self._port, ssl=self._ssl)
        except OSError as error:
            raise WebhookFailed(error.strerror or "Connection refused") from error
        return connection

    async def _use(self, connection: _Connection, request: bytes) -> Answer:
        try:
            answer = await connection.request(request)
        except BaseException:
            connection.close()
            raise
        if connection.keep_open and connection.open:
            self._idle.append(connection)
        else:
            connection.close()
        return answer
