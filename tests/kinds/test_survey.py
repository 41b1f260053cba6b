"""survey: worked by hand."""

import itertools
import json
import math
import pickle
import random
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import pytest

from bot.i18n.tongue import tongue
from bot.screens import length_of
from bot.tasks import body_of, face_of
from bot.tasks.base import of_lease, of_practice
from bot.tasks.survey import FACE
from crowd.agreement.computing import Group, figures_of
from crowd.batchfile import check
from crowd.exports.base import value_text
from crowd.kinds import kind_named
from crowd.kinds.base import AnswerError, ItemError, Json, Takes
from crowd.kinds.filled import seen
from crowd.kinds.item import Item
from crowd.kinds.survey import Survey, SurveySpec
from crowd.workers.standing import CLEARED, PAUSED, Standing
from tests.kinds.sample import LEASE, SOME_MEDIA, options, spec_of, write_batch
from tests.kinds.samples.survey import SAMPLE, question

pytestmark = pytest.mark.unit
KIND, ITEM = Survey(), Item("The market nearest to you")
ENDS = {"low": {"en": "dirty"}, "high": {"en": "clean"}}
OFTEN = question("often", "choice", options=options(4))
BUYS = question("buys", "choices", options=options(3), fewest=1)
CLEAN = question("clean", "rating", ends=ENDS)
WORD = question("word", "text", most_characters=200)
FOUR = (OFTEN, BUYS, CLEAN, {**WORD, "optional": True})


def spec(*questions: dict[str, Any], **fields: Any) -> SurveySpec:
    made = spec_of(SAMPLE, {"questions": list(questions or FOUR), **fields})
    assert isinstance(made, SurveySpec)
    return made


def errors_of(folder: Path, *questions: dict[str, Any], **fields: Any) -> list[str]:
    """Of a batch file with these questions, those of its items last."""
    written = json.loads(json.dumps(questions))  # YAML's anchors are refused, and one thing twice would make some
    checked = check(write_batch(folder / "batch", SAMPLE, tasks=2, golds=0, questions=written, **fields))
    return [str(problem) for problem in checked.problems if problem.severity == "error"]


def stepped(made: SurveySpec, *steps: Json, draft: Json = None) -> Json:
    """The draft after these steps; each is done twice, and changes nothing the second time."""
    draft = KIND.begin(made, ITEM) if draft is None else draft
    for said in steps:
        draft = KIND.step(made, ITEM, draft, said)
        assert isinstance(said, str) or KIND.step(made, ITEM, draft, said) == draft
        assert json.loads(json.dumps(draft)) == draft
    return draft


def choose(number: int, option: int) -> Json:
    return ["answer", number, "choice", option]


def tick(number: int, option: int, *, ticked: bool = True) -> Json:
    return ["step", number, "choices", [option, ticked]]


def done(made: SurveySpec, number: int, draft: Json) -> Json:
    """A tap on the button below what is ticked, as it stands on the screen."""
    voice = tongue("en")
    body = body_of(voice, made, {"text": ITEM.text}, of_lease(LEASE), draft=draft)
    data = next(each.data for row in body.rows for each in row if f":d{number}:" in each.data)
    return FACE.read_tap(data.split(":", 3)[3])


def filled(made: SurveySpec, value: Json) -> Json:
    return SAMPLE.said(made, {"text": ITEM.text}, value)


