"""A provider on this machine: it verifies what is posted, pays each key once, and misbehaves as it is told to."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.serving import serving

SECRET = "whsec_" + base64.b64encode(b"a secret that both of them know").decode()


@dataclass
class FakeProvider:
    """What it was sent, and how it answers next."""

    url: str = ""
    answers: list[Any] = field(default_factory=list)
    """The next answers, each a status, `(status, JSON)`, "redirect", "cut" or "hang"; then it pays."""
    posts: list[tuple[str, bytes]] = field(default_factory=list)
    """Keys and bodies, as they came."""
    paid: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What was paid, by key."""
    pays_before_it_fails: bool = False
    hanging: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def taken(self, request: Request) -> Response:
        """A post."""
        body = await request.body()
        key = request.headers["idempotency-key"]
        assert request.headers["webhook-id"] == key
        signed = f"{key}.{request.headers['webhook-timestamp']}.".encode() + body
        right = hmac.new(base64.b64decode(SECRET.removeprefix("whsec_")), signed, hashlib.sha256).digest()
        assert request.headers["webhook-signature"] == f"v1,{base64.b64encode(right).decode()}"
        self.posts.append((key, body))
        order = orjson.loads(body)["data"]
        pays, how = await self.decide(key, order)
        if pays:
            self.paid.setdefault(key, order)
        return await self._answer(key, how)

    async def decide(self, key: str, order: dict[str, Any]) -> tuple[bool, Any]:
        """Whether it pays this order now, and how it answers."""
        how = self.answers.pop(0) if self.answers else None
        return how is None or self.pays_before_it_fails, how

    async def _answer(self, key: str, how: Any) -> Response:
        if how is None:
            return Response(orjson.dumps({"status": "paid", "reference": f"R-{key[-4:]}"}))
        if how == "hang":
            self.hanging.set()
            await self.ended.wait()
        if how == "cut":
            return Response(b"part", headers={"content-length": "5000"})
        if how == "redirect":
            return RedirectResponse(self.url + "/elsewhere", 307)
        if isinstance(how, tuple):
            return Response(orjson.dumps(how[1]), how[0])
        return PlainTextResponse("so it is", how)


P = TypeVar("P", bound=FakeProvider)


@asynccontextmanager
async def running_provider(provider: P) -> AsyncIterator[P]:
    """On a free port."""
    app = Starlette(routes=[Route("/pay", provider.taken, methods=["POST"])])
    async with serving(app) as address:
        provider.url = f"{address}/pay"
        try:
            yield provider
        finally:
            provider.ended.set()
