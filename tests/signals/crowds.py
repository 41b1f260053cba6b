"""Simulated crowds of which everything is known: honest ones, and such with cheats among them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from crowd.batches.spec import BatchSpec
from crowd.kinds import load_spec
from crowd.signals.base import Person, Table

Random = np.random.Generator


@cache
def spec(options: int) -> BatchSpec:
    return load_spec(
        {
            "name": "a crowd", "kind": "choice", "language": "sw", "items": "items.csv", "currency": "USD",
            "price": "0.02", "instructions": {"en": "Say what it is."},
            "options": [{"value": f"o{at}", "label": {"en": f"option {at}"}} for at in range(options)],
        }
    )  # fmt: skip


@dataclass
class Crowd:
    """Who answers what, when, and how long it takes. Change it, then take its `table`."""

    luck: Random
    tasks: int = 240
    options: int = 3
    workers: int = 24
    overlap: int = 5
    hard: float = 0.2
    """Share of the tasks that mislead: there, most of those who err give one wrong answer."""
    golds: int = 12
    skilled: tuple[float, float] = (12, 2)
    """Skills are of this Beta distribution."""
    skills: np.ndarray = field(init=False)
    """Of each worker on an easy task, 0..1."""
    said: np.ndarray = field(init=False)
    """What each worker says of each task, shape (workers, tasks), asked or not."""
    asked: np.ndarray = field(init=False)
    seconds: np.ndarray = field(init=False)
    """How long each answer takes."""
    starts: np.ndarray = field(init=False)
    joined: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        luck, shape = self.luck, (self.workers, self.tasks)
        self.truth = luck.integers(self.options, size=self.tasks)
        self.skills = luck.beta(*self.skilled, size=self.workers)
        lured = (self.truth + luck.integers(1, self.options, size=self.tasks)) % self.options
        hard = luck.random(self.tasks) < self.hard
        right = luck.random(shape) < np.where(hard, 0.45 * self.skills[:, None], self.skills[:, None])
        wrong = (self.truth + luck.integers(1, self.options, size=shape)) % self.options
        wrong = np.where(hard & (luck.random(shape) < 0.85), lured, wrong)
        self.said = np.where(right, self.truth, wrong)
        order = luck.random(shape).argsort(axis=0)
        self.asked = order < self.overlap
        self.pace = np.exp(luck.normal(1.6, 0.4, size=self.workers))
        noise = np.exp(luck.normal(0, 1, size=shape) * luck.uniform(0.35, 0.8, size=(self.workers, 1)))
        self.seconds = 0.6 + self.pace[:, None] * noise
        self.starts = luck.uniform(0, 86_400 * 3, size=self.workers)
        self.joined = self.starts - luck.exponential(86_400 * 5, size=self.workers)
        self.invited: list[int | None] = [1 if each < 0.5 else None for each in luck.random(self.workers)]

    def together(self, workers: list[int], tasks: int) -> None:
        """These workers are asked the same tasks, in place of others."""
        some = self.luck.permutation(self.tasks)[:tasks]
        self.asked[workers] = False
        for task in some:
            others = np.flatnonzero(self.asked[:, task])
            keep = self.luck.permutation(others)[: max(0, self.overlap - len(workers))]
            self.asked[:, task] = False
            self.asked[[*keep, *workers], task] = True

    def copies(self, copier: int, source: int, share: float) -> None:
        """The copier says what the source said, of so many of the tasks that both are asked."""
        copied = self.luck.random(self.tasks) < share
        self.said[copier] = np.where(copied, self.said[source], self.said[copier])

    def shares_errors(self, copier: int, source: int, share: float) -> None:
        """On so many of the tasks that both are asked, both give the same wrong answer."""
        both = np.flatnonzero(self.asked[copier] & self.asked[source])
        some = self.luck.permutation(both)[: round(share * len(both))]
        wrong = (self.truth[some] + self.luck.integers(1, self.options, size=len(some))) % self.options
        self.said[source, some] = self.said[copier, some] = wrong

    def table(self, change: Callable[[list[tuple[float, int, int, str, int]]], None] | None = None) -> Table:
        rows = []
        for worker in range(self.workers):
            clock = float(self.starts[worker])
            for task in np.flatnonzero(self.asked[worker]):
                clock += float(self.seconds[worker, task]) + 0.3
                said = f"o{self.said[worker, task]}"
                rows.append((clock, int(task) + 1, worker + 1, said, round(1000 * float(self.seconds[worker, task]))))
        rows.sort()
        if change:
            change(rows)
        golds = {task + 1: f"o{self.truth[task]}" for task in range(self.golds)}
        accuracy = (self.said == self.truth).mean(axis=1)
        people = {
            worker + 1: Person(float(self.joined[worker]), self.invited[worker], float(accuracy[worker]))
            for worker in range(self.workers)
        }
        return Table(
            spec=spec(self.options),
            tasks=[row[1] for row in rows],
            workers=[row[2] for row in rows],
            values=[row[3] for row in rows],
            ms=[row[4] for row in rows],
            at=[row[0] for row in rows],
            golds=golds,
            people=people,
            items={},
        )
