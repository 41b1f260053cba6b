"""What phones saw, what was exported and what the database has, held against each other."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson

from sandbox.workers import Report

Export = Mapping[str, Sequence[Mapping[str, object]]]
"""Rows of tasks and of answers."""

Label = tuple[int, str, str | None]
"""A batch, the key of a task in it, and what was said of it."""


@dataclass(frozen=True, slots=True)
class Held:
    """What came of the comparison."""

    labels: list[Label]
    """Of the tasks that are settled, golds left out."""
    said: dict[int, list[Label]]
    """Answers to ordinary tasks, by worker."""
    ordinary_answers: int
    acknowledged: int
    """Different tasks for which a phone saw an answer acknowledged."""
    lost: int
    """Of these, not in the database."""
    wrong_values: int
    twice: int
    wrong_earnings: int
    ledger_sum: int
    export_differences: int


def settled(dsn: str) -> int:
    """Settled tasks of all batches, golds left out."""
    return int(asyncio.run(_rows(dsn, "SELECT coalesce(sum(settled), 0) AS n FROM tally"))[0]["n"])


def compare(dsn: str, reports: Sequence[Report], exports: Mapping[int, Export], values: Sequence[str]) -> Held:
    """Hold all of it against each other. `values` are those of the options, in order."""
    answers = asyncio.run(_rows(dsn, _ANSWERS))
    tasks = asyncio.run(_rows(dsn, "SELECT batch_id, key, label, gold IS NOT NULL AS gold, settled_at FROM task"))
    money = asyncio.run(_rows(dsn, _MONEY))
    by_lease = {row["id"]: _value(row["value"]) for row in answers}
    tapped = _acknowledged(reports, values)
    lost = [lease for lease in tapped if lease not in by_lease]
    wrong = [lease for lease, value in tapped.items() if lease in by_lease and by_lease[lease] != value]
    ordinary = [row for row in answers if not row["gold"]]
    said: dict[int, list[Label]] = defaultdict(list)
    for row in ordinary:
        said[row["worker_id"]].append((row["batch_id"], row["key"], _value(row["value"])))
    times = Counter((row["task_id"], row["worker_id"]) for row in answers)
    return Held(
        labels=[
            (row["batch_id"], row["key"], _value(row["label"]))
            for row in tasks
            if row["settled_at"] is not None and not row["gold"]
        ],
        said=said,
        ordinary_answers=len(ordinary),
        acknowledged=len(tapped),
        lost=len(lost),
        wrong_values=len(wrong),
        twice=sum(count - 1 for count in times.values()),
        wrong_earnings=sum(row["has"] != row["earned"] for row in money),
        ledger_sum=int(asyncio.run(_rows(dsn, "SELECT sum(balance) AS total FROM account"))[0]["total"]),
        export_differences=_differences(exports, tasks, answers),
    )


_ANSWERS = """
SELECT a.id, a.task_id, a.batch_id, a.worker_id, a.value, t.key, t.gold IS NOT NULL AS gold, w.pseudonym
FROM answer a JOIN task t ON t.id = a.task_id JOIN worker w ON w.id = a.worker_id
"""

# What a worker has, on hold or further, and what their answers are worth at the price of their batch, with what was
# paid so that no hour is below the floor; of answers, “I don't know”s may have been too many to be paid.
_MONEY = """
SELECT w.id,
       (SELECT coalesce(sum(balance), 0) FROM account
        WHERE owner = w.id AND kind IN ('hold', 'available', 'paid')) AS has,
       (SELECT coalesce(sum(CASE WHEN a.value IS NULL THEN a.price ELSE b.price END), 0)
        FROM answer a JOIN batch b ON b.id = a.batch_id WHERE a.worker_id = w.id)
       + (SELECT coalesce(sum(amount), 0) FROM top_up WHERE worker_id = w.id AND raise_id IS NULL) AS earned
FROM worker w
"""


def _acknowledged(reports: Sequence[Report], values: Sequence[str]) -> dict[int, str | None]:
    """What was tapped first for each lease, of taps that were acknowledged without objection."""
    found: dict[int, str | None] = {}
    for tap in (tap for report in reports for tap in report.taps):
        verb, _, rest = tap.data.partition(":")
        if tap.answered and tap.text is None and verb in {"a", "u"}:
            lease, _, said = rest.partition(":")
            found.setdefault(int(lease), values[int(said)] if verb == "a" else None)
    return found


def _differences(
    exports: Mapping[int, Export], tasks: Sequence[asyncpg.Record], answers: Sequence[asyncpg.Record]
) -> int:
    """Rows that are only in an export or only in the database."""
    exported: Counter[object] = Counter()
    for batch_id, export in exports.items():
        exported.update(("task", batch_id, row["id"], row["label"], row["answers"]) for row in export["tasks"])
        exported.update(("answer", batch_id, row["task"], row["worker"], row["value"]) for row in export["answers"])
    given = Counter((row["batch_id"], row["key"]) for row in answers)
    stored: Counter[object] = Counter(
        (
            "task",
            row["batch_id"],
            row["key"],
            None if row["gold"] else _value(row["label"]),
            given[row["batch_id"], row["key"]],
        )
        for row in tasks
    )
    stored.update(("answer", row["batch_id"], row["key"], row["pseudonym"], _value(row["value"])) for row in answers)
    return (exported - stored).total() + (stored - exported).total()


def _value(stored: str | None) -> Any:
    return None if stored is None else orjson.loads(stored)


async def _rows(dsn: str, query: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(dsn)
    try:
        found: list[asyncpg.Record] = await connection.fetch(query)
        return found
    finally:
        await connection.close()
