"""spans: worked by hand."""

import itertools
import json
import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.i18n.locales import available
from bot.i18n.tongue import tongue
from bot.tasks import face_of, said_in_words
from bot.tasks.base import of_lease
from bot.views.task import task_screen
from crowd.batchfile import check
from crowd.exports.base import value_text
from crowd.kinds import item
from crowd.kinds.base import AnswerError, AnswerTable, ItemError, Json
from crowd.kinds.marking import f1, joined, span_of
from crowd.kinds.spans import LONGEST_TEXT, MOST_WORDS, Spans, SpansSpec
from crowd.kinds.words import words_of
from crowd.workers.standing import Standing
from tests.bot.looks import faults, toast_faults
from tests.kinds.sample import LEASE, options, spec_of
from tests.kinds.samples.spans import SAMPLE, texts
from tests.requester.scene import Item, batch_file

pytestmark = pytest.mark.unit
KIND = Spans()
TEXT = "Amina Juma left Dar-es-Salaam, Nairobi and Juma's Bar."
WORDS = words_of(TEXT, "sw")  # 1 Amina 2 Juma 3 left 4 Dar 5 es 6 Salaam 7 Nairobi 8 and 9 Juma's 10 Bar
ITEM = item.Item(TEXT)
Tapped = list[tuple[int, int, int]]


def spec(*labels: str, **fields: Any) -> SpansSpec:
    given = [{"value": label, "label": {"en": label.title()}} for label in labels or ("person", "place")]
    made = spec_of(SAMPLE, {"options": given, **fields})
    assert isinstance(made, SpansSpec)
    return made


def said(*spans: tuple[int, int, str], text: str = TEXT) -> Json:
    return [span_of(text, words_of(text, "sw"), *each) for each in spans]


def added(made: SpansSpec, *answers: Json, accuracy: float = 0.8) -> Json:
    evidence: Json = None
    for each in answers:
        evidence = json.loads(json.dumps(KIND.add(made, evidence, each, accuracy)))
    return evidence


def label(made: SpansSpec, *answers: Json) -> Json:
    return KIND.consensus(made, added(made, *answers)).label


def stepped(*steps: str, draft: Json = None) -> Json:
    face, made = face_of("spans"), spec()
    for step in steps:
        draft = KIND.step(made, ITEM, draft or KIND.begin(made, ITEM), face.read_tap(step))
    return draft


def every_answer(words: int, labels: int, after: int = 0) -> Iterator[Tapped]:
    """All answers to a text of so many words, from one word on."""
    yield []
    for first in range(after + 1, words + 1):
        for last in range(first, words + 1):
            for number in range(labels):
                for rest in every_answer(words, labels, last):
                    yield [(first, last, number), *rest]


def test_a_span_says_where_it_is_and_what_stands_there() -> None:
    assert said((4, 6, "place")) == [
        {"start": 16, "end": 29, "label": "place", "text": "Dar-es-Salaam", "first": 4, "last": 6}
    ]


def test_a_verdict_is_f1_by_words_with_their_labels() -> None:
    right = said((1, 2, "person"), (4, 6, "place"))
    assert KIND.verdict(spec(), right, right) == 1
    assert KIND.verdict(spec(), right, said((2, 2, "person"), (4, 6, "place"))) == 2 * 4 / (5 + 4)
    assert KIND.verdict(spec(), right, said((1, 2, "place"), (4, 7, "place"))) == 2 * 3 / (5 + 6)
    assert KIND.verdict(spec(), right, said((3, 3, "person"))) == 0
    assert KIND.verdict(spec(), right, []) == 0
    assert KIND.verdict(spec(), [], right) == 0
    assert KIND.verdict(spec(), [], []) == 1
    assert KIND.difference(spec(), [])(right, said((4, 6, "place"))) == pytest.approx(1 - 2 * 3 / (5 + 3))


