"""What follows from a worker's standing, from the mildest: a refresher, a pause, and a blind re-test as the appeal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from crowd.workers.standing import Standing

TRIAL_GOLDS = 12
"""Golds of a re-test at most: who has not cleared themselves by then has not passed it."""

LEAST_TRIAL_GOLDS = 4
"""Nobody passes a re-test on fewer."""

NEXT_TRIAL = timedelta(days=1)
"""From the begin of one re-test to that of the next."""


class Step(StrEnum):
    """What the evidence calls for."""

    REFRESH = "refresh"
    """To be shown their own wrong golds, with explanations; once, and work goes on."""
    PAUSE = "pause"
    """This kind of work in this language is paused."""
    PASS = "pass"  # noqa: S105
    """The re-test is passed."""
    FAIL = "fail"
    """The re-test is not passed, and the pause is back."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """Where a worker stands on it, in one kind and language."""

    paused: bool
    refreshed: bool
    trial_from: int | None
    """Golds they had answered when the re-test began that they are in; None: they are in none."""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Ladder":
        """From the columns of `track`."""
        return cls(row["paused_at"] is not None, row["refreshed_at"] is not None, row["trial_from"])


# SQL: what a step ($25, null for none) at a moment ($9) makes of a track.
AFTER_STEP = """
        paused_at = CASE WHEN $25::text IN ('pause', 'fail') THEN $9 ELSE paused_at END,
        pause_reason = CASE $25 WHEN 'pause' THEN 'evidence' WHEN 'fail' THEN 'trial' WHEN 'pass' THEN NULL
                                ELSE pause_reason END,
        refreshed_at = CASE $25 WHEN 'refresh' THEN $9 WHEN 'pass' THEN NULL ELSE refreshed_at END,
        trial_from = CASE WHEN $25 IN ('pass', 'fail') THEN NULL ELSE trial_from END"""


def step_after(standing: Standing, ladder: Ladder, chance: float, *, fitted: bool = False) -> Step | None:
    """What a worker's evidence calls for now, where they stand; None: to go on as before."""
    if ladder.paused:
        return None
    if ladder.trial_from is not None:
        taken = standing.golds - ladder.trial_from
        passed = taken >= LEAST_TRIAL_GOLDS and standing.cleared(chance)
        if standing.to_be_paused(chance, fitted=fitted) or (taken >= TRIAL_GOLDS and not passed):
            return Step.FAIL
        return Step.PASS if passed else None
    if standing.to_be_paused(chance, fitted=fitted):
        return Step.PAUSE
    return Step.REFRESH if not ladder.refreshed and standing.to_be_refreshed(chance) else None
