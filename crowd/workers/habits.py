"""What a worker says whatever the item."""

from collections.abc import Mapping, Sequence

from crowd.batches.spec import BatchSpec
from crowd.kinds import AnyKind
from crowd.kinds.base import Json


def usual(habits: Mapping[str, int], possible: Sequence[str]) -> dict[str, float]:
    """How probable each answer is from a worker whatever the item, by how often they gave it (Laplace's rule)."""
    total = sum(habits.values()) + len(possible)
    return {value: (habits.get(value, 0) + 1) / total for value in possible}


def habit(kind: AnyKind, spec: BatchSpec, habits: Mapping[str, int], said: Json) -> float:
    """How probable it is that a worker says this whatever the item, 0..1, by how often they said what."""
    possible = kind.possible(spec)
    return usual(habits, possible)[said] if said in possible else kind.blindly(spec, said)
