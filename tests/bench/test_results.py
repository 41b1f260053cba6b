"""What the bench writes down."""

from pathlib import Path

import orjson
import pytest

from bench.result import at_least, at_most, told, write_results

pytestmark = pytest.mark.unit


def test_a_figure_at_its_limit_holds() -> None:
    assert at_most("loop.p99_ms", 100, "ms", 100).holds
    assert not at_most("loop.p99_ms", 100.1, "ms", 100).holds
    assert at_least("loop.answers_per_s", 500, "1/s", 500).holds
    assert not at_least("loop.answers_per_s", 499.9, "1/s", 500).holds
    assert told("real.seconds", 3, "s").holds is None


def test_results_are_a_list_of_rows_with_the_promised_fields(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    write_results([at_most("loop.p99_ms", 12.5, "ms", 100, "the phone")], path)
    assert orjson.loads(path.read_bytes()) == [
        {"name": "loop.p99_ms", "value": 12.5, "unit": "ms", "target": "<= 100", "holds": True, "against": "the phone"}
    ]


def test_one_part_alone_leaves_the_rows_of_the_others(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    write_results([told("loop.p99_ms", 1, "ms"), told("bytes.choice_down", 2, "bytes")], path)
    write_results([told("loop.p50_ms", 3, "ms")], path)
    assert {row["name"]: row["value"] for row in orjson.loads(path.read_bytes())} == {
        "bytes.choice_down": 2,
        "loop.p50_ms": 3,
    }