def test_a_mistake_in_a_question_is_told_with_its_name(tmp_path: Path) -> None:
    told, *_ = errors_of(tmp_path, {**OFTEN, "options": options(1)}, CLEAN)
    assert "in the question “often”: has 1 option; at least 2 needed" in told
    assert "line" in told
    told, *_ = errors_of(tmp_path / "2", OFTEN, {**CLEAN, "stebs": 5})
    assert "in the question “clean”: “stebs” is not known; did you mean “steps”?" in told
    told, *_ = errors_of(tmp_path / "3", OFTEN, {**CLEAN, "price": "3"})
    assert "in the question “clean”: “price” is not known" in told
    told, *_ = errors_of(tmp_path / "4", OFTEN, {name: value for name, value in CLEAN.items() if name != "ends"})
    assert "in the question “clean”: “ends” is missing" in told
    told, *_ = errors_of(tmp_path / "5", {**BUYS, "fewest": 3})
    assert "in the question “buys”: must be less than the number of options (3)" in told
    twice = [{"value": "a", "label": {"en": "Yes"}}, {"value": "b", "label": {"en": "yes "}}]
    told, *_ = errors_of(tmp_path / "6", {**OFTEN, "options": twice})
    assert "in the question “often”" in told
    assert "have the same label" in told


def test_questions_that_cannot_be_put_are_refused(tmp_path: Path) -> None:
    assert "two questions are called" in errors_of(tmp_path / "1", OFTEN, {**CLEAN, "name": "Often"})[0]
    assert "all are optional" in errors_of(tmp_path / "2", {**OFTEN, "optional": True})[0]
    assert "one of choice, choices, rating, text" in errors_of(tmp_path / "3", {**OFTEN, "kind": "grid"})[0]
    assert "13 entries" in errors_of(tmp_path / "4", *({**OFTEN, "name": f"q{at}"} for at in range(13)))[0]
    assert "questions.0.name" in errors_of(tmp_path / "5", {**OFTEN, "name": "how often"})[0]
    assert "line break" in errors_of(tmp_path / "6", {**OFTEN, "ask": {"en": "How\noften?"}})[0]


def test_a_batch_is_the_same_however_its_questions_are_written() -> None:
    """What they say is stored in one form; and it can be read again, and handed to another process."""
    one, other = spec({**BUYS, "fewest": 1, "optional": False}, OFTEN), spec({**BUYS, "fewest": "1"}, OFTEN)
    assert one.model_dump(mode="json") == other.model_dump(mode="json")
    again = SurveySpec.model_validate(one.model_dump(mode="json"))
    assert [each.spec for each in again.asked] == [each.spec for each in one.asked]
    assert pickle.loads(pickle.dumps(one)).asked[0].spec == one.asked[0].spec


def test_an_item_leaves_room_for_the_longest_question() -> None:
    long = {**OFTEN, "ask": {"en": "x" * 200}}
    picture = {"picture": SOME_MEDIA["picture"]}
    assert KIND.read_item(spec(), {**picture, "text": "y" * 400})["text"] == "y" * 400
    with pytest.raises(ItemError, match="with the longest question 374 have room"):
        KIND.read_item(spec(long), {**picture, "text": "y" * 375})
    KIND.read_item(spec(long), {"text": "y" * 3000})
    ends = {"low": {"en": "😀" * 100}, "high": {"en": "🙁" * 100}}
    with pytest.raises(ItemError, match="with the longest question 0 have room"):
        KIND.read_item(spec({**CLEAN, "ask": {"en": "x" * 200}, "ends": ends}), {**picture, "text": "y"})
    body = body_of(tongue("en"), spec(long), {"text": "y" * 3000}, of_lease(LEASE))
    assert length_of(body.text) <= 3500


