"""Who changed what. Written with the change, and never changed itself."""

from crowd.kinds.base import Json
from db.database import Tx


async def note(tx: Tx, actor: str, action: str, subject: int, detail: Json) -> None:
    """Note what somebody did: `action` as `batch.post`, `subject` the id of what it was done to."""
    await tx.run(
        "INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5)",
        tx.now, actor, action, str(subject), detail,
    )  # fmt: skip
