"""In which languages the workers of a batch miss its instructions, written and spoken."""

from collections.abc import Iterable

from crowd.batches.spec import BatchSpec
from db.database import Tx


async def without_instructions(tx: Tx, batch_id: int, spec: BatchSpec) -> dict[str, int]:
    """By language in which workers of a batch read the chat, how many there are; the most first.

    Left out are those in which it has instructions, and its own, which all of them read.
    """
    return _but(await _workers_by_locale(tx, batch_id), (*spec.instructions, spec.language))


async def without_spoken(tx: Tx, batch_id: int, spec: BatchSpec) -> dict[str, int]:
    """The same of those in which it has no spoken instructions; empty where it has none at all."""
    if not spec.spoken_instructions:
        return {}
    return _but(await _workers_by_locale(tx, batch_id), spec.spoken_instructions)


async def _workers_by_locale(tx: Tx, batch_id: int) -> dict[str, int]:
    rows = await tx.rows(
        """
        SELECT w.locale, count(*) AS workers FROM participation p JOIN worker w ON w.id = p.worker_id
        WHERE p.batch_id = $1 AND w.state <> 'forgotten' GROUP BY w.locale ORDER BY count(*) DESC, w.locale
        """,
        batch_id,
    )
    return {row["locale"]: row["workers"] for row in rows}


def _but(workers: dict[str, int], there: Iterable[str]) -> dict[str, int]:
    known = {language_of(code) for code in there}
    return {locale: number for locale, number in workers.items() if language_of(locale) not in known}


def language_of(code: str) -> str:
    """A locale without its script and country."""
    return code.replace("_", "-").split("-", maxsplit=1)[0].lower()
