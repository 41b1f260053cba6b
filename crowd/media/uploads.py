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


async def upload_of(tx: Tx, bot_id: int, file: str, view: str) -> Upload | None:
    """What the network calls that view of a picture; None before it has it."""
    row = await tx.row(
        "SELECT handle, identity FROM upload WHERE bot_id = $1 AND file = $2 AND view = $3", bot_id, file, view
    )
    return Upload(row["handle"], row["identity"]) if row else None


async def keep_upload(tx: Tx, bot_id: int, file: str, view: str, upload: Upload) -> None:
    """Remember it. Of two that were sent at once, the later counts."""
    await tx.run(
        """
        INSERT INTO upload (bot_id, file, view, handle, identity, at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (bot_id, file, view)
        DO UPDATE SET handle = excluded.handle, identity = excluded.identity, at = excluded.at
        """,
        bot_id, file, view, upload.handle, upload.identity, tx.now,
    )  # fmt: skip


async def forget_upload(tx: Tx, bot_id: int, file: str, view: str, handle: str) -> None:
    """The network does not know it by that name any more."""
    await tx.run(
        "DELETE FROM upload WHERE bot_id = $1 AND file = $2 AND view = $3 AND handle = $4", bot_id, file, view, handle
    )
