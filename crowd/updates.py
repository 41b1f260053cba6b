"""What became of updates from the chat."""

from db.database import Tx


async def note_failure(tx: Tx, bot_id: int, update_id: int, why: str) -> None:
    """Note that an update could not be handled, so that it is not tried for ever, and can be looked at."""
    await tx.run(
        """
        INSERT INTO inbox (bot_id, update_id, failed) VALUES ($1, $2, $3)
        ON CONFLICT (bot_id, update_id) DO UPDATE SET failed = excluded.failed
        """,
        bot_id, update_id, why,
    )  # fmt: skip
