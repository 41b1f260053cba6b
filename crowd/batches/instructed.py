"""In which languages the workers of a batch miss its instructions."""

from crowd.batches.spec import BatchSpec
from db.database import Tx


async def without_instructions(tx: Tx, batch_id: int, spec: BatchSpec) -> dict[str, int]:
    """By language in which workers of a batch read the chat, how many there are; the most first.

    Left out are those in which it has instructions, and its own, which all of them read.
    """
    rows = await tx.rows(
        """
        SELECT w.locale, count(*) AS workers FROM participation p JOIN worker w ON w.id = p.worker_id
        WHERE p.batch_id = $1 AND w.state <> 'forgotten' GROUP BY w.locale ORDER BY count(*) DESC, w.locale
        """,
        batch_id,
    )
    there = {_language(code) for code in (*spec.instructions, spec.language)}
    return {row["locale"]: row["workers"] for row in rows if _language(row["locale"]) not in there}


def _language(code: str) -> str:
    """Without its script and country."""
    return code.replace("_", "-").split("-", maxsplit=1)[0].lower()
