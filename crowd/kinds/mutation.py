"""Items made of others, whose right answers are known from theirs: golds that nobody knows again."""

from abc import abstractmethod
from enum import StrEnum
from typing import ClassVar, TypeVar

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json, Kind

S = TypeVar("S", bound=BatchSpec)
P = TypeVar("P")


class Mutation(StrEnum):
    """What is done to an item. Done twice, it is the item as it was."""

    SWAPPED = "swapped"
    """Its two sides change places."""
    REVERSED = "reversed"
    """Its parts stand from the last to the first."""
    MIRRORED = "mirrored"
    """Left and right of its picture change places."""


class MutableKind(Kind[S, P]):
    """A kind of which an item can be changed such that its right answer changes in a known way."""

    mutation: ClassVar[Mutation]

    @abstractmethod
    def mutated(self, spec: S, stored: Json, mirrored: Json) -> Json:
        """The payload of the changed item as JSON; `mirrored` is its picture, mirrored, as JSON, if it has one."""

    @abstractmethod
    def mutated_answer(self, spec: S, payload: P, value: Json) -> Json:
        """What is right of the changed item where `value` is right of this one."""
