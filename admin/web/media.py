"""Pictures and sounds that tasks have, or workers brought, as workers see and hear them."""

import asyncio
import re

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.web.batch import batch_asked
from admin.web.page import panel_of, signed_in
from crowd.batches.spec import BatchSpec
from crowd.kinds.pictureitem import PictureSpec
from crowd.media.picture import View

router = APIRouter(prefix="/batches/{batch_id}", include_in_schema=False)

_NAME = re.compile("[0-9a-f]{64}")
_FOR_EVER = {"cache-control": "private, max-age=31536000, immutable"}
"""A file never changes: its name is that of its bytes, and the grid over a picture is its batch's."""


@router.get("/pictures/{name}")
async def picture(request: Request, batch_id: str, name: str, full: bool = False) -> Response:
    """One picture, small or in full, with the grid that is over it."""
    spec, data = await _file(request, batch_id, name)
    from crowd.media.drawing import drawn  # Pillow, which most pages do without

    grid = spec.grid if isinstance(spec, PictureSpec) else None
    shown = await asyncio.to_thread(drawn, data, View(full=full, grid=grid))
    return Response(shown, media_type="image/jpeg", headers=_FOR_EVER)


@router.get("/sounds/{name}")
async def sound(request: Request, batch_id: str, name: str) -> Response:
    """One sound."""
    _, data = await _file(request, batch_id, name)
    return Response(data, media_type="audio/ogg", headers=_FOR_EVER)


async def _file(request: Request, batch_id: str, name: str) -> tuple[BatchSpec, bytes]:
    """A file of a batch, and what the batch says. Raises HTTPException.

    The house's own people see those of all batches, since they decide about findings and appeals by them.
    """
    async with signed_in(request) as (tx, visitor):
        _, spec = await batch_asked(tx, visitor, batch_id, for_staff=True)
    if not _NAME.fullmatch(name):
        raise HTTPException(404)
    try:
        return spec, await panel_of(request).database.files.get(name)
    except FileNotFoundError:
        raise HTTPException(404) from None
