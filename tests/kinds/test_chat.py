"""chat: worked by hand."""

import itertools
import json
import math
import random
from collections import Counter
from typing import Any

import krippendorff
import numpy as np
import pytest
from pydantic import ValidationError

from crowd.agreement.computing import Group, figures_of
from crowd.exports.base import value_text
from crowd.kinds.base import AnswerError, AnswerTable, Consensus, ItemError, Json, Takes
from crowd.kinds.chat import ALL, Chat
from crowd.kinds.chatgold import ChatSpec
from crowd.kinds.item import LONGEST_TEXT
from crowd.kinds.near import weight
from crowd.kinds.pair import Pair
from crowd.kinds.written import similarity
from crowd.workers.standing import Standing
from tests.kinds.sample import spec_of
from tests.kinds.samples.chat import SAMPLE

pytestmark = pytest.mark.unit
KIND, ITEM = Chat(), Pair("3 + 4?", "It is 7.", "It is 8.")


def spec(**fields: Any) -> ChatSpec:
    made = spec_of(SAMPLE, fields)
    assert isinstance(made, ChatSpec)
    return made


def told(better: str, ideal: str = "It is seven.", why: str = "It adds up.") -> Json:
    return {"better": better, "why": why, "ideal": ideal}


def stepped(*said: Json, made: ChatSpec | None = None, item: Pair = ITEM) -> Json:
    draft = KIND.begin(made or spec(), item)
    for each in said:
        draft = KIND.step(made or spec(), item, draft, each)
    return draft


def consensus(*said: tuple[Json, float], likeness: float = 0.0) -> Consensus:
    evidence: Json = None
    for value, accuracy in said:
        evidence = KIND.add(spec(), evidence, value, accuracy)
    return KIND.consensus(spec(), json.loads(json.dumps(evidence)), likeness)


def trouble(*said: Json, made: ChatSpec | None = None) -> tuple[str, dict[str, int]]:
    """What is wrong with the last of these steps."""
    draft = stepped(*said[:-1], made=made)
    with pytest.raises(AnswerError) as raised:
        KIND.step(made or spec(), ITEM, draft, said[-1])
    return raised.value.problem, raised.value.values


def test_steps_lead_from_the_better_one_over_the_reason_to_the_ideal_answer() -> None:
    better, why = ["better", "a"], "Because  it\tadds up. "
    assert stepped() == {"at": "better"}
    assert stepped(better) == {"at": "why", "better": "a"}
    assert stepped(better, why) == {"at": "ideal", "better": "a", "why": "Because it adds up."}
    done = stepped(better, why, "Seven.")
    assert done == {"at": ALL, "better": "a", "why": "Because it adds up.", "ideal": "Seven."}
    assert KIND.read_answer(spec(), ITEM, done) == told("a", "Seven.", "Because it adds up.")
    assert stepped(better, why, ["ideal", "a"])["ideal"] == ITEM.a
    waits = [
        KIND.takes(spec(), ITEM, stepped(*said)) for said in ((), (better,), (better, why), (better, why, "Seven."))
    ]
    assert waits == [None, Takes.TEXT, Takes.TEXT, None]


def test_two_texts_in_a_row_are_the_reason_and_the_ideal_answer_and_a_third_is_neither() -> None:
    assert trouble(["better", "a"], "It adds up.", "Seven.", "And more.") == ("no_such_option", {})
    assert trouble("It adds up.") == ("no_such_option", {})


def test_each_part_can_be_said_again_and_the_others_stay() -> None:
    said = (["better", "a"], "It adds up.", "Seven.")
    again = stepped(*said, ["ask", "why"])
    assert KIND.takes(spec(), ITEM, again) is Takes.TEXT
    assert KIND.step(spec(), ITEM, again, "Count it.") == {**stepped(*said), "why": "Count it."}
    assert KIND.step(spec(), ITEM, again, ["ask", ALL]) == stepped(*said)
    assert stepped(*said, ["ask", "ideal"], "7") == {**stepped(*said), "ideal": "7"}
    assert stepped(*said, ["ask", "better"], ["better", "b"]) == {**stepped(*said), "better": "b"}
    assert stepped(*said, ["better", "same"])["at"] == ALL, "as a late tap on an old screen says it"
    assert stepped(["better", "a"], ["ask", "better"], ["better", "b"]) == {"at": "why", "better": "b"}


