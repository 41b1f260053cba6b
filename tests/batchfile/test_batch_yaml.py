"""A batch file that is wrong says where, and how to mend it."""

import os
from itertools import pairwise
from pathlib import Path

import pytest

from crowd.batchfile import check
from tests.batchfile.files import GOOD_ITEMS, SPEC, checked, only_error, scalar, spec_with, write


@pytest.mark.parametrize(
    ("spec", "line", "column", "words"),
    [
        (spec_with("price: 0.02", "prise: 0.02"), 6, 1, ["“prise” is not known", "Did you mean “price”"]),
        (spec_with("currency: USD\n", ""), 1, 1, ["“currency” is missing", "ISO 4217"]),
        (spec_with("currency: USD", "currency: dollars"), 5, 11, ["“currency”", "“dollars”", "ISO 4217"]),
        (spec_with("price: 0.02", "price: -1"), 6, 8, ["“price”", "“-1”", "Write it as 0.02"]),
        (spec_with("price: 0.02", "price: NaN"), 6, 8, ["“price”", "“NaN”"]),
        (spec_with("price: 0.02", "price: 0.0000001"), 6, 8, ["“price”", "6 decimal"]),
        (spec_with("kind: choice", "kind: choise"), 2, 7, ["“choise”", "Did you mean “choice”"]),
        (spec_with("kind: choice\n", ""), 1, 1, ["“kind” is missing", "“choice”"]),
        (spec_with("kind: choice", "kind: [choice]"), 2, 7, ["“kind” must be one word"]),
        (spec_with("{en: Good}", "{english language: Good}"), 9, 27, ["english language", "BCP 47"]),
        (spec_with("{en: Choose the feeling}", "{}"), 7, 1, ["“instructions”", "has 0 entries; at least 1"]),
        (SPEC + "ordered: true\n", 11, 10, ["“ordered”", "three options or more", "scale"]),
        (spec_with("value: bad", "value: good"), 9, 3, ["“options”", "“good” stands twice"]),
        (
            SPEC + "overlap: {least: 5, most: 3}\n",
            11,
            1,
            ["“overlap”", "most (3) must not be smaller than least (5)", "schema"],
        ),
        (SPEC + "dont_know: perhaps\n", 11, 12, ["“dont_know”", "“perhaps”", "write yes or no"]),
        (
            spec_with("Choose the feeling", "x" * 2001),
            7,
            20,
            ["“instructions.en”", "has 2001 characters; 2000 at most"],
        ),
        (SPEC + "name: Again\n", 11, 1, ["“name” stands twice", "line 1", "Keep one"]),
        (SPEC + "columns: {texte: tweet}\n", 11, 11, ["“texte”", "Did you mean “text”"]),
        (SPEC + "skills: [a, &b c]\n", 11, 13, ["anchor"]),
        (SPEC + "skills: *all\n", 11, 9, ["alias"]),
        (SPEC + "skills: !!python/object:os.system [x]\n", 11, 9, ["tag"]),
        (SPEC + "\tskills: []\n", 11, 1, ["tab", "spaces"]),
        (SPEC + "skills: [a\n", 12, 1, ["not valid YAML"]),
        (SPEC + "---\nname: x\n", 11, 1, ["second document"]),
        (SPEC + "? [a]\n: b\n", 11, 3, ["list or a mapping for a name"]),
        (SPEC + "skills: " + "[" * 50_000 + "\n", 11, None, ["nested deeper"]),
        (SPEC + "skills: [" + "a," * 30_000 + "]\n", 11, None, ["more parts"]),
        (SPEC + "skills: ['\x00']\n", 11, 11, ["U+0000"]),
        (SPEC + "skills: ['\x9f']\n", 11, None, ["does not allow"]),
        ("- a\n- b\n", 1, 1, ["names with values"]),
        ("", 1, 1, ["is empty"]),
        ("# only a remark\n", 1, 1, ["is empty"]),
    ],
)
def test_a_wrong_batch_file_says_where_and_how_to_mend_it(
    tmp_path: Path, spec: str, line: int, column: int | None, words: list[str]
) -> None:
    problem = only_error(checked(tmp_path, spec=spec))
    assert problem.file == "batch.yaml"
    assert problem.line == line
    if column is not None:
        assert problem.column == column
    for word in words:
        assert word in str(problem)


def test_every_error_of_a_batch_file_is_told_at_once(tmp_path: Path) -> None:
    spec = spec_with("price: 0.02", "prise: 0").replace("USD", "usd").replace("kind: choice", "kind: choice\nlease: 3")
    places = {(problem.line, problem.column) for problem in checked(tmp_path, spec=spec).problems}
    assert places == {(3, 1), (6, 11), (7, 1)}


