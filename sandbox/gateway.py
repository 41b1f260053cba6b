"""The Bot API over HTTP: finds bot and method, performs it, and answers as Telegram does.

This is the hot path of every bench, so it stands directly on ASGI.
"""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from sandbox import methods  # noqa: F401 - importing registers the methods
from sandbox.arguments import Arguments, BadBody, parse_body, parse_query
from sandbox.bots import BotAccount
from sandbox.calls import RecordedCall, without_files
from sandbox.errors import ApiError
from sandbox.faults import Fault
from sandbox.files import UPLOAD_LIMIT
from sandbox.methods.registry import METHODS, Call
from sandbox.methods.unsupported import unknown_method
from sandbox.protocol import EXTENSION
from sandbox.records import Json
from sandbox.webhook import Reply
from sandbox.world import World

BODY_LIMIT = UPLOAD_LIMIT + 2**20
_JSON = (b"content-type", b"application/json")
_log = logging.getLogger("sandbox")


@dataclass(frozen=True, slots=True)
class Performed:
    """How a call ended. ``status`` 0: nothing is answered, the connection is broken off."""

    status: int
    body: bytes
    retry_after: int | None = None


def _refusal(error: ApiError) -> Performed:
    answer: Json = {"ok": False, "error_code": error.code, "description": error.description}
    if error.retry_after is not None:
        answer["parameters"] = {"retry_after": error.retry_after}
    return Performed(error.code, orjson.dumps(answer), error.retry_after)


class Gateway:
    """The ASGI application behind ``/bot<token>/<method>`` and ``/file/bot<token>/<path>``."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._repliers = {account.id: self._replier(account) for account in world.bots.values()}

    def resume_webhooks(self) -> None:
        """Deliver again to the webhooks that bots had set before the sandbox was started."""
        for account in self._world.bots.values():
            account.point_webhook(account.record.webhook, self._repliers[account.id])

    async def serve_method(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer ``/bot<token>/<method>``, with GET or POST."""
        token, _, name = scope["path"][4:].partition("/")
        account = self._world.tokens.get(token)
        parameters: Json = {}
        unreadable: ApiError | None = None
        try:
            parameters = await _parameters(scope, receive)
        except ApiError as error:
            unreadable = error
        if account is None:
            performed = _refusal(ApiError(401, "Unauthorized"))
        else:
            performed = await self.perform(account, name, parameters, receive=receive, unreadable=unreadable)
        if performed.status:
            await _answer(send, performed)
        else:
            await _break_off(scope, receive, send)

    async def serve_file(self, scope: Scope, send: Send) -> None:
        """Answer ``/file/bot<token>/<path>`` with the bytes, while the link of getFile is good."""
        token, _, path = scope["path"][9:].partition("/")
        account = self._world.tokens.get(token)
        if account is None:
            await _answer(send, _refusal(ApiError(401, "Unauthorized")))
            return
        record = self._world.files.at_path(account.id, path)
        if record is None or record.link_until < self._world.clock.now():
            await _answer(send, _refusal(ApiError(404, "Not Found")))
            return
        content = self._world.files.content(record)
        await _send(send, 200, [(b"content-type", record.mime_type.encode("latin-1", "replace"))], content)

    async def perform(
        self,
        account: BotAccount,
        name: str,
        parameters: Json,
        *,
        receive: Receive | None = None,
        via: str = "http",
        unreadable: ApiError | None = None,
    ) -> Performed:
        """Perform one call, with the faults that were ordered for it, and record it.

        ``receive`` tells when the caller is gone, so that a poll does not wait for nobody. ``unreadable`` is the
        refusal of a call whose parameters could not be read.
        """
        world = self._world
        at = world.clock.now()
        lowered = name.lower()
        fault = world.faults.take(lowered) if world.faults.ordered else None
        if fault is not None and fault.delay_ms:
            await world.clock.sleep(fault.delay_ms / 1000)
        if fault is not None and not fault.after and fault.status != 200:
            performed = _faulty(fault)
        elif unreadable is not None:
            performed = _refusal(unreadable)
        else:
            performed = await self._perform(account, name, lowered, parameters, receive)
        if fault is not None and fault.after:
            performed = _faulty(fault)
        world.calls.add(
            RecordedCall(
                at, account.bot.username, name, without_files(parameters), performed.status, performed.body, via
            )
        )
        if not lowered.startswith("get"):
            world.touch()
        return performed

    async def _perform(
        self, account: BotAccount, name: str, lowered: str, parameters: Json, receive: Receive | None
    ) -> Performed:
        world = self._world
        try:
            function = METHODS.get(lowered)
            if function is None:
                raise unknown_method(name)
            if world.limits.enabled:
                world.limits.check(lowered, account.id, str(parameters.get("chat_id")))
            result = function(Call(world, account, Arguments(parameters), self._repliers[account.id]))
            if isinstance(result, Coroutine):
                result = await _while_listening(result, receive)
            return Performed(200, b'{"ok":true,"result":%b}' % orjson.dumps(result))
        except ApiError as error:
            return _refusal(error)
        except Exception:
            _log.exception("the sandbox failed in %s", name)
            return _refusal(ApiError(500, "Internal Server Error: the sandbox itself failed; see its log"))

    def _replier(self, account: BotAccount) -> Reply:
        """Performs the call that a webhook of this bot put into its answer."""

        async def reply(method: str, parameters: Json) -> None:
            await self.perform(account, method, parameters, via="webhook")

        return reply


async def _parameters(scope: Scope, receive: Receive) -> Json:
    """What stands in the body and the query. Raises ApiError if that cannot be read."""
    content_type = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"content-type"), "")
    body = await _read(receive)
    try:
        parameters = await parse_body(content_type, body) if body else {}
        if scope["query_string"]:
            parameters = parse_query(scope["query_string"]) | parameters
    except BadBody as error:
        raise ApiError(400, f"Bad Request: {error}") from error
    return parameters


async def _read(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body
    parts, size = [body], len(body)
    while message.get("more_body"):
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size <= BODY_LIMIT:
            parts.append(part)
    if size > BODY_LIMIT:
        raise ApiError(413, "Request Entity Too Large")
    return b"".join(parts)


async def _while_listening(work: Coroutine[Any, Any, Any], receive: Receive | None) -> Any:
    """Do the work, but give up when the caller goes away."""
    if receive is None:
        return await work
    working = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait((working, gone), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ApiError(499, "Client Closed Request")
    finally:
        working.cancel()
        gone.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _faulty(fault: Fault) -> Performed:
    if not fault.status:
        return Performed(0, b"")
    return _refusal(ApiError(fault.status, fault.text(), retry_after=fault.retry_after))


async def _answer(send: Send, performed: Performed) -> None:
    headers = [_JSON]
    if performed.retry_after is not None:
        headers.append((b"retry-after", b"%d" % performed.retry_after))
    await _send(send, performed.status, headers, performed.body)


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    headers = [*headers, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _break_off(scope: Scope, receive: Receive, send: Send) -> None:
    """Close the connection without an answer; behind another server, with half an answer."""
    extension = scope.get("extensions", {}).get(EXTENSION)
    if extension is not None:
        extension["abort"]()
        await _gone(receive)
        return
    headers = [_JSON, (b"content-length", b"1")]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
