"""Every kind goes the whole way: posted from a file, answered, checked, fitted, decided, exported, and shown."""

import csv
import io
import json
import random
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.tasks import is_confirmed
from crowd.agreement.measuring import agreement_of
from crowd.batches.life import State, set_state, spec_of
from crowd.exports import format_named, formats
from crowd.exports.base import value_text
from crowd.fraud.signalling import look_at
from crowd.kinds import kind_named
from crowd.kinds.base import Json
from crowd.labels.fitting import bring_up_to_date
from crowd.labels.results import Rows, export
from crowd.labels.review import decide
from crowd.loop.answering import DontKnow, answer
from crowd.loop.handing import Given, next_task
from db.database import Database
from tests.crowd.scene import check_books, working
from tests.database import Clock
from tests.kinds.sample import Sample, Tapping, samples, write_batch
from tests.panel.house import PAGES, panel, visitor
from tests.requester.scene import Worker, people, posted
from tests.serving import serving

WITH_GOLDS = [sample for sample in samples() if kind_named(sample.name).has_golds]
each = pytest.mark.parametrize("sample", WITH_GOLDS, ids=lambda sample: sample.name)
TASKS, GOLDS, CREW = 24, 8, 6
SKILL = 0.75


async def worked(database: Database, clock: Clock, sample: Sample, batch: int, truth: dict[str, Json]) -> float:
    """Everybody answers all they get: rightly by SKILL, else whatever. How often that was right."""
    right = made = 0
    async with database.reading() as tx:
        keys = {row["id"]: row["key"] for row in await tx.rows("SELECT id, key FROM task WHERE batch_id = $1", batch)}
    for worker in await people(database, CREW):
        luck = random.Random(worker.person_id)
        async with working(database, worker) as tx:
            task = await next_task(tx, worker.id, batch, luck, practice_declined=True)
        while isinstance(task, Given):
            wanted = truth[keys[task.task_id]]
            value = wanted if luck.random() < SKILL else await said_anyhow(task, luck, sample)
            made, right = made + 1, right + (value == wanted)
            clock.advance(5)
            task = await said(database, sample, worker, task, value, luck)
    return right / made


async def said(
    database: Database, sample: Sample, worker: Worker, task: Given, value: Json, luck: random.Random
) -> Any:
    form = DontKnow.DONT_KNOW if value is None else sample.said(task.spec, task.payload, value)
    async with working(database, worker) as tx:
        done = await answer(tx, worker.person_id, task.lease_id, form if value is None else lambda _: form, luck)
    return done.next  # type: ignore[union-attr]


async def said_anyhow(task: Given, luck: random.Random, sample: Sample) -> Json:
    """What somebody says who taps anywhere, or has got hold of another item."""
    tapped = Tapping(task.spec, task.payload, "en", luck)
    return sample.right(luck.randrange(1000)) if is_confirmed(task.spec, task.payload) else tapped.answer()


async def rows(database: Database, batch: int, which: Rows, name: str) -> bytes:
    async with database.reading() as tx:
        return b"".join([part.data async for part in export(tx, batch, which, format_named(name))])


@each
async def test_a_batch_goes_from_post_to_results_and_its_labels_beat_a_single_worker(
    sample: Sample, database: Database, clock: Clock, tmp_path: Path
) -> None:
    truth = {f"k{number}": sample.right(number) for number in range(TASKS + GOLDS)}
    batch = (await posted(database, write_batch(tmp_path / "batch", sample, tasks=TASKS, golds=GOLDS))).batch_id
    alone = await worked(database, clock, sample, batch, truth)
    await check_books(database)
    async with database.transaction() as tx:
        await set_state(tx, batch, State.CLOSED, actor="test")
    await bring_up_to_date(database, batch)
    await look_at(database, batch)

    told = [json.loads(line) for line in (await rows(database, batch, Rows.TASKS, "jsonl")).splitlines()]
    labels = {row["id"]: row["label"] for row in told if not row["gold"]}
    assert len(labels) == TASKS
    kind = kind_named(sample.name)
    async with database.reading() as tx:
        spec = await spec_of(tx, batch, await tx.value("SELECT digest FROM batch WHERE id = $1", batch))
    scores = [kind.verdict(spec, truth[key], label) for key, label in labels.items()]
    assert sum(scores) / TASKS > alone
    assert {row["id"]: row["right"] for row in told if row["gold"]} == {
        key: truth[key] for key in truth if key not in labels
    }

    told_columns = {*kind.told, *(f"item_{name}" for name in sample.item(0))}
    assert told_columns <= set(told[0])
    assert all(
        (row[f"item_{name}"] or "") == cell for row in told for name, cell in sample.item(int(row["id"][1:])).items()
    )

    answers = [json.loads(line) for line in (await rows(database, batch, Rows.ANSWERS, "jsonl")).splitlines()]
    golds = [row for row in answers if row["task"] not in labels and not row["dont_know"]]
    assert golds
    assert all(row["verdict"] == kind.verdict(spec, truth[row["task"]], row["value"]) for row in golds)
    table = list(csv.DictReader(io.StringIO((await rows(database, batch, Rows.TASKS, "csv")).decode("utf-8-sig"))))
    assert {row["id"]: row["label"] for row in table if row["label"]} == {
        key: value_text(label) for key, label in labels.items()
    }
    for name in formats():
        assert await rows(database, batch, Rows.ANSWERS, name)

    figures = (await agreement_of(database, batch)).figures
    assert figures.alpha is None or -1 <= figures.alpha <= 1
    first = next(iter(labels))
    async with database.transaction() as tx:
        task = await tx.value("SELECT id FROM task WHERE batch_id = $1 AND key = $2", batch, first)
        await decide(tx, batch, task, value_text(truth[first]), note=None, reviewer="test")
    told = [json.loads(line) for line in (await rows(database, batch, Rows.TASKS, "jsonl")).splitlines()]
    assert next(row["label"] for row in told if row["id"] == first) == truth[first]
    await check_books(database)
    await looked_at(database, batch, task)


async def looked_at(database: Database, batch: int, task: int) -> None:
    """Every page about it, in the panel."""
    async with serving(panel(database)) as address, visitor(address, database, "house", f"of {batch}") as client:
        for page in (*(page for page in PAGES if "state" not in page), f"/review/{task}"):
            shown: httpx.Response = await client.get(f"/batches/{batch}{page}")
            assert shown.status_code == 200, (page, shown.text[:500])
            for picture in set(re.findall(rf"/batches/{batch}/pictures/\w+(?:\?full=1)?", shown.text)):
                found = await client.get(picture)
                assert (found.status_code, found.headers["content-type"]) == (200, "image/jpeg")
        assert (await client.get(f"/batches/{batch}/pictures/{'0' * 64}")).status_code == 404