def test_a_gold_states_some_questions_in_a_form_that_people_type_or_as_json() -> None:
    made = spec()
    typed = KIND.read_gold(made, ITEM, "clean = 4; often=v1;buys= v2 | v0 ;")
    assert typed == {"often": "v1", "buys": ["v0", "v2"], "clean": 4}
    assert list(typed) == ["often", "buys", "clean"]
    assert KIND.read_gold(made, ITEM, '{"clean": 4, "buys": ["v2", "v0"], "word": null}') == {
        "buys": ["v0", "v2"], "clean": 4,
    }  # fmt: skip
    assert KIND.read_gold(made, ITEM, "word=salt; oil = fat;clean=1") == {"word": "salt; oil = fat", "clean": 1}
    value = {"often": "v0", "buys": ["v1"], "clean": 1, "word": '{"a": 1}; often=v3'}
    assert KIND.read_gold(made, ITEM, str(value_text(value))) == value


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("often=v7", "in the question “often”: is “v7”, which is none of the options"),
        ("clean=9", "in the question “clean”: is “9”, and no number from 1 to 5"),
        ("oftn=v1", "names “oftn”, which is none of the questions"),
        ("v1", "where the name of a question and = are wanted"),
        ("often=v1; often=v2", "states the question “often” twice"),
        ("{often: v1}", "is no JSON object"),
        ("{}", "states no question"),
    ],
)
def test_a_gold_that_cannot_be_read_is_told_why(cell: str, why: str) -> None:
    with pytest.raises(ItemError, match=why) as caught:
        KIND.read_gold(spec(), ITEM, cell)
    assert caught.value.column == "gold"


def test_a_verdict_is_the_mean_of_what_the_gold_states() -> None:
    made = spec()
    said = {"often": "v1", "buys": ["v0", "v2"], "clean": 4}
    assert KIND.verdict(made, {"often": "v1"}, said) == 1
    assert KIND.verdict(made, {"often": "v1", "buys": ["v0"]}, said) == pytest.approx((1 + 1 / 2) / 2)
    assert KIND.verdict(made, {"often": "v2", "clean": 4, "word": "salt"}, said) == pytest.approx(1 / 3)
    assert KIND.verdict(made, said, said) == 1
    chances = [each.kind.chance(each.spec) for each in made.asked]
    assert chances[0] == 1 / 4
    assert chances[3] == 0
    assert KIND.chance(made) == pytest.approx(sum(chances) / 4)


def every_answer(made: SurveySpec) -> list[dict[str, Json]]:
    each = [[["v0"], ["v1"], ["v0", "v1"]] if asked.name == "buys" else asked.kind.possible(asked.spec)
            for asked in made.asked]  # fmt: skip
    return [dict(zip((asked.name for asked in made.asked), values, strict=True)) for values in itertools.product(*each)]


def test_what_is_told_of_who_knows_and_of_who_guesses_sums_to_one() -> None:
    made = spec(OFTEN, {**BUYS, "options": options(2)}, CLEAN)
    every = every_answer(made)
    assert math.fsum(KIND.blindly(made, said) for said in every) == pytest.approx(1)
    for right in (every[0], {"often": "v3"}, {"clean": 3, "buys": ["v0", "v1"]}):
        assert math.fsum(KIND.telling(made, right, said) for said in every) <= 1 + 1e-9
        assert math.fsum(KIND.telling(made, right, said) for said in every) > 0.9


def tenth(made: SurveySpec, right: Json, said: Json, times: int) -> float:
    standing = Standing(0, 0)
    for _ in range(times):
        told = KIND.telling(made, right, said)
        standing = standing.after(KIND.verdict(made, right, said), KIND.blindly(made, said), told, counted=False)
    return standing.evidence(KIND.chance(made))


def test_golds_clear_who_slips_once_and_pause_who_guesses() -> None:
    """Also where the gold states few of many questions, of which some are written."""
    many = [{**OFTEN, "name": f"q{at}"} for at in range(10)]
    made = spec(*many, WORD, {**WORD, "name": "other"})
    right = {f"q{at}": "v0" for at in range(4)} | {"word": "salt"}
    said = {f"q{at}": "v0" for at in range(10)} | {"word": "salt", "other": "whatever"}
    assert tenth(made, right, said, 4) <= CLEARED
    assert tenth(made, right, {**said, "q1": "v2"}, 4) <= CLEARED
    assert tenth(made, right, {**said, "word": "water"}, 4) <= CLEARED
    blind = {**said, "q1": "v1", "q2": "v2", "q3": "v3", "word": "water"}
    assert tenth(made, right, blind, 8) >= PAUSED
    assert tenth(made, {"q0": "v0"}, said, 8) <= CLEARED


