"""All of a worker's data as .zip files, each small enough to be sent. However much it is, little of it is in memory."""

import asyncio
import csv
import io
import zipfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import orjson

from crowd.exports.cells import harmless
from crowd.owndata.sections import PROFILE, SECTIONS, Section
from db.database import Tx

LARGEST = 40 * 1024 * 1024
"""Bytes of a .zip after which another is begun: the chat network takes 50 MB."""

MANY = 2000
"""Rows in one file of the archive."""

_JSON = orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z


@dataclass(slots=True)
class _Archives:
    """One .zip after the other, numbered."""

    folder: Path
    largest: int
    paths: list[Path]
    open: zipfile.ZipFile | None = None

    def add(self, name: str, content: bytes) -> None:
        """Put a file into the archive; into a new one where it is large by now."""
        if self.open is not None and self.paths[-1].stat().st_size > self.largest:
            self.close()
        if self.open is None:
            self.paths.append(self.folder / f"kazi-my-data-{len(self.paths) + 1}.zip")
            self.open = zipfile.ZipFile(self.paths[-1], "w", zipfile.ZIP_DEFLATED)
        self.open.writestr(name, content)

    def close(self) -> None:
        """Finish the archive."""
        if self.open is not None:
            self.open.close()
        self.open = None


async def pack(tx: Tx, worker_id: int, folder: Path, *, largest: int = LARGEST, many: int = MANY) -> list[Path]:
    """Write all of a worker's data into a folder; the files, in their order.

    Each section is there as JSON and as CSV, in files of so `many` rows. What golds say of today is left for tomorrow.
    """
    await tx.run("SET LOCAL idle_in_transaction_session_timeout = 0")
    await tx.run("SET LOCAL statement_timeout = 0")
    archives = _Archives(folder, largest, [])
    try:
        profile = await tx.row(PROFILE, worker_id)
        archives.add("profile.json", orjson.dumps(dict(profile or {}), option=_JSON))
        for section in SECTIONS:
            number = 0
            async for rows in _pages(tx, section, worker_id, many):
                number += 1
                await asyncio.to_thread(_write, archives, f"{section.name}-{number:04}", rows)
    finally:
        archives.close()
    return archives.paths


async def _pages(tx: Tx, section: Section, worker_id: int, many: int) -> AsyncIterator[Sequence[asyncpg.Record]]:
    today = tx.now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    arguments = (worker_id, today, False) if section.checks else (worker_id,)
    cursor = await tx.connection.cursor(section.query, *arguments)
    while rows := await cursor.fetch(many):
        yield rows


def _write(archives: _Archives, name: str, rows: Sequence[asyncpg.Record]) -> None:
    archives.add(f"{name}.json", orjson.dumps([dict(row) for row in rows], option=_JSON))
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(rows[0].keys())
    writer.writerows([_cell(value) for value in row.values()] for row in rows)
    archives.add(f"{name}.csv", table.getvalue().encode())


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return harmless(value if isinstance(value, str) else orjson.dumps(value).decode())
