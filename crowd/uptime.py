"""When a bot was last there, so that whoever tapped while it was away is told: such taps are lost, and nothing else.

A chat network keeps a tap for two and a half minutes and a message for a day. Whoever had a task in hands has as much
more time for it as the bot was away.
"""

from datetime import timedelta

from db.database import Tx

TAPS_KEPT = timedelta(seconds=150)
"""So long the network keeps a tap."""

_AT_WORK = timedelta(minutes=30)
"""Who got a task that long before the bot went away, at most, may have tapped on it since."""

_SEEN = """
INSERT INTO uptime (bot_id, seen_at) VALUES ($1, $2)
ON CONFLICT (bot_id) DO UPDATE SET seen_at = greatest(uptime.seen_at, excluded.seen_at)
"""

_LONGER = """
UPDATE lease SET due_at = due_at + $2::interval
WHERE id IN (SELECT id FROM lease WHERE due_at > $1 AND redo_of IS NULL ORDER BY id FOR UPDATE SKIP LOCKED)
"""

_TELL = """
INSERT INTO outbox (person_id, subject, content, key, due_at)
SELECT w.person_id, 'back', jsonb_build_object('lease', l.id, 'minutes', $3::int),
       'back:' || l.id || ':' || $4::text, $5
FROM lease l JOIN worker w ON w.id = l.worker_id AND w.state = 'active'
WHERE l.given_at BETWEEN $1 AND $2 AND NOT l.waiting AND l.pack_id IS NULL
ON CONFLICT (key) DO NOTHING
"""


async def seen(tx: Tx, bot_id: int) -> None:
    """The bot is there."""
    await tx.run(_SEEN, bot_id, tx.now)


async def came_back(tx: Tx, bot_id: int) -> int:
    """The bot starts. Of whoever may have tapped in vain while it was away, all are told; how many."""
    last = await tx.value("SELECT seen_at FROM uptime WHERE bot_id = $1 FOR UPDATE", bot_id)
    await seen(tx, bot_id)
    if last is None or tx.now - last <= TAPS_KEPT:
        return 0
    away = tx.now - last
    await tx.run(_LONGER, last, away)
    minutes = max(1, round(away.total_seconds() / 60))
    return await tx.run(_TELL, last - _AT_WORK, last, minutes, f"{last:%Y%m%d%H%M%S}", tx.now)