@given(data=st.data())
def test_f1_is_the_harmonic_mean_of_precision_and_recall(data: st.DataObject) -> None:
    every = list(every_answer(4, 2))
    one, other = (data.draw(st.sampled_from(every)) for _ in range(2))
    mine, theirs = ([0] * 4, [0] * 4)
    for row, spans in ((mine, one), (theirs, other)):
        for first, last, number in spans:
            row[first - 1 : last] = [number + 1] * (last - first + 1)
    both = sum(a == b != 0 for a, b in zip(mine, theirs, strict=True))
    names = ("person", "place")
    found = f1(*(said(*((first, last, names[n]) for first, last, n in spans)) for spans in (one, other)))
    if not any(mine) or not any(theirs):
        assert found == (not any(mine) and not any(theirs))
    elif not both:
        assert found == 0
    else:
        precision, recall = both / sum(map(bool, theirs)), both / sum(map(bool, mine))
        assert found == pytest.approx(2 / (1 / precision + 1 / recall))


@pytest.mark.parametrize(("words", "labels", "most"), [(4, 1, 4), (3, 2, 3), (3, 2, 60), (3, 3, 4)])
def test_what_is_told_of_who_knows_and_of_who_guesses_sums_to_no_more_than_one(
    words: int, labels: int, most: int
) -> None:
    text = " ".join("abcd"[:words])
    made = spec(*"xyz"[:labels], most_words=most)
    every = [said(*((a, b, "xyz"[n]) for a, b, n in each), text=text) for each in every_answer(words, labels)]
    assert len(every) > 25
    assert 0.5 < math.fsum(KIND.blindly(made, each) for each in every) <= 1
    for right in every:
        told = [KIND.telling(made, right, each) for each in every]
        assert math.fsum(told) <= 1 + 1e-9
        assert max(told) == told[every.index(right)]


def test_who_knows_is_told_from_who_does_not_also_by_near_misses() -> None:
    made, right = spec(), said((1, 2, "person"), (4, 6, "place"))

    def odds(*spans: tuple[int, int, str]) -> float:
        each = said(*spans)
        return KIND.telling(made, right, each) / max(0.02, KIND.blindly(made, each))

    assert odds((1, 2, "person"), (4, 6, "place")) > 20
    assert 0.3 < odds((1, 2, "person"), (4, 7, "place")) < 3
    assert odds() < 0.02
    assert odds((1, 10, "person")) < 0.05
    assert KIND.telling(made, [], []) / KIND.blindly(made, []) == pytest.approx(0.95 / 0.5)


def test_no_blind_guess_earns_more_than_chance() -> None:
    luck = random.Random(3)
    text = " ".join("n" * 20)
    for labels in (1, 2, 4):
        names = "wxyz"[:labels]
        golds = []
        for _ in range(1500):
            name = luck.choice(names)
            marked = sorted(luck.sample(range(1, 21), 5)) if luck.random() < 0.75 else []
            golds.append(said(*((word, word, name) for word in marked), text=text))
        guesses = [[], *(said((1, words, "w"), text=text) for words in (1, 5, 10, 15, 20))]
        earned = [sum(f1(gold, guess) for gold in golds) / len(golds) for guess in guesses]
        assert max(earned) == pytest.approx(KIND.chance(spec(*names)), abs=0.02)


def test_who_marks_nothing_everything_or_anything_is_paused_and_who_slips_now_and_then_is_not() -> None:
    made, text = spec("x", "y"), " ".join("n" * 12)

    def gold(luck: random.Random) -> Tapped:
        first = luck.randint(2, 5)
        spans = [(first, first + luck.randrange(2), luck.randrange(2)), (8, 8 + luck.randrange(3), luck.randrange(2))]
        return spans[: luck.choice((0, 0, 1, 2))]

    def slips(luck: random.Random, right: Tapped) -> Tapped:
        return [(a, b + (luck.random() < 0.15), n) for a, b, n in right if luck.random() < 0.95]

    habits: dict[str, Callable[[random.Random, Tapped], Tapped]] = {
        "careful": slips,
        "nothing": lambda luck, right: [],  # noqa: ARG005
        "everything": lambda luck, right: [(1, 12, 0)],  # noqa: ARG005
        "anything": lambda luck, right: gold(luck),  # noqa: ARG005
    }
    paused = dict.fromkeys(habits, 0)
    for habit, seed in itertools.product(habits, range(20)):
        luck, standing = random.Random(seed), Standing(0, 0)
        for _ in range(40):
            spans = gold(luck)
            right, answer = (
                said(*((a, b, "xy"[n]) for a, b, n in each), text=text) for each in (spans, habits[habit](luck, spans))
            )
            telling, blindly = KIND.telling(made, right, answer), KIND.blindly(made, answer)
            standing = standing.after(KIND.verdict(made, right, answer), blindly, telling)
            if standing.to_be_paused(KIND.chance(made)):
                paused[habit] += 1
                break
        else:
            assert habit != "careful" or standing.cleared(KIND.chance(made))
    assert paused["careful"] == 0
    assert min(paused[habit] for habit in habits if habit != "careful") >= 18