def test_who_goes_by_habit_gains_nothing_in_expectation() -> None:
    made = spec(OFTEN, {**BUYS, "options": options(2)}, CLEAN)
    for right in ({"often": "v1", "clean": 5}, {"buys": ["v0"]}):
        mean = sum(
            blind * KIND.telling(made, right, said) / blind
            for said in every_answer(made)
            if (blind := KIND.blindly(made, said))
        )
        assert mean <= 1 + 1e-9


def test_alpha_is_the_mean_of_the_alphas_of_the_questions() -> None:
    made, luck = spec(OFTEN, CLEAN), random.Random(5)
    tasks: list[list[Json]] = [
        [{"often": luck.choice(("v0", "v0", f"v{at % 4}")), "clean": max(1, min(5, at % 5 + luck.randint(0, 2)))}
         for _ in range(3)]
        for at in range(30)
    ]  # fmt: skip
    groups = [
        Group(None, gold=False, said=tuple((value, said.count(value)) for at, value in enumerate(said)
                                           if value not in said[:at]))
        for said in tasks
    ]  # fmt: skip
    often = [[int(each["often"][1]) for each in said] for said in tasks]
    clean = [[each["clean"] for each in said] for said in tasks]
    expected = [
        krippendorff.alpha(np.array(often).T, level_of_measurement="nominal"),
        krippendorff.alpha(np.array(clean).T, level_of_measurement="ordinal"),
    ]
    assert abs(expected[0] - expected[1]) > 0.1
    assert figures_of(made, groups).alpha == pytest.approx(sum(expected) / 2)


def test_a_question_to_which_all_say_the_same_has_no_part_in_alpha() -> None:
    alone, both = spec(OFTEN), spec(OFTEN, CLEAN)
    said = [["v0", "v0"], ["v1", "v2"], ["v1", "v1"]]
    groups = [[Group(None, False, tuple((more | {"often": each}, 1) for each in pair)) for pair in said]
              for more in ({}, {"clean": 3})]  # fmt: skip
    assert figures_of(both, groups[1]).alpha == pytest.approx(figures_of(alone, groups[0]).alpha)


def test_leaving_a_question_out_is_as_far_from_an_answer_as_any_two() -> None:
    made = spec()
    one, two = {"often": "v0", "buys": ["v0"], "clean": 1}, {"often": "v0", "buys": ["v0"], "clean": 1, "word": "salt"}
    three = {**two, "word": "oil"}
    apart = KIND.difference(made, [(one, 2), (two, 1), (three, 1)])
    assert apart(one, two) == apart(one, three) == pytest.approx(1)
    assert apart(two, three) == pytest.approx(1)
    assert apart(one, dict(one)) == 0


