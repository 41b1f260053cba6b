"""Numbers go through the house as texts do: habits, agreement, signals, results."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crowd.agreement.measuring import agreement_of
from crowd.agreement.tables import contested_table
from crowd.batches.life import spec_of
from crowd.exports import format_named
from crowd.labels.fitting import bring_up_to_date
from crowd.labels.results import Rows, export
from crowd.loop.handing import Given
from crowd.signals import signals
from crowd.signals.base import RATE
from db.database import Database
from tests.crowd.scene import Batch, check_books, people
from tests.kinds.sample import spec_of as any_spec
from tests.kinds.samples.rating import ENDS
from tests.kinds.samples.rating import SAMPLE as RATING
from tests.signals.crowds import Crowd


async def written(database: Database, batch: Batch, rows: Rows, name: str) -> str:
    async with database.reading() as tx:
        return b"".join([part.data async for part in export(tx, batch.id, rows, format_named(name))]).decode()


async def lines(database: Database, batch: Batch, rows: Rows) -> list[Any]:
    return [json.loads(line) for line in (await written(database, batch, rows, "jsonl")).splitlines()]


async def test_results_have_numbers_with_their_mean_and_spread(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(
        database, tmp_path, kind="rating", options=None, ends=ENDS, tasks=4, overlap={"least": 3, "most": 3}
    )
    crew = await people(database, 3)
    for worker, says in zip(crew, ((1, 5, 4, 2), (5, 5, 4, 2), (5, 4, 4, 1)), strict=True):
        got = await batch.next(worker)
        while isinstance(got, Given):
            said = says[int(got.payload["text"].rpartition(" ")[2])]
            got = (await batch.accepted(worker, got.lease_id, said)).next
    habits = await batch.value(
        "SELECT habits FROM participation WHERE batch_id = $1 AND worker_id = $2", batch.id, crew[0].id
    )
    assert habits == {"1": 1, "5": 1, "4": 1, "2": 1}
    await bring_up_to_date(database, batch.id)

    told = {row["id"]: row for row in await lines(database, batch, Rows.TASKS)}
    assert told["t2"]["label"] == 4
    assert told["t0"]["mean"] == pytest.approx((0.4 * 1 + 5 + 0.4 * 5) / 1.8)
    assert told["t0"]["spread"] == pytest.approx(np.std([1, 5, 5], ddof=1))
    assert (told["t2"]["mean"], told["t2"]["spread"]) == (pytest.approx(4), 0)
    assert {row["value"] for row in await lines(database, batch, Rows.ANSWERS)} == {1, 2, 4, 5}
    table = list(
        csv.DictReader(io.StringIO((await written(database, batch, Rows.TASKS, "csv")).removeprefix("\ufeff")))
    )
    assert {row["id"]: row["label"] for row in table} == {key: str(row["label"]) for key, row in told.items()}

    figures = (await agreement_of(database, batch.id)).figures
    assert figures.alpha is not None
    assert [option.label for option in figures.options] == [1, 2, 3, 4, 5]
    four = figures.options[3]
    assert (four.tasks, [each.times for each in four.said]) == (1, [0, 0, 0, 3, 0])
    async with database.reading() as tx:
        spec = await spec_of(tx, batch.id, await tx.value("SELECT digest FROM batch WHERE id = $1", batch.id))
        columns, rows = await contested_table(tx, batch.id, spec)
    listed = {row[0]: dict(zip([column.name for column in columns], row, strict=True)) for row in rows}
    assert "item_picture" not in listed["t0"], "its items have none"
    assert listed["t0"]["mean"] == told["t0"]["mean"]
    assert listed["t0"]["item_text"] == told["t0"]["item_text"]
    await check_books(database)


@pytest.mark.unit
def test_signals_find_in_numbers_what_they_find_in_texts() -> None:
    crowd = Crowd(np.random.default_rng(4), options=5, workers=30)
    crowd.together([0, 1], 100)
    crowd.shares_errors(0, 1, 0.3)
    words = crowd.table()
    numbers = replace(
        words,
        spec=any_spec(RATING, RATING.fields()),
        values=[int(value[1:]) + 1 for value in words.values],
        golds={task: int(right[1:]) + 1 for task, right in words.golds.items()},
    )
    for name, signal in signals().items():
        one, other = ([(each.workers, each.strength) for each in signal.look(each, RATE)] for each in (numbers, words))
        assert one == other, name
    assert [each.workers for each in signals()["copying"].look(numbers, RATE)] == [(1, 2)]
