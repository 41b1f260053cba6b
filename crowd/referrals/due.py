"""Which open invitations are looked at next: those whose invited worker had money released since the last time.

An answer becomes a good one when its hold is over, or when it is given back after it was voided. All that else may make
one good (a pause that ends, a finding that is dismissed, what others judge) is rare, and found by looking at all.
"""

from collections.abc import Collection

from db.database import Tx

# Always written, also where it is due already: so this waits for who looks at it at this moment, and comes after them.
_LOOK_AGAIN = """
WITH theirs AS (
    SELECT invited_id FROM invitation WHERE invited_id = ANY($1) AND terms_id IS NOT NULL AND earned_at IS NULL
    ORDER BY invited_id FOR NO KEY UPDATE
)
UPDATE invitation SET due = true FROM theirs WHERE invitation.invited_id = theirs.invited_id
"""

# Who is told of a release at this moment is due still, and left for the next time.
_TAKE = """
SELECT invited_id FROM invitation WHERE due AND terms_id IS NOT NULL AND earned_at IS NULL
ORDER BY invited_id FOR NO KEY UPDATE SKIP LOCKED
"""


async def look_again(tx: Tx, workers: Collection[int]) -> None:
    """Money of these workers was released: if they were invited, their invitation is due. Locked last, by id."""
    if workers:
        await tx.run(_LOOK_AGAIN, sorted(set(workers)))


async def take_due(tx: Tx) -> list[int]:
    """The invited workers whose invitations are due, locked, and due no more."""
    found = [row["invited_id"] for row in await tx.rows(_TAKE)]
    if found:
        await tx.run("UPDATE invitation SET due = false WHERE invited_id = ANY($1)", found)
    return found