def test_each_word_is_voted_on_by_itself() -> None:
    made = spec()
    whole, short = said((1, 2, "person"), (4, 6, "place")), said((2, 2, "person"), (6, 6, "place"))
    assert label(made, whole, whole, short) == whole
    assert label(made, whole, short, short) == short
    assert label(made, whole, said((1, 2, "place")), said((1, 1, "person"), (4, 7, "place"))) == said(
        (1, 1, "person"), (4, 6, "place")
    )


def test_spans_beside_each_other_stay_apart_where_most_have_them_apart() -> None:
    made = spec()
    two, one = said((4, 6, "place"), (7, 7, "place")), said((4, 7, "place"))
    assert label(made, two, two, one) == two
    assert label(made, two, one, one) == one
    assert f1(two, one) == 1


def test_words_that_nobody_has_in_one_span_are_not_put_into_one() -> None:
    made = spec()
    votes = (said((6, 6, "place"), (7, 7, "place")), said((6, 6, "place")), said((7, 7, "place")))
    assert label(made, *votes) == votes[0]


def test_a_label_is_surer_with_more_answers_also_where_nothing_is_marked() -> None:
    made = spec()
    answers: list[Json] = [[], said((1, 2, "person"))]
    for each in answers:
        sure = [KIND.consensus(made, added(made, *[each] * votes)).confidence for votes in (1, 2, 3)]
        assert 0.5 < sure[0] < sure[1] < sure[2] < 1
    right = KIND.of_each(made, 0.8)
    assert KIND.consensus(made, added(made, [])).confidence == pytest.approx(right)
    assert KIND.consensus(made, added(made, said((1, 2, "person")))).confidence == pytest.approx(right**3)
    assert KIND.accuracy(made, right) == pytest.approx(0.8)


@given(data=st.data(), text=texts())
def test_pieces_put_together_are_what_the_text_has_whichever_came_first(data: st.DataObject, text: str) -> None:
    words = words_of(text, "sw")
    ends = st.integers(1, len(words))
    spans = [sorted(data.draw(st.tuples(ends, ends))) for _ in range(4)]
    pieces: Json = None
    for first, last in spans:
        pieces = joined(pieces, [span_of(text, words, first, last, "x")])
    again: Json = None
    for first, last in reversed(spans):
        again = joined(again, [span_of(text, words, first, last, "x")])
    assert pieces == again
    assert all(text[start : start + len(piece)] == piece for _, start, piece in pieces)
    assert all(words[number - 1].start == start for number, start, _ in pieces)
    held = {word for first, last in spans for word in range(first, last + 1)}
    assert held == {number + at for number, _, piece in pieces for at in range(len(words_of(piece, "sw")))}


def test_golds_are_typed_or_json() -> None:
    made, right = spec(), said((1, 2, "person"), (4, 6, "place"))
    assert KIND.read_gold(made, ITEM, "Dar-es-Salaam = place ;Amina Juma=person;") == right
    assert KIND.read_gold(made, ITEM, '[{"start":16,"end":29,"label":"place"},[0,10,"person"]]') == right
    assert KIND.read_gold(made, ITEM, value_text(right) or "") == right
    assert KIND.read_gold(made, ITEM, value_text(dict_sorted(right)) or "") == right
    assert KIND.read_gold(made, ITEM, "[]") == []


