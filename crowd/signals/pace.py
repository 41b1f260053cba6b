"""pace: answers that come too quickly, or too evenly, for a person."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crowd.kinds.base import Json
from crowd.signals.base import Finding, Signal, Table
from crowd.signals.statistics import by_p, student_tail

LEAST_TIMED = 30
"""Answers whose time is known, for a worker to be looked at."""

TRUSTED = 0.7
"""Whoever does so many of the golds right is trusted: they show how people of this batch take their time."""

LEAST_TRUSTED = 8

_MOST_EVEN = 0.25
"""Times of a person vary by more than this share of their mean, in this work: response times are skewed and long-tailed
(Luce 1986, Response Times)."""

_LEAST_SPREAD = 0.2
"""Standard deviation, between people, of either logarithm: of few who are alike by luck it is not learned."""


class Pace(Signal):
    """The typical time of a worker's answers, and how much it varies, beside those of trusted workers.

    Between people, the logarithms of both are taken to be normal, their mean and spread learned from the trusted ones:
    the prediction for one more such worker is Student's t. Holm's rule corrects for all workers, and both measures. It
    says “not like a person here”, and nothing of whether the answers are right.
    """

    name = "pace"

    def look(self, table: Table, rate: float) -> list[Finding]:
        """See Signal."""
        paces = _paces(table)
        trusted = np.asarray([pace.trusted for pace in paces], bool)
        typical, even = (np.asarray([getattr(pace, name) for pace in paces]) for name in ("typical", "even"))
        found = []
        for place, pace in enumerate(paces):
            others = trusted & (np.arange(len(paces)) != place)
            if others.sum() < LEAST_TRUSTED:
                continue
            usual = math.exp(float(typical[others].mean()))
            found.append((_tail(pace.typical, typical[others]), "quick", pace, usual))
            evenly = _tail(pace.even, even[others]) if pace.variation < _MOST_EVEN else 1.0
            found.append((evenly, "even", pace, usual))
        kept = by_p([each[0] for each in found], len(found), rate)
        return _once([_finding(*found[place]) for place in kept])


@dataclass(frozen=True)
class _Pace:
    worker: int
    ms: tuple[int, ...]
    trusted: bool

    typical: float
    """Logarithm of the median, in milliseconds."""
    variation: float
    """Of the middle of the times, without the tenth at either end: standard deviation over mean."""
    even: float
    """Its logarithm."""


def _pace(worker: int, ms: list[int], *, trusted: bool) -> _Pace:
    times = np.asarray(ms, np.float64)
    low, high = np.quantile(times, [0.1, 0.9])
    middle = times[(times >= low) & (times <= high)]
    variation = float(middle.std() / middle.mean())
    typical = math.log(float(np.median(times)))
    return _Pace(worker, tuple(ms), trusted, typical, variation, math.log(max(variation, 1e-3)))


def _paces(table: Table) -> list[_Pace]:
    times: dict[int, list[int]] = {}
    for worker, ms in zip(table.workers, table.ms, strict=True):
        if ms > 0:
            times.setdefault(worker, []).append(ms)
    return [
        _pace(worker, ms, trusted=(table.people[worker].accuracy or 0) >= TRUSTED)
        for worker, ms in sorted(times.items())
        if len(ms) >= LEAST_TIMED
    ]


def _tail(value: float, trusted: NDArray[np.float64]) -> float:
    """The chance of so low a value or a lower one in a further trusted worker; 1 unless it is below all of them."""
    if value >= trusted.min():
        return 1.0
    many = len(trusted)
    spread = max(_LEAST_SPREAD, float(trusted.std(ddof=1))) * math.sqrt(1 + 1 / many)
    return student_tail((float(trusted.mean()) - value) / spread, many - 1)


def _finding(tail: float, how: str, pace: _Pace, usual: float) -> Finding:
    evidence: Json = {
        "how": how,
        "answers": len(pace.ms),
        "median_ms": round(math.exp(pace.typical)),
        "usual_ms": round(usual),
        "variation": round(pace.variation, 3),
        "times_ms": list(pace.ms[-24:]),
        "rows": [],
    }
    return Finding((pace.worker,), -math.log10(max(tail, 1e-300)), float(len(pace.ms)), evidence)


def _once(found: list[Finding]) -> list[Finding]:
    """The stronger of two findings on one worker."""
    best: dict[tuple[int, ...], Finding] = {}
    for finding in found:
        known = best.get(finding.workers)
        if known is None or finding.strength > known.strength:
            best[finding.workers] = finding
    return list(best.values())


SIGNAL = Pace()
