"""What a worker says whatever the item: how often they said what, where the possible answers are few.

It is kept as a JSON object, whose names are texts: each answer is named by `str`.
"""

from collections.abc import Mapping

from crowd.batches.spec import BatchSpec
from crowd.kinds import AnyKind
from crowd.kinds.base import Few, Json


def usual(habits: Mapping[str, int], possible: Few) -> dict[Json, float]:
    """How probable each answer is from a worker whatever the item, by how often they gave it (Laplace's rule)."""
    total = sum(habits.values()) + len(possible)
    return {value: (habits.get(str(value), 0) + 1) / total for value in possible}


def habit(kind: AnyKind, spec: BatchSpec, habits: Mapping[str, int], said: Json) -> float:
    """How probable it is that a worker says this whatever the item, 0..1, by how often they said what."""
    possible = kind.possible(spec)
    return usual(habits, possible)[said] if said in possible else kind.blindly(spec, said)


def with_one_more(habits: dict[str, int], possible: Few, said: Json) -> dict[str, int]:
    """Habits after one more answer."""
    return {**habits, str(said): habits.get(str(said), 0) + 1} if said in possible else habits
