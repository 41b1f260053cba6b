"""Workers who are paid to one account: many of them are named, families are left alone."""

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest

from crowd.signals import signals
from crowd.signals.account import SHARES
from crowd.signals.base import RATE, Finding, Person, Table
from tests.signals.test_rejected import SPEC

pytestmark = pytest.mark.unit


def look(accounts: Sequence[str | None], *, answers: int = 5, rate: float = RATE) -> list[Finding]:
    """What is found among workers with such accounts."""
    workers = [worker for worker in range(len(accounts)) for _ in range(answers)]
    people = {
        worker: Person(0.0, None, None, account.encode() if account else None)
        for worker, account in enumerate(accounts)
    }
    table = Table(
        spec=SPEC, tasks=list(range(len(workers))), workers=workers, values=["x"] * len(workers),
        ms=[5000] * len(workers), at=[float(at) for at in range(len(workers))], golds={}, people=people, items={},
    )  # fmt: skip
    return signals()["account"].look(table, rate)


def own(count: int) -> list[str]:
    return [f"own {number}" for number in range(count)]


def test_many_on_one_account_are_named_together() -> None:
    [found] = look([*own(24), *["shared"] * 6])
    assert found.workers == tuple(range(24, 30))
    assert found.evidence == {"workers": 6, "of": 30, "answers": 30, "expected": 2, "rows": []}
    assert found.strength == pytest.approx(-np.log10(30 * SHARES**5))


def test_a_family_is_left_alone_and_who_never_said_where_is_nobodys_relative() -> None:
    assert look([*own(28), *["shared"] * 2]) == []
    assert look([*own(27), *["shared"] * 3]) == []
    assert look([None] * 30) == []
    assert look([]) == []


def test_honest_crowds_raise_at_most_the_stated_rate() -> None:
    """A twentieth of whom is paid to the account of some other worker, drawn at random."""
    alarms = 0
    for seed in range(300):
        luck = Random(seed)
        accounts = own(60)
        for worker in range(60):
            if luck.random() < SHARES:
                accounts[worker] = f"own {luck.randrange(60)}"
        alarms += bool(look(accounts))
    assert alarms <= 300 * RATE


def test_the_stricter_the_rate_the_more_it_takes() -> None:
    crowd = [*own(26), *["shared"] * 4]
    assert look(crowd, rate=0.01)
    assert not look(crowd, rate=0.001)
