"""The check of the catalogs finds what it is there for."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.i18n.locales import available
from scripts.catalogs import checks
from scripts.catalogs.buttons import on_buttons, width
from scripts.catalogs.files import extract
from scripts.catalogs.houses import HOUSES, House
from scripts.catalogs.leftovers import left_over

pytestmark = pytest.mark.unit


def test_the_bot_speaks_these_languages() -> None:
    wanted = (
        "am ar bn en es fa fil fr gu ha hi id ig km ko lo mr my ne pa pt_BR ru rw si so sw ta te th tr uk ur vi yo "
        "zh_Hans zu"
    )
    assert " ".join(available()) == wanted


Spoiled = Callable[..., House]


@pytest.fixture
def spoiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spoiled:
    """A copy of a house with these of its catalogs, to be spoiled. What is there is checked by `make lint`."""

    def copy(name: str, *locales: str) -> House:
        house = next(one for one in HOUSES if one.name == name)
        folder = tmp_path / "house"
        others = {
            path.relative_to(house.template.parent).as_posix() for code, path in house.catalogs() if code not in locales
        }

        def left_out(where: str, names: list[str]) -> list[str]:
            within = Path(where).relative_to(house.template.parent)
            return [
                each
                for each in names
                if (within / each).as_posix() in others or each.endswith((".mo", ".py")) or each == "__pycache__"
            ]

        shutil.copytree(house.template.parent, folder, ignore=left_out)
        texts = house.texts()
        monkeypatch.setattr(checks, "ROOT", tmp_path)
        return replace(house, template=folder / house.template.name, texts=lambda: texts)

    return copy


def spoil(path: Path, good: str, bad: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(good) == 1, good
    path.write_text(text.replace(good, bad), encoding="utf-8")


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        ('"haina safu wima {column}"', '""', "not translated"),
        ('"haina safu wima {column}"', '"haina safu wima {columns}"', "placeholders differ"),
        ('"ina zaidi ya baiti {most:,}"', '"ina zaidi ya baiti {most}"', "placeholders differ"),
        ('msgid "is not a file"\nmsgstr "si faili"\n', "", "missing: 'is not a file'"),
        ('msgstr[1] "maonyo {number:,}"\n', 'msgstr[1] ""\n', "not translated"),
    ],
)
def test_a_spoiled_message_about_files_is_found(spoiled: Spoiled, good: str, bad: str, problem: str) -> None:
    house = spoiled("messages about files", "sw", "fr")
    assert checks.problems_of(house) == []
    spoil(house.template.with_name("sw.po"), good, bad)
    assert [said for said in checks.problems_of(house) if said.startswith("house/sw.po") and problem in said]


@pytest.mark.parametrize(
    ("locale", "good", "bad", "problem"),
    [
        ("fr", "nplurals=3; plural=(((", "nplurals=2; plural=(((", "Plural-Forms is not CLDR's"),
        ("sw", 'msgstr "Mapato"', 'msgstr "Mapato ya kazi zako zote"', "too wide for a button (24)"),
        ("sw", 'msgstr "Mapato yako"', 'msgstr "Faida yako"', "'earnings' is another word in the glossary"),
        ("ru", 'msgstr "Мои языки"', 'msgstr "Мои Language"', "English left over, 'Language'"),
        ("es", 'msgstr "Tus respuestas"', 'msgstr "Your respuestas"', "English left over, 'Your'"),
        ("es", 'msgstr "Tus respuestas"', 'msgstr "Your answers"', "English left over, 'Your answers'"),
    ],
)
def test_a_spoiled_text_of_the_chat_is_found(spoiled: Spoiled, locale: str, good: str, bad: str, problem: str) -> None:
    house = spoiled("bot", locale)
    path = dict(house.catalogs())[locale]
    spoil(path, good, bad)
    found = checks.problems_of(house)
    assert [said for said in found if said.startswith(f"house/catalogs/{locale}/") and problem in said], found


def test_a_locale_has_a_word_for_each_term(spoiled: Spoiled) -> None:
    house = spoiled("bot", "yo")
    glossary = house.template.parent / "catalogs" / "yo" / "glossary.yaml"
    spoil(glossary, "task:", "tusk:")
    found = [said for said in checks.problems_of(house) if "its glossary" in said]
    assert [said.split("its glossary: ")[1] for said in found] == ["no word for 'task'", "not a term: 'tusk'"]
    glossary.unlink()
    assert [said for said in checks.problems_of(house) if "there is no glossary" in said]


def test_widths_are_counted_as_people_see_them() -> None:
    assert [width(text) for text in ("abc", "कार्य", "任务", "▶️ go", "{number} left")] == [3, 3, 4, 4, 8]
    assert "Other language" in on_buttons()
    assert "The right answer: {right}" not in on_buttons()


def test_names_are_no_english() -> None:
    assert left_over("What is the IBAN?", "IBAN은요?", foreign=True) is None
    assert left_over("Send /work to {name}", "أرسلوا /work إلى {name}", foreign=True) is None
    assert left_over("Ideal", "Ideal", foreign=False) is None


def test_a_new_message_without_a_translation_is_found(spoiled: Spoiled) -> None:
    house = spoiled("messages about files", "sw", "fr", "ar")
    more = replace(house, texts=lambda: [*house.texts(), "is quite new"])
    assert any("out of date" in said for said in checks.problems_of(more))
    extract(more)
    missing = [said for said in checks.problems_of(more) if "not translated: 'is quite new'" in said]
    assert len(missing) == len(house.catalogs())