def dict_sorted(value: Json) -> Json:
    """As a database may give it back."""
    return [dict(sorted(each.items())) for each in value]


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("Juma's = persn", "none of the options"),
        ("Amina Juma", "“Amina Juma” is not written as text=label; text=label"),
        ("Amina=person;;left=place", "is not written as"),
        (";", "is not written as"),
        ("Ami = person", "“Ami” does not stand in the text as whole words"),
        ("Zawadi = person", "does not stand in the text"),
        ("[0]", "no JSON list such as"),
        ("[not JSON", "no JSON list such as"),
        ('[{"start": true, "end": 5, "label": "person"}]', "no JSON list such as"),
        ('[{"start": 0, "end": 5}]', "no JSON list such as"),
        ('[[0, 99, "person"]]', "0 to 99 is not within the text, which has 54 characters"),
        ('[[5, 5, "person"]]', "5 to 5 is not within the text"),
        ('[[1, 10, "place"]]', "1 to 10, “mina Juma”, does not begin and end with a word; nearest is 0 to 10, “"),
        ('[[16, 30, "place"]]', "“Dar-es-Salaam,”, does not begin and end with a word; nearest is 16 to 29, “Dar"),
        ('[{"start": 1, "end": 6, "label": "person", "text": "Amina"}]', "at 1 to 6 stands “mina ”, not “Amina”"),
        ("Amina Juma=person; Juma left=person", "“Amina Juma” and “Juma left” overlap"),
        ("Amina=person; Amina=place", "“Amina” and “Amina” overlap"),
    ],
)  # fmt: skip
def test_a_gold_that_cannot_be_is_refused_with_what_to_do(cell: str, why: str) -> None:
    with pytest.raises(ItemError) as raised:
        KIND.read_gold(spec(), ITEM, cell)
    assert raised.value.column == "gold"
    assert why in str(raised.value.problem)


def test_a_text_that_stands_twice_is_to_be_given_by_its_place() -> None:
    with pytest.raises(ItemError) as raised:
        KIND.read_gold(spec(), item.Item("Juma saw Juma, not Jumanne"), "Juma=person")
    assert str(raised.value.problem) == (
        '“Juma” stands in the text 2 times: say which by characters, as in [{"start":0,"end":4,"label":"person"}]'
    )
    assert KIND.read_gold(spec(), item.Item("Juma saw Jumanne"), "Juma=person")[0]["end"] == 4


def test_places_are_counted_in_the_text_as_it_was_posted() -> None:
    stored = KIND.read_item(spec(), {"text": " 😂\nAmina "})
    assert KIND.read_gold(spec(), KIND.payload(stored), "Amina=person")[0]["start"] == 3


def test_what_a_phone_cannot_give_is_refused_at_the_check(tmp_path: Path) -> None:
    many = " ".join("w" * (MOST_WORDS + 1))
    items = [Item("1", many), Item("2", "…!"), Item("3", "w" * (2 * LONGEST_TEXT + 1)), Item("4", many[:-2])]
    folder = batch_file(tmp_path, items, kind="spans", options=options(1))
    found = check(folder, fee_ppm=0)
    told = [str(problem) for problem in found.problems if problem.severity == "error"]
    found.close()
    assert len(told) == 3
    assert "has 61 words; an item has at most 60: cut the text in parts" in told[0]
    assert "has no words: there is nothing to mark" in told[1]
    assert "has 3001 characters; with what is marked in it, a chat message holds 1500: cut it in parts" in told[2]
    with pytest.raises(ItemError):
        KIND.read_item(spec(most_words=2), {"text": "a b c"})


@pytest.mark.parametrize(
    "fields",
    [{"options": []}, {"options": options(9)}, {"most_words": 61}, {"most_words": 0},
     *({"options": [{"value": value, "label": {"en": "x"}}]} for value in ("a=b", "a;b"))],
)  # fmt: skip
def test_a_batch_that_cannot_be_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        spec_of(SAMPLE, {"options": options(2), **fields})


