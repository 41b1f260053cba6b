"""One fit, in a process of its own."""

from crowd.batches.spec import BatchSpec
from crowd.elsewhere import elsewhere
from crowd.kinds import kind_named
from crowd.kinds.base import AnswerTable, Fit, FittedKind


async def fitted(spec: BatchSpec, table: AnswerTable) -> Fit:
    """The fit of a batch's answers. Raises RuntimeError when the other process fails."""
    return await elsewhere(fit, spec, table)


def fit(spec: BatchSpec, table: AnswerTable) -> Fit:
    """The same, here and now."""
    kind = kind_named(spec.kind)
    assert isinstance(kind, FittedKind)
    return kind.fit(spec, table)