def test_answers_add_up_question_by_question_and_the_least_sure_is_told() -> None:
    made = spec()
    said = [
        {"often": "v1", "buys": ["v0"], "clean": 4},
        {"often": "v1", "buys": ["v0", "v1"], "clean": 2, "word": "salt"},
        {"often": "v1", "buys": ["v0"], "clean": 4, "word": "salt"},
    ]
    blind = KIND.chance(made)
    evidence: Json = None
    alone: dict[str, Json] = {}
    for each in said:
        evidence = KIND.add(made, evidence, each, 0.8)
        for asked in made.asked:
            if asked.name in each:
                low = asked.kind.chance(asked.spec)
                accuracy = low + (1 - low) * (0.8 - blind) / (1 - blind)
                alone[asked.name] = asked.kind.add(asked.spec, alone.get(asked.name), each[asked.name], accuracy)
    found = KIND.consensus(made, evidence, 0.3)
    expected = {asked.name: asked.kind.consensus(asked.spec, alone[asked.name], 0.3) for asked in made.asked}
    assert found.label == {"often": "v1", "buys": ["v0"], "clean": 4, "word": "salt"}
    assert found.label == {name: each.label for name, each in expected.items()}
    assert found.confidence == pytest.approx(min(each.confidence for each in expected.values()))
    assert found.votes == 3

    parts = KIND.parts(made, found.label, [(each, 1) for each in said], evidence, 0.3)
    assert {name: part.confidence for name, part in parts.items()} == pytest.approx(
        {name: each.confidence for name, each in expected.items()}
    )
    assert parts["buys"].split == ((["v0"], 2), (["v0", "v1"], 1))
    assert parts["word"].split == (("salt", 2),)
    decided = KIND.parts(made, {**found.label, "clean": 1}, [], evidence, 0.3)["clean"]
    assert (decided.label, decided.confidence) == (1, None)
    nothing = KIND.parts(made, None, (), None)
    assert list(nothing) == ["often", "buys", "clean", "word"]
    assert {(part.label, part.confidence, part.split) for part in nothing.values()} == {(None, None, ())}
    assert KIND.figures(made, [(each, 1) for each in said])["mean_clean"] == pytest.approx(
        (0.4 * 2 + 4 + 0.4 * 4) / 1.8
    )


def test_a_question_that_nobody_answered_has_no_label() -> None:
    made = spec()
    said = {"often": "v1", "buys": ["v0"], "clean": 4}
    found = KIND.consensus(made, KIND.add(made, None, said, 0.9))
    assert found.label == said
    assert found.confidence > 0


def test_a_late_tap_changes_the_question_it_was_made_for_and_no_other() -> None:
    made = spec({**OFTEN, "name": "one"}, {**OFTEN, "name": "two"}, {**OFTEN, "name": "three"})
    draft = stepped(made, choose(0, 1), choose(1, 2))
    assert draft[0] == 2
    late = stepped(made, choose(0, 3), draft=draft)
    assert late == [2, [[1, "v3"], [1, "v2"], [0, None]]]
    draft = stepped(made, choose(2, 0), draft=late)
    assert draft[0] == 3
    late = stepped(made, choose(1, 0), draft=draft)
    assert late[0] == 3
    assert KIND.read_answer(made, ITEM, late) == {"one": "v3", "two": "v0", "three": "v0"}


def test_one_can_go_back_change_an_answer_and_go_on_where_one_was() -> None:
    made = spec({**OFTEN, "name": "one"}, {**OFTEN, "name": "two"}, {**OFTEN, "name": "three"})
    draft = stepped(made, choose(0, 1), choose(1, 2), ["go", 0])
    assert draft[0] == 0
    assert stepped(made, ["go", 1], draft=draft)[0] == 1
    assert stepped(made, choose(0, 3), draft=draft) == [2, [[1, "v3"], [1, "v2"], [0, None]]]
    assert stepped(made, ["go", 3], draft=draft)[0] == 2, "not past a question that has no answer"
    ended = stepped(made, choose(2, 0), ["go", 1], choose(1, 0), draft=draft)
    assert ended[0] == 3


def test_ticks_count_when_they_are_done_and_only_as_they_stood_on_the_screen() -> None:
    made = spec(OFTEN, BUYS, CLEAN)
    old = stepped(made, choose(0, 0), tick(1, 2))
    draft = stepped(made, tick(1, 0), draft=old)
    with pytest.raises(AnswerError, match="old_screen"):
        KIND.step(made, ITEM, draft, done(made, 1, old))
    draft = stepped(made, done(made, 1, draft), draft=draft)
    assert draft == [2, [[1, "v0"], [1, [0, 2]], [0, None]]]
    fewer = stepped(made, tick(1, 2, ticked=False), draft=draft)
    assert fewer[0] == 2, "still an answer"
    none = stepped(made, tick(1, 0, ticked=False), draft=fewer)
    assert none == [1, [[1, "v0"], [0, []], [0, None]]], "and none any more: one is led back to it"
    with pytest.raises(AnswerError, match="too_few"):
        KIND.step(made, ITEM, none, ["done", 1, seen([])])


