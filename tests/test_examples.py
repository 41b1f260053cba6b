"""The example batches: they can be posted as they are, and what is said to be true of them is."""

import csv
import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from PIL import Image

from crowd.batches.spec import BatchSpec
from crowd.batchfile import check
from crowd.exports.base import value_text
from crowd.kinds import kind_named
from kazi.demo.crowd import folders_of

EXAMPLES = Path(__file__).parent.parent / "examples"
FOLDERS = sorted(path.parent for path in (*EXAMPLES.glob("*/batch.yaml"), *EXAMPLES.glob("*/*/batch.yaml")))
TUTOR = EXAMPLES / "tutor"
OF_OPINIONS = {"survey"}
"""Nothing is right or wrong there, so there are no golds."""
DRAWN = sorted(path.parent for path in EXAMPLES.glob("*/draw.py"))

pytestmark = pytest.mark.unit
each_folder = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
KNOWN = [folder for folder in FOLDERS if (folder / "truth.csv").exists()]
each_known = pytest.mark.parametrize("folder", KNOWN, ids=lambda folder: folder.name)
each_drawn = pytest.mark.parametrize("folder", DRAWN, ids=lambda folder: folder.name)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def value(cell: str) -> object:
    """What a cell says, whether it is a text or JSON."""
    return json.loads(cell) if cell[:1] in {"[", "{"} else cell


