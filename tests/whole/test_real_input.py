"""Real tweets are posted, worked to the end and taken away: labels, earnings and exports say the same."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import orjson
import polars as pl
import pytest

from bench import real
from bench.held import Held, compare, settled
from bench.house import House, reports_of, running_house

_DATA = Path(os.environ.get("KAZI_DATA_DIR", real._NEAR)) / "afrisenti"
LANGUAGES = ("am", "sw")
SIZES = real.Sizes(rows=40, workers=30, seed=7)
GOLDS = 4
"""A tenth, in each language."""


@pytest.mark.skipif(not _DATA.exists(), reason=f"there is no {_DATA}; KAZI_DATA_DIR may name another place")
async def test_real_tweets_are_labelled_paid_and_exported_as_they_were_tapped() -> None:
    held, batches = await asyncio.to_thread(_worked)
    assert [len(batch.items) for batch in batches] == [SIZES.rows] * len(LANGUAGES)
    assert len(held.labels) == len(LANGUAGES) * 36
    assert held.acknowledged >= 3 * len(held.labels)
    assert held.ordinary_answers <= 5 * len(held.labels)
    assert (held.lost, held.wrong_values, held.twice) == (0, 0, 0)
    assert (held.wrong_earnings, held.ledger_sum, held.export_differences) == (0, 0, 0)
    truth = {batch.batch_id: [item.label.lower() for item in batch.items] for batch in batches}
    right = [label == truth[batch][int(key)] for batch, key, label in held.labels]
    assert sum(right) / len(right) > 0.8


def _worked() -> tuple[Held, list[real.Batch]]:
    with running_house() as house:
        batches = [real._post(house, _DATA / f"{language}.csv", SIZES) for language in LANGUAGES]
        assert [batch.golds for batch in batches] == [GOLDS] * len(LANGUAGES)
        again = [real._post(house, _DATA / f"{language}.csv", SIZES) for language in LANGUAGES]
        assert [batch.batch_id for batch in again] == [batch.batch_id for batch in batches], "posted twice, there once"
        bot = house.start_bot()
        workers = house.start_workers(real._crowd(batches, SIZES))
        wanted = len(LANGUAGES) * (40 - GOLDS)
        house.wait_until("all tasks settled", lambda: settled(house.server.dsn) >= wanted, bot, workers, seconds=90)
        house.end(workers)
        house.end(bot)
        for batch in batches:
            _all_formats_say_the_same(house, batch.batch_id)
        exports = {batch.batch_id: real._export(house, batch.batch_id) for batch in batches}
        return compare(
            house.server.dsn, reports_of(workers), exports, [label.lower() for label in real.LABELS]
        ), batches


def _all_formats_say_the_same(house: House, batch_id: int) -> None:
    for rows in ("tasks", "answers"):
        tables = {}
        for form in ("jsonl", "csv", "parquet"):
            path = house.folder / f"{batch_id}.{rows}.{form}"
            real._kazi(
                house, "batch", "results", str(batch_id), "--format", form, "--rows", rows, "--output", str(path)
            )  # fmt: skip
            tables[form] = _read(path)
        assert tables["jsonl"]
        assert tables["csv"] == tables["jsonl"] == tables["parquet"], rows


def _read(path: Path) -> list[dict[str, str]]:
    """The rows of a table, each value as text, nothing as an empty one."""
    if path.suffix == ".jsonl":
        found = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    else:
        read = pl.read_csv(path, infer_schema=False) if path.suffix == ".csv" else pl.read_parquet(path)
        found = read.to_dicts()
    return [{name: _as_text(value) for name, value in row.items()} for row in found]


def _as_text(value: object) -> str:
    """As CSV has it."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return orjson.dumps(value).decode() if isinstance(value, dict) else str(value)
