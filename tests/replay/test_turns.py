"""Where hand-out wants a gold, a worker of a replay is asked one whose label they met least."""

import random

from crowd.replay.dataset import Answer
from crowd.replay.turns import Turns
from crowd.replay.way import Left, Posted
from db.database import Database

NOBODY = 0
"""A worker of whom nothing is known yet, so an exam is due."""


class Drawn(random.Random):
    def __init__(self, value: float) -> None:
        super().__init__(0)
        self.value = value

    def random(self) -> float:
        return self.value


def posted(checks: dict[int, int], right: dict[int, int]) -> Posted:
    return Posted(1, {}, {"x": 0, "y": 1}, checks, {gold: task for task, gold in checks.items()}, right)


async def test_labels_take_turns_among_golds_and_each_answer_is_given_once(database: Database) -> None:
    """Tasks 1 to 4; the last three have golds 12 to 14, of which two have the first label."""
    batch = posted({2: 12, 3: 13, 4: 14}, {12: 0, 13: 0, 14: 1})
    left: Left = {"w": {task: Answer(str(task), "w", "x", None, None, is_gold=False) for task in (1, 2, 3, 4)}}
    turns, asked = Turns(), []
    async with database.reading() as tx:
        for drawn in (0.0, 0.0, 0.99, 0.0):  # a gold is wanted but the third time
            tasks = await turns.tasks(tx, batch, "w", NOBODY, left, Drawn(drawn))
            asked.append(tasks)
            del left["w"][turns.took(batch, "w", tasks[0])]
        assert asked == [[12], [14], [1, 3], [13]]
        assert await turns.tasks(tx, batch, "w", NOBODY, left, Drawn(0.0)) == []


async def test_without_golds_of_its_own_a_replay_asks_what_is_left(database: Database) -> None:
    left: Left = {"w": {task: Answer(str(task), "w", "x", None, None, is_gold=False) for task in (1, 2)}}
    async with database.reading() as tx:
        assert await Turns().tasks(tx, posted({}, {}), "w", NOBODY, left, Drawn(0.0)) == [1, 2]
