"""A running panel, somebody signed in, and batches to look at."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape

import httpx
from fastapi import FastAPI

from admin.app import PanelSettings, create_panel
from admin.settings import Paying
from bot.tasks import preview
from crowd.payouts.method import Payer
from crowd.payouts.vault import Vault, new_key
from crowd.requesters import new_token
from db.database import Database
from tests.requester.scene import requester

FEE_PPM = 50_000
SECRET = b"only for these tests"
PAYING = Paying(Vault([new_key()]), Payer(), {"USD": 2_000_000})
PAGES = (
    "", "/tasks", "/tasks?only=unsure", "/reports", "/workers", "/agreement", "/review", "/review?only=decided",
    "/review?only=audit", "/golds", "/state?to=paused", "/state?to=closed",
)  # fmt: skip
"""Of one batch."""


def panel(database: Database, *, demo_phone_url: str | None = None, demo_key: str | None = None) -> FastAPI:
    settings = PanelSettings(
        SECRET, preview, fee_ppm=FEE_PPM, paying=PAYING, demo_phone_url=demo_phone_url, demo_key=demo_key
    )
    return create_panel(database, settings)


async def token(database: Database, owner: str, name: str, *, member: bool = False) -> str:
    who = await requester(database, owner)
    async with database.transaction() as tx:
        return await new_token(tx, who.id, name, owner=not member)


def mark_of(page: httpx.Response) -> str:
    """The mark of the page's forms."""
    found = re.search(r'name="mark" value="([^"]+)"', page.text)
    assert found, page.text[:2000]
    return unescape(found[1])


async def sign_in(client: httpx.AsyncClient, secret: str) -> httpx.Response:
    page = await client.get("/login")
    return await client.post("/login", data={"mark": mark_of(page), "token": secret, "next": "/batches"})


@asynccontextmanager
async def visitor(
    address: str, database: Database, owner: str, name: str, *, member: bool = False
) -> AsyncIterator[httpx.AsyncClient]:
    """A client that is signed in, with a new token of that name."""
    async with httpx.AsyncClient(verify=False, base_url=address, timeout=30) as client:
        entered = await sign_in(client, await token(database, owner, name, member=member))
        assert entered.status_code == 303, entered.text
        yield client
