"""Answers that are given again: known by a mark, which is nearly the same for those that look the same."""

from crowd.kinds.base import AnswerError
from db.database import Tx

NEAR = 5
"""Bits of 64 in which the marks of two pictures of the same differ at most, compressed or scaled as they may be."""

_SEEN = f"""
SELECT EXISTS (
    SELECT FROM answer_mark
    WHERE batch_id = $1 AND answer_id <> $3 AND bit_count(mark # $2::text::bit(64)) <= {NEAR}
)
"""  # noqa: S608

_KEEP = """
INSERT INTO answer_mark (batch_id, answer_id, mark) VALUES ($1, $2, $3::text::bit(64)) ON CONFLICT DO NOTHING
"""


_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(4054, ($1::bigint & 2147483647)::int)"


async def one_at_a_time(tx: Tx, batch_id: int) -> None:
    """Of two who give the same at once, the second waits until the first is known. No purse may be locked yet."""
    await tx.run(_ONE_AT_A_TIME, batch_id)


async def refuse_twin(tx: Tx, kind: str, batch_id: int, mark: str, answer_id: int) -> None:
    """Raises AnswerError when another answer of the batch has nearly that mark: 16 hexadecimal digits."""
    if await tx.value(_SEEN, batch_id, _bits(mark), answer_id):
        raise AnswerError(kind, "seen_before")


async def keep_mark(tx: Tx, batch_id: int, mark: str, answer_id: int) -> None:
    """Know an answer by its mark from now on."""
    await tx.run(_KEEP, batch_id, answer_id, _bits(mark))


def _bits(mark: str) -> str:
    return f"{int(mark, 16):064b}"
