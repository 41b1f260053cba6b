"""Crowds made from a seed, and the spec of a crowd in a process of its own."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from sandbox.workers import CrowdSpec, Right, make_people
from sandbox.workers.people import FIRST_NAMES, SORTS


def test_the_same_seed_makes_the_same_people() -> None:
    assert make_people(30, seed=4, languages=("sw", "ha")) == make_people(30, seed=4, languages=("sw", "ha"))
    assert make_people(30, seed=4) != make_people(30, seed=5)


def test_twenty_people_hold_every_sort() -> None:
    people = make_people(20, seed=1)
    for sort in SORTS.values():
        assert any(sort.skill[0] <= one.skill <= sort.skill[1] for one in people)
    assert 0.75 < sum(one.skill for one in make_people(400, seed=2)) / 400 < 0.9


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 19, 100])
def test_there_are_as_many_as_asked_for(count: int) -> None:
    assert len(make_people(count)) == count


def test_names_and_languages_belong_together() -> None:
    people = make_people(len(FIRST_NAMES) * 5, languages=tuple(FIRST_NAMES))
    for one in people:
        assert one.first_name in FIRST_NAMES[one.language_code]
    assert {one.language_code for one in people} == set(FIRST_NAMES)
    assert make_people(1, languages=("sw-KE",))[0].first_name in FIRST_NAMES["sw"]
    with pytest.raises(ValueError, match="at least one language"):
        make_people(1, languages=())


def test_a_spec_is_read_from_json(tmp_path: Path) -> None:
    path = tmp_path / "crowd.json"
    path.write_text(
        json.dumps(
            {
                "people": {"count": 3, "seed": 1, "languages": ["sw"], "at_once": True},
                "characters": [{"skill": 1, "speed_s": [0, 0.5], "first_name": "Zawadi"}],
                "items": {
                    "a": "Yes",
                    "b": ["Yes", "Maybe"],
                    "c": {"text": "see"},
                    "d": {"labels": ["Yes", "No"], "every": True},
                },
                "answers": ["No"],
                "manners": {"rules": [{"tap": "^go"}], "skip": "^skip"},
                "limits": {"idle_s": 2, "answers": 9},
                "seconds": 3,
            }
        )
    )
    spec = CrowdSpec.read(path)
    people = spec.everybody()
    assert people[0].first_name == "Zawadi"
    assert [one.speed_s for one in people] == [(0, 0.5), (0, 0), (0, 0), (0, 0)]
    knowledge = spec.knowledge()
    assert knowledge.answers == {"Yes", "No", "Maybe"}
    found = knowledge.find("d")
    assert found is not None
    assert found.right == Right(frozenset({"Yes", "No"}), every=True)
    assert (spec.limits.idle_s, spec.limits.answers, spec.limits.nudges) == (2, 9, 3)


@pytest.mark.parametrize(
    "wrong",
    [
        "{}",
        '{"people": {"count": 0}}',
        '{"people": {"count": 1}, "itmes": {}}',
        '{"characters": [{"skill": 2}]}',
        '{"people": {"count": 1}, "manners": {"rules": [{"tap": "("}]}}',
        "[]",
        "no json",
    ],
)
def test_a_spec_that_makes_no_sense_is_refused(wrong: str, tmp_path: Path) -> None:
    path = tmp_path / "crowd.json"
    path.write_text(wrong)
    with pytest.raises(ValidationError):
        CrowdSpec.read(path)