def test_a_text_answers_the_question_that_is_looked_at_and_only_where_one_is_to_be_written() -> None:
    made = spec(OFTEN, WORD, {**WORD, "name": "more", "optional": True})
    begun = KIND.begin(made, ITEM)
    assert KIND.takes(made, ITEM, begun) is None
    with pytest.raises(AnswerError):
        KIND.step(made, ITEM, begun, "salt")
    draft = stepped(made, choose(0, 0))
    assert KIND.takes(made, ITEM, draft) is Takes.TEXT
    with pytest.raises(AnswerError, match="answer_too_long") as caught:
        KIND.step(made, ITEM, draft, "x" * 201)
    assert "at most 200 characters" in FACE.trouble(caught.value, tongue("en"))
    draft = stepped(made, "  much   salt ", draft=draft)
    assert draft == [2, [[1, "v0"], [1, "much salt"], [0, None]]]
    with pytest.raises(AnswerError, match="unanswered") as caught:
        KIND.read_answer(made, ITEM, draft)
    assert "Question 3" in FACE.trouble(caught.value, tongue("en"))
    draft = stepped(made, ["leave", 2], draft=draft)
    assert KIND.takes(made, ITEM, draft) is None
    assert KIND.read_answer(made, ITEM, draft) == {"often": "v0", "word": "much salt"}
    draft = stepped(made, ["go", 2], "and oil", draft=draft)
    assert KIND.read_answer(made, ITEM, draft) == {"often": "v0", "word": "much salt", "more": "and oil"}


@pytest.mark.parametrize(
    "said",
    [
        ["leave", 0], ["leave", 9], ["done", 0, ""], ["answer", 0, "rating", 3], ["answer", 1, "choices", 1],
        ["step", 0, "choice", 1], ["answer", -1, "choice", 0], ["", 0], ["answer", 0, "choice", 9],
        ["answer", 0, "nothing", None], ["step", 1, "choices", [7, True]], ["answer", 3, "text", "x"],
    ],
)  # fmt: skip
def test_a_step_that_there_is_none_of_is_refused(said: Json) -> None:
    made = spec()
    if said == ["answer", 3, "text", "x"]:
        assert stepped(made, said)[1][3] == [1, "x"], "no button says it, and no harm is done"
        return
    with pytest.raises(AnswerError) as caught:
        KIND.step(made, ITEM, KIND.begin(made, ITEM), said)
    assert FACE.trouble(caught.value, tongue("en"))


@pytest.mark.parametrize(
    "data", ["", "x", "a", "a0", "a0:choice", "a0:nothing:1", "c1:choices:", "g", "d1", "l٣", "a999:choice:1"]
)
def test_whatever_a_tap_says_is_read_and_refused(data: str) -> None:
    made = spec()
    begun = KIND.begin(made, ITEM)
    try:
        draft, told = KIND.step(made, ITEM, begun, FACE.read_tap(data)), "nothing"
    except AnswerError as error:
        draft, told = begun, FACE.trouble(error, tongue("en"))
    assert draft == begun
    assert told


def test_a_question_looks_as_a_task_of_its_kind() -> None:
    voice, made = tongue("en"), spec()
    drafts: list[Json] = [
        [0, [[0, None]] * 4],
        [1, [[1, "v0"], [0, [1]], *[[0, None]] * 2]],
        [2, [[1, "v0"], [1, [1]], *[[0, None]] * 2]],
    ]
    for draft, asked in zip(drafts, made.asked, strict=False):
        inner = draft[1][draft[0]][1]
        alone = body_of(voice, asked.spec, {"text": f"What of {asked.name}?"}, of_lease(LEASE), draft=inner)
        body = body_of(voice, made, {"text": "about"}, of_lease(LEASE), draft=draft)
        assert body.text == f"about\n\n<b>Question {draft[0] + 1} of 4</b>\n{alone.text}"
        labels = [[button.label.replace("Send", "Next") for button in row] for row in alone.rows]
        assert [[button.label for button in row] for row in body.rows][: len(labels)] == labels


