"""Whether those who read one language's instructions do worse on the same golds than others, beyond chance.

For each gold g, answered by n_g workers of whom l_g read the language L, the numerator of the stratified comparison of
Cochran (1954) and Mantel and Haenszel (1959) adds up (sum of L's values) - l_g · (mean of all values of g). Over all
golds this is the sum, over the workers of L, of R_w: what the worker's values are above their golds' means. So a gold
that one side alone met adds nothing, and verdicts may be graded, times be logs, and skips be 0 or 1.

Its chance distribution is not the textbook's hypergeometric one, by which every answer is a case of its own: the
answers of one worker are alike. Here whole workers change sides: the labels of language are permuted among them, and R
stays as it is, for it knows no language (a permutation test on clusters; Lehmann and Romano, Testing Statistical
Hypotheses, 2005, ch. 15.2). Where the language makes no difference it holds its level exactly, however unlike workers
are and whichever golds each met; and one bad worker is as likely on either side.

Beyond that, a difference has to be there without the one worker who adds most to it: one alone is no language.

Permutations are drawn with a fixed seed, until so many were as large that the p value is plain (Besag and Clifford
1991), or MOST are through. All languages and measures of one look are one family, by Holm's (1979) step-down, and the
looks at a batch share RATE between them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crowd.parity.figures import Found, Measure, matters

RATE = 0.04
"""Of batches whose languages are all alike at most this share ever has a flag raised, over all looks."""

LEAST_WORKERS = 5
"""On each side: fewer are not a crowd, and can change sides in too few ways to tell anything."""

LEAST_ANSWERS = 20
"""On each side, to golds that both met."""

MOST = 99_999
"""Permutations at most: the smallest p value is 1/100,000."""

_PLAIN = 20
"""Permutations as large as what is there, at which no more are drawn."""

_AT_ONCE = 200_000
"""Labels drawn at once."""

_SEED = 1959

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Met:
    """A gold that a worker answered, skipped or reported."""

    gold: int
    worker: int
    language: str
    """Of the instructions that they read."""
    verdict: float | None
    """0..1; None of “I don't know”, and of what was passed over."""
    ms: int
    """From shown to answered; 0 where that was not measured."""
    passed: bool


@dataclass(frozen=True, slots=True)
class _Values:
    """One value for each gold that a worker met; parallel arrays."""

    measure: Measure
    gold: Ints
    worker: Ints
    value: Floats
    languages: tuple[str, ...]
    """By worker."""

    @property
    def golds(self) -> int:
        return int(self.gold.max()) + 1 if self.gold.size else 0


def level_of_look(look: int) -> float:
    """What the first look at a batch is allowed, the second, …: all together have RATE."""
    return RATE / (look * (look + 1))


def compared(met: Sequence[Met], level: float) -> list[Found]:
    """Each language and measure of which enough is known; `level` is the error rate of all of them together."""
    found: list[Found] = []
    measured = {measure: _values(measure, met) for measure in Measure}
    for values in measured.values():
        for language in sorted(set(values.languages)):
            one = _compared(values, language)
            if one is not None:
                found.append(one)
    return [
        each.model_copy(update={"departs": beyond and _rests_on_many(measured[each.measure], each, level)})
        for each, beyond in zip(found, _by_holm(found, level), strict=True)
    ]


def _values(measure: Measure, met: Sequence[Met]) -> _Values:
    """What is measured, of whom it can be."""
    if measure is Measure.ACCURACY:
        kept = [(each, each.verdict) for each in met if each.verdict is not None]
    elif measure is Measure.TIME:
        kept = [(each, float(np.log(each.ms))) for each in met if each.ms > 0 and not each.passed]
    else:
        kept = [(each, float(each.passed)) for each in met]
    whose = {each.worker: each.language for each, _ in kept}
    workers = {worker: place for place, worker in enumerate(sorted(whose))}
    golds = {gold: place for place, gold in enumerate(sorted({each.gold for each, _ in kept}))}
    return _Values(
        measure,
        np.array([golds[each.gold] for each, _ in kept], dtype=np.int64),
        np.array([workers[each.worker] for each, _ in kept], dtype=np.int64),
        np.array([value for _, value in kept], dtype=np.float64),
        tuple(whose[worker] for worker in workers),
    )


