"""The webhook, for any number of machines: answered once the update's transaction is committed."""

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import orjson
import structlog

from bot.delivery import acknowledgement
from bot.incoming import Target, UnreadableError, read
from bot.intake import Intake
from bot.screens import Reaction

_log = structlog.get_logger(__name__)

PATH = "/telegram"
LARGEST_BODY = 1_000_000
"""Bytes of an update at most."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Webhook:
    """An ASGI application with one route. The tap is acknowledged in the reply itself, which saves a call."""

    def __init__(self, intake: Intake, secret: str) -> None:
        self._intake = intake
        self._secret = secret.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            return
        if scope["path"] != PATH or scope["method"] != "POST":
            await _reply(send, 404)
            return
        told = dict(scope["headers"]).get(b"x-telegram-bot-api-secret-token", b"")
        if not hmac.compare_digest(told, self._secret):
            await _reply(send, 401)
            return
        body = await _body(receive)
        if body is None:
            await _reply(send, 413)
            return
        try:
            incoming = read(orjson.loads(body))
        except (orjson.JSONDecodeError, UnreadableError) as error:
            # Answered 200: an update that cannot be read would block its chat for a day if it came again.
            _log.error("webhook.unreadable", error=str(error))
            await _reply(send, 200)
            return
        try:
            taken = await self._intake.take(incoming) if incoming is not None else None
        except Exception as error:
            _log.warning("webhook.put_off", update=incoming.update_id if incoming else None, error=repr(error))
            await _reply(send, 503)
            return
        await self._answer(send, taken)

    async def _answer(self, send: Send, taken: tuple[Target, Reaction] | None) -> None:
        if taken is None:
            await _reply(send, 200)
            return
        target, reaction = taken
        content = b""
        if target.query_id is not None:
            content = orjson.dumps({"method": "answerCallbackQuery", **acknowledgement(target.query_id, reaction)})
        await _reply(send, 200, content)
        self._intake.deliver(target, reaction, acknowledge=False)


async def _body(receive: Receive) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > LARGEST_BODY or message["type"] == "http.disconnect":
            return None
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


async def _reply(send: Send, status: int, content: bytes = b"") -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
