"""What a program of a requester's can do over HTTP, and what it is told when it cannot."""

import csv
import io
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import polars as pl
import pytest
import pytest_asyncio

from admin.api import uploads
from crowd.kinds import spec_schema
from crowd.requesters import revoke
from db.database import Database
from tests.database import Clock
from tests.kinds.sample import write_batch
from tests.kinds.samples.grid import SAMPLE
from tests.media.sounds import beep
from tests.requester.panel import client, packed, parts, served, token
from tests.requester.scene import Item, batch_file, people, posted, requester, work


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address(database: Database) -> AsyncIterator[str]:
    async with served(database) as where:
        yield where


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(address: str, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the requester named house."""
    async with client(address, await token(database, "house")) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stranger(address: str, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A client of another requester."""
    async with client(address, await token(database, "stranger")) as opened:
        yield opened


def problem(response: httpx.Response, status: int) -> dict[str, Any]:
    """The problem document of a refusal."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document["status"] == status
    assert document["detail"].endswith((".", "!", "?"))
    return document


def some(folder: Path, about: str, **changed: Any) -> Path:
    return batch_file(folder, [Item(f"k{n}", f"{about} {n}") for n in range(12)], **changed)


async def test_a_batch_is_posted_once_and_found_again(api: httpx.AsyncClient, tmp_path: Path) -> None:
    upload = parts(some(tmp_path, "posted"))
    first = await api.post("/batches", files=upload)
    assert first.status_code == 201
    made = first.json()
    assert made["already"] is False
    assert first.headers["location"] == f"/api/v1/batches/{made['batch']['id']}"
    batch = made["batch"]
    assert (batch["tasks"], batch["state"], batch["price"]) == (12, "open", "0.02")
    assert (batch["funded"], batch["left"], batch["spent"]) == ("0.528", "0.528", "0.00")

    again = await api.post("/batches", files=upload)
    assert again.status_code == 200
    assert again.json() == {"batch": batch, "already": True}
    assert (await api.get(f"/batches/{batch['id']}")).json() == batch


async def test_a_bad_batch_posts_nothing_and_every_problem_has_its_place(
    api: httpx.AsyncClient, tmp_path: Path
) -> None:
    path = batch_file(tmp_path, [Item("a", "one", "goood"), Item("a", "two")], kind="choice")
    before = (await api.get("/batches")).json()
    said = problem(await api.post("/batches", files=parts(path)), 422)
    assert "2 errors" in said["detail"]
    assert said["errors"] == 2
    gold, twin = (each for each in said["problems"] if each["severity"] == "error")
    assert (gold["file"], gold["line"], gold["column"]) == ("items.csv", 2, "gold")
    assert "goood" in gold["message"]
    assert (twin["file"], twin["line"]) == ("items.csv", 3)
    assert twin["mend"]
    assert (await api.get("/batches")).json() == before


async def test_problems_are_english_as_all_that_the_api_says(api: httpx.AsyncClient, tmp_path: Path) -> None:
    files = parts(batch_file(tmp_path, [Item("a", "one", "goood")]))
    said = problem(await api.post("/batches", files=files, headers={"Accept-Language": "sw"}), 422)
    assert said["problems"][0]["message"].startswith("is “goood”, which is none of the options")
    assert said["problems"][0]["mend"] == "Mend this cell, or take the row out."


async def test_a_check_tells_problems_cost_and_first_task_and_keeps_nothing(
    api: httpx.AsyncClient, tmp_path: Path
) -> None:
    before = (await api.get("/batches")).json()
    good = (await api.post("/batches/check", files=parts(some(tmp_path / "good", "checked")))).json()
    assert good["good"] is True
    assert good["first_task"] == {"text": "checked 0"}
    assert good["first_screen"]["text"] == "checked 0"
    assert good["first_screen"]["buttons"][:3] == [["Good"], ["Bad"], ["Neither"]]
    assert good["quote"]["to_fund"] == "0.528"
    assert good["quote"]["fee"] == "0.048"
    assert {each["severity"] for each in good["problems"]} == {"warning"}
    bad = await api.post("/batches/check", files=parts(some(tmp_path / "bad", "checked", price="-1")))
    assert bad.status_code == 200
    assert bad.json()["good"] is False
    assert bad.json()["quote"] is None
    (wrong,) = bad.json()["problems"]
    assert (wrong["file"], wrong["severity"]) == ("batch.yaml", "error")
    assert wrong["line"] > 1
    assert (await api.get("/batches")).json() == before


async def test_a_requester_sees_and_changes_only_batches_of_their_own(
    api: httpx.AsyncClient, stranger: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    batch = (await posted(database, some(tmp_path, "private"))).batch_id
    assert (await api.get(f"/batches/{batch}")).status_code == 200
    assert (await stranger.get("/batches")).json() == {"batches": [], "next": None}
    unknown = problem(await stranger.get("/batches/999999"), 404)["detail"]
    refused = [
        await stranger.get(f"/batches/{batch}"),
        await stranger.get(f"/batches/{batch}/results"),
        await stranger.post(f"/batches/{batch}/pause"),
        await stranger.post(f"/batches/{batch}/resume"),
        await stranger.post(f"/batches/{batch}/close"),
    ]
    for response in refused:
        assert problem(response, 404)["detail"] == unknown.replace("999999", str(batch))
    assert (await api.get(f"/batches/{batch}")).json()["state"] == "open"


async def test_without_a_token_that_is_good_nothing_opens(
    address: str, database: Database, api: httpx.AsyncClient, tmp_path: Path
) -> None:
    house = await requester(database)
    revoked = await token(database, "house", "to be revoked")
    async with database.transaction() as tx:
        await revoke(tx, house.id, "to be revoked")
    for secret in (None, "kazi_" + "x" * 32, revoked):
        async with client(address, secret) as nobody:
            for response in (
                await nobody.get("/batches"),
                await nobody.get("/batches/1?limit=nonsense"),
                await nobody.post("/batches", files=parts(some(tmp_path, "nobody's"))),
            ):
                problem(response, 401)
                assert response.headers["www-authenticate"] == "Bearer"


async def test_pages_of_the_list_hold_each_batch_once(
    stranger: httpx.AsyncClient, database: Database, tmp_path: Path, address: str
) -> None:
    ids = [(await posted(database, some(tmp_path / str(n), f"page {n}"), owner="many")).batch_id for n in range(5)]
    async with client(address, await token(database, "many")) as many:
        seen: list[int] = []
        before: int | None = None
        while True:
            asked = {"limit": 2} | ({"before": before} if before else {})
            page = (await many.get("/batches", params=asked)).json()
            seen += [batch["id"] for batch in page["batches"]]
            before = page["next"]
            if before is None:
                break
        assert seen == sorted(ids, reverse=True)
        await many.post(f"/batches/{ids[1]}/pause")
        paused = (await many.get("/batches", params={"state": "paused"})).json()["batches"]
        assert [batch["id"] for batch in paused] == [ids[1]]


async def test_a_batch_is_paused_resumed_and_closed_with_its_reason(
    api: httpx.AsyncClient, database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = (await posted(database, some(tmp_path, "closing"), fee_ppm=100_000)).batch_id
    await work(database, clock, batch, await people(database, 1), lambda *_: "bad", most=5)
    paused = (await api.post(f"/batches/{batch}/pause", json={"reason": " lunch "})).json()
    assert (paused["state"], paused["state_reason"], paused["answers"]) == ("paused", "lunch", 5)
    resumed = (await api.post(f"/batches/{batch}/resume")).json()
    assert (resumed["state"], resumed["state_reason"]) == ("open", None)
    closed = (await api.post(f"/batches/{batch}/close", json={"reason": None})).json()
    assert (closed["state"], closed["spent"], closed["fee"], closed["left"]) == ("closed", "0.10", "0.01", "0.00")
    assert (await api.post(f"/batches/{batch}/close")).json() == closed
    for change in ("resume", "pause"):
        said = problem(await api.post(f"/batches/{batch}/{change}"), 409)
        assert "closed" in said["detail"]


async def test_members_of_a_body_that_nobody_knows_are_refused(
    api: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    batch = (await posted(database, some(tmp_path, "members"))).batch_id
    problem(await api.post(f"/batches/{batch}/pause", json={"reson": "lunch"}), 422)
    assert (await api.get(f"/batches/{batch}")).json()["state"] == "open"


@pytest.mark.parametrize("reason", ["\x00", "bell\x07", "x" * 501, 7])
async def test_a_reason_that_nobody_can_read_is_refused(
    reason: object, api: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    batch = (await posted(database, some(tmp_path, "reasons"))).batch_id
    said = problem(await api.post(f"/batches/{batch}/pause", json={"reason": reason}), 422)
    assert said["values"][0]["where"] == "body.reason"
    assert (await api.get(f"/batches/{batch}")).json()["state"] == "open"


async def test_results_stream_in_each_format(
    api: httpx.AsyncClient, database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await posted(database, some(tmp_path, "results"))
    said = await work(database, clock, batch.batch_id, await people(database, 2), lambda *_: "good")
    got = {}
    for name in ("csv", "jsonl", "parquet"):
        asked = {"rows": "answers", "format": name}
        got[name] = await api.get(f"/batches/{batch.batch_id}/results", params=asked)
        assert got[name].status_code == 200
        assert f'filename="{batch.slug}-answers.{name}"' in got[name].headers["content-disposition"]
    lines = list(csv.DictReader(io.StringIO(got["csv"].content.decode("utf-8-sig"))))
    values = [orjson.loads(line)["task"] for line in got["jsonl"].content.splitlines()]
    frame = pl.read_parquet(io.BytesIO(got["parquet"].content))
    assert len(said) == 24
    assert [line["task"] for line in lines] == values == frame["task"].to_list()
    assert len(values) == 24
    tasks = await api.get(f"/batches/{batch.batch_id}/results")
    assert tasks.headers["content-type"].startswith("text/csv")
    assert len(tasks.text.splitlines()) == 13


async def test_a_client_that_leaves_in_the_middle_leaves_nothing_behind(
    api: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    items = [Item(f"k{n}", f"{n} " + "long " * 500) for n in range(2500)]
    batch = (await posted(database, batch_file(tmp_path, items))).batch_id
    for _ in range(15):  # more often than there are connections
        async with api.stream("GET", f"/batches/{batch}/results", params={"format": "jsonl"}) as response:
            async for _ in response.aiter_bytes():
                break
    whole = await api.get(f"/batches/{batch}/results", params={"format": "jsonl"})
    assert len(whole.content.splitlines()) == 2500


@pytest.mark.parametrize(
    ("query", "where"),
    [("rows=people", "query.rows"), ("format=xlsx", "query.format"), ("format=", "query.format")],
)
async def test_results_that_are_not_there_are_refused_with_those_that_are(
    query: str, where: str, api: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    batch = (await posted(database, some(tmp_path, "formats"))).batch_id
    said = problem(await api.get(f"/batches/{batch}/results?{query}"), 422)
    assert said["values"][0]["where"] == where
    assert "answers" in said["detail"] or "parquet" in said["detail"]


async def test_a_method_that_is_not_there_is_refused_with_those_that_are(api: httpx.AsyncClient) -> None:
    for path, methods in (("/batches", "GET, POST"), ("/batches/check", "POST"), ("/batches/1", "GET")):
        response = await api.delete(path)
        assert methods in problem(response, 405)["detail"]
        assert response.headers["allow"] == methods


@pytest.mark.parametrize("path", ["/batches/one", "/batches/-1", "/batches/1/", "/batch", "/", ""])
async def test_an_address_with_nothing_there_is_a_problem_too(path: str, api: httpx.AsyncClient) -> None:
    assert "nothing at this address" in problem(await api.get(path, follow_redirects=True), 404)["detail"]


async def test_the_schema_of_batch_files_needs_no_token(address: str) -> None:
    async with client(address, None) as anybody:
        response = await anybody.get("/batches/schema")
    assert response.headers["content-type"] == "application/schema+json"
    assert response.json() == orjson.loads(orjson.dumps(spec_schema()))


@pytest.mark.parametrize(
    "name",
    [
        "../items.csv",
        "/etc/items.csv",
        "..\\items.csv",
        "items.exe",
        ".csv",
        "",
        "batch.yaml",
        "a\u202eb.csv",
        "x" * 300 + ".csv",
    ],
)
async def test_a_file_name_that_is_more_than_a_name_is_not_trusted(
    name: str, api: httpx.AsyncClient, tmp_path: Path
) -> None:
    upload = parts(some(tmp_path, "names"))
    upload["items"] = (name, upload["items"][1])
    assert "items" in problem(await api.post("/batches", files=upload), 422)["detail"]


async def test_a_batch_file_cannot_reach_files_of_the_server(api: httpx.AsyncClient, tmp_path: Path) -> None:
    outside = tmp_path / "secret.csv"
    outside.write_text("id,text\n1,secret\n")
    for named in (str(outside), "../secret.csv", f"../../../../../../{outside}"):
        path = batch_file(tmp_path / "b", [Item("a", "b")])
        path.write_text(path.read_text().replace("items: items.csv", f"items: {named}"))
        said = problem(await api.post("/batches", files=parts(path)), 422)
        assert "leaves the batch file" in said["problems"][0]["message"]
        assert "secret\n" not in str(said)


async def test_parts_that_are_missing_or_of_another_type_are_named(api: httpx.AsyncClient, tmp_path: Path) -> None:
    both = parts(some(tmp_path, "parts"))
    for name in both:
        said = problem(await api.post("/batches", files={name: both[name]}), 422)
        assert f"“{next(other for other in both if other != name)}”" in said["detail"]
    no_file = await api.post("/batches", files={"items": both["items"]}, data={"batch": "name: x"})
    assert "file name" in problem(no_file, 422)["detail"]
    assert "multipart" in problem(await api.post("/batches", json={}), 415)["detail"]
    headers = {"content-type": "multipart/form-data; boundary=x"}
    problem(await api.post("/batches", content=b"--x\r\nnot a part", headers=headers), 400)


async def test_an_upload_that_is_too_large_is_refused_before_it_is_kept(
    api: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_UPLOAD", 200_000)
    both = parts(some(tmp_path, "large"))
    assert (await api.post("/batches/check", files=both)).status_code == 200
    both["items"] = ("items.csv", b"id,text\n" + b"x" * 300_000)
    problem(await api.post("/batches", files=both), 413)

    async def unannounced() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="items"; filename="items.csv"\r\n\r\n'
        for _ in range(30):
            yield b"y" * 10_000

    headers = {"content-type": "multipart/form-data; boundary=x"}
    problem(await api.post("/batches", content=unannounced(), headers=headers), 413)


async def test_nothing_of_an_upload_stays_on_the_disk(
    api: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = some(tmp_path / "good", "disk"), some(tmp_path / "bad", "disk", kind="nonsense")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    for path, status in ((good, 201), (bad, 422)):
        assert (await api.post("/batches", files=parts(path))).status_code == status
        assert list(temporary.iterdir()) == []


async def test_pictures_are_sent_in_as_an_archive(api: httpx.AsyncClient, tmp_path: Path) -> None:
    path = write_batch(tmp_path / "batch", SAMPLE, tasks=2, golds=0)
    refused = await api.post("/batches", files=parts(path))
    assert refused.status_code == 422
    assert "is not there" in refused.text
    sent = {**parts(path), "files": packed(path.parent)}
    assert (await api.post("/batches/check", files=sent)).json()["errors"] == 0
    done = await api.post("/batches", files=sent)
    assert done.status_code == 201, done.text
    assert (await api.post("/batches", files=sent)).json()["already"]


async def test_spoken_instructions_are_sent_in_as_an_archive(api: httpx.AsyncClient, tmp_path: Path) -> None:
    path = some(tmp_path, "spoken", spoken_instructions={"sw": "sw.wav", "en": "en.wav"})
    for tone, name in enumerate(("sw.wav", "en.wav")):
        (tmp_path / name).write_bytes(beep(hertz=440 + tone))
    refused = problem(await api.post("/batches", files=parts(path)), 422)
    errors = [each for each in refused["problems"] if each["severity"] == "error"]
    assert [each["file"] for each in errors] == ["batch.yaml"] * 2
    assert all("is not there" in each["message"] and each["line"] and each["column"] for each in errors)
    sent = {**parts(path), "files": packed(tmp_path, "*.wav")}
    done = await api.post("/batches", files=sent)
    assert done.status_code == 201, done.text
    assert (await api.post("/batches", files=sent)).json()["already"]
    (tmp_path / "en.wav").write_bytes(beep(hertz=880))
    anew = await api.post("/batches", files={**sent, "files": packed(tmp_path, "*.wav")})
    assert anew.status_code == 201, "another voice is another batch"
