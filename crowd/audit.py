"""Who changed what. Written with the change, and never changed itself."""

import unicodedata

from crowd.kinds.base import Json
from db.database import Tx


async def note(tx: Tx, actor: str, action: str, subject: int, detail: Json) -> None:
    """Note what somebody did: `action` as `batch.post`, `subject` the id of what it was done to."""
    await tx.run(
        "INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5)",
        tx.now, actor, action, str(subject), detail,
    )  # fmt: skip


def person_of(actor: str) -> str:
    """Who that is, whichever way they came: `house/amina (panel)` is `amina (command)`. Two actors may be one person.

    The database's checks of four eyes hold persons apart too, as far as SQL can (`db.schema.columns.person`).
    """
    name = actor.partition(" (")[0].rpartition("/")[2]
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
