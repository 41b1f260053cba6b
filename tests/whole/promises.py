"""What must hold however often a bot was killed: of the database alone, and against what the phones saw."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

import asyncpg

from bot.i18n.tongue import tongue
from bot.views.notices import notice_screen
from crowd.outbox import Notice
from db.database import Database, Tx
from sandbox.workers import Report, Tapped

_NOTHING_BY_NAME = {
    "an update failed": "SELECT update_id, failed FROM inbox WHERE failed IS NOT NULL",
    "a task has more answers than it may": """
        SELECT t.id, count(*) FROM task t JOIN answer a ON a.task_id = t.id JOIN batch b ON b.id = t.batch_id
        GROUP BY t.id, b.spec HAVING count(*) > (b.spec->'overlap'->>'most')::int
    """,
    "a task is promised to more people than it may": """
        SELECT t.id, t.answers, t.leased, t.seats FROM task t JOIN batch b ON b.id = t.batch_id
        WHERE t.answers + t.leased + t.seats > (b.spec->'overlap'->>'most')::int
    """,
    "a task miscounts its answers": """
        SELECT t.id, t.answers, count(a.id) FROM task t LEFT JOIN answer a ON a.task_id = t.id
        GROUP BY t.id HAVING t.answers <> count(a.id)
    """,
    "a task miscounts its leases": """
        SELECT t.id, t.leased, count(l.id) FROM task t LEFT JOIN lease l ON l.task_id = t.id
        GROUP BY t.id HAVING t.leased <> count(l.id)
    """,
    "a worker answered a task twice": """
        SELECT task_id, worker_id FROM answer GROUP BY task_id, worker_id HAVING count(*) > 1
    """,
    "a worker has more than one task in hands": """
        SELECT worker_id FROM lease GROUP BY worker_id HAVING count(*) > 1
    """,
    "a lease is both answered and out": "SELECT id FROM lease JOIN answer USING (id)",
    "a lease is both answered and given back": "SELECT id FROM answer JOIN passed ON lease_id = answer.id",
    "an answer is not paid at its price, once": """
        SELECT a.id, a.price, sum(t.amount), count(t.id) FROM answer a
        LEFT JOIN transfer t ON t.reason = 'earn' AND t.ref = a.id
        GROUP BY a.id HAVING coalesce(sum(t.amount), 0) <> a.price OR count(t.id) > 1
    """,
    "money was paid for no answer": """
        SELECT t.id FROM transfer t WHERE t.reason = 'earn' AND NOT EXISTS (SELECT FROM answer WHERE id = t.ref)
    """,
    "a worker has more or less than they earned": """
        SELECT w.id FROM worker w
        LEFT JOIN LATERAL (SELECT sum(price) AS sum FROM answer WHERE worker_id = w.id) earned ON true
        LEFT JOIN LATERAL (
            SELECT sum(balance) AS sum FROM account
            WHERE kind IN ('hold', 'available', 'requested', 'paid') AND owner = w.id
        ) has ON true
        WHERE coalesce(earned.sum, 0) <> coalesce(has.sum, 0)
    """,
    "a balance is not what its transfers add up to": """
        SELECT a.id, a.kind, a.balance FROM account a WHERE a.balance <>
            coalesce((SELECT sum(amount) FROM transfer WHERE credit = a.id), 0) -
            coalesce((SELECT sum(amount) FROM transfer WHERE debit = a.id), 0)
    """,
    "an account but the world's is below zero": "SELECT id FROM account WHERE kind <> 'world' AND balance < 0",
    "the ledger does not sum to zero": "SELECT currency FROM account GROUP BY currency HAVING sum(balance) <> 0",
    "what is reserved is not what leases are out for": """
        SELECT a.id, a.reserved FROM account a WHERE a.reserved <>
            coalesce((SELECT sum(price) FROM lease WHERE escrow_id = a.id), 0)
    """,
    "a batch miscounts its answers": """
        SELECT b.id FROM batch b WHERE
            (SELECT sum(answers) FROM tally WHERE batch_id = b.id) <>
            (SELECT count(*) FROM answer WHERE batch_id = b.id)
    """,
    "a batch miscounts what is settled": """
        SELECT b.id FROM batch b WHERE
            (SELECT sum(settled) FROM tally WHERE batch_id = b.id) <>
            (SELECT count(*) FROM task WHERE batch_id = b.id AND settled_at IS NOT NULL AND gold IS NULL)
    """,
    "a worker's answers are miscounted": """
        SELECT p.worker_id FROM participation p WHERE p.answers <>
            (SELECT count(*) FROM answer a WHERE a.worker_id = p.worker_id AND a.batch_id = p.batch_id)
    """,
}
"""Queries that must find nothing."""


async def the_books_are_right(database: Database) -> None:
    """Nothing twice, nothing too much, every sum as it should be."""
    async with database.reading() as tx:
        for what, query in _NOTHING_BY_NAME.items():
            found = await tx.rows(query)
            assert not found, (what, found[:5])


async def acknowledged_taps_are_kept(database: Database, reports: Sequence[Report], values: Sequence[str]) -> int:
    """Every answer that a phone saw acknowledged is there once, as tapped; and no answer that nobody gave.

    How many answers there are.
    """
    async with database.reading() as tx:
        kept = {row["id"]: row for row in await _answers(tx)}
    tapped = _by_lease(reports)
    for lease, taps in tapped.items():
        answer = kept.get(lease)
        if answer is None:
            assert not any(tap.answered for tap in taps), f"an acknowledged answer is lost: {taps}"
            continue
        assert {tap.worker for tap in taps} == {answer["person_id"]}
        assert answer["value"] in {values[_option(tap)] for tap in _up_to_acknowledged(taps)}, (answer, taps)
    nobodys = kept.keys() - tapped.keys()
    assert not nobodys, f"answers that nobody gave: {nobodys}"
    return len(kept)


async def _answers(tx: Tx) -> list[asyncpg.Record]:
    return await tx.rows("SELECT a.id, a.value, w.person_id FROM answer a JOIN worker w ON w.id = a.worker_id")


def _by_lease(reports: Iterable[Report]) -> dict[int, list[Tapped]]:
    found: dict[int, list[Tapped]] = {}
    for report in reports:
        for tap in report.taps:
            if tap.data.startswith("a:"):
                found.setdefault(int(tap.data.split(":")[1]), []).append(tap)
    return found


def _option(tap: Tapped) -> int:
    return int(tap.data.split(":")[2])


def _up_to_acknowledged(taps: list[Tapped]) -> list[Tapped]:
    """The taps that began before one of them was seen to be acknowledged: any of these may be the one that counts."""
    ends = [tap.at + tap.waited_ms / 1000 for tap in taps if tap.answered]
    return [tap for tap in taps if not ends or tap.at <= min(ends)]


async def payouts_are_as_phones_saw(database: Database, calls: Sequence[dict[str, Any]], *, kills: int) -> None:
    """What was shown as asked for is there, and each later step was told once: twice only if its sender was killed.

    `calls` are all that bots made which were killed so often. Every payout must have ended, and every notice been sent.
    """
    async with database.reading() as tx:
        payouts = await tx.rows("SELECT p.id, p.state, w.person_id FROM payout p JOIN worker w ON w.id = p.worker_id")
        notices = await tx.rows(
            "SELECT o.*, w.locale, true AS wanted FROM outbox o JOIN worker w USING (person_id) "
            "WHERE o.subject = 'payout'"
        )
    shown = [each["parameters"] for each in calls if each["status"] == 200 and "text" in each["parameters"]]
    asked = {(each["chat_id"], each["message_id"]) for each in shown if each["text"].startswith("✅ You asked for")}
    assert asked
    assert Counter(person for person, _ in asked) <= Counter(row["person_id"] for row in payouts)

    keys = [f"payout:{row['id']}:{state}" for row in payouts for state in ("approved", "sent", row["state"])]
    assert sorted(keys) == sorted(row["key"] for row in notices)
    once, taken = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    for row in notices:
        assert row["sent_at"] is not None, row
        notice = Notice(**{each.name: row[each.name] for each in fields(Notice)})
        said = (notice.person_id, notice_screen(tongue(notice.locale), notice).text)
        once[said] += 1
        taken[said] += notice.tries
    told = Counter(said for each in shown if (said := (each["chat_id"], each["text"])) in once)
    assert once <= told <= taken, "one was not told, or was told again without having been taken again"
    assert told.total() - once.total() <= kills, "a process that is killed leaves one at most that it has not noted"
