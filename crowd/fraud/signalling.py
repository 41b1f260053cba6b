"""Batches looked through for signals of fraud, from time to time, in a process of its own."""

from collections.abc import Mapping

from crowd.batches.life import spec_of
from crowd.elsewhere import elsewhere
from crowd.fraud.findings import keep
from crowd.kinds import kind_named
from crowd.kinds.judging import JudgedSpec
from crowd.packs.timing import MEASURED_MS
from crowd.signals import signals
from crowd.signals.base import RATE, Finding, Person, Table
from crowd.workers.standing import Standing
from db.database import Database, Tx

LEAST_ANSWERS = 60
"""Of a batch that is looked at."""

LARGEST = 300_000
"""Answers of a batch that is looked at: they are read into memory."""

GROWN = 1.5
"""A batch is looked at anew when it has so many times the answers of the last look, and once more when it is closed."""

_LEAST_GOLDS = 4
"""Golds that an accuracy is taken from."""

_DUE = """
SELECT b.id FROM batch b
LEFT JOIN signal_look l ON l.batch_id = b.id,
LATERAL (SELECT coalesce(sum(answers), 0) AS answers FROM tally WHERE batch_id = b.id) done
WHERE done.answers BETWEEN $1 AND $2 AND (
    l.answers IS NULL OR done.answers >= l.answers * $3::float OR (b.state = 'closed' AND done.answers > l.answers)
)
ORDER BY b.id
"""

_ANSWERS = f"""
SELECT task_id, worker_id, value, {MEASURED_MS.format(answer="answer", unknown=0)} AS ms,
       extract(epoch FROM answered_at)::float AS at,
       (SELECT word FROM judged_answer WHERE answer_id = answer.id) AS judged
FROM answer
WHERE task_id BETWEEN $1 AND $2 AND value IS NOT NULL AND task_id NOT IN (
    SELECT id FROM task WHERE id BETWEEN $1 AND $2 AND suspended_at IS NOT NULL
)
ORDER BY answered_at, id
"""  # noqa: S608

_GOLDS = """
SELECT id, gold -> 'value' AS value FROM task WHERE id BETWEEN $1 AND $2 AND gold IS NOT NULL AND suspended_at IS NULL
"""
_ITEMS = "SELECT id, payload FROM task WHERE id BETWEEN $1 AND $2 AND answers > 0"

_PEOPLE = """
SELECT w.id, extract(epoch FROM w.created_at)::float AS created_at, w.invited_to, r.golds, r."right", r.evidence,
       (SELECT print FROM payout_details WHERE worker_id = w.id ORDER BY id DESC LIMIT 1) AS account,
       (SELECT inviter_id FROM invitation WHERE invited_id = w.id) AS invited_by
FROM participation p JOIN worker w ON w.id = p.worker_id
LEFT JOIN track r ON r.worker_id = p.worker_id AND r.kind = $2 AND r.language = $3
WHERE p.batch_id = $1
"""


async def look_for_signals(database: Database) -> int:
    """Look at every batch that has grown since the last look; how many there were."""
    async with database.reading() as tx:
        due = [row["id"] for row in await tx.rows(_DUE, LEAST_ANSWERS, LARGEST, GROWN)]
    for batch_id in due:
        await look_at(database, batch_id)
    return len(due)


async def look_at(database: Database, batch_id: int) -> None:
    """Look at one batch now."""
    async with database.reading() as tx:
        looks = await tx.value("SELECT coalesce((SELECT looks FROM signal_look WHERE batch_id = $1), 0)", batch_id)
        answers = await tx.value("SELECT sum(answers)::int FROM tally WHERE batch_id = $1", batch_id)
        table = await _read(tx, batch_id)
    rate = rate_of_look(looks + 1)
    found = await elsewhere(found_in, table, rate) if table.tasks else {}
    async with database.transaction() as tx:
        await keep(tx, batch_id, found, rate=rate, answers=answers, look=looks + 1)


def rate_of_look(look: int) -> float:
    """The rate of false alarms that the first look at a batch is allowed, the second, …: all together have RATE."""
    return RATE / (look * (look + 1))


def found_in(table: Table, rate: float) -> Mapping[str, list[Finding]]:
    """What each signal finds."""
    return {name: signal.look(table, rate) for name, signal in signals().items()}


async def _read(tx: Tx, batch_id: int) -> Table:
    batch = await tx.row("SELECT digest, kind, language, first_task, last_task FROM batch WHERE id = $1", batch_id)
    assert batch is not None
    spec = await spec_of(tx, batch_id, batch["digest"])
    kind, ids = kind_named(spec.kind), (batch["first_task"], batch["last_task"])
    rows = await tx.rows(_ANSWERS, *ids)
    items = [] if kind.possible(spec) else await tx.rows(_ITEMS, *ids)
    people = {
        row["id"]: Person(
            row["created_at"],
            row["invited_to"],
            Standing(row["golds"], row["right"]).accuracy(kind.chance(spec))
            if (row["golds"] or 0) >= _LEAST_GOLDS
            else None,
            row["account"],
            row["invited_by"],
        )
        for row in await tx.rows(_PEOPLE, batch_id, batch["kind"], batch["language"])
    }
    return Table(
        spec=spec,
        tasks=[row["task_id"] for row in rows],
        workers=[row["worker_id"] for row in rows],
        values=[row["value"] for row in rows],
        ms=[row["ms"] for row in rows],
        at=[row["at"] for row in rows],
        golds={row["id"]: row["value"] for row in await tx.rows(_GOLDS, *ids)},
        people=people,
        items={row["id"]: row["payload"] for row in items},
        judged=[row["judged"] for row in rows] if isinstance(spec, JudgedSpec) else (),
    )