def _own(values: _Values, language: str) -> NDArray[np.bool_]:
    """By worker, whether they read that language."""
    return np.array([each == language for each in values.languages], dtype=np.bool_)


def _compared(values: _Values, language: str, *, least: int = LEAST_WORKERS) -> Found | None:
    """One language held against all others; None where too little is known."""
    own = _own(values, language)
    ours = own[values.worker]
    count, sums = np.zeros((2, values.golds)), np.zeros((2, values.golds))
    for side, chosen in enumerate((ours, ~ours)):
        count[side] = np.bincount(values.gold[chosen], minlength=values.golds)
        sums[side] = np.bincount(values.gold[chosen], weights=values.value[chosen], minlength=values.golds)
    shared: NDArray[np.bool_] = np.minimum(count[0], count[1]) > 0
    both = shared[values.gold]
    workers = [len(np.unique(values.worker[both & chosen])) for chosen in (ours, ~ours)]
    answers = [int((both & chosen).sum()) for chosen in (ours, ~ours)]
    if min(workers) < least or min(answers) < (LEAST_ANSWERS if least == LEAST_WORKERS else 1):
        return None
    weights = count[0, shared] * count[1, shared] / count[:, shared].sum(0)
    means = sums[:, shared] / count[:, shared]
    here, elsewhere = (float((weights * side).sum() / weights.sum()) for side in means)
    if values.measure is Measure.TIME:
        here, elsewhere = float(np.exp(here)), float(np.exp(elsewhere))
    return Found(
        language=language, measure=values.measure, workers=workers[0], answers=answers[0], others=workers[1],
        here=here, elsewhere=elsewhere, p=_chance(_worse(values), own), departs=False,
    )  # fmt: skip


def _rests_on_many(values: _Values, found: Found, level: float) -> bool:
    """Whether it matters, and is beyond chance by itself, without the worker who adds most to it."""
    worse = np.where(_own(values, found.language), _worse(values), -np.inf)
    kept = values.worker != int(worse.argmax())
    without = _Values(values.measure, values.gold[kept], values.worker[kept], values.value[kept], values.languages)
    again = _compared(without, found.language, least=LEAST_WORKERS - 1)
    return again is not None and again.p <= level and matters(again.measure, again.here, again.elsewhere)


def _worse(values: _Values) -> Floats:
    """R: by worker, how far their values are from the means of their golds, for the worse."""
    per_gold = np.bincount(values.gold, minlength=values.golds)
    means = np.bincount(values.gold, weights=values.value, minlength=values.golds) / np.maximum(1, per_gold)
    above = np.bincount(values.worker, weights=values.value - means[values.gold], minlength=len(values.languages))
    return np.asarray(-above if values.measure is Measure.ACCURACY else above, dtype=np.float64)


def _chance(worse: Floats, own: NDArray[np.bool_]) -> float:
    """How probable it is that workers drawn blindly do as badly as these, or worse."""
    seen, few = float(worse[own].sum()), int(own.sum())
    if seen <= 0:
        return 1.0
    luck = np.random.default_rng(_SEED)
    most = max(1, _AT_ONCE // worse.size)
    drawn = as_large = 0
    while drawn < MOST and as_large < _PLAIN:
        rows = min(most, MOST - drawn)
        mixed = luck.permuted(np.broadcast_to(worse, (rows, worse.size)), axis=1)
        hits = np.flatnonzero(mixed[:, :few].sum(1) >= seen - 1e-9)
        if as_large + hits.size >= _PLAIN:
            return _PLAIN / (drawn + int(hits[_PLAIN - as_large - 1]) + 1)
        as_large, drawn = as_large + hits.size, drawn + rows
    return (as_large + 1) / (drawn + 1)


def _by_holm(found: Sequence[Found], level: float) -> list[bool]:
    """Which are beyond chance, all of them together at that level, and matter."""
    beyond: set[int] = set()
    for place, at in enumerate(sorted(range(len(found)), key=lambda at: found[at].p)):
        if found[at].p > level / (len(found) - place):
            break
        beyond.add(at)
    return [at in beyond and matters(each.measure, each.here, each.elsewhere) for at, each in enumerate(found)]
