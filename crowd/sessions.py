"""Whether somebody who signed in with a token is still to be let in."""

from crowd.requesters import Requester
from db.database import Tx


async def requester_signed_in(tx: Tx, requester_id: int, digest: bytes | None) -> Requester | None:
    """The requester, as long as the token of that digest is not revoked. None for the digest: came without one."""
    row = await tx.row(
        """
        SELECT id, name FROM requester WHERE id = $1 AND ($2::bytea IS NULL OR EXISTS (
            SELECT FROM api_token WHERE digest = $2 AND requester_id = $1 AND revoked_at IS NULL
        ))
        """,
        requester_id, digest,
    )  # fmt: skip
    return Requester(row["id"], row["name"]) if row else None


async def first_requester(tx: Tx) -> Requester | None:
    """Whose batches a visitor of the demo looks at."""
    row = await tx.row("SELECT id, name FROM requester ORDER BY id LIMIT 1")
    return Requester(row["id"], row["name"]) if row else None
