"""Each part of the bench runs, at a size that says nothing of speed, and gives the rows that are promised."""

import math
import random
from pathlib import Path

import pytest
from rich.progress import Progress

from bench import bytes as bytes_part
from bench import golds, growth, importing, loop, quality
from bench.kinds import variants
from bench.result import Result


def by_name(results: list[Result]) -> dict[str, Result]:
    """The rows, each name once, each value a number."""
    rows = {result.name: result for result in results}
    assert len(rows) == len(results)
    assert all(math.isfinite(result.value) for result in results)
    return rows


def test_the_loop_is_measured_beside_a_bare_bot() -> None:
    sizes = loop.Sizes(
        tasks=3000, golds=300, workers=4, rounds=1, warm_answers=5, warm_s=0.5, seconds=1, probes=2, half_load_seconds=1
    )
    rows = by_name(loop.run(Progress(disable=True), sizes))
    for ending in ("", "_webhook"):
        for name in ("loop.cpu_ratio", "loop.cpu_s_per_answer", "loop.answers_per_s", "loop.answers_per_two_cores"):
            assert rows[name + ending].value > 0
    assert 0 < rows["loop.p50_ms"].value <= rows["loop.p99_ms"].value


def test_growth_compares_sizes_for_newcomers_and_veterans() -> None:
    sizes = growth.Sizes(tasks=(300, 600), calls=8, block=4, newcomers=2, veterans=2, history=20)
    rows = by_name(growth.run(Progress(disable=True), sizes))
    assert {"growth.p50_ratio", "growth.p99_ratio", "growth.veteran_ratio"} <= rows.keys()
    assert all(row.value > 0 for row in rows.values())


def test_an_import_is_measured_from_file_to_commit() -> None:
    rows = by_name(importing.run(Progress(disable=True), importing.Sizes(tasks=500, golds=20)))
    assert rows["import.tasks_per_s"].value > 0
    assert rows["import.tasks_per_s"].target == ">= 50000"


def test_a_session_is_one_message_and_every_kind_stays_within_its_bytes() -> None:
    rows = by_name(bytes_part.run(Progress(disable=True), bytes_part.Sizes(answers=12, each=3, packs=1)))
    assert rows["bytes.session_overhead"].holds
    assert rows["bytes.pack_overhead"].holds
    assert rows["bytes.messages_per_session"].value == 1
    assert rows["bytes.edits_per_task"].value == 1
    for sample, pictures in variants():
        name = f"bytes.{sample.name}{'_picture' * pictures}"
        budgets = [f"{name}_overhead", *([f"{name}_first", f"{name}_again"] if pictures else [])]
        assert [rows[budget].holds for budget in budgets] == [True] * len(budgets), name


FEW = golds.Sizes(tasks=40, golds=8, workers=8, ring=3, jobs=1)


def test_golds_that_come_round_as_often_as_others_are_not_told_from_them() -> None:
    assert golds.auc({1: 3, 2: 3, 3: 3, 4: 3}, {1, 2}) == 0.5
    assert golds.auc({1: 9, 2: 3, 3: 3, 4: 2}, {1, 2}) == (2 + 1.5) / 4
    assert golds.auc({1: 1, 2: 1, 3: 3, 4: 2}, {1, 2}) == 0
    assert golds.auc({1: 1}, {1}) == 0.5


def test_golds_that_come_round_more_often_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    met = [(worker, 1) for worker in range(9)] + [(worker, 2 + worker) for worker in range(9)]
    job = golds.Job(met, frozenset({1}), frozenset(range(1, 11)), frozenset({0, 1}))
    monkeypatch.setattr(golds, "_jobs", lambda _: {asked.name: [job, job] for asked in golds.ASKED})
    rows = by_name(golds.gold_auc(FEW))
    assert rows["quality.gold_auc"].value == 1
    assert not rows["quality.gold_auc"].holds
    assert rows["quality.gold_auc_100"].value == rows["quality.gold_auc_sure_100"].value == 1
    assert "1.000 ± 0.000" in rows["quality.gold_auc_100"].against


def test_quality_measures_labels_confidence_and_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, luck = tmp_path / "crowd" / "made", random.Random(4)
    folder.mkdir(parents=True)
    truth = {f"t{task}": luck.choice(("up", "down")) for task in range(60)}
    other = {"up": "down", "down": "up"}
    said = [
        f"{task},w{worker},{right if luck.random() < 0.85 else other[right]}"
        for task, right in truth.items()
        for worker in range(6)
    ]
    (folder / "answers.csv").write_text("\n".join(["task,worker,label", *said]), encoding="utf-8")
    (folder / "truth.csv").write_text("\n".join(["task,label", *(f"{t},{r}" for t, r in truth.items())]))
    monkeypatch.setenv("KAZI_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(quality, "peers_on", lambda _: {"vote": 0.8})  # theirs take minutes
    rows = by_name(
        quality.run(
            Progress(disable=True), quality.Sizes(draws=1, golds=5, picture=tmp_path / "answers.svg", telling=FEW)
        )
    )
    assert 0.5 <= rows["quality.gold_auc"].value <= 1
    assert rows["quality.accuracy"].value > 85
    assert 0 < rows["quality.answers_used"].value < 100
    assert rows["quality.fit_25k_s"].holds
    assert {"quality.ece50", "quality.ece20", "quality.worst_vs_vote"} <= rows.keys()
    assert rows["quality.good_paused"].value == 0
    assert 2 <= rows["quality.golds_each"].value <= 8
