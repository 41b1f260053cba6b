"""Bursts, paces, patterns and pasted texts: what is found, and what is left alone."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from crowd.kinds import load_spec
from crowd.signals import signals
from crowd.signals.base import RATE, Finding, Person, Table
from tests.signals.crowds import Crowd

pytestmark = pytest.mark.unit


def look(signal: str, table: Table) -> list[Finding]:
    return signals()[signal].look(table, RATE)


def invited(seed: int, **different: Any) -> Crowd:
    """A crowd that was all invited at once by one link, and set to work at once."""
    crowd = Crowd(np.random.default_rng(seed), workers=12, **different)
    crowd.joined[:] = crowd.luck.uniform(0, 7200, size=crowd.workers)
    crowd.starts[:] = 100_000 + crowd.luck.uniform(0, 1200, size=crowd.workers)
    crowd.invited = [1] * crowd.workers
    return crowd


@pytest.mark.parametrize("different", [{"hard": 0.3}, {"skilled": (3, 2)}])
def test_a_class_that_was_invited_at_once_and_answers_honestly_is_left_alone(different: dict[str, Any]) -> None:
    assert sum(bool(look("burst", invited(seed, **different).table())) for seed in range(100)) <= 4


def test_accounts_that_came_together_and_give_one_anothers_wrong_answers_are_found() -> None:
    found = 0
    for seed in range(20):
        crowd = invited(seed)
        bots = [0, 1, 2, 3]
        crowd.joined[bots] = -1e6 + crowd.luck.uniform(0, 900, size=4)
        for bot in bots:
            crowd.invited[bot] = 7
        script = crowd.luck.integers(crowd.options, size=crowd.tasks)
        crowd.said[bots] = np.where(crowd.luck.random((4, crowd.tasks)) < 0.8, script, crowd.said[bots])
        findings = look("burst", crowd.table())
        found += any({1, 2, 3, 4} == set(each.workers) and each.evidence["how"] == "came" for each in findings)
    assert found >= 18


def test_a_burst_shows_how_often_the_same_was_said_within_which_time() -> None:
    crowd = invited(1)
    crowd.joined[:3] = -1e6
    crowd.said[:3] = np.where(
        crowd.luck.random(crowd.tasks) < 0.7, crowd.luck.integers(3, size=crowd.tasks), crowd.said[:3]
    )
    crowd.starts[:] = 100_000 * np.arange(crowd.workers)
    crowd.starts[:3] = 100_000
    (finding,) = look("burst", crowd.table())
    assert finding.workers == (1, 2, 3)
    seen = finding.evidence
    assert seen["shared"] > 2 * seen["expected"]
    assert all(2 <= row["times"] <= 3 and row["seconds"] < 3600 for row in seen["rows"])


def test_people_of_any_pace_are_left_alone() -> None:
    assert sum(bool(look("pace", Crowd(np.random.default_rng(seed)).table())) for seed in range(100)) <= 4


def test_a_script_is_found_by_its_haste_or_its_evenness() -> None:
    quick = even = 0
    for seed in range(50):
        crowd = Crowd(np.random.default_rng(seed))
        crowd.seconds[0] = crowd.luck.uniform(0.25, 0.4, size=crowd.tasks)
        crowd.seconds[1] = 4 + crowd.luck.normal(0, 0.1, size=crowd.tasks)
        found = {each.workers[0]: each.evidence["how"] for each in look("pace", crowd.table())}
        quick += found.get(1) == "quick"
        even += found.get(2) == "even"
    assert min(quick, even) >= 45


def test_late_answers_whose_time_is_unknown_say_nothing() -> None:
    crowd = Crowd(np.random.default_rng(0))
    crowd.seconds[0] = 0
    assert look("pace", crowd.table()) == []


@pytest.mark.parametrize("cycle", [(1,), (0, 2), (0, 1, 2)])
def test_answers_that_go_round_are_found(cycle: Sequence[int]) -> None:
    for seed in range(20):
        crowd = Crowd(np.random.default_rng(seed))
        mine = np.flatnonzero(crowd.asked[4])
        crowd.said[4, mine] = [cycle[at % len(cycle)] for at in range(len(mine))]
        (finding,) = look("pattern", crowd.table())
        assert finding.workers == (5,)
        assert sorted(finding.evidence["cycle"]) == sorted(f"o{said}" for said in cycle)


def test_where_nearly_all_tasks_have_one_label_saying_so_is_no_pattern() -> None:
    for seed in range(100):
        crowd = Crowd(np.random.default_rng(seed), options=2)
        rare = crowd.luck.random(crowd.tasks) < 0.05
        crowd.said = np.where(rare == (crowd.said == crowd.truth), 1, 0)  # right: 1 where it is rare
        crowd.truth = rare.astype(int)
        assert look("pattern", crowd.table()) == []


TEXT = load_spec(
    {
        "name": "texts", "kind": "text", "language": "sw", "items": "items.csv", "currency": "USD", "price": "0.02",
        "instructions": {"en": "Translate."},
    }
)  # fmt: skip
WORDS = [
    "maji",
    "mti",
    "nyumba",
    "barabara",
    "samaki",
    "ndege",
    "mvua",
    "jua",
    "mlima",
    "bahari",
    "shule",
    "kitabu",
    "rafiki",
    "safari",
    "chakula",
    "usiku",
]


def texts(luck: np.random.Generator, workers: int = 8, tasks: int = 30) -> list[dict[str, Any]]:
    """Everybody writes a text of their own to each task, three characters a second."""
    rows = []
    for worker in range(1, workers + 1):
        for task in range(1, tasks + 1):
            said = " ".join(luck.choice(WORDS, size=14))
            rows.append(
                {"task": task, "worker": worker, "said": said, "ms": 330 * len(said), "at": worker * 1e5 + task}
            )
    return rows


def written(rows: list[dict[str, Any]]) -> Table:
    rows = sorted(rows, key=lambda row: row["at"])
    return Table(
        spec=TEXT,
        tasks=[row["task"] for row in rows],
        workers=[row["worker"] for row in rows],
        values=[row["said"] for row in rows],
        ms=[row["ms"] for row in rows],
        at=[row["at"] for row in rows],
        golds={},
        people={row["worker"]: Person(0.0, None, None) for row in rows},
        items={row["task"]: {"text": f"**bold** item {row['task']}"} for row in rows},
    )


def test_people_who_type_are_left_alone() -> None:
    for seed in range(5):
        rows = texts(np.random.default_rng(seed))
        rows[0]["ms"] = rows[1]["ms"] = 10  # twice in thirty: kept ready elsewhere
        assert look("pasted", written(rows)) == look("echo", written(rows)) == []


def test_texts_faster_than_fingers_and_those_of_chat_programs_are_found() -> None:
    rows = texts(np.random.default_rng(0))
    for row in rows:
        if row["worker"] == 3 and row["task"] <= 10:
            row["ms"] = 2000
        if row["worker"] == 5 and row["task"] <= 9:
            row["said"] = "Certainly! Here is the translation:\n- " + row["said"]
        if row["worker"] == 6:
            row["said"] = "**bold** " + row["said"]  # stands in the item
    found = {each.workers: each.evidence for each in look("pasted", written(rows))}
    assert set(found) == {(3,), (5,)}
    assert (found[3,]["fast"], found[3,]["phrases"]) == (10, 0)
    assert (found[5,]["fast"], found[5,]["phrases"]) == (0, 9)
    assert {row["phrase"] for row in found[5,]["rows"]} == {"here is the translation"}


def test_texts_of_another_are_found_whatever_letter_was_changed() -> None:
    rows = texts(np.random.default_rng(0))
    of_second = {row["task"]: row["said"] for row in rows if row["worker"] == 2}
    for row in rows:
        if row["worker"] == 7 and row["task"] <= 12:
            row["said"] = of_second[row["task"]].upper().replace("MAJI", "MAJJ", 1)
    (finding,) = look("echo", written(rows))
    assert finding.workers == (2, 7)
    assert finding.evidence["shared"] == 12
    assert finding.evidence["second"] == {"2": 0, "7": 12}


def test_what_everybody_writes_alike_can_be_written_in_one_way_only() -> None:
    rows = texts(np.random.default_rng(0))
    for row in rows:
        if row["task"] <= 12:
            row["said"] = f"the one way in which this long text number {row['task']} can be written"
    assert look("echo", written(rows)) == []
