"""Results of a batch, streamed."""

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import aclosing
from tempfile import TemporaryFile
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator

from admin.api.access import BatchId, Caller, Db, own_batch
from admin.api.problems import ProblemRoute, failures
from crowd.exports import format_named, formats
from crowd.exports.base import Format
from crowd.labels.fitting import bring_up_to_date
from crowd.labels.results import Rows, export
from db.database import Database

router = APIRouter(prefix="/batches", tags=["results"], route_class=ProblemRoute)

_PIECE = 256 * 1024


def _known(name: str) -> str:
    if name not in formats():
        raise ValueError(f"there are {', '.join(formats())}")
    return name


FormatName = Annotated[
    str,
    AfterValidator(_known),
    Query(description="the file format", json_schema_extra={"enum": [*formats()]}),
]


@router.get(
    "/{batch_id:int}/results",
    summary="Take away the results of a batch",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "One row for each task, or for each answer.",
            "content": {
                form.media_type: {"schema": {"type": "string", "format": "binary"}} for form in formats().values()
            },
        },
        **failures(404),
    },
)
async def batch_results(
    database: Db,
    caller: Caller,
    batch_id: BatchId,
    rows: Annotated[Rows, Query(description="what a row is about")] = Rows.TASKS,
    format: FormatName = "csv",  # noqa: A002
) -> StreamingResponse:
    """Everything is of the moment of the call. At any time: what is not settled yet has its label so far."""
    async with database.reading() as tx:
        card = await own_batch(tx, caller, batch_id)
    await bring_up_to_date(database, batch_id)
    form = format_named(format)
    return StreamingResponse(
        _relayed(_pieces(database, batch_id, rows, form)),
        media_type=form.media_type,
        headers={"Content-Disposition": f'attachment; filename="{card.slug}-{rows}.{form.name}"'},
    )


async def _pieces(database: Database, batch_id: int, rows: Rows, form: Format) -> AsyncGenerator[bytes, None]:
    async with database.reading() as tx, aclosing(export(tx, batch_id, rows, form)) as parts:
        async for part in parts:
            if part.data:
                yield part.data


async def _relayed(pieces: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """The same bytes, by way of a file: a client on a slow line must not hold a transaction open for hours."""
    with TemporaryFile() as file:
        written, more = 0, asyncio.Event()

        async def fill() -> None:
            nonlocal written
            try:
                async with aclosing(pieces):
                    async for piece in pieces:
                        await asyncio.to_thread(os.pwrite, file.fileno(), piece, written)
                        written += len(piece)
                        more.set()
            finally:
                more.set()

        filling = asyncio.create_task(fill())
        try:
            sent = 0
            while sent < written or not filling.done():
                if sent == written:
                    await more.wait()
                    more.clear()
                    continue
                length = min(_PIECE, written - sent)
                yield await asyncio.to_thread(os.pread, file.fileno(), length, sent)
                sent += length
            await filling
        finally:
            filling.cancel()
            await asyncio.gather(filling, return_exceptions=True)
