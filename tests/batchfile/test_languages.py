"""What is wrong with a file is said in the requester's language."""

from pathlib import Path

import pytest

from admin.i18n import SOURCE, locales
from admin.i18n.speaker import speaker_of
from crowd.batchfile.plainly import UNFORESEEN
from crowd.batchfile.problem import listed, shown
from crowd.kinds import kinds
from crowd.sentences import ENGLISH, Language, Listed, Sentence, count, parts, say, together
from tests.batchfile.catalogs import FOLDER, SPEAKERS
from tests.batchfile.files import SPEC, checked

pytestmark = pytest.mark.unit

WRONG = (
    "-1", "0", "1e400", "9" * 5000, "0.00000001", "nan", "x", "", " ", "\\u200b", "x" * 5000,
    "[]", "{}", "[a]", "{a: b}", "[[a]]", "[{}]", "{en: [a]}", "{en: ''}", "{en: {a: b}}", "{'?': x}",
)  # fmt: skip
"""Values that some field or other cannot have, in YAML."""


def _spec(kind: str) -> str:
    return SPEC if kind == "choice" else SPEC[: SPEC.index("options:")].replace("kind: choice", f"kind: {kind}")


def test_every_locale_of_the_panel_has_messages_about_files() -> None:
    assert {path.stem for path in FOLDER.glob("*.po")} == set(locales()) - {SOURCE}
    assert len(SPEAKERS) > 1


@pytest.mark.parametrize(
    ("kind", "field"), [(name, field) for name, kind in kinds().items() for field in kind.spec.model_fields]
)
def test_whatever_a_field_says_is_answered_in_the_words_of_the_catalogs(tmp_path: Path, kind: str, field: str) -> None:
    others = [line for line in _spec(kind).splitlines() if not line.startswith(f"{field}:")]
    if field == "options":
        others = [line for line in others if not line.startswith("  -")]
    inside = "" if field == "overlap" else "overlap: {least: %(value)s, most: %(value)s, confidence: %(value)s}"
    spec = "\n".join([*others, f"{field}: %(value)s", inside, ""])
    for value in WRONG:
        written = value if value.startswith(("[", "{")) else f'"{value}"'
        found = checked(tmp_path, spec=spec % {"value": written}).problems
        assert found
        assert not [str(one) for one in found for said in parts(one.what) if said.text == UNFORESEEN]


def test_a_value_does_not_turn_the_direction_of_what_is_around_it() -> None:
    arabic, swahili = speaker_of("ar"), speaker_of("sw")
    missing = say("has no column {column}", column=shown("text (1)"))
    assert arabic.put(missing) == "ليس فيه العمود «\u2068text (1)\u2069»"
    assert swahili.put(missing) == "haina safu wima “text (1)”"
    assert swahili.put(say("has no column {column}", column=shown("نص"))) == "haina safu wima “\u2068نص\u2069”"
    mend = say("Make lines of it: {command}", command="jq -c '.[]' a.json > new.jsonl")
    hostile = say("the value “{value}” stands twice", value="a\u2069\u202e)b")
    assert arabic.put(hostile) == "القيمة «\u2068a)b\u2069» مكرّرة"
    assert arabic.put(mend).endswith("\u2068jq -c '.[]' a.json > new.jsonl\u2069")


def test_numbers_lists_plurals_and_languages_are_those_of_the_locale() -> None:
    french, arabic, amharic = speaker_of("fr"), speaker_of("ar"), speaker_of("am")
    rows = say("has more than {most:,} rows", most=1_234_567)
    assert ENGLISH.put(rows) == "has more than 1,234,567 rows"
    assert french.put(rows) == "a plus de 1\u202f234\u202f567 lignes"
    assert [arabic.put(count("{number:,} error", "{number:,} errors", n)) for n in (1, 3, 11)] == [
        "عدد الأخطاء: 1", "3 أخطاء", "11 خطأً",
    ]  # fmt: skip
    columns = say("It has {columns}.", columns=listed(["a", "b", "c"]))
    assert ENGLISH.put(columns) == "It has “a”, “b”, “c”."
    assert amharic.put(columns) == "ያሉት፦ “a”፣ “b”፣ “c”።"
    assert arabic.put(columns) == "الموجود: «\u2068a\u2069» و«\u2068b\u2069» و«\u2068c\u2069»."
    many = say("It has {columns}.", columns=listed([str(n) for n in range(1021)], most=1))
    assert french.put(many) == "Il y a «\xa00\xa0» et 1\u202f020 de plus."
    meant = say("Did you mean {meant}?", meant=say("{code} ({language})", code=shown("sw"), language=Language("sw")))
    assert ENGLISH.put(meant) == "Did you mean “sw” (Swahili)?"
    assert french.put(meant) == "Vouliez-vous dire «\xa0sw\xa0» (swahili)\xa0?"


def test_what_a_file_says_is_never_taken_for_a_placeholder_or_a_text_of_the_catalog() -> None:
    for text in ("{column}", "{0.__class__}", "}{", "%(x)s", "is empty", ""):
        for speaker in (ENGLISH, *SPEAKERS.values()):
            assert text in speaker.put(say("has no column {column}", column=shown(text)))
    assert speaker_of("sw").put(say("holds {type}", type="is empty")) == "ina is empty"


def test_sentences_stand_together_and_empty_lists_are_nothing() -> None:
    both = together(say("Take it out."), say("Post it in parts."))
    assert str(both) == "Take it out. Post it in parts."
    assert speaker_of("sw").put(both) == "Iondoe. Chapisha kwa sehemu."
    assert [one.text for one in parts(both)] == ["Take it out.", "Post it in parts."]
    assert speaker_of("sw").put(say("Known: {columns}.", columns=Listed(()))) == "Zinazojulikana: ."


@pytest.mark.parametrize("wishes", ["", "xx", "en-GB", "C", "../../etc/passwd", "en;q=x"])
def test_without_a_fitting_locale_it_is_english(wishes: str) -> None:
    assert speaker_of(wishes).put(Sentence("is empty")) == "is empty"
