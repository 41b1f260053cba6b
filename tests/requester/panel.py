"""The panel with its API, served over real HTTP, for tests."""

import io
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from admin.app import PanelSettings, create_panel
from bot.tasks import preview
from crowd.requesters import new_token
from db.database import Database
from tests.requester.scene import requester
from tests.serving import serving

FEE_PPM = 100_000


@asynccontextmanager
async def served(database: Database) -> AsyncIterator[str]:
    """The address of a running panel."""
    app = create_panel(database, PanelSettings(secret=b"only for these tests", preview=preview, fee_ppm=FEE_PPM))
    async with serving(app) as address:
        yield address


async def token(database: Database, owner: str, name: str = "tests") -> str:
    """A token of that requester."""
    who = await requester(database, owner)
    async with database.transaction() as tx:
        return await new_token(tx, who.id, name)


def client(address: str, secret: str | None) -> httpx.AsyncClient:
    """A client that shows that token."""
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return httpx.AsyncClient(verify=False, base_url=f"{address}/api/v1", headers=headers, timeout=30)


def parts(batch: Path) -> dict[str, tuple[str, bytes]]:
    """A batch file and its items as an upload."""
    return {
        "batch": (batch.name, batch.read_bytes()),
        "items": ("items.csv", (batch.parent / "items.csv").read_bytes()),
    }


def packed(folder: Path, which: str = "*.png") -> tuple[str, bytes]:
    """All pictures of a folder, or other files, as an upload."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(folder.rglob(which)):
            archive.write(path, path.relative_to(folder).as_posix())
    return "my pictures.zip", out.getvalue()
