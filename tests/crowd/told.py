"""Of each move of money of a worker, how they are told: the graph of the states of pay, and a look for what was not."""

from db.database import Database

_NOTICE = (
    "EXISTS (SELECT FROM outbox o JOIN worker w ON w.person_id = o.person_id AND w.id = m.worker_id WHERE {which})"
)

GRAPH = {
    # reason: from, to, and SQL of whether its worker is told of the move `m`; None: they do it, and the screen says it
    "earn": ("other", "hold", None),
    "release": ("hold", "available", None),  # with its earning, or told together: see _RELEASED
    "void": ("hold", "other", "EXISTS (SELECT FROM voided_answer n JOIN voiding v ON v.id = n.voiding_id "
             "WHERE n.answer_id = m.ref AND " + _NOTICE.format(
                 which="o.key = 'voided:' || v.id OR (v.ground = 'graded' AND o.subject = 'graded' AND o.key LIKE "
                       "'graded:' || v.batch_id || ':%' AND o.due_at = m.at)") + ")"),
    "unvoid": ("other", "available", "EXISTS (SELECT FROM voided_answer n JOIN voiding v ON v.id = n.voiding_id "
               "WHERE n.answer_id = m.ref AND " + _NOTICE.format(which="o.key = 'appeal:' || v.id || ':' || v.outcome")
               + ")"),
    "top_up": ("other", "available", _NOTICE.format(which="o.key = 'top_up:' || m.ref")),
    "bonus": ("other", "available", _NOTICE.format(which="o.key = 'bonus:' || m.ref")),
    "payout": ("available", "requested", None),
    "payout_back": ("requested", "available", "EXISTS (SELECT FROM payout p WHERE p.id = m.ref AND "
                    "(p.state = 'cancelled' OR "
                    + _NOTICE.format(which="o.key = 'payout:' || p.id || ':' || p.state") + "))"),
    "payout_paid": ("requested", "paid", _NOTICE.format(which="o.key = 'payout:' || m.ref || ':paid'")),
    "payout_fee": ("requested", "other", _NOTICE.format(which="o.key = 'payout:' || m.ref || ':paid'")),
    "forfeit": ("hold", "other", None),  # of both: told before, on the screen where it is done
}  # fmt: skip

_MOVES = """
SELECT t.id, t.reason, t.ref, t.at, coalesce(g.kind, 'other') AS gives, coalesce(c.kind, 'other') AS gets,
       coalesce(g.owner, c.owner) AS worker_id
FROM transfer t
LEFT JOIN account g ON g.id = t.debit AND g.kind IN ('hold', 'available', 'requested', 'paid')
LEFT JOIN account c ON c.id = t.credit AND c.kind IN ('hold', 'available', 'requested', 'paid')
WHERE g.id IS NOT NULL OR c.id IS NOT NULL
"""

_RELEASED = """
SELECT w.id FROM worker w, LATERAL (
    SELECT coalesce(sum(t.amount), 0) AS amount FROM transfer t JOIN account a ON a.id = t.credit
    JOIN transfer e ON e.reason = 'earn' AND e.ref = t.ref
    WHERE t.reason = 'release' AND a.owner = w.id AND t.xmin <> e.xmin
) released, LATERAL (
    SELECT coalesce(sum((content ->> 'amount')::bigint), 0) AS amount FROM outbox
    WHERE person_id = w.person_id AND subject = 'released'
) told WHERE released.amount <> told.amount AND w.state <> 'forgotten'
"""

# Of what ends without a move of money of theirs.
_ENDED = """
SELECT v.id FROM voiding v JOIN worker w ON w.id = v.worker_id
WHERE w.state <> 'forgotten' AND v.outcome IS NOT NULL AND NOT EXISTS (
    SELECT FROM outbox o WHERE o.person_id = w.person_id AND o.subject = 'appeal' AND (
        o.key = 'appeal:' || v.id || ':' || v.outcome
        OR (v.outcome = 'unappealed' AND o.key LIKE 'unappealed:' || v.batch_id || ':' || w.id || ':%')
    )
)
"""


async def all_moves_are_told(database: Database) -> set[str]:
    """Every move of workers' money is of the graph, and its worker told of it; the reasons that there were."""
    async with database.reading() as tx:
        ways = {tuple(row) for row in await tx.rows(f"SELECT DISTINCT reason, gives, gets FROM ({_MOVES}) m")}
        for reason, gives, gets in ways:
            assert reason in GRAPH, f"{reason} moves money of workers, and nothing says how they are told"
            before, after, _ = GRAPH[reason]
            assert reason == "forfeit" or (gives, gets) == (before, after), (reason, gives, gets)
        for reason, (_, _, told) in GRAPH.items():
            if told is not None:
                untold = await tx.rows(
                    f"SELECT m.* FROM ({_MOVES}) m JOIN worker w ON w.id = m.worker_id "
                    f"WHERE m.reason = '{reason}' AND w.state <> 'forgotten' AND NOT {told}"
                )
                assert not untold, f"{reason}: {untold[:3]}"
        assert not await tx.rows(_RELEASED)
        assert not await tx.rows(_ENDED)
    return {reason for reason, _, _ in ways}
