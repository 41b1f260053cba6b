"""A survey's results: of each question its label, how sure that is, and how many said what."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from crowd.agreement.measuring import agreement_of
from crowd.agreement.tables import contested_table
from crowd.batches.life import spec_of
from crowd.exports import format_named
from crowd.kinds.base import Json
from crowd.labels.fitting import bring_up_to_date
from crowd.labels.results import Rows, export
from crowd.labels.review import decide
from crowd.loop.handing import Given
from db.database import Database
from tests.crowd.scene import Batch, check_books, people
from tests.kinds.samples.survey import SAMPLE

SAID: tuple[tuple[Json, ...], ...] = (
    ({"often": "v1", "buys": ["v0"], "fresh": 4, "word": "unga"}, {"often": "v0", "buys": ["v1"], "fresh": 1}),
    ({"often": "v1", "buys": ["v0"], "fresh": 2}, {"often": "v0", "buys": ["v1"], "fresh": 1}),
    ({"often": "v2", "buys": ["v0", "v3"], "fresh": 4, "word": "unga"}, {"often": "v0", "buys": ["v1"], "fresh": 1}),
)
"""Of three workers, on two tasks."""


async def written(database: Database, batch: Batch, name: str) -> str:
    async with database.reading() as tx:
        parts = [part.data async for part in export(tx, batch.id, Rows.TASKS, format_named(name))]
    return b"".join(parts).decode().removeprefix("\ufeff")


async def lines(database: Database, batch: Batch) -> dict[str, Any]:
    found = [json.loads(line) for line in (await written(database, batch, "jsonl")).splitlines()]
    return {row["id"]: row for row in found}


async def test_results_speak_of_each_question(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(
        database,
        tmp_path,
        kind="survey",
        options=None,
        tasks=2,
        overlap={"least": 3, "most": 3},
        seconds=3,
        **SAMPLE.fields(),
    )
    for worker, says in zip(await people(database, 3), SAID, strict=True):
        got = await batch.next(worker)
        while isinstance(got, Given):
            value = says[int(got.payload["text"].rpartition(" ")[2])]
            got = (await batch.accepted(worker, got.lease_id, SAMPLE.said(got.spec, got.payload, value))).next
    await bring_up_to_date(database, batch.id)

    told = await lines(database, batch)
    torn = told["t0"]
    assert torn["label"] == {"often": "v1", "buys": ["v0"], "fresh": torn["label_fresh"], "word": "unga"}
    assert (torn["label_often"], torn["label_buys"], torn["label_word"]) == ("v1", ["v0"], "unga")
    confidences = [torn[f"confidence_{name}"] for name in ("often", "buys", "fresh", "word")]
    assert torn["confidence"] == min(confidences) < max(confidences)
    assert told["t1"]["label_word"] is told["t1"]["confidence_word"] is None
    assert "word" not in told["t1"]["label"]
    assert torn["mean_fresh"] == pytest.approx((0.4 * 2 + 4 + 0.4 * 4) / 1.8)

    table = {row["id"]: row for row in csv.DictReader(io.StringIO(await written(database, batch, "csv")))}
    assert json.loads(table["t0"]["split_often"]) == {"v1": 2, "v2": 1}
    assert json.loads(table["t0"]["split_buys"]) == {'["v0"]': 2, '["v0","v3"]': 1}
    assert json.loads(table["t0"]["split_word"]) == {"unga": 2}
    assert json.loads(table["t1"]["split_word"]) == {}
    assert table["t0"]["label_buys"] == '["v0"]'

    assert (await agreement_of(database, batch.id)).figures.alpha is not None
    async with database.reading() as tx:
        spec = await spec_of(tx, batch.id, await tx.value("SELECT digest FROM batch WHERE id = $1", batch.id))
        columns, rows = await contested_table(tx, batch.id, spec)
    listed = {row[0]: dict(zip([column.name for column in columns], row, strict=True)) for row in rows}
    assert "item_picture" not in listed["t0"], "its items have none"
    assert listed["t0"]["label_often"] == "v1"
    assert listed["t0"]["confidence_often"] == torn["confidence_often"]

    async with database.transaction() as tx:
        task = await tx.value("SELECT id FROM task WHERE batch_id = $1 AND key = 't0'", batch.id)
        await decide(tx, batch.id, task, "often=v1; buys=v0; fresh=5", note=None, reviewer="test")
    decided = (await lines(database, batch))["t0"]
    assert (decided["label_fresh"], decided["confidence_fresh"], decided["label_word"]) == (5, None, None)
    assert decided["confidence_often"] == torn["confidence_often"]
    await check_books(database)
