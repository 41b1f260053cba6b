"""A way for answers of the past to be given again."""

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


class Way(ABC):
    """How answers are given again. An answer that its task cannot use any more, or of a paused worker, is left out."""

    name: ClassVar[str]

    def __init__(self) -> None:
        self.people: dict[str, int] = {}
        """Ids of the workers who have joined so far, by their names in the data set."""
        self.given = 0
        """Answers that were given again."""

    @abstractmethod
    def now(self) -> datetime:
        """The moment that the replay has come to, which the database must go by."""

    @abstractmethod
    async def give(
        self, database: Database, posted: Posted, answers: Sequence[Answer], done: Callable[[int], None]
    ) -> None:
        """Give answers again: those of one worker, and those to one task, in this order.

        `done` is told of how many more that is over. Raises ReplayError.
        """
