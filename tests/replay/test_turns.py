"""Where hand-out wants a gold, a worker's next answer is to one, if they have one left; each is given once."""

import pytest

from crowd.replay.dataset import Answer, Dataset
from crowd.replay.turns import Turns


def test_golds_are_taken_when_wanted_by_labels_in_turn_and_each_answer_once() -> None:
    truth = {"a": "x", "b": "x", "c": "y", "d": "x", "e": "x"}
    answers = tuple(Answer(task, "w", "x", None, None, is_gold=False) for task in "abcde")
    dataset = Dataset("made", answers, {task: frozenset({right}) for task, right in truth.items()}, 0)
    turns = Turns(dataset, ["b", "c", "d"])
    turns.begin(answers)
    given = [turns.next("w", gold=gold) for gold in (True, True, False, True, True)]
    assert [(answer.task, gold) for answer, gold in given] == [
        ("b", True), ("c", True), ("a", False), ("d", True), ("e", False),
    ]  # fmt: skip
    with pytest.raises(IndexError):
        turns.next("w", gold=True)
