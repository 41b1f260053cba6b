"""One fit, in a process of its own."""

from crowd.apart import apart
from crowd.batch import BatchSpec
from crowd.kinds import kind_named
from crowd.kinds.base import AnswerTable, Fit, FittedKind


async def fitted(spec: BatchSpec, table: AnswerTable) -> Fit:
    """The fit of a batch's answers. It takes seconds, in which this process has people to answer.

    Raises RuntimeError when the other process fails; its own words are on standard error.
    """
    return await apart("fit", _fit, spec, table)


def _fit(spec: BatchSpec, table: AnswerTable) -> Fit:
    kind = kind_named(spec.kind)
    assert isinstance(kind, FittedKind)
    return kind.fit(spec, table)
