"""Each example goes the whole way: posted by the command, the panel or REST, worked on phones, and taken away again."""

import asyncio
import csv
import io
import shutil
import zipfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import orjson
import pytest

from bench.house import House, running_house
from bench.real import command
from crowd.kinds import kind_named
from crowd.kinds.base import Json
from db.database import Database, connected
from db.files import open_files
from kazi.demo.crowd import spec_of
from kazi.demo.knowing import batch_of, cells_of
from sandbox.workers import Character, CrowdSpec, Limits
from tests.panel.house import mark_of, panel, token, visitor
from tests.serving import serving

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
WAYS = {
    "weeds": "panel", "poachers": "rest", "translate": "command", "survey": "panel", "speech": "rest",
    "tweets-am": "command", "tutor/sw-chat": "rest", "tutor/sw-compare": "panel", "tutor/am-rating": "command",
}  # fmt: skip
"""Of each example and sort of example, how it is posted here."""

Told = list[dict[str, Any]]

TASKS, GOLDS = 4, 3
SKILLS = (0.97, 0.95, 0.95, 0.9, 0.9, 0.9, 0.85, 0.75)


@dataclass(frozen=True)
class Posted:
    """An example that is cut short, and posted."""

    name: str
    folder: Path
    batch_id: int


def cut(name: str, to: Path) -> Path:
    """The first tasks and golds of an example, with what they name; a few answers to each are enough."""
    source = EXAMPLES / name
    folder = to / name.replace("/", "-")
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "masks"))
    with (source / "items.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    asked = [row for row in rows if not row.get("practice")]
    kept = [*[row for row in asked if not row.get("gold")][:TASKS], *[row for row in asked if row.get("gold")][:GOLDS]]
    with (folder / "items.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(kept)
    return folder


def packed(folder: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(folder.rglob("*.jpg")):
            archive.write(path, path.relative_to(folder).as_posix())
    return out.getvalue()


def parts(folder: Path) -> dict[str, tuple[str, bytes]]:
    """An example as an upload."""
    found = {
        name: (file, (folder / file).read_bytes()) for name, file in (("batch", "batch.yaml"), ("items", "items.csv"))
    }
    return found | ({"files": ("files.zip", packed(folder))} if (folder / "pictures").exists() else {})


async def by_panel(client: httpx.AsyncClient, folder: Path) -> int:
    data = {"mark": mark_of(await client.get("/post")), "do": "check"}
    files = {"files": ("", b""), **parts(folder)}
    page = await client.post("/post", data=data, files=files)
    digest = page.text.split('name="digest" value="', 1)[1].split('"', 1)[0]
    done = await client.post("/post", data={**data, "do": "post", "digest": digest}, files=files)
    assert done.status_code == 303, done.text[:2000]
    return int(done.headers["location"].split("/")[2].split("?")[0])


async def by_rest(address: str, secret: str, folder: Path) -> int:
    headers = {"Authorization": f"Bearer {secret}"}
    async with httpx.AsyncClient(verify=False, base_url=f"{address}/api/v1", headers=headers, timeout=60) as client:
        done = await client.post("/batches", files=parts(folder))
    assert done.status_code == 201, done.text[:2000]
    found: int = done.json()["batch"]["id"]
    return found


@asynccontextmanager
async def data_of(house: House) -> AsyncIterator[Database]:
    """The house's own database and files."""
    files = open_files((house.folder / "files").absolute().as_uri())
    async with connected(house.server.dsn, name="tests", files=files) as database:
        yield database


async def posted(house: House) -> list[Posted]:
    """All of them, each in its way."""
    found = []
    async with (
        data_of(house) as database,
        serving(panel(database)) as address,
        visitor(address, database, "house", "panel") as client,
    ):
        secret = await token(database, "house", "rest")
        for name, way in WAYS.items():
            folder = cut(name, house.folder / "cut")
            if way == "panel":
                batch = await by_panel(client, folder)
            elif way == "rest":
                batch = await by_rest(address, secret, folder)
            else:
                told = command(house, "batch", "post", str(folder / "batch.yaml"), "--json")
                batch = orjson.loads(told)["batch"]["id"]
            found.append(Posted(name, folder, batch))
    return found


def crew(languages: Sequence[str]) -> list[Character]:
    """People of differing skill, so many for each language, who tap without delay."""
    return [
        Character(skill=skill, language_code=language, first_name=f"P{number}", seed=number, double_tap=0.05)
        for language in dict.fromkeys(languages)
        for number, skill in enumerate(SKILLS)
    ]


async def left(house: House) -> list[str]:
    """Batches that have tasks below their least answers, or answers to judge."""
    connection = await asyncpg.connect(house.server.dsn)
    try:
        rows = await connection.fetch(_LEFT)
    finally:
        await connection.close()
    return [row["name"] for row in rows]


_LEFT = """
SELECT b.kind || ' ' || b.name AS name FROM batch b
WHERE EXISTS (
       SELECT FROM task t WHERE t.batch_id = b.id AND t.gold IS NULL AND t.settled_at IS NULL
         AND t.answers < (b.spec -> 'overlap' ->> 'least')::int
   )
   OR EXISTS (SELECT FROM judged_answer WHERE batch_id = b.id AND judged_at IS NULL)
   OR (b.kind = 'speak' AND EXISTS (
       SELECT FROM answer a WHERE a.batch_id = b.id AND a.value IS NOT NULL
         AND NOT EXISTS (SELECT FROM judged_answer WHERE answer_id = a.id)
   ))
"""


async def results(house: House, batches: Sequence[Posted]) -> list[tuple[Told, Told]]:
    """Of each batch its tasks and its answers, as REST gives them."""
    found = []
    async with data_of(house) as database, serving(panel(database)) as address:
        headers = {"Authorization": f"Bearer {await token(database, 'house', 'results')}"}
        async with httpx.AsyncClient(verify=False, base_url=f"{address}/api/v1", headers=headers, timeout=60) as client:
            for batch in batches:
                told = [
                    await client.get(f"/batches/{batch.batch_id}/results", params={"rows": rows, "format": "jsonl"})
                    for rows in ("tasks", "answers")
                ]
                tasks, answers = ([orjson.loads(line) for line in one.content.splitlines()] for one in told)
                found.append((tasks, answers))
    return found


def stored_of(name: str) -> dict[str, Json]:
    """The items of an example that have a truth, as they are stored, by their ids."""
    spec = batch_of(EXAMPLES / name)
    kind = kind_named(spec.kind)
    with (EXAMPLES / name / "items.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    return {key: kind.read_item(spec, cells_of(kind, spec, rows[key])) for key in _labels(name)}


def truth_of(name: str) -> dict[str, Json]:
    """What is right of them."""
    spec = batch_of(EXAMPLES / name)
    kind, stored = kind_named(spec.kind), stored_of(name)
    return {key: kind.read_gold(spec, kind.payload(stored[key]), label) for key, label in _labels(name).items()}


def _labels(name: str) -> dict[str, str]:
    with (EXAMPLES / name / "truth.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["label"] for row in csv.DictReader(file)}


@pytest.mark.timeout(600)
def test_each_example_is_posted_worked_by_simulated_people_and_labelled_better_than_by_one_of_them() -> None:
    with running_house() as house:
        batches = asyncio.run(posted(house))
        bot, _ = house.start_bot(), house.start_workers(crowd(batches))
        house.wait_until("all is answered and judged", lambda: not asyncio.run(left(house)), bot, seconds=400)
        house.end(bot)
        scores = []
        for batch, (tasks, answers) in zip(batches, asyncio.run(results(house, batches)), strict=True):
            if batch.name == "speech":
                assert {row["judged"] for row in answers} <= {"good", "other_words", "unclear", "undecided"}
                assert sum(row["label"] is not None for row in tasks) >= TASKS - 1
            else:
                scores.append(_scores(batch, tasks, answers))
    assert len(scores) == len(WAYS) - 1
    assert all(by_all > by_one - 0.15 for by_all, by_one in scores), scores  # of so few tasks one may go wrong
    assert sum(by_all for by_all, _ in scores) > sum(by_one for _, by_one in scores)


def crowd(batches: Sequence[Posted]) -> CrowdSpec:
    """People for all of them."""
    people = crew([batch_of(batch.folder).language for batch in batches])
    spec = spec_of([batch.folder for batch in batches], people)
    quick = tuple(replace(one, way_s=(0.0, 0.0)) for one in spec.characters)
    return spec.model_copy(update={"characters": quick, "limits": Limits(idle_s=3, nudges=40)})


def _scores(batch: Posted, tasks: Told, answers: Told) -> tuple[float, float]:
    """How right the labels are, and single answers, on average."""
    spec, truth = batch_of(batch.folder), truth_of(batch.name)
    kind = kind_named(spec.kind)
    labelled = {row["id"]: row["label"] for row in tasks if not row["gold"]}
    assert None not in labelled.values(), batch.name
    by_all = [kind.verdict(spec, truth[key], label) for key, label in labelled.items()]
    by_one = [
        kind.verdict(spec, truth[row["task"]], row["value"])
        for row in answers
        if row["task"] in labelled and not row["dont_know"]
    ]
    return sum(by_all) / len(by_all), sum(by_one) / len(by_one)
