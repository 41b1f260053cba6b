"""Real tweets are posted, worked to the end and taken away: labels, earnings and exports say the same."""

from datetime import UTC, datetime
from pathlib import Path

import orjson
import polars as pl
import pytest
from rich.progress import Progress

from bench import real
from bench.house import House, running_house

FILES = [real.data() / f"{language}.csv" for language in ("am", "sw")]
SIZES = real.Sizes(rows=40, workers=30, seed=7, limit_s=120)
NONE = (
    "unsettled", "ledger_sum", "lost_taps", "wrong_values", "recorded_twice", "wrong_earnings", "export_differences",
)  # fmt: skip


@pytest.mark.skipif(not FILES[0].exists(), reason=f"there is no {FILES[0]}; KAZI_DATA_DIR may name another place")
def test_real_tweets_are_labelled_paid_and_exported_as_they_were_tapped() -> None:
    with running_house() as house:
        worked = real.work(house, FILES, SIZES, Progress(disable=True))
        first = worked.batches[0]
        assert real.post(house, FILES[0], SIZES).batch_id == first.batch_id, "posted twice, there once"
        _all_formats_say_the_same(house, first.batch_id)
    assert [(len(batch.items), batch.golds) for batch in worked.batches] == [(40, 4), (40, 4)]
    rows = {result.name.removeprefix("real."): result.value for result in real.results(worked, SIZES)}
    assert {name: rows[name] for name in NONE} == dict.fromkeys(NONE, 0)
    assert 3 <= rows["answers_per_task"] <= 5
    assert rows["accuracy"] > 0.8


def _all_formats_say_the_same(house: House, batch_id: int) -> None:
    for rows in ("tasks", "answers"):
        tables = {}
        for form in ("jsonl", "csv", "parquet"):
            path = house.folder / f"{batch_id}.{rows}.{form}"
            real.command(
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