@pytest.fixture(scope="module")
def tutor() -> ModuleType:
    """The program that wrote the tutor's batches."""
    spec = importlib.util.spec_from_file_location("tutor_write", TUTOR / "write.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@contextmanager
def drawer(folder: Path) -> Iterator[ModuleType]:
    """The program that drew a folder. Its neighbours are not importable any more afterwards."""
    path, loaded = list(sys.path), set(sys.modules)
    spec = importlib.util.spec_from_file_location(f"draw_{folder.name}", folder / "draw.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look there for their module
    try:
        spec.loader.exec_module(module)
        yield module
    finally:
        sys.path[:] = path
        for name in set(sys.modules) - loaded:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(str(EXAMPLES)):
                del sys.modules[name]


def test_there_are_examples_and_some_are_drawn() -> None:
    assert {folder.name for folder in FOLDERS} >= {"tweets-sw", "weeds", "poachers"}
    assert {folder.name for folder in DRAWN} == {"weeds", "poachers"}
    assert len([folder for folder in FOLDERS if folder.parent == TUTOR]) == 3 * 14


@each_folder
def test_an_example_has_no_errors(folder: Path) -> None:
    result = check(folder / "batch.yaml")
    assert result.errors == 0, list(result.said())
    assert result.spec is not None
    known = kind_named(result.spec.kind).has_golds
    assert result.tasks >= result.golds
    assert known == (folder / "truth.csv").exists()
    assert bool(result.golds) == (known and folder.name not in OF_OPINIONS)


@each_known
def test_the_truth_is_told_of_each_item_and_of_nothing_else(folder: Path) -> None:
    items, truth = table(folder / "items.csv"), table(folder / "truth.csv")
    told = [row["id"] for row in truth]
    assert len(set(told)) == len(told)
    ids = {row["id"] for row in items}
    practice = {row["id"] for row in items if row.get("practice")}
    assert ids - practice <= set(told) <= ids
    assert all(row["label"] for row in truth)


@each_known
def test_golds_agree_with_the_truth_and_are_explained(folder: Path) -> None:
    items = table(folder / "items.csv")
    truth = {row["id"]: row["label"] for row in table(folder / "truth.csv")}
    golds = [row for row in items if row.get("gold")]
    assert bool(golds) is (folder.name not in OF_OPINIONS)
    for row in golds:
        if row["id"] in truth:  # some files tell nothing more of practice than its gold
            assert value(row["gold"]) == value(truth[row["id"]]), row["id"]
        assert all(row[column] for column in row if column.startswith("explanation")), row["id"]
    assert all(row["gold"] for row in items if row.get("practice"))


def test_no_two_sentences_to_be_translated_are_taken_for_each_other() -> None:
    """So that who answers one by the right words of another is wrong."""
    spec = check(EXAMPLES / "translate" / "batch.yaml").spec
    assert isinstance(spec, BatchSpec)
    labels = [row["label"] for row in table(EXAMPLES / "translate" / "truth.csv")]
    kind = kind_named(spec.kind)
    for place, right in enumerate(labels):
        assert kind.verdict(spec, right, right.casefold().rstrip(".")) == 1
        assert not [said for said in labels[:place] if kind.verdict(spec, right, said)]


@each_folder
def test_each_text_is_there_once(folder: Path) -> None:
    """Simulated workers know an item again by it."""
    texts = [row["text"] for row in table(folder / "items.csv")]
    assert len(set(texts)) == len(texts)


@each_drawn
def test_masks_give_just_the_cells_of_the_truth(folder: Path) -> None:
    truth = {row["id"]: row["label"] for row in table(folder / "truth.csv")}
    batch = yaml.safe_load((folder / "batch.yaml").read_text(encoding="utf-8"))
    with drawer(folder) as draw:
        rule, read_mask = draw.RULE, sys.modules["drawing.files"].read_mask
        assert (batch["rows"], batch["columns_across"]) == (sys.modules["drawing.cells"].SIDE,) * 2
        masks = sorted((folder / "masks").iterdir())
        assert [path.stem for path in masks] == sorted(truth)
        for path in masks:
            mask = read_mask(path)
            assert value_text(rule.marked(mask)) == truth[path.stem], path.name
            assert rule.plain(mask), f"{path.name}: a cell is neither clearly marked nor clearly not"


@each_drawn
def test_what_is_exported_is_what_the_truth_says(folder: Path) -> None:
    """The kind reads each label, and writes it again the same."""
    spec = check(folder / "batch.yaml").spec
    assert isinstance(spec, BatchSpec)
    kind = kind_named(spec.kind)
    for row in table(folder / "truth.csv"):
        assert value_text(kind.read_gold(spec, None, row["label"])) == row["label"]


@each_drawn
def test_pictures_are_small_and_some_show_nothing(folder: Path) -> None:
    pictures = sorted((folder / "pictures").iterdir())
    assert [f"pictures/{path.name}" for path in pictures] == sorted(
        row["picture"] for row in table(folder / "items.csv")
    )
    for path in pictures:
        assert path.stat().st_size <= 40_000
        with Image.open(path) as image:
            assert (image.format, image.size) == ("JPEG", (640, 480))
    kept = [path for name in ("*.csv", "*.yaml", "pictures/*", "masks/*") for path in folder.glob(name)]
    assert sum(path.stat().st_size for path in kept) < 1_600_000
    labels = [row["label"] for row in table(folder / "truth.csv")]
    assert 0.15 <= labels.count("[]") / len(labels) <= 0.25


@pytest.mark.parametrize(("name", "number"), [("weeds", 12), ("poachers", 8)])
def test_a_picture_is_drawn_the_same_again(name: str, number: int) -> None:
    folder = EXAMPLES / name
    program = (
        "import hashlib, runpy, sys; made = runpy.run_path(sys.argv[1])['draw'](int(sys.argv[2]));"
        "print(made.key, hashlib.sha256(made.jpeg).hexdigest(), hashlib.sha256(made.mask.tobytes()).hexdigest())"
    )
    command = [sys.executable, "-c", program, str(folder / "draw.py"), str(number)]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    first, second = (run.communicate()[0] for run in runs)
    assert first.startswith(f"{name}-{number:02} ")
    assert first == second


def test_the_tutors_batches_are_written_the_same_again(tutor: ModuleType, tmp_path: Path) -> None:
    for language in tutor.languages():
        for kind in tutor.KINDS:
            name = f"{language}-{kind}"
            tutor.write(tmp_path / name, language, kind)
            for file in ("batch.yaml", "items.csv", "truth.csv"):
                assert (tmp_path / name / file).read_bytes() == (TUTOR / name / file).read_bytes(), f"{name}/{file}"


def test_the_tutors_truth_follows_from_the_numbers_on_the_page(tutor: ModuleType) -> None:
    """A reply that is called right has a true equation, one with a wrong number a false one, in every language."""
    equation = re.compile(r"(\d+) ([-+×÷]) (\d+) = (\d+)")
    does = {"+": int.__add__, "-": int.__sub__, "×": int.__mul__, "÷": int.__floordiv__}
    seen = 0
    for language in tutor.languages():
        words = tutor.words_of(language)
        for kind in tutor.KINDS:
            for question in tutor.questions(words, kind):
                for flaw, is_true in (("right", True), ("rude", True), ("unit", True), ("number", False)):
                    for one, sign, other, result in equation.findall(question.reply(flaw)):
                        assert (does[sign](int(one), int(other)) == int(result)) == is_true, (language, question)
                        seen += 1
                assert str(question.topic.right(*question.numbers)) in question.reply("bare")
                assert not re.search(r"\d", question.reply("evade"))
                replies = {question.reply(flaw) for flaw in tutor.WORTH if flaw != "unit" or question.topic.units[0]}
                assert len(replies) == 5 + bool(question.topic.units[0]), (language, question)
    assert seen == 14 * 3 * 8 * 4


def test_no_question_is_asked_in_two_of_the_tutors_batches() -> None:
    texts = [row["text"] for folder in FOLDERS if folder.parent == TUTOR for row in table(folder / "items.csv")]
    assert len(set(texts)) == len(texts) == 14 * 3 * 9


def test_the_tutors_languages_say_the_same_things(tutor: ModuleType) -> None:
    """Each has the slots that the others have, and nothing is left out."""
    slot = re.compile(r"\{\w+\}")
    model = tutor.words_of("fr")
    for language in tutor.languages():
        words = tutor.words_of(language)
        assert words["asks"].keys() == model["asks"].keys()
        for name, said in words["asks"].items():
            assert [set(slot.findall(text)) for text in said] == [
                set(slot.findall(text)) for text in model["asks"][name]
            ], (language, name)
        assert {name: slot.findall(text) for name, text in words["because"].items()} == {
            name: slot.findall(text) for name, text in model["because"].items()
        }, language
        assert [text[0] for text in words["rates"]] == ["5", "4", "3", "2", "1"]


def test_a_demo_can_show_some_examples_alone() -> None:
    own, several = folders_of(EXAMPLES, only=["weeds", "tutor/sw-chat"])
    assert [folder.relative_to(EXAMPLES).as_posix() for folder in (*own, *several)] == ["weeds", "tutor/sw-chat"]
    assert len(folders_of(EXAMPLES, only=["tutor"])[1]) == 42
    assert folders_of(EXAMPLES, only=["nothing"]) == ([], [])