def test_what_is_not_said_yet_cannot_be_passed_over() -> None:
    for said in (["ask", "why"], ["ask", "ideal"], ["ask", ALL], ["ideal", "a"], ["better", "c"], ["x", "y"], ["", ""]):
        assert trouble(said)[0] == "no_such_option"
    for said in (["ask", "ideal"], ["ask", ALL], ["ideal", "c"]):
        assert trouble(["better", "a"], said)[0] == "no_such_option"
    assert stepped(["better", "a"], ["ideal", "a"]) == {"at": "why", "better": "a", "ideal": ITEM.a}, "a late tap"
    for draft in (stepped(), stepped(["better", "a"]), stepped(["better", "a"], "It adds up.")):
        with pytest.raises(AnswerError):
            KIND.read_answer(spec(), ITEM, draft)


def test_only_a_reply_that_is_not_the_worse_one_is_ideal_as_it_is() -> None:
    why = "It adds up."
    for better, ideal in (("a", "b"), ("b", "a"), ("both_bad", "a"), ("both_bad", "b")):
        assert trouble(["better", better], why, ["ideal", ideal])[0] == "not_as_it_is"
        assert trouble(["better", better], why, ITEM.side("a" if ideal == "a" else "b"))[0] == "not_as_it_is"
        after = stepped(["better", ideal], why, ["ideal", ideal], ["better", better])
        assert after == {"at": "ideal", "better": better, "why": why}, "who changes sides is asked again"
    for side in ("a", "b"):
        assert stepped(["better", "same"], why, ["ideal", side])["at"] == ALL
    alike = Pair("", "Yes.", "Yes.")
    assert stepped(["better", "a"], why, ["ideal", "a"], item=alike)["ideal"] == "Yes."


