"""How often a worker meets a gold."""

from crowd.workers.standing import Standing

LEARNING = 5
"""After each of the first golds a worker is told at once what was right, and why."""

EXAM = 3
"""Every worker begins with so many golds, or nearly: labels take turns among them, so that few show much."""

DOUBT = -0.6
"""Evidence from here on is doubt: golds go on until it is resolved either way."""

EARLY = 20
"""Answers within which doubt is resolved by golds, one after another."""

OFTEN = 0.9
"""The chance of a gold in the exam and in early doubt: not quite each task, or they would be known for it."""

FROZEN_RATE = 0.2
"""The same while a worker's record stands still (`crowd.parity`): as in later doubt, so that it is seen how they do."""

TRIAL_RATE = 0.5
"""The chance that the next task of a re-test is a gold."""


def gold_rate(standing: Standing, answers: int, chance: float) -> float:
    """The chance that the next task is a gold: OFTEN in the exam and in early doubt, 0.2 in later doubt, else 0.02.

    It is 0.01 for those who have cleared themselves. On ten crowds this costs four to five golds a worker, most of them
    spent on those in doubt; see docs/architecture.md.
    """
    evidence = standing.evidence(chance)
    if standing.golds < EXAM:
        return OFTEN
    if evidence > DOUBT:
        return OFTEN if answers < EARLY else 0.2
    return 0.01 if standing.cleared(chance) else 0.02
