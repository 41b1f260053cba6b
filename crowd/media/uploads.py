"""What a chat network has of our pictures already, and how it calls them: each is sent to it once per bot."""

from dataclasses import dataclass

from db.database import Tx


@dataclass(frozen=True, slots=True)
class Upload:
    """A view of a picture that the network has."""

    handle: str
    """By which it is sent again."""
    identity: str
    """By which it is known again in a message that shows it."""
    bytes: int = 0
    """Of the file; 0 where that was never noted."""


async def upload_of(tx: Tx, bot_id: int, file: str, view: str) -> Upload | None:
    """What the network calls that view of a picture; None before it has it."""
    row = await tx.row(
        "SELECT handle, identity, bytes FROM upload WHERE bot_id = $1 AND file = $2 AND view = $3", bot_id, file, view
    )
    return Upload(row["handle"], row["identity"], row["bytes"] or 0) if row else None


async def keep_upload(tx: Tx, bot_id: int, file: str, view: str, upload: Upload) -> None:
    """Remember it. Of two that were sent at once, the later counts."""
    await tx.run(
        """
        INSERT INTO upload (bot_id, file, view, handle, identity, bytes, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (bot_id, file, view) DO UPDATE SET
            handle = excluded.handle, identity = excluded.identity, bytes = excluded.bytes, at = excluded.at
        """,
        bot_id, file, view, upload.handle, upload.identity, upload.bytes, tx.now,
    )  # fmt: skip


async def forget_upload(tx: Tx, bot_id: int, file: str, view: str, handle: str) -> None:
    """The network does not know it by that name any more."""
    await tx.run(
        "DELETE FROM upload WHERE bot_id = $1 AND file = $2 AND view = $3 AND handle = $4", bot_id, file, view, handle
    )
