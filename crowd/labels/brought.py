"""The recordings and pictures that workers brought, packed in one archive, with a table of what each is."""

import asyncio
import csv
import io
import zipfile
from pathlib import Path

from crowd.kinds import kind_named
from crowd.kinds.judging import BroughtKind
from db.database import Tx

_SUFFIX = {"sound": "ogg", "picture": "jpg"}

_ANSWERS = """
SELECT a.id, t.key, a.value, w.pseudonym, (SELECT word FROM judged_answer WHERE answer_id = a.id) AS judged
FROM batch b JOIN task t ON t.id BETWEEN b.first_task AND b.last_task
JOIN answer a ON a.task_id = t.id JOIN worker w ON w.id = a.worker_id
WHERE b.id = $1 AND a.value IS NOT NULL ORDER BY a.id
"""


def brings_files(kind: str) -> bool:
    """Whether the answers of a kind are recordings or pictures."""
    return isinstance(kind_named(kind), BroughtKind)


async def pack(tx: Tx, batch_id: int, into: Path) -> int:
    """Write what was brought to a batch into a .zip; how many files there are.

    Each is there once, under the id of its answer; `index.csv` says to which task and of whom it is, and what judges
    said of it. Raises FileNotFoundError when the store has lost one.
    """
    await tx.run("SET LOCAL idle_in_transaction_session_timeout = 0")
    await tx.run("SET LOCAL statement_timeout = 0")
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["file", "task", "worker", "judged"])
    count = 0
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:  # they are compressed by themselves
        cursor = await tx.connection.cursor(_ANSWERS, batch_id)
        while records := await cursor.fetch(200):
            for record in records:
                sort = next(name for name in _SUFFIX if name in record["value"])
                name = f"{record['id']}.{_SUFFIX[sort]}"
                data = await tx.files.get(record["value"][sort])
                await asyncio.to_thread(archive.writestr, name, data)
                rows.writerow([name, record["key"], record["pseudonym"], record["judged"] or ""])
                count += 1
        archive.writestr("index.csv", table.getvalue())
    return count
