"""Whatever an example asks, several workers who are each right three times of four are right more often together.

The way of each example through the house, by phones, is in tests/whole; here all of their tasks are.
"""

import random
from pathlib import Path
from statistics import mean

import pytest

from crowd.kinds import kind_named
from crowd.kinds.base import Json
from kazi.demo.knowing import batch_of
from tests.kinds.sample import Tapping
from tests.test_examples import EXAMPLES, KNOWN
from tests.whole.test_examples_worked import stored_of, truth_of

pytestmark = pytest.mark.unit
SKILL, CREW = 0.75, 7
WRITTEN = {"text", "chat", "survey"}


def wrong(folder: Path, kind: str, stored: Json, others: list[Json], luck: random.Random) -> Json:
    """What somebody says who taps anywhere, or, where one writes, thinks of another item."""
    if kind in WRITTEN:
        return luck.choice(others)
    said = Tapping(batch_of(folder), stored, "en", luck).answer()
    return luck.choice(others) if said is None else said


@pytest.mark.parametrize("folder", KNOWN, ids=lambda folder: folder.relative_to(EXAMPLES).as_posix())
def test_an_examples_labels_are_righter_than_single_answers(folder: Path) -> None:
    spec, luck = batch_of(folder), random.Random(5)
    kind = kind_named(spec.kind)
    name = folder.relative_to(EXAMPLES).as_posix()
    truth, stored = truth_of(name), stored_of(name)
    together, alone = [], []
    for key, right in truth.items():
        others = [each for other, each in truth.items() if other != key]
        evidence: Json = None
        for _ in range(CREW):
            said = right if luck.random() < SKILL else wrong(folder, spec.kind, stored[key], others, luck)
            alone.append(kind.verdict(spec, right, said))
            evidence = kind.add(spec, evidence, said, SKILL)
        label = kind.consensus(spec, evidence).label
        assert label is not None
        together.append(kind.verdict(spec, right, label))
    assert len(together) >= 3
    assert mean(together) > mean(alone)
    assert mean(together) > 0.9
