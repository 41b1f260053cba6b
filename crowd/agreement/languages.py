"""Agreement over batches: which language, in which kind of task, does worse than the others."""

from dataclasses import dataclass

from db.database import Tx


@dataclass(frozen=True, slots=True)
class LanguageAgreement:
    """The batches of one language and kind that have a figure."""

    language: str
    kind: str
    batches: int
    tasks: int
    """That the figures are taken from."""
    alpha: float
    """The mean, each batch weighing by its tasks: answers to different questions cannot be compared in one."""
    lowest: float
    highest: float


_LANGUAGES = """
SELECT b.language, b.kind, count(*)::int, sum(each.tasks)::bigint,
       sum(each.alpha * each.tasks) / sum(each.tasks), min(each.alpha), max(each.alpha)
FROM batch b JOIN agreement a ON a.batch_id = b.id, LATERAL (
    SELECT (a.figures ->> 'alpha')::float AS alpha, (a.figures ->> 'tasks')::bigint AS tasks
) each
WHERE b.requester_id = $1 AND each.alpha IS NOT NULL
GROUP BY b.language, b.kind ORDER BY b.language, b.kind
"""


async def agreement_by_language(tx: Tx, requester_id: int) -> list[LanguageAgreement]:
    """Of a requester's batches, as last measured."""
    return [LanguageAgreement(*row) for row in await tx.rows(_LANGUAGES, requester_id)]
