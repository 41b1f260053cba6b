"""Answers that are written, as signals look at them."""

from collections.abc import Iterator
from dataclasses import dataclass

from crowd.kinds import kind_named
from crowd.kinds.written import fold
from crowd.signals.base import Table


@dataclass(frozen=True, slots=True)
class Written:
    """One written answer."""

    task: int
    worker: int
    text: str
    folded: str
    ms: int
    at: float
    item: str
    """The text that it is about, folded."""


def written(table: Table) -> Iterator[Written]:
    """The answers of a table that are texts; none where answers are picked from a few options."""
    if kind_named(table.spec.kind).possible(table.spec):
        return
    for task, worker, value, ms, at in zip(table.tasks, table.workers, table.values, table.ms, table.at, strict=True):
        if isinstance(value, str):
            payload = table.items.get(task)
            item = payload.get("text") if isinstance(payload, dict) else None
            yield Written(task, worker, value, fold(value), ms, at, fold(item) if isinstance(item, str) else "")
