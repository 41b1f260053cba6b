"""What was said in a chat and not yet sent. Kept in the database, so that any process can go on with it."""

from dataclasses import dataclass

from crowd.kinds.base import Json
from db.database import Tx


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that waits to be finished, or confirmed."""

    about: str
    """What it answers: see `of_lease` and `of_practice`."""
    said: Json


def of_lease(lease_id: int) -> str:
    """What a draft is about that answers a lease."""
    return f"lease:{lease_id}"


def of_practice(task_id: int, attempt: int) -> str:
    """What a draft is about that answers a practice task, at that try."""
    return f"practice:{task_id}:{attempt}"


async def draft(tx: Tx, bot_id: int, person_id: int) -> Draft | None:
    """What a person said last and has not sent."""
    row = await tx.row("SELECT about, said FROM draft WHERE bot_id = $1 AND person_id = $2", bot_id, person_id)
    return Draft(row["about"], row["said"]) if row else None


async def keep_draft(tx: Tx, bot_id: int, person_id: int, about: str, said: Json) -> None:
    """Keep what a person said until they send it or answer something else."""
    await tx.run(
        """
        INSERT INTO draft (bot_id, person_id, about, said, said_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (bot_id, person_id)
        DO UPDATE SET about = excluded.about, said = excluded.said, said_at = excluded.said_at
        """,
        bot_id, person_id, about, said, tx.now,
    )  # fmt: skip


async def forget_draft(tx: Tx, bot_id: int, person_id: int) -> None:
    """It was sent."""
    await tx.run("DELETE FROM draft WHERE bot_id = $1 AND person_id = $2", bot_id, person_id)
