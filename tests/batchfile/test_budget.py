"""A budget in the batch file: what it pays for, and what is said of one that cannot be meant."""

from pathlib import Path

import pytest

from admin.i18n.speaker import speaker_of
from tests.batchfile.files import SPEC, checked, only_error, warnings

ITEMS = "id,text,gold\n" + "".join(f"{number},text {number},\n" for number in range(10)) + "g,a gold,good\n"
OVERLAP = "overlap: {least: 2, most: 4}\n"


def spec_with_budget(budget: str, overlap: str = OVERLAP) -> str:
    return SPEC + overlap + f"budget: {budget}\n"


def test_a_budget_below_the_least_answers_is_refused_with_what_they_cost(tmp_path: Path) -> None:
    problem = only_error(checked(tmp_path, ITEMS, spec=spec_with_budget("0.39")))
    assert (problem.file, problem.line, problem.column) == ("batch.yaml", 12, 9)
    assert "each of 10 tasks its least answers (2) takes 0.40 USD" in problem.message
    assert "`overlap:`" in problem.mend
    assert "0.40" in problem.told(speaker_of("sw"))
    assert problem.told(speaker_of("sw")).startswith("bajeti")


def test_a_budget_of_just_the_least_answers_is_taken(tmp_path: Path) -> None:
    result = checked(tmp_path, ITEMS, spec=spec_with_budget("0.40"))
    assert result.good
    assert result.quote is not None
    assert (result.quote.labour, result.quote.most_answers, result.quote.gold_answers) == (400_000, 20, 0)
    assert result.quote.kept_answers == 20


def test_a_budget_is_quoted_in_whole_answers_with_the_fee_on_top(tmp_path: Path) -> None:
    result = checked(tmp_path, ITEMS, spec=spec_with_budget("0.5999"))
    assert result.spec is not None
    assert result.quote is not None
    assert result.quote.labour == 29 * 20_000
    assert result.quote.paid_answers == 29
    assert (result.quote.least_answers, result.quote.most_answers, result.quote.gold_answers) == (20, 29, 4)


def test_more_than_can_be_spent_is_noted_and_not_put_in(tmp_path: Path) -> None:
    result = checked(tmp_path, ITEMS, spec=spec_with_budget("100"))
    assert result.good
    assert any("more than can be spent" in each and "cost 0.88 USD" in each for each in warnings(result))
    assert result.quote is not None
    assert result.quote.to_fund == 880_000
    exact = checked(tmp_path / "exact", ITEMS, spec=spec_with_budget("0.88"))
    assert not any("more than can be spent" in each for each in warnings(exact))


def test_a_budget_and_a_confidence_are_a_choice(tmp_path: Path) -> None:
    spec = spec_with_budget("0.60", "overlap: {confidence: 0.9}\n")
    problem = only_error(checked(tmp_path, ITEMS, spec=spec))
    assert (problem.line, problem.column) == (12, 9)
    assert "cannot stand beside overlap.confidence: choose one of the two" in problem.message


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        ("0", "greater than 0"),
        ("-5", "plain digits"),
        ("1e3", "plain digits"),
        ("'12,50'", "plain digits"),
        ("lots", "plain digits"),
        ("0.1234567", "6 decimal places"),
        ("9999999999", "less than or equal to 1000000000"),
    ],
)
def test_what_is_no_amount_is_no_budget(tmp_path: Path, budget: str, words: str) -> None:
    problem = only_error(checked(tmp_path, ITEMS, spec=spec_with_budget(budget)))
    assert problem.line == 12
    assert "budget" in problem.message
    assert words in problem.message


def test_a_batch_without_a_budget_has_the_digest_that_it_always_had(tmp_path: Path) -> None:
    """So that a file posted before there were budgets is still recognised."""
    plain = checked(tmp_path / "plain", ITEMS, spec=SPEC + OVERLAP)
    assert plain.digest.hex() == "0a9f5628b54e6bfabf8972520228a0ccfb97e61a03b7a07761a3118f835ac3d8"
    with_one = checked(tmp_path / "one", ITEMS, spec=spec_with_budget("0.6"))
    assert with_one.digest != plain.digest
    assert with_one.digest == checked(tmp_path / "other", ITEMS, spec=spec_with_budget("0.60")).digest
