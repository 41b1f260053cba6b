"""What the chat network was told to show of a bot beside its chats: it is told once, and again when it has changed."""

from collections.abc import Mapping

from db.database import Tx


async def told(tx: Tx, bot_id: int) -> Mapping[str, bytes]:
    """By language, the SHA-256 of what it was told."""
    rows = await tx.rows("SELECT language, digest FROM profile WHERE bot_id = $1", bot_id)
    return {row["language"]: row["digest"] for row in rows}


async def keep_told(tx: Tx, bot_id: int, language: str, digest: bytes) -> None:
    """Remember it."""
    await tx.run(
        """
        INSERT INTO profile (bot_id, language, digest, at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (bot_id, language) DO UPDATE SET digest = excluded.digest, at = excluded.at
        """,
        bot_id, language, digest, tx.now,
    )  # fmt: skip


async def forget_told(tx: Tx, bot_id: int) -> None:
    """The network shows something else: it is to be told all of it again."""
    await tx.run("DELETE FROM profile WHERE bot_id = $1", bot_id)
