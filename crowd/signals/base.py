"""What a signal is given, and what it finds. One file for each signal stands beside this one."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json

RATE = 0.01
"""Of batches of an honest crowd, at most this share ever raises a finding of one signal."""

MOST_SHOWN = 20
"""Tasks that a finding shows as its evidence."""


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of a worker beside their answers."""

    created_at: float
    """When they came, seconds since 1970."""
    invited_to: int | None
    """The batch whose link brought them."""
    accuracy: float | None
    """0..1, by golds of this kind and language; None before there are enough of them."""
    account: bytes | None = None
    """A print of where their money goes; None where they never said."""
    invited_by: int | None = None
    """The worker by whose link they came."""


@dataclass(frozen=True, slots=True)
class Table:
    """All answers of a batch that say something, as parallel lists in the order of time, and what is known beside."""

    spec: BatchSpec
    tasks: Sequence[int]
    workers: Sequence[int]
    values: Sequence[Json]
    ms: Sequence[int]
    """From shown to answered, milliseconds; 0 where that is not known."""
    at: Sequence[float]
    """When it was answered, seconds since 1970."""
    golds: Mapping[int, Json]
    """Of a gold, the right answer."""
    people: Mapping[int, Person]
    items: Mapping[int, Json]
    """Payloads of the tasks, where answers are written; else none."""
    judged: Sequence[str | None] = ()
    """What judges said of each answer, None where they said nothing yet; empty where nobody judges."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What an honest crowd would hardly have done."""

    workers: tuple[int, ...]
    """Whom it concerns, by their ids, the smallest first."""
    strength: float
    """Odds against an honest crowd, as a power of ten: one over the p-value."""
    weight: float
    """On how many answers it rests: more of them are news."""
    evidence: Json
    """Figures, and the tasks behind them, for a page to show."""


class Signal(ABC):
    """Something that an honest crowd hardly does."""

    name: ClassVar[str]

    @abstractmethod
    def look(self, table: Table, rate: float) -> list[Finding]:
        """What there is in a batch. In an honest crowd there is something with a probability of at most `rate`.

        A pure function, plain computing: it may take seconds.
        """
