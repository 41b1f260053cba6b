"""Whether workers who can tell contradict a gold: the probability that its right answer is another one.

Before any answer a gold of a file is wrong with the probability WRONG_BEFORE, each other answer being as likely. A
worker of accuracy q says the right answer with q and another with (1 - q) / (number of others): the one-coin model of
Dawid and Skene (1979), as the hot path weighs answers. Accuracies are what is known without the verdict on this very
gold, which cannot speak for itself. An item that misleads one misleads others, so n answers count for
n / (1 + ALIKE (n - 1)) independent ones (Kish's design effect, as in `Kind.consensus`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from crowd.batches.spec import BatchSpec
from crowd.kinds import AnyKind, kind_named
from crowd.kinds.base import Json
from crowd.loop.picking import CAN_TELL
from crowd.loop.settling import reliability
from crowd.workers.standing import Standing

WRONG_BEFORE = 0.02
"""Of the golds in a requester's file so many are wrong."""

WRONG = 0.95
"""A gold that is wrong with this probability is contradicted: of those suspended, at most one in twenty is right."""

ALIKE = 0.15
"""How alike answers to one gold are taken to be. A fit's own figure would not do: wrong golds make it high."""

LEAST = 3
"""So many workers who can tell must have said the same other thing."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One answer to a gold, and what is known of its worker without it."""

    value: Json
    golds: int
    right: float
    """Sum of verdicts on those golds."""
    fitted: float | None
    """Accuracy by the last fit of the batch, 0..1."""
    paused: bool


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Workers say that a gold is wrong."""

    instead: Json
    """What they say."""
    wrong: float
    """How probable it is that the gold is wrong, 0..1."""


def contradiction(spec: BatchSpec, right: Json, voices: Sequence[Voice]) -> Contradiction | None:
    """How workers contradict a gold whose answer is said to be `right`; None where they do not, or not surely enough.

    Paused workers have no say.
    """
    heard = [voice for voice in voices if not voice.paused and voice.value is not None]
    found = leaning(spec, right, heard)
    if found is None or found.wrong <= WRONG:
        return None
    verdict = kind_named(spec.kind).verdict
    same = [voice for voice in heard if verdict(spec, found.instead, voice.value) == 1]
    return found if sum(can_tell(spec, voice) for voice in same) >= LEAST else None


def leaning(spec: BatchSpec, right: Json, voices: Sequence[Voice]) -> Contradiction | None:
    """Which other answer than `right` is the most probable by what all these say, be it little; None: none is."""
    kind = kind_named(spec.kind)
    heard = [voice for voice in voices if voice.value is not None]
    options = [right]
    for voice in heard:
        if not any(kind.verdict(spec, option, voice.value) == 1 for option in options):
            options.append(voice.value)
    if len(options) == 1:
        return None
    others = max(1, len(kind.possible(spec)) - 1)
    heat = 1 + ALIKE * (len(heard) - 1)
    logs = [
        math.log(WRONG_BEFORE / others if place else 1 - WRONG_BEFORE)
        + math.fsum(_log(kind, spec, option, voice, others) for voice in heard) / heat
        for place, option in enumerate(options)
    ]
    highest = max(logs)
    shares = [math.exp(log - highest) for log in logs]
    wrong = 1 - shares[0] / math.fsum(shares)
    best = max(range(1, len(options)), key=lambda place: shares[place])
    return Contradiction(options[best], wrong)


def can_tell(spec: BatchSpec, voice: Voice) -> bool:
    """What is known of the worker shows that they know the work."""
    chance = kind_named(spec.kind).chance(spec)
    return reliability(_accuracy(spec, voice), chance, None) > CAN_TELL


def _accuracy(spec: BatchSpec, voice: Voice) -> float:
    """The lower of what other golds and the last fit say: a majority of bad workers may have misled a fit."""
    chance = kind_named(spec.kind).chance(spec)
    standing = Standing(voice.golds, voice.right)
    return min(standing.accuracy(chance), standing.weight(voice.fitted, chance))


def _log(kind: AnyKind, spec: BatchSpec, option: Json, voice: Voice, others: int) -> float:
    """Log of how probable the answer is where `option` is right."""
    accuracy, agrees = _accuracy(spec, voice), kind.verdict(spec, option, voice.value)
    return math.log(agrees * accuracy + (1 - agrees) * (1 - accuracy) / others)
