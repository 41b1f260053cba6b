"""The OpenAPI document says the truth: whatever it allows is answered as it says, whatever it forbids is refused."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from db.database import Database
from tests.requester.panel import served, token
from tests.requester.scene import Item, batch_file, posted

# Any two files are what the document asks of an upload; that they are a batch no JSON Schema can say.
_CONFIGURATION = """
[[operations]]
include-method = "POST"
include-path-regex = "/batches(/check)?$"
checks.positive_data_acceptance.enabled = false
"""


async def test_requests_made_from_the_document_find_no_lie_in_it(database: Database, tmp_path: Path) -> None:
    await posted(database, batch_file(tmp_path, [Item("a", "one"), Item("b", "two")]))
    configuration = tmp_path / "schemathesis.toml"
    configuration.write_text(_CONFIGURATION)
    async with served(database) as address:
        run = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "schemathesis.cli", "--config-file", str(configuration), "run",
            f"{address}/api/v1/openapi.json",
            "--include-path-regex", "^/api/v1", "--header", f"Authorization: Bearer {await token(database, 'house')}",
            "--max-examples", "10", "--phases", "examples,coverage,fuzzing", "--seed", "1",
            "--generation-database", "none", "--no-color", "--continue-on-failure", "--request-timeout", "10",
            cwd=tmp_path, env={**os.environ, "NO_PROXY": "*"},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await run.communicate()
    assert run.returncode == 0, said.decode()


@pytest.fixture(scope="module")
def methods() -> frozenset[str]:
    return frozenset({"get", "post", "put", "patch", "delete"})


async def test_every_call_says_what_it_does_how_it_fails_and_who_may(
    database: Database, methods: frozenset[str]
) -> None:
    async with served(database) as address, httpx.AsyncClient(verify=False) as anybody:
        document: dict[str, Any] = (await anybody.get(f"{address}/api/v1/openapi.json")).json()
    calls = {
        (method, path): call
        for path, each in document["paths"].items()
        if path.startswith("/api/v1")
        for method, call in each.items()
        if method in methods
    }
    assert len(calls) == 26
    for (method, path), call in calls.items():
        assert call["summary"], path
        assert call["description"], path
        if path.endswith("/schema"):
            assert "security" not in call
            continue
        assert call["security"] == [{"token": []}]
        assert {"401", "422"} <= set(call["responses"])
        about_batch = "{batch_id}" in path or any(each["name"] == "batch" for each in call.get("parameters", []))
        assert ("404" in call["responses"]) == about_batch, (method, path)
        for status, response in call["responses"].items():
            assert response["description"]
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"]