def test_all_answers_stand_whole_in_pages_and_are_sent_from_the_last() -> None:
    made = spec(*({**WORD, "name": f"q{at}", "most_characters": 1000} for at in range(12)))
    texts = [f"{at} {'word ' * 190}end{at}" for at in range(12)]
    draft = filled(made, {f"q{at}": text for at, text in enumerate(texts)})
    shown, views = "", [0]
    for view in views:
        body = body_of(tongue("ar"), made, {"text": "about"}, of_lease(LEASE), draft=draft, view=view)
        assert length_of(body.text) <= 3900
        shown += body.text
        data = [button.data for row in body.rows for button in row]
        further = next((each for each in data if each == f"v:{LEASE}:{view + 1}"), None)
        assert any(each.startswith("ok:") for each in data) is (further is None)
        if further:
            views.append(view + 1)
    assert len(views) > 2
    assert all(text in shown for text in texts)


def test_ticked_options_stand_whole_before_they_are_sent() -> None:
    labels = [f"{at} {'a long label ' * 7}" for at in range(10)]
    made = spec({**BUYS, "options": options(10, labels)})
    body = body_of(tongue("en"), made, {"text": "about"}, of_lease(LEASE), draft=[1, [[1, list(range(10))]]])
    assert all(label.strip() in body.text for label in labels)
    assert len(FACE.words(made, {"buys": [f"v{at}" for at in range(10)]}, tongue("en"))) <= 160


def test_the_picture_stays_above_the_answers_where_there_is_room() -> None:
    made = spec(OFTEN, {**WORD, "most_characters": 1000})
    payload = KIND.read_item(made, {"picture": SOME_MEDIA["picture"], "text": "this market"})
    for text, stays in (("salt", True), ("salt " * 190, False)):
        body = body_of(tongue("en"), made, payload, of_lease(LEASE), draft=filled(made, {"often": "v0", "word": text}))
        assert (body.media is not None) is stays
        assert text.strip() in body.text
        assert not stays or length_of(body.text) <= 1024


def test_data_of_buttons_are_short_in_whatever_hand() -> None:
    made = spec(*({**BUYS, "name": f"q{at}", "options": options(20)} for at in range(12)))
    draft = [11, [[1, [0]]] * 11 + [[0, [1, 2]]]]
    for hand in (of_lease(2**62), of_practice(2**62, 99)):
        for view in (0, 2, 102):
            body = body_of(tongue("en"), made, {"text": "about"}, hand, draft=draft, view=view)
            assert all(len(button.data.encode()) <= 64 for row in body.rows for button in row)


def test_another_question_begins_at_its_first_page() -> None:
    long = options(20, [f"A rather long option number {at}" for at in range(20)])
    made = spec({**OFTEN, "name": "one", "options": long}, {**OFTEN, "name": "two", "options": long})
    body = body_of(tongue("en"), made, {"text": "about"}, of_lease(LEASE), view=2)
    [first, *_] = [button for row in body.rows for button in row]
    assert first.data == f"c:{LEASE}:0:a0:choice:14"


def test_what_was_right_is_told_under_the_questions_themselves() -> None:
    made = spec()
    from bot.tasks import body_again

    assert body_again(tongue("en"), made, {"text": "about"}, of_lease(LEASE)).text == (
        "about\n\n1. What of often?\n2. What of buys?\n3. What of clean?\n4. What of word?"
    )
    assert FACE.words(made, {"often": "v0", "clean": 4}, tongue("en")) == "1. Option 0 · 3. 4"
    assert kind_named("survey") is not None
    assert face_of("survey") is FACE
