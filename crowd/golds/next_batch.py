"""Golds for the next batch: those of one that stood, and its tasks whose label a person decided."""

import asyncpg

from crowd.batches.spec import BatchSpec
from crowd.exports.base import Column, Row, Type
from crowd.golds.making import mutable
from crowd.kinds.base import Json
from crowd.labels.owncolumns import item_cell, item_columns
from db.database import Tx

# A gold that was made of a decided task takes its place, and its id: it may have an explanation, or be found wrong.
# Where its item was changed for that, the requester's own item stands here.
_GOLDS = """
SELECT coalesce(s.key, t.key) AS key, t.payload, s.payload AS own, t.gold ->> 'mutation' AS mutation,
       coalesce(t.gold -> 'value', t.label) AS value,
       t.gold -> 'explanation' AS explanation
FROM batch b JOIN task t ON t.id BETWEEN b.first_task AND b.last_task AND t.batch_id = b.id
LEFT JOIN made_gold m ON m.task_id = t.id LEFT JOIN task s ON s.id = m.source_id
WHERE b.id = $1 AND t.suspended_at IS NULL AND t.withdrawn_at IS NULL
  AND (t.gold IS NOT NULL OR t.reviewed_at IS NOT NULL AND t.label IS NOT NULL)
  AND NOT EXISTS (
      SELECT FROM made_gold n JOIN task g ON g.id = n.task_id LEFT JOIN suspension u ON u.task_id = n.task_id
      WHERE n.source_id = t.id AND (g.suspended_at IS NULL OR u.wrong IS NOT NULL)
  )
ORDER BY key
"""


async def next_golds(tx: Tx, batch_id: int, spec: BatchSpec) -> tuple[tuple[Column, ...], list[Row]]:
    """Columns and rows of an items file, by the requester's own names; without golds that are suspended.

    What a person decided has no explanation yet.
    """
    rows = await tx.rows(_GOLDS, batch_id)
    locales = sorted({locale for row in rows for locale in row["explanation"] or {}})
    own = item_columns(spec, await tx.value("SELECT columns FROM batch WHERE id = $1", batch_id))
    names = ["id", *(name for name, _ in own), "gold", *(f"explanation_{locale}" for locale in locales)]
    columns = tuple(Column(spec.columns.get(name, name), Type.TEXT) for name in names)
    found: list[Row] = []
    for row in rows:
        told = row["explanation"] or {}
        payload, value = _as_brought(spec, row)
        cells = (item_cell(payload.get(name), holds) for name, holds in own)
        found.append((row["key"], *cells, value, *(told.get(locale) for locale in locales)))
    return columns, found


def _as_brought(spec: BatchSpec, row: asyncpg.Record) -> tuple[Json, Json]:
    """The item, and what is right of it: of one that was changed, that which it was made of."""
    kind = mutable(spec)
    if kind is None or row["mutation"] is None:
        return row["payload"], row["value"]
    return row["own"], kind.mutated_answer(spec, kind.payload(row["payload"]), row["value"])
