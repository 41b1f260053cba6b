"""What a batch file says is what somebody could have meant: prices, codes, words and labels."""

from pathlib import Path

import pytest

from tests.batchfile.files import SPEC, checked, only_error, scalar, spec_with, warnings


@pytest.mark.parametrize(
    ("price", "mend"),
    [
        ("1_000", "0.02"), ("0,02", "point: 0.02"), ("1,50", "point: 1.50"), ("1,000", "0.02"), ("2e-2", "0.02"),
        ("+0.02", "0.02"), ("-1", "0.02"), ("NaN", "0.02"), ("٠.٠٢", "0.02"), ("$1", "0.02"), (".5", "0.02"),
    ],
)  # fmt: skip
def test_a_price_is_plain_digits_and_a_point(tmp_path: Path, price: str, mend: str) -> None:
    problem = only_error(checked(tmp_path, spec=spec_with("price: 0.02", f'price: "{price}"')))
    assert (problem.line, problem.column) == (6, 8)
    assert mend in problem.mend


@pytest.mark.parametrize(
    ("code", "mend"), [("usd", "Did you mean “USD”"), ("XXX", "ISO 4217"), ("XTS", "ISO 4217"), ("DEM", "ISO 4217")]
)
def test_a_currency_is_one_that_people_are_paid_in(tmp_path: Path, code: str, mend: str) -> None:
    assert mend in only_error(checked(tmp_path, spec=spec_with("USD", code))).mend


@pytest.mark.parametrize("code", ["USD", "KES", "UGX", "XOF", "EUR"])
def test_a_currency_of_today_is_taken(tmp_path: Path, code: str) -> None:
    assert checked(tmp_path, spec=spec_with("USD", code)).good


@pytest.mark.parametrize(
    ("code", "mend"),
    [
        ("Swahili", "Did you mean “sw” (Swahili)?"),
        ("swa", "Did you mean “sw” (Swahili)?"),
        ("egyptian arabic", "Did you mean “arz” (Egyptian Arabic)?"),
        ("zz", "BCP 47"),
        ("und", "BCP 47"),
    ],
)
def test_a_language_that_nobody_can_choose_is_refused(tmp_path: Path, code: str, mend: str) -> None:
    problem = only_error(checked(tmp_path, spec=spec_with("language: sw", f"language: {code}")))
    assert (problem.line, problem.column) == (3, 11)
    assert mend in problem.mend


@pytest.mark.parametrize("code", ["ary", "pcm", "yo", "ig", "pt-MZ", "pt_mz", "sw"])
def test_a_language_with_a_code_is_taken(tmp_path: Path, code: str) -> None:
    assert checked(tmp_path, spec=spec_with("language: sw", f"language: {code}")).good


def test_a_locale_that_no_phone_is_set_to_is_a_warning(tmp_path: Path) -> None:
    result = checked(tmp_path, spec=spec_with("{en: Good}", "{en: Good, swa: Nzuri}"))
    assert result.good
    assert any("“swa”" in said and "Did you mean “sw” (Swahili)?" in said for said in warnings(result))


def test_what_the_batchs_own_language_lacks_is_a_warning(tmp_path: Path) -> None:
    result = checked(tmp_path / "one", spec=SPEC + "title: {en: Feelings}\n")
    assert any("“sw”" in each and "“title”, “instructions”, “label”" in each for each in warnings(result))
    words = SPEC.replace("en: ", "sw: ") + "title: {sw: Hisia}\n"
    assert not any("says nothing" in each for each in warnings(checked(tmp_path / "two", spec=words)))
    mozambique = words.replace("sw", "pt").replace("language: pt", "language: pt-MZ")
    assert not any("says nothing" in each for each in warnings(checked(tmp_path / "three", spec=mozambique)))


def test_skills_are_refused_until_workers_can_have_some(tmp_path: Path) -> None:
    problem = only_error(checked(tmp_path, spec=SPEC + "skills: [nurse]\n"))
    assert "cannot be given to workers yet" in problem.message
    assert problem.line == 11


TEXT = SPEC[: SPEC.index("options:")].replace("kind: choice", "kind: text")


def test_a_text_that_no_answer_could_have_the_length_of_is_refused(tmp_path: Path) -> None:
    items = "id,text\n1,a\n"
    problem = only_error(checked(tmp_path, items, spec=TEXT + "least_characters: 50\nmost_characters: 10\n"))
    assert "10 must not be smaller than least_characters (50)" in problem.message
    assert problem.line == 9
    assert checked(tmp_path, items, spec=TEXT + "least_characters: 10\nmost_characters: 10\n").good


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("{en: Same}", "{en: same}"),
        ("{en: Good, fr: Pareil}", "{en: Bad, fr: pareil}"),
        ("{sw: Sawa}", "{en: SAWA}"),
        ("{en: Same, ha: a}", "{en: Same, ha: b}"),
        ("{fr: Pareil}", "{ha: pareil}"),
    ],
)
def test_two_buttons_that_read_the_same_are_refused(tmp_path: Path, good: str, bad: str) -> None:
    spec = SPEC.replace("{en: Good}", good).replace("{en: Bad}", bad)
    assert "“good” and “bad” have the same label" in only_error(checked(tmp_path, spec=spec)).message


@pytest.mark.parametrize("old", ["Feelings", "good", "Good"])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("\u200b\u2060", "cannot be seen"),
        ("\u3164", "cannot be seen"),
        ("a\nb", "line break"),
        ("a\u2028b", "line break"),
        ("a\u202eb", "U+202E"),
        ("a\u2066b", "U+2066"),
    ],
)
def test_words_that_workers_see_are_seen_on_one_line_in_one_direction(
    tmp_path: Path, old: str, words: str, said: str
) -> None:
    assert said in only_error(checked(tmp_path, spec=spec_with(old, scalar(words)))).message


def test_lengths_are_told_in_plain_words(tmp_path: Path) -> None:
    title = SPEC + f"title: {{en: {'x' * 61}}}\n"
    assert "“title.en”: has 61 characters; 60 at most" in only_error(checked(tmp_path / "one", spec=title)).message
    options = SPEC + "".join(f"  - {{value: v{n}, label: {{en: L{n}}}}}\n" for n in range(20))
    assert "has 22 options; 20 at most" in only_error(checked(tmp_path / "two", spec=options)).message
    names = spec_with("{value: good, label: {en: Good}}", "good")
    assert "must be names with values" in only_error(checked(tmp_path / "three", spec=names)).message
