"""What was said in a chat and not yet confirmed. Kept in the database, so that any process can go on with it."""

from dataclasses import dataclass

from crowd.kinds.base import Json
from db.database import Tx


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that waits to be confirmed."""

    lease_id: int
    said: Json


async def draft(tx: Tx, bot_id: int, person_id: int) -> Draft | None:
    """What a person said last and has not confirmed."""
    row = await tx.row("SELECT lease_id, said FROM draft WHERE bot_id = $1 AND person_id = $2", bot_id, person_id)
    return Draft(row["lease_id"], row["said"]) if row else None


async def keep_draft(tx: Tx, bot_id: int, person_id: int, lease_id: int, said: Json) -> None:
    """Keep what a person said until they confirm it or say something else."""
    await tx.run(
        """
        INSERT INTO draft (bot_id, person_id, lease_id, said, said_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (bot_id, person_id)
        DO UPDATE SET lease_id = excluded.lease_id, said = excluded.said, said_at = excluded.said_at
        """,
        bot_id, person_id, lease_id, said, tx.now,
    )  # fmt: skip


async def forget_draft(tx: Tx, bot_id: int, person_id: int) -> None:
    """It was confirmed."""
    await tx.run("DELETE FROM draft WHERE bot_id = $1 AND person_id = $2", bot_id, person_id)
