"""What judges reject: who is named, and who is left alone."""

import numpy as np
import pytest

from crowd.kinds import load_spec
from crowd.kinds.judging import GOOD
from crowd.signals import signals
from crowd.signals.base import MOST_SHOWN, RATE, Finding, Table

pytestmark = pytest.mark.unit

SPEC = load_spec(
    {
        "name": "x", "kind": "speak", "language": "sw", "items": "x.csv", "currency": "USD", "price": "0.02",
        "instructions": {"en": "x"},
    }
)  # fmt: skip


def look(shares: list[float], *, answers: int = 30, seed: int = 1) -> list[Finding]:
    """What is found among workers of whom such shares are rejected."""
    luck = np.random.default_rng(seed)
    workers = [worker for worker in range(len(shares)) for _ in range(answers)]
    words = ["unclear" if luck.random() < shares[worker] else GOOD for worker in workers]
    table = Table(
        spec=SPEC, tasks=list(range(len(workers))), workers=workers, values=[{"sound": "x"}] * len(workers),
        ms=[5000] * len(workers), at=[float(at) for at in range(len(workers))], golds={}, people={}, items={},
        judged=words,
    )  # fmt: skip
    return signals()["rejected"].look(table, RATE)


def test_who_sends_noise_is_named_with_what_was_rejected() -> None:
    [found] = look([0.05] * 9 + [0.7])
    assert found.workers == (9,)
    assert 15 <= found.evidence["rejected"] <= 27
    assert len(found.evidence["rows"]) == min(found.evidence["rejected"], MOST_SHOWN)
    assert {row["word"] for row in found.evidence["rows"]} == {"unclear"}


def test_strict_judges_accuse_nobody() -> None:
    assert look([0.3] * 12) == []


def test_honest_crowds_raise_at_most_the_stated_rate() -> None:
    assert sum(bool(look([0.1] * 10, answers=20, seed=seed)) for seed in range(200)) <= 200 * RATE + 3


def test_a_few_rejections_are_no_evidence() -> None:
    assert look([0.0] * 9 + [1.0], answers=3) == []
