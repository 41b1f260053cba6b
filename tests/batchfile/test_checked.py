"""What a check tells of a whole file: warnings, counts, the digest, the price."""

import csv
import io
from pathlib import Path

import pytest

from crowd.batchfile import Progress, check
from crowd.batchfile.schema import write_schema
from crowd.money.quote import quote
from tests.batchfile.files import GOOD_ITEMS, SPEC, checked, warnings, write

ROOT = Path(__file__).parents[2]


def said(result: list[str], words: str) -> bool:
    return any(words in each for each in result)


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ("id,text\n1,a\n", "has no golds"),
        ("id,text,gold\n1,a,\n2,b,good\n3,c,bad\n", "has 2 golds. Fill in gold on 20"),
        ("id,text,gold\n1,a,\n2,b,good\n", "has no gold for “bad”"),
        ("id,text,gold\n1,a,\n2,b,good\n3,c,bad\n", "2 golds beside 1 tasks"),
        ("id,text\n1,=1+1\n2,@you\n", "line 2, column “text”: warning: begins like a formula"),
        ("id,text\n1,=1+1\n2,@you\n", "so do 1 more cells"),
        ("id,text\n-a,b\n", "column “id”: warning: begins like a formula"),
        ("id,text\n1,a\n2,b\u202ec\n", "line 3, column “text”: warning: has characters that turn"),
        ("id,text\n1,b\ufffdc\n", "U+FFFD"),
        ("id,text,gold,explanation\n1,a,,why\n", "explanation but no gold"),
    ],
)
def test_what_may_be_meant_is_a_warning(tmp_path: Path, items: str, words: str) -> None:
    result = checked(tmp_path, items)
    assert result.good, list(result.said())
    assert said(warnings(result), words), warnings(result)


def test_a_negative_number_is_no_formula(tmp_path: Path) -> None:
    assert not said(warnings(checked(tmp_path, "id,text\n1,-12.5\n")), "formula")


def test_emoji_and_joiners_of_many_scripts_pass_untouched(tmp_path: Path) -> None:
    text = "می\u200cخواهم 👩\u200d🌾 नमस्ते\u200d \u00a0ok"
    assert checked(tmp_path, f"id,text\n1,{text}\n").first == {"text": text}


def test_all_problems_are_counted_and_a_hundred_are_said(tmp_path: Path) -> None:
    result = checked(tmp_path, "id,text\n" + ",\n".join(str(n) for n in range(5000)) + ",\n")
    assert result.errors == 5000
    lines = list(result.said())
    assert len(lines) == 101
    assert "more" in lines[-1]


def test_errors_come_before_warnings_and_by_line(tmp_path: Path) -> None:
    result = checked(tmp_path, "id,text,more\n1,a,\n9,,\n1,b,\n")
    assert [
        (problem.severity, problem.line) for problem in result.problems if problem.line and problem.file == "items.csv"
    ] == [
        ("error", 3),
        ("error", 4),
        ("warning", 1),
    ]


def test_the_digest_is_of_what_is_said_and_not_of_how_it_is_written(tmp_path: Path) -> None:
    table = list(csv.reader(io.StringIO(GOOD_ITEMS)))
    quoted = "\r\n".join(";".join(f'"{cell}"' for cell in row) for row in table)
    spec = "# a remark\n" + SPEC.replace("0.02", '"0.020"')
    first = checked(tmp_path / "one")
    assert checked(tmp_path / "two", quoted, spec=spec, name="others.csv").digest == first.digest
    assert checked(tmp_path / "three", GOOD_ITEMS.replace("habari", "habari!")).digest != first.digest
    assert checked(tmp_path / "four", spec=SPEC.replace("0.02", "0.03")).digest != first.digest
    header, *rows = GOOD_ITEMS.splitlines(keepends=True)
    assert checked(tmp_path / "five", header + "".join(reversed(rows))).digest != first.digest


def test_a_quote_covers_the_most_that_a_batch_can_cost(tmp_path: Path) -> None:
    spec = checked(tmp_path).spec
    assert spec is not None
    cost = quote(spec, 1001, 30, fee_ppm=150_000)
    assert cost.price == 20_000
    assert (cost.least_answers, cost.most_answers) == (2002, 5005)
    assert cost.gold_answers == 150
    assert cost.labour == (5005 + 150) * 20_000
    assert cost.fee == cost.labour * 15 // 100
    assert cost.to_fund == cost.labour + cost.fee
    assert cost.least_labour == 2002 * 20_000
    assert quote(spec, 10, 0, fee_ppm=0).to_fund == 50 * 20_000
    assert quote(spec, 1, 0, fee_ppm=1).fee == 1  # a fee is rounded up
    with pytest.raises(ValueError, match="negative"):
        quote(spec, 1, 0, fee_ppm=-1)


def test_progress_is_told_in_rows_and_seconds(tmp_path: Path) -> None:
    steps: list[Progress] = []
    check(write(tmp_path, "id,text\n" + "".join(f"{n},a\n" for n in range(25_000))), progress=steps.append)
    assert [step.rows for step in steps] == [10_000, 20_000, 25_000]
    assert sorted(step.seconds for step in steps) == [step.seconds for step in steps]


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*/batch.yaml")), ids=lambda path: path.parent.name)
def test_the_examples_have_no_problem_at_all(path: Path) -> None:
    result = check(path)
    said = list(result.said())
    if path.parent.name == "survey":  # opinions are neither right nor wrong
        assert "has no golds" in said.pop()
    assert said == []
    assert result.tasks > 0


def test_the_schema_in_the_documents_is_the_one_of_the_code(tmp_path: Path) -> None:
    stored = (ROOT / "docs" / "batch.schema.json").read_text(encoding="utf-8")
    write_schema(tmp_path / "schema.json")
    assert stored == (tmp_path / "schema.json").read_text(encoding="utf-8"), (
        "docs/batch.schema.json is out of date: run `python -m crowd.batchfile.schema docs/batch.schema.json`"
    )
