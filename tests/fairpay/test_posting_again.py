"""A file that is posted again is found, also where measured time has made its price too little since."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from db.database import Database
from tests.database import as_app
from tests.panel.house import mark_of, panel, visitor
from tests.requester.panel import client, parts, served, token
from tests.requester.scene import Item, batch_file
from tests.serving import serving

LANGUAGE = "lg"
"""That of no other test, since what was measured here makes such work dear."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with served(database) as where, client(where, await token(database, "again")) as opened:
        yield opened


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return batch_file(tmp_path, [Item(f"i{at}", f"again {tmp_path} {at}") for at in range(6)], language=LANGUAGE)


async def it_takes(database: Database, ms: int) -> None:
    """All such work that there is."""
    async with database.transaction() as tx:
        await tx.run("UPDATE batch SET pace_ms = $2, slow_ms = $2 WHERE language = $1", LANGUAGE, ms)


async def count(database: Database) -> int:
    async with database.reading() as tx:
        found: int = await tx.value("SELECT count(*) FROM batch WHERE language = $1", LANGUAGE)
    return found


async def test_a_file_posted_again_by_rest_is_found_whatever_was_measured_since(
    database: Database, api: httpx.AsyncClient, file: Path
) -> None:
    first = await api.post("/batches", files=parts(file))
    assert first.status_code == 201, first.text
    batch = first.json()["batch"]["id"]
    there = await count(database)
    await it_takes(database, 600_000)
    again = await api.post("/batches", files=parts(file))
    assert (again.status_code, again.json()["already"], again.json()["batch"]["id"]) == (200, True, batch)
    assert (await api.post("/batches/check", files=parts(file))).json()["good"]
    async with served(database) as where, client(where, await token(database, "somebody else")) as other:
        assert (await other.post("/batches", files=parts(file))).status_code == 422, "it is none of theirs"
    async with database.transaction() as tx:
        await tx.run("UPDATE batch SET state = 'closed', closed_at = $2 WHERE id = $1", batch, tx.now)
    assert (await api.post("/batches", files=parts(file))).status_code == 422, "a closed one is not found"
    assert await count(database) == there
    await it_takes(database, 1_000)


async def test_a_file_posted_again_in_the_panel_is_found_whatever_was_measured_since(
    database: Database, file: Path
) -> None:
    async with serving(panel(database)) as address, visitor(address, database, "again", "panel") as page:
        form = {"mark": mark_of(await page.get("/post")), "do": "check"}
        checked = await page.post("/post", data=form, files=parts(file))
        form |= {"do": "post", "digest": checked.text.split('name="digest" value="')[1].split('"')[0]}
        first = await page.post("/post", data=form, files=parts(file))
        where, _, told = first.headers["location"].partition("?")
        assert told == "posted=1"
        await it_takes(database, 600_000)
        again = await page.post("/post", data=form, files=parts(file))
        assert again.headers["location"] == f"{where}?already=1"
        await it_takes(database, 1_000)


async def test_a_file_posted_again_by_the_command_is_found_whatever_was_measured_since(
    database: Database, dsn: str, tmp_path: Path, file: Path
) -> None:
    from kazi.main import app

    environment = {"DATABASE_URL": as_app(dsn), "KAZI_DATA": str(tmp_path / "data"), "LC_ALL": "C.UTF-8"}

    async def post(code: int, *more: str) -> Any:
        arguments = ["batch", "post", str(file), *more]
        done: Any = await asyncio.to_thread(CliRunner().invoke, app, arguments, env=environment)
        assert done.exit_code == code, (done.output, done.exception)
        return done

    batch = json.loads((await post(0, "--requester", "again", "--json")).stdout)["batch"]["id"]
    await it_takes(database, 600_000)
    told = json.loads((await post(0, "--requester", "again", "--json")).stdout)
    assert (told["already"], told["batch"]["id"]) == (True, batch)
    assert "nothing was posted" in (await post(1)).stderr, "the house did not post it"
    await it_takes(database, 1_000)
