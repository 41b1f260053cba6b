"""A way for answers of the past to be given again."""

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from crowd.replay.dataset import Answer
from db.database import Database


class ReplayError(RuntimeError):
    """A data set cannot be replayed. Its text is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A data set that is a batch now."""

    batch_id: int
    tasks: Mapping[str, int]
    """Their ids, by their names in the data set."""
    labels: Mapping[str, int]
    """The numbers of the options, from 0, by the labels in the data set."""
    checks: Mapping[int, int]
    """Of tasks that are posted a second time, as golds: the ids of these, by the ids of those."""
    twins: Mapping[int, int]
    """The same the other way round."""
    right: Mapping[int, int]
    """The numbers of the right options, by the ids of these golds."""


Left = dict[str, dict[int, Answer]]
"""Answers that were not given again yet, by the names of their workers and the ids of their tasks."""


class Way(ABC):
    """How answers are given again. An answer that is not asked for any more, or of a paused worker, is left out."""

    name: ClassVar[str]

    def __init__(self) -> None:
        self.people: dict[str, int] = {}
        """Ids of the workers who have joined so far, by their names in the data set."""
        self.given = 0
        """Answers that were given again."""
        self.luck = random.Random(0)
        """Of what a worker is asked next."""

    @abstractmethod
    def now(self) -> datetime:
        """The moment that the replay has come to, which the database must go by."""

    @abstractmethod
    async def come(
        self, database: Database, posted: Posted, names: Sequence[str], left: Left, done: Callable[[int], None]
    ) -> list[str]:
        """Workers come, one after the other, and each gives, of the answers left to them, the one that is worth most.

        It is taken out of `left`. Who is not asked anything now is returned. `done` is told how many more were given.
        Raises ReplayError.
        """
