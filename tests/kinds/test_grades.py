"""Where the pay of each kind steps, by cases worked out by hand."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crowd.kinds import kind_named, kinds
from crowd.kinds.base import Json, Kind
from crowd.kinds.grades import HALF, NOTHING, WHOLE
from tests.kinds.sample import options, samples, spec_of
from tests.kinds.test_every_kind import answer, batch, quick

pytestmark = pytest.mark.unit

RIGHT_OR_WRONG = {"judge", "photo", "speak"}
"""Kinds that have no half, whatever a batch says."""


def share(name: str, fields: dict[str, Any], right: Json, said: Json) -> int | None:
    sample = next(each for each in samples() if each.name == name)
    spec, kind = spec_of(sample, {**sample.fields(), **fields}), kind_named(name)
    steps = kind.steps(spec)
    return None if steps is None else steps.share(kind.score(spec, right, said))


FIVE = {"options": options(5), "ordered": True}
CASES = [
    # (1 - d / D)², D = 4 from the end: 0.5625, 0.25, 0.0625
    ("choice", FIVE, "v0", "v0", WHOLE), ("choice", FIVE, "v0", "v1", HALF), ("choice", FIVE, "v0", "v2", HALF),
    ("choice", FIVE, "v0", "v3", NOTHING), ("choice", {"options": options(5)}, "v0", "v0", None),
    # common of all: 4 / 5, 2 / 4, 1 / 3
    ("choices", {}, ["a", "b", "c", "d"], ["a", "b", "c", "d", "e"], WHOLE),
    ("choices", {}, ["a", "b"], ["a", "b", "c", "d"], HALF), ("choices", {}, ["a"], ["a", "b", "c"], NOTHING),
    ("choices", {}, [], [], WHOLE), ("choices", {}, [], ["a"], NOTHING),
    # F1: 2 * 2 / 5, 2 * 1 / 4, 2 * 1 / 5
    ("grid", {}, ["A1", "A2"], ["A1", "A2", "A3"], WHOLE), ("grid", {}, ["A1", "A2"], ["A1", "B1"], HALF),
    ("grid", {}, ["A1", "A2"], ["A1", "B1", "B2"], NOTHING),
    # pairs that stand right: 6 / 6, 5 / 6, 4 / 6
    ("rank", {}, [0, 1, 2, 3], [0, 1, 2, 3], WHOLE), ("rank", {}, [0, 1, 2, 3], [1, 0, 2, 3], HALF),
    ("rank", {}, [0, 1, 2, 3], [1, 0, 3, 2], NOTHING),
    # falling from 1 where it is near enough to 0 at three times as far
    ("point", {"within": 0.1}, [0.5, 0.5], [0.5, 0.59], WHOLE),
    ("point", {"within": 0.1}, [0.5, 0.5], [0.5, 0.69], HALF),
    ("point", {"within": 0.1}, [0.5, 0.5], [0.5, 0.75], NOTHING),
    # characters that are the same, of ten: 8, 6, 5
    ("text", {}, "abcdefghij", "abcdefghXX", WHOLE), ("text", {}, "abcdefghij", "abcdefXXXX", HALF),
    ("text", {}, "abcdefghij", "abcdeXXXXX", NOTHING),
]  # fmt: skip


@pytest.mark.parametrize(("name", "fields", "right", "said", "percent"), CASES)
def test_a_right_answer_earns_all_a_half_right_one_half_and_a_wrong_one_nothing(
    name: str, fields: dict[str, Any], right: Json, said: Json, percent: int | None
) -> None:
    assert share(name, fields, right, said) == percent


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
@given(data=st.data())
@quick
def test_what_a_gold_calls_right_earns_all_and_steps_lie_one_above_the_other(sample: Any, data: st.DataObject) -> None:
    spec, payload = batch(sample, data)
    kind = kind_named(sample.name)
    steps = kind.steps(spec)
    if steps is None:
        return
    assert sample.name not in RIGHT_OR_WRONG
    assert 0 < steps.half < steps.whole <= 1
    said = answer(sample, spec, payload, data)
    other = answer(sample, spec, payload, data)
    assume(said is not None and other is not None)
    assert steps.share(kind.score(spec, said, said)) == WHOLE
    if kind.verdict(spec, said, other) == 1:
        assert steps.share(kind.score(spec, said, other)) == WHOLE


def test_every_kind_but_those_has_a_half() -> None:
    halved = {name for name, kind in kinds().items() if type(kind).steps is not Kind.steps}
    assert halved >= set(kinds()) - RIGHT_OR_WRONG
