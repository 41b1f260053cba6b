"""Graded pay is asked for where answers can be half right, and held until the day after."""

from pathlib import Path

import pytest

from tests.batchfile.files import SPEC, checked, only_error

GRADED = SPEC + "  - {value: neither, label: {en: Neither}}\nordered: true\ngraded: true\n"


def test_answers_on_a_scale_may_be_paid_by_how_near_they_are(tmp_path: Path) -> None:
    result = checked(tmp_path, spec=GRADED)
    assert result.good, list(result.said())
    assert result.spec is not None
    assert result.spec.graded


def test_answers_that_are_right_or_wrong_are_paid_all_the_same(tmp_path: Path) -> None:
    problem = only_error(checked(tmp_path, spec=SPEC + "graded: true\n"))
    assert problem.file == "batch.yaml"
    assert problem.line is not None
    assert "“graded”" in problem.message
    assert "right or wrong" in problem.message
    assert "each answer is paid" in problem.mend


@pytest.mark.parametrize("hours", [0, 24, 47.9])
def test_what_is_graded_the_day_after_must_be_held_so_long(tmp_path: Path, hours: float) -> None:
    problem = only_error(checked(tmp_path, spec=GRADED + f"hold_hours: {hours}\n"))
    assert "“hold_hours” of 48 or more" in problem.message or "hold_hours of 48 or more" in problem.message


def test_a_batch_that_says_nothing_of_it_is_known_again_as_before(tmp_path: Path) -> None:
    unsaid, said = checked(tmp_path), checked(tmp_path, spec=SPEC + "graded: false\n")
    assert said.digest == unsaid.digest != checked(tmp_path, spec=GRADED).digest