def test_errors_of_items_are_told_beside_those_of_the_batch_file(tmp_path: Path) -> None:
    items = "id,text,gold\n1,one,good\n1,two,wrong\n3,,\n"
    found = checked(tmp_path, items, spec=spec_with("USD", "usd"))
    assert [(problem.file, problem.line, problem.column) for problem in found.problems] == [
        ("batch.yaml", 5, 11), ("items.csv", 3, "gold"), ("items.csv", 3, "id"), ("items.csv", 4, "text"),
    ]  # fmt: skip
    assert (found.spec, found.lines, found.quote) == (None, None, None)


def test_of_items_nothing_is_said_where_the_batch_file_is_wrong_about_them(tmp_path: Path) -> None:
    problem = only_error(checked(tmp_path, "id,text,gold\n1,one,wrong\n", spec=spec_with("value: good", "valeu: good")))
    assert problem.file == "batch.yaml"


def test_a_laughing_bomb_does_not_go_off(tmp_path: Path) -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n"
    for before, name in pairwise("abcdefghi"):
        bomb += f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n"
    assert "anchor" in only_error(checked(tmp_path, spec=bomb)).message


def test_a_batch_file_over_one_mebibyte_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path)
    with path.open("r+b") as file:
        file.truncate(1 << 34)
    assert "larger than 1 MiB" in only_error(check(path)).message


def test_a_batch_file_that_is_not_utf8_says_which_byte(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_bytes(SPEC.replace("Feelings", "Gefühle").encode("latin-1"))
    problem = only_error(check(path))
    assert (problem.line, problem.column) == (1, 10)
    assert "0xFC" in problem.message
    assert "UTF-8" in problem.mend


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + SPEC.replace("\n", "\r\n").encode())
    assert check(path).good


@pytest.mark.parametrize("path", ["missing.yaml", ".", "nul\0.yaml"])
def test_a_batch_file_that_is_not_there_is_a_problem_and_no_crash(tmp_path: Path, path: str) -> None:
    assert only_error(check(tmp_path / path)).mend


def test_norwegian_is_a_language_and_a_price_is_exact(tmp_path: Path) -> None:
    spec = SPEC.replace("{en: Choose the feeling}", "{no: velg, en: choose}").replace("price: 0.02", "price: 0.10")
    spec = spec.replace("value: good", "value: yes").replace("value: bad", "value: 010")
    result = checked(tmp_path, GOOD_ITEMS.replace(",good,", ",yes,").replace(",bad,", ",010,"), spec=spec)
    assert result.good
    assert result.spec is not None
    assert set(result.spec.instructions) == {"no", "en"}
    assert result.spec.price_micros == 100_000


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("../items.csv", "leaves the batch file's folder"),
        ("/etc/items.csv", "leaves the batch file's folder"),
        ("C:\\\\items.csv", "leaves the batch file's folder"),
        ("a/../../items.csv", "leaves the batch file's folder"),
        ("items.xls", "must name a file of .csv, .jsonl, .parquet, .xlsx"),
        ("itmes.csv", "Did you mean “items.csv”"),
        ("folder.csv", "is not a file"),
        ("link.csv", "link that leaves"),
        ("loop.csv", "items"),
        ("outside/items.csv", "link that leaves"),
        (" ", "names no file"),
    ],
)
def test_items_lie_in_the_batch_files_own_folder(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "items.csv").write_text(GOOD_ITEMS)
    folder = tmp_path / "batch"
    write(folder)
    (folder / "folder.csv").mkdir()
    (folder / "link.csv").symlink_to(tmp_path / "items.csv")
    (folder / "loop.csv").symlink_to(folder / "loop.csv")
    (folder / "outside").symlink_to(tmp_path, target_is_directory=True)
    (folder / "batch.yaml").write_text(SPEC.replace("items.csv", f'"{name}"'))
    problem = only_error(check(folder / "batch.yaml"))
    assert words in str(problem)
    assert (problem.file, problem.line, problem.column) == ("batch.yaml", 4, 8)


def test_items_may_lie_in_a_folder_within(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    assert checked(tmp_path, name="data/items.csv").good


def test_a_pipe_is_no_file_with_items(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "items.csv").unlink()
    os.mkfifo(tmp_path / "items.csv")
    assert "is not a file" in only_error(check(path)).message


@pytest.mark.parametrize("character", ["\x00", "\x07", "\r", "\x1b", "\x7f", "\x9f"])
@pytest.mark.parametrize("old", ["Feelings", "Choose the feeling", "good", "Good", "items.csv"])
def test_a_control_character_that_is_written_as_an_escape_is_refused_too(
    tmp_path: Path, old: str, character: str
) -> None:
    problem = only_error(checked(tmp_path, spec=spec_with(old, scalar(f"a{character}b"))))
    assert f"U+{ord(character):04X}" in problem.message
    assert problem.line is not None


def test_a_tab_or_a_line_break_may_stand_in_instructions(tmp_path: Path) -> None:
    assert checked(tmp_path, spec=spec_with("Choose the feeling", scalar("one\ntwo\tthree"))).good