def test_a_first_word_a_last_word_and_a_label_make_a_span() -> None:
    assert stepped("f1") == [[1, 1], []]
    assert stepped("f1", "t2") == [[1, 2], []]
    assert stepped("f1", "t2", "l0") == [None, [[1, 2, 0]]]
    assert stepped("f7", "l1", "f1", "t2", "l0") == [None, [[1, 2, 0], [7, 7, 1]]]
    assert stepped("f4", "t6", "t5", "f3") == [[3, 5], []]
    assert stepped("f1", "l0", "d1") == [None, []]
    assert stepped("f1", "t4", "x0") == [None, []]


def test_taps_that_come_twice_or_late_change_nothing() -> None:
    once = ["f1", "t2", "l0", "f4", "t6", "l1", "d1"]
    assert stepped(*once) == stepped(*(step for step in once for _ in range(3)))
    done = stepped("f1", "t2", "l0")
    for late in ("f1", "f2", "t2", "t9", "l0", "l1", "d2", "x0"):
        assert stepped(late, draft=done) == done, late
    assert stepped("f5", "t3") == [[5, 5], []]


def test_two_taps_before_the_screen_changed_are_the_first_and_the_last_word() -> None:
    assert stepped("f4", "f6") == [[4, 6], []]
    assert stepped("f4", "f4", "f6", "f6", "l1", "l1") == [None, [[4, 6, 1]]]
    assert stepped("f6", "f4") == [[4, 6], []]


def test_a_new_span_takes_the_place_of_those_it_overlaps() -> None:
    marked = [None, [[1, 2, 0], [4, 4, 1], [6, 7, 1]]]
    assert stepped("f3", "t6", "l0", draft=marked) == [None, [[1, 2, 0], [3, 6, 0]]]
    assert stepped("f3", "t3", "l0", draft=marked) == [None, [[1, 2, 0], [3, 3, 0], [4, 4, 1], [6, 7, 1]]]


@pytest.mark.parametrize("step", ["f0", "f11", "t11", "l2", "l", "d-1", "q1", "", "x1", "f١"])
def test_a_step_that_does_not_exist_is_refused_with_a_name(step: str) -> None:
    with pytest.raises(AnswerError) as raised:
        stepped("f1", step)
    assert raised.value.problem == "no_such_step"


def test_an_answer_with_something_begun_is_not_finished() -> None:
    with pytest.raises(AnswerError) as raised:
        KIND.read_answer(spec(), ITEM, stepped("f1"))
    assert raised.value.problem == "unfinished"
    for locale in available():
        assert not toast_faults(face_of("spans").trouble(raised.value, tongue(locale)))


def test_the_most_that_can_be_marked_fits_the_screen_in_every_locale() -> None:
    text = " ".join(f"/{'w' * 23}" for _ in range(MOST_WORDS))[: LONGEST_TEXT - 41] + " " + "😂" * 20
    made = spec(options=[{"value": f"v{n}", "label": {"en": f"{n} " + "L" * 98}} for n in range(8)])
    payload = KIND.read_item(made, {"text": text})
    words = len(words_of(text, "sw"))
    assert words > 55
    spans = [[word, word, word % 8] for word in range(1, words + 1)]
    for locale, begun in itertools.product(available(), (None, [2, words])):
        screen = task_screen(tongue(locale), made, payload, LEASE, draft=[begun, spans], view=9)
        assert faults(screen) == []
        assert screen.text.count("</") <= 100
    value = KIND.read_answer(made, item.Item(text), [None, spans])
    told = said_in_words(made, {"text": text}, value, "ar", of_lease(1))
    assert len(told) < 250
    assert told.endswith("…")


def test_an_answer_is_told_with_its_words() -> None:
    value = said((1, 2, "person"), (7, 7, "place"))
    assert said_in_words(spec(), {"text": "x"}, value, "en", of_lease(1)) == "Amina Juma = Person · Nairobi = Place"
    assert said_in_words(spec(), {"text": "x"}, [], "en", of_lease(1)) == "Nothing marked"


def test_the_item_is_shown_with_numbers_and_what_is_marked_with_its_label() -> None:
    screen = task_screen(tongue("en"), spec(), {"text": TEXT}, LEASE, draft=[[7, 7], [[1, 2, 0], [4, 6, 1]]])
    assert screen.text.startswith(
        "<b>Amina¹ Juma²</b> [Person] left³ <b>Dar⁴-es⁵-Salaam⁶</b> [Place], <u>Nairobi⁷</u> and⁸ Juma's⁹ Bar¹⁰.\n\n"
    )
    assert [len(row) for row in screen.buttons[:4]] == [3, 3, 3, 1]


