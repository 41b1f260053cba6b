"""How probable it is that a gold is wrong, by what workers say whose accuracy is known without it."""

import random

import pytest

from crowd.golds.contradicting import WRONG, Voice, contradiction
from crowd.kinds import load_spec
from tests.requester.scene import OPTIONS

SPEC = load_spec(
    {
        "name": "Feelings", "kind": "choice", "language": "sw", "items": "items.csv", "currency": "USD",
        "price": "0.02", "instructions": {"en": "Say."},
        "options": [{"value": value, "label": {"en": value}} for value in OPTIONS],
    }
)  # fmt: skip


def voice(value: str, *, golds: int = 9, right: float = 9, fitted: float | None = None, paused: bool = False) -> Voice:
    return Voice(value, golds, right, fitted, paused)


def test_the_posterior_is_as_worked_by_hand() -> None:
    """Three of accuracy q = (8/15 + 9) / 10 say another thing: odds 0.01 / 0.98 · (2q / (1 - q)) ^ (3 / 1.3)."""
    q = (1 / 3 + 0.2 + 9) / 10
    odds = 0.01 / 0.98 * (2 * q / (1 - q)) ** (3 / 1.3)
    found = contradiction(SPEC, "good", [voice("bad")] * 3)
    assert found is not None
    assert found.instead == "bad"
    assert found.wrong == pytest.approx(odds / (1 + odds))
    assert found.wrong > WRONG


@pytest.mark.parametrize(
    ("why", "voices"),
    [
        ("two are too few", [voice("bad")] * 2),
        ("they say different things", [voice("bad"), voice("bad"), voice("neither"), voice("neither")]),
        ("as many say that it is right", [voice("bad")] * 3 + [voice("good")] * 3),
        ("one of the three is paused", [voice("bad"), voice("bad"), voice("bad", paused=True)]),
        ("the fit knows that they are bad", [voice("bad", fitted=0.4)] * 6),
        ("their other golds are wrong", [voice("bad", right=3.0, fitted=0.9)] * 6),
        ("nothing is known of them", [voice("bad", golds=0, right=0.0, fitted=0.9)] * 9),
    ],
)
def test_a_gold_stays_where(why: str, voices: list[Voice]) -> None:
    assert contradiction(SPEC, "good", voices) is None, why


def test_the_order_of_answers_does_not_matter() -> None:
    voices = [voice("bad")] * 4 + [voice("good", golds=2, right=1)] + [voice("neither", fitted=0.6)]
    found = contradiction(SPEC, "good", voices)
    assert found is not None
    random.Random(1).shuffle(voices)
    again = contradiction(SPEC, "good", voices)
    assert again is not None
    assert again.wrong == pytest.approx(found.wrong)
