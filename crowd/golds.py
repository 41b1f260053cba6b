"""How often a worker meets a gold."""

from crowd.standing import Standing

LEARNING = 5
"""After each of the first golds a worker is told at once what was right, and why."""


def gold_rate(standing: Standing, answers: int, chance: float) -> float:
    """The chance that the next task is a gold: 20 % at first, 10 % after 20 answers, 5 % after 100.

    It falls only for those who have shown that they know the work.
    """
    proven = standing.golds >= 4 and standing.accuracy(chance) >= 0.7
    if not proven or answers < 20:
        return 0.20
    return 0.10 if answers < 100 else 0.05