def test_a_word_keeps_its_place_whatever_is_marked() -> None:
    drafts: list[Json] = [[None, []], [[1, 1], []], [[3, 9], [[1, 2, 0]]], [None, [[1, 2, 0], [10, 10, 1]]]]
    shapes = set()
    for text in (TEXT, "a b c d e f g h i j"):
        for draft in drafts:
            screen = task_screen(tongue("en"), spec(), {"text": text}, LEASE, draft=draft)
            rows = [row for row in screen.buttons if any("¹" in button.label for button in row)]
            shapes.add((text, screen.buttons.index(rows[0]), tuple(len(row) for row in screen.buttons[:3])))
    assert len(shapes) == 2


def test_a_fit_finds_who_marks_anything_and_is_better_than_counting() -> None:
    luck, made = random.Random(5), spec("x", "y")
    text = " ".join(f"w{n}" for n in range(12))
    words = words_of(text, "sw")

    def anything(most: int) -> Tapped:
        spans: Tapped = []
        word = 1
        while word <= 12 and len(spans) < most:
            word += luck.randrange(6)
            last = min(12, word + luck.randrange(3))
            if word <= 12:
                spans.append((word, last, luck.randrange(2)))
            word = last + 1
        return spans

    def seen(right: Tapped, skill: float) -> Json:
        spans = [each for each in right if luck.random() < skill] if luck.random() < skill else anything(3)
        return [span_of(text, words, first, last, "xy"[n]) for first, last, n in spans]

    skill = {worker: 0.95 if worker < 4 else 0.3 for worker in range(9)}
    truth = {task: anything(3) for task in range(120)}
    right = {task: [span_of(text, words, a, b, "xy"[n]) for a, b, n in spans] for task, spans in truth.items()}
    rows = [
        (task, worker, seen(spans, skill[worker]))
        for task, spans in truth.items()
        for worker in sorted(luck.sample(range(9), 5))
    ]
    table = AnswerTable(
        [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows],
        {task: right[task] for task in range(20)}, list(range(len(rows))), [0] * len(rows),
    )  # fmt: skip
    fit = KIND.fit(made, table)
    rest = [task for task in truth if task >= 20]
    by_fit, by_count = (
        sum(KIND.verdict(made, right[task], found[task]) for task in rest) / len(rest)
        for found in (
            {task: fit.labels[task].label for task in rest},
            {task: label(made, *[row[2] for row in rows if row[0] == task]) for task in rest},
        )
    )
    assert by_fit > by_count + 0.03
    assert min(fit.accuracies[worker] for worker in range(4)) > max(fit.accuracies[worker] for worker in range(4, 9))
    sure = sum(fit.labels[task].confidence for task in rest) / len(rest)
    assert sure == pytest.approx(by_fit, abs=0.1)
    evidence = json.loads(json.dumps(fit.evidence[30]))
    assert KIND.consensus(made, evidence, fit.likeness).label == fit.labels[30].label
    more = KIND.add(made, evidence, right[30], 0.9)
    assert KIND.consensus(made, more, fit.likeness).votes == 6
    assert KIND.read_gold(made, item.Item(text), value_text(fit.labels[30].label) or "") == fit.labels[30].label


def test_a_fit_of_answers_that_mark_nothing_says_so() -> None:
    made = spec()
    fit = KIND.fit(made, AnswerTable([1, 1, 2], [1, 2, 1], [[], [], []], {}, [0, 1, 2], [0, 0, 0]))
    assert {found.votes: found.label for found in fit.labels.values()} == {2: [], 1: []}
    gold = said((1, 1, "person"))
    fit = KIND.fit(made, AnswerTable([1, 2], [1, 1], [[], gold], {1: gold, 2: gold}, [0, 1], [0, 0]))
    assert fit.labels[1].label == gold
    assert KIND.consensus(made, fit.evidence[1]).label in ([], gold)