def test_texts_have_the_lengths_that_the_batch_wants_and_an_emoji_counts_as_two() -> None:
    made = spec(least_why=10, most_why=20, least_ideal=3, most_ideal=40)
    assert trouble(["better", "a"], "  ten signs. ", "x", made=made) == ("answer_too_short", {"least": 3})
    assert trouble(["better", "a"], "123456789", made=made) == ("answer_too_short", {"least": 10})
    assert trouble(["better", "a"], "\u200b" * 15, made=made) == ("answer_too_short", {"least": 10})
    assert trouble(["better", "a"], "😀" * 11, made=made) == ("answer_too_long", {"most": 20, "length": 22})
    assert stepped(["better", "a"], "😀" * 10, ["ideal", "a"], made=spec(least_why=10, most_why=20, least_ideal=500))
    assert trouble(["better", "a"], "1234567890", "x" * 41, made=made)[1] == {"most": 40, "length": 41}


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"most_why": 10, "least_why": 11}, "10 must not be smaller than least_why"),
        ({"most_ideal": 10, "least_ideal": 11}, "10 must not be smaller than least_ideal"),
        ({"most_why": 1501, "most_ideal": 1500}, "more together than the 3,?000"),
        ({"near_enough": 0}, "greater than 0"),
    ],
)
def test_a_batch_that_asks_more_than_a_phone_can_show_is_refused(fields: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        spec(**fields)


@pytest.mark.parametrize(
    ("cells", "column", "problem"),
    [
        ({"a": "x", "b": " "}, "b", "nothing to compare"),
        ({"a": "x", "b": "y" * 2501}, "b", "has 2,?501 characters, .* up to 500: 2,?500 at most"),
        ({"a": "x" * 1500, "b": "y" * 1000, "text": "z" * 501}, "a", "have 3,?001"),
        ({"a": "x", "b": "x"}, "b", "same as a"),
    ],
)
def test_an_item_that_cannot_be_shown_is_refused_by_its_column(
    cells: dict[str, str], column: str, problem: str
) -> None:
    with pytest.raises(ItemError, match=problem) as raised:
        KIND.read_item(spec(tie=False), cells)
    assert raised.value.column == column
    longest = {"a": "x" * 2500, "b": "y", "text": "z" * (LONGEST_TEXT - 2501)}
    assert KIND.read_item(spec(), longest) == longest


def test_a_gold_is_the_better_one_or_an_object_as_results_have_it() -> None:
    for cell, better in (("a", "a"), ("B", "b"), ("Both bad", "both_bad"), ("same", "same")):
        assert KIND.read_gold(spec(), ITEM, cell) == {"better": better}
    assert KIND.read_gold(spec(), ITEM, '{"better": "A", "ideal": " Seven. "}') == {"better": "a", "ideal": "Seven."}
    for right in (told("a"), told("b", ITEM.b), {"better": "same"}, {"better": "a", "why": "It adds up."}):
        assert KIND.read_gold(spec(), ITEM, value_text(right) or "") == right
    made = spec(least_ideal=20)
    assert KIND.read_gold(made, ITEM, json.dumps({"better": "a", "ideal": ITEM.a})), "a reply has any length"
    wrong = ("", "c", "a+", "{", "{}", '{"better": 1}', '{"better": "a", "more": "x"}', '{"ideal": "x"}',
             '{"better": "a", "ideal": "Seven."}', '{"better": "a", "why": "x"}')  # fmt: skip
    for cell in wrong:
        with pytest.raises(ItemError) as raised:
            KIND.read_gold(made, ITEM, cell)
        assert raised.value.column == "gold"
    with pytest.raises(ItemError):
        KIND.read_gold(spec(tie=False), ITEM, "same")


def test_verdicts_worked_by_hand() -> None:
    strict, ideal = spec(near_enough=0.8), {"better": "a", "ideal": "abcdefghij"}
    assert KIND.verdict(spec(), {"better": "a"}, told("a")) == 1
    assert KIND.verdict(spec(), {"better": "a"}, told("same")) == 0
    assert KIND.verdict(spec(), ideal, told("a", "nothing like it")) == 1, "words are judged only where it is asked for"
    assert KIND.verdict(strict, {"better": "a"}, told("a")) == 1
    assert KIND.verdict(strict, ideal, told("a", "abcdefghij")) == 1
    assert KIND.verdict(strict, ideal, told("a", "abcdefghXX")) == 1
    assert KIND.verdict(strict, ideal, told("a", "abcdXXXXXX")) == pytest.approx(0.75)
    assert KIND.verdict(strict, ideal, told("a", "XXXXXXXXXX")) == 0.5
    assert KIND.verdict(strict, ideal, {"better": "a"}) == 0.5
    assert KIND.verdict(strict, ideal, told("b", "abcdefghij")) == 0


def test_what_is_told_of_who_knows_and_of_who_guesses_sums_to_one_and_no_guess_beats_chance() -> None:
    for tie, bad in itertools.product((True, False), repeat=2):
        made = spec(tie=tie, both_bad=bad)
        said = [told(better) for better in made.values]
        assert math.fsum(KIND.blindly(made, each) for each in said) == pytest.approx(1)
        for right in said:
            assert math.fsum(KIND.telling(made, right, each) for each in said) == pytest.approx(1)
        earned = [sum(KIND.verdict(made, right, each) for right in said) / len(said) for each in said]
        assert max(earned) == pytest.approx(KIND.chance(made))


def test_who_takes_a_reply_over_without_looking_is_not_taken_for_one_who_knows() -> None:
    """Right by chance as often as not, with the gold's very words each time that they are: it shows nothing."""
    made, luck = spec(near_enough=0.5, tie=False, both_bad=False), random.Random(3)
    paused = cleared = 0
    for _ in range(200):
        standing = Standing(0, 0.0)
        for _ in range(60):
            right, side = luck.choice("ab"), luck.choice("ab")
            gold, said = {"better": right, "ideal": ITEM.side("a" if right == "a" else "b")}, told(side, ITEM.a)
            if side == "b":
                said = told(side, ITEM.b)
            standing = standing.after(
                KIND.verdict(made, gold, said), KIND.blindly(made, said), KIND.telling(made, gold, said), counted=False
            )
            if standing.cleared(KIND.chance(made)):
                cleared += 1
                break
            if standing.to_be_paused(KIND.chance(made)):
                paused += 1
                break
    assert cleared <= 20
    assert paused >= 150


def test_what_others_said_makes_the_same_choice_likelier() -> None:
    evidence = KIND.add(spec(), None, told("a"), 0.7)
    assert KIND.expected(spec(), None, told("a"), {}) is None
    shares = {better: KIND.expected(spec(), evidence, told(better), {}) for better in spec().values}
    assert shares == pytest.approx({"a": 0.7, "b": 0.1, "same": 0.1, "both_bad": 0.1})


def test_the_better_one_is_voted_for_and_the_skilled_weigh_more() -> None:
    assert consensus((told("a"), 0.6), (told("a"), 0.6), (told("b"), 0.7)).label == told("a")
    found = consensus((told("a"), 0.5), (told("a"), 0.5), (told("b"), 0.95))
    assert found.label == told("b")
    logs = {"a": 2 * math.log(3), "b": math.log(0.95 * 3 / 0.05), "same": 0.0, "both_bad": 0.0}
    assert found.confidence == pytest.approx(math.exp(logs["b"]) / math.fsum(map(math.exp, logs.values())))
    assert consensus((told("a"), 0.6), (told("b"), 0.6)).label["better"] == "a", "of equals the first, never “same”"
    assert consensus((told("a"), 0.6), (told("a"), 0.6), likeness=1.0).confidence == pytest.approx(
        consensus((told("a"), 0.6)).confidence
    ), "two who are wholly alike are one"


def test_the_ideal_answer_is_the_one_nearest_to_all_of_those_who_said_so() -> None:
    """Weighted means of likeness over all ordered pairs, each to itself among them, by brute force."""
    ideals = ["It is seven.", "It is 7.", "Seven it is, since 3 and 4 make 7.", "It is seven!"]
    skills = [0.6, 0.8, 0.7, 0.55]
    said = [
        (told("a", ideal, f"reason {at}"), skill) for at, (ideal, skill) in enumerate(zip(ideals, skills, strict=True))
    ]
    other = (told("b", "It is 8.", "of the other side"), 0.9)
    means = [
        math.fsum(weight(skill) * similarity(ideal, each) for each, skill in zip(ideals, skills, strict=True))
        for ideal in ideals
    ]
    best = max(range(4), key=lambda at: means[at])
    for order in itertools.permutations([*said, other]):
        assert consensus(*order).label == said[best][0], "and its reason comes with it"


def test_of_several_with_the_same_ideal_answer_the_most_accurate_gives_the_reason() -> None:
    said = [(told("a", ITEM.a, why), skill) for why, skill in (("first", 0.6), ("second", 0.9), ("third", 0.7))]
    for order in itertools.permutations(said):
        assert consensus(*order).label == told("a", ITEM.a, "second")


def table(rows: list[tuple[int, int, Json]], golds: dict[int, Json]) -> AnswerTable:
    return AnswerTable(
        [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows],
        golds, list(range(len(rows))), [60_000] * len(rows),
    )  # fmt: skip


def crowd(seed: int) -> tuple[dict[int, str], list[tuple[int, int, Json]]]:
    """Twelve workers, a third of whom guess, and four answers to each of 150 tasks."""
    luck, values = random.Random(seed), spec().values
    truth = {task: values[task % 4] for task in range(150)}
    rows = []
    for task, right in truth.items():
        for worker in sorted(luck.sample(range(12), 4)):
            better = right if luck.random() < (0.3 if worker < 4 else 0.85) else luck.choice(values)
            near = "The answer is" if worker >= 4 else "Something else:"
            rows.append((task, worker, told(better, f"{near} {task} for {better}", f"by {worker}")))
    return truth, rows


def test_a_fit_learns_who_is_right_and_takes_their_words() -> None:
    truth, rows = crowd(5)
    golds = {task: {"better": truth[task]} for task in range(20)}
    fit = KIND.fit(spec(), table(rows, golds))
    rest = [task for task in truth if task not in golds]
    right = sum(fit.labels[task].label["better"] == truth[task] for task in rest)
    votes = {task: Counter(said["better"] for each, _, said in rows if each == task) for task in rest}
    assert right > sum(votes[task].most_common(1)[0][0] == truth[task] for task in rest)
    assert right > 0.85 * len(rest)
    assert max(fit.accuracies[worker] for worker in range(4)) < min(fit.accuracies[worker] for worker in range(4, 12))
    assert all(fit.labels[task].label == golds[task] and fit.labels[task].confidence == 1 for task in golds)
    words = [fit.labels[task].label["ideal"] for task in rest]
    assert sum(each.startswith("The answer is") for each in words) > 0.9 * len(words)
    assert fit.method.endswith("+nearest-1")
    assert set(fit.levels) == set(range(12))
    more = KIND.add(spec(), json.loads(json.dumps(fit.evidence[30])), told(truth[30]), 0.9)
    assert KIND.consensus(spec(), more, fit.likeness).votes == 5
    luck = random.Random(1)
    shuffled = KIND.fit(spec(), table(luck.sample(rows, len(rows)), golds))
    assert {task: found.label for task, found in shuffled.labels.items()} == {
        task: found.label for task, found in fit.labels.items()
    }


def test_a_label_that_nobody_said_has_no_words() -> None:
    evidence = {"better": {"a": [1, 0.1], "b": [0, 2.0]}, "said": {"a": [[["Seven.", "It adds up."], 0.6, []]]}}
    found = KIND.consensus(spec(), evidence)
    assert (found.label, found.votes) == ({"better": "b"}, 1)
    assert KIND.tell(spec(), ITEM, found.label) == ("b", None, None)
    assert KIND.tell(spec(), ITEM, told("a")) == ("a", "It adds up.", "It is seven.")


def test_alpha_is_that_of_which_is_better_whatever_the_words() -> None:
    luck, made = random.Random(4), spec()
    said = [[luck.choice(made.values[task % 3 :]) for _ in range(3)] for task in range(30)]
    groups = [
        Group(None, gold=False, said=tuple((told(better, f"{task} {at}"), 1) for at, better in enumerate(each)))
        for task, each in enumerate(said)
    ]
    numbers = np.array([[made.values.index(better) for better in each] for each in said]).T
    assert figures_of(made, groups).alpha == pytest.approx(krippendorff.alpha(numbers, level_of_measurement="nominal"))
