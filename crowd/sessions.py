"""Whether somebody who signed in with a token is still to be let in."""

from crowd.requesters import Requester
from db.database import Tx


async def requester_signed_in(tx: Tx, requester_id: int, digest: bytes | None) -> Requester | None:
    """The requester, as long as the token of that digest is not revoked. None for the digest: came without one."""
    row = await tx.row(
        """
        SELECT r.id, r.name, coalesce(t.owner, true) AS owner FROM requester r
        LEFT JOIN api_token t ON t.digest = $2 AND t.requester_id = r.id AND t.revoked_at IS NULL
        WHERE r.id = $1 AND ($2::bytea IS NULL OR t.digest IS NOT NULL)
        """,
        requester_id, digest,
    )  # fmt: skip
    return Requester(row["id"], row["name"], row["owner"]) if row else None


async def first_requester(tx: Tx) -> Requester | None:
    """Whose batches a visitor of the demo looks at."""
    row = await tx.row("SELECT id, name FROM requester ORDER BY id LIMIT 1")
    return Requester(row["id"], row["name"]) if row else None
