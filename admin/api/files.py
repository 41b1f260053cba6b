"""The recordings and pictures that workers brought to a batch."""

import asyncio
import tempfile
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException

from admin.api.access import BatchId, Caller, Db, own_batch
from admin.api.problems import ProblemRoute, failures
from crowd.labels.brought import brings_files, pack

router = APIRouter(prefix="/batches", tags=["results"], route_class=ProblemRoute)


@router.get(
    "/{batch_id:int}/files",
    summary="Take away the recordings or pictures of a batch",
    response_class=FileResponse,
    responses={
        200: {
            "description": "A .zip of them, and in it `index.csv`, which says what each is.",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        },
        **failures(404, 409),
    },
)
async def batch_files(database: Db, caller: Caller, batch_id: BatchId) -> FileResponse:
    """At any time: those that are there at the moment of the call. 409 where answers are no files."""
    async with database.reading() as tx:
        card = await own_batch(tx, caller, batch_id)
        if not brings_files(card.kind):
            raise HTTPException(409, "the answers of this batch are no files: its results have them")
        with tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as made:
            path = Path(made.name)
        try:
            await pack(tx, batch_id, path)
        except BaseException:
            await asyncio.to_thread(path.unlink)
            raise
    return FileResponse(
        path, media_type="application/zip", filename=f"{card.slug}-files.zip", background=BackgroundTask(path.unlink)
    )
