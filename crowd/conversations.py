"""Where each chat stands. Kept in the database, so that any process can go on with it."""

from dataclasses import dataclass
from datetime import datetime

from crowd.kinds.base import Json
from db.database import Tx


@dataclass(frozen=True, slots=True)
class Conversation:
    """The state of one chat."""

    message_id: int | None
    """The message that is edited from screen to screen."""
    draft: Json
    """What was said and not yet confirmed."""
    seen_at: datetime


async def conversation(tx: Tx, bot_id: int, person_id: int) -> Conversation | None:
    """Where a chat stands; None before its first screen."""
    row = await tx.row(
        "SELECT message_id, draft, seen_at FROM conversation WHERE bot_id = $1 AND person_id = $2",
        bot_id,
        person_id,
    )
    return Conversation(**dict(row)) if row else None


async def keep_draft(tx: Tx, bot_id: int, person_id: int, draft: Json) -> None:
    """Keep what a person said until they confirm it; None forgets it."""
    await tx.run(
        """
        INSERT INTO conversation (bot_id, person_id, draft, seen_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (bot_id, person_id) DO UPDATE SET draft = excluded.draft, seen_at = excluded.seen_at
        """,
        bot_id, person_id, draft, tx.now,
    )  # fmt: skip


async def keep_message(tx: Tx, bot_id: int, person_id: int, message_id: int) -> None:
    """Remember which message is the chat's screen."""
    await tx.run(
        """
        INSERT INTO conversation (bot_id, person_id, message_id, seen_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (bot_id, person_id) DO UPDATE SET message_id = excluded.message_id, seen_at = excluded.seen_at
        """,
        bot_id, person_id, message_id, tx.now,
    )  # fmt: skip
