"""A load balancer: each request goes to the next of the bots."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.serving import serving

_PASSED_ON = ("content-type", "x-telegram-bot-api-secret-token")


@dataclass
class Balancer:
    """Where it is, and what it did."""

    url: str
    sent: Counter[int] = field(default_factory=Counter)
    """Requests, by port."""
    statuses: Counter[int] = field(default_factory=Counter)
    """Answers, by status."""


@asynccontextmanager
async def balanced(ports: list[int]) -> AsyncIterator[Balancer]:
    """Passes requests on to the ports in the list, in turn."""
    turn = 0

    async def pass_on(request: Request) -> Response:
        nonlocal turn
        port = ports[turn % len(ports)]
        turn += 1
        headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
        url = f"http://127.0.0.1:{port}{request.url.path}"
        answer = await client.post(url, content=await request.body(), headers=headers)
        balancer.sent[port] += 1
        balancer.statuses[answer.status_code] += 1
        return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))

    app = Starlette(routes=[Route("/{path:path}", pass_on, methods=["POST"])])
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(verify=False, timeout=60, limits=limits) as client, serving(app) as address:
        balancer = Balancer(address)
        yield balancer
