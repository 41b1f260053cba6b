"""Sounds that tasks have, as workers hear them."""

import re

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.web.batch import batch_asked
from admin.web.page import panel_of, signed_in

router = APIRouter(prefix="/batches/{batch_id}/sounds", include_in_schema=False)

_NAME = re.compile("[0-9a-f]{64}")
_FOR_EVER = {"cache-control": "private, max-age=31536000, immutable"}


@router.get("/{name}")
async def sound(request: Request, batch_id: str, name: str) -> Response:
    """One sound."""
    async with signed_in(request) as (tx, visitor):
        await batch_asked(tx, visitor, batch_id)
    if not _NAME.fullmatch(name):
        raise HTTPException(404)
    try:
        data = await panel_of(request).database.files.get(name)
    except FileNotFoundError:
        raise HTTPException(404) from None
    return Response(data, media_type="audio/ogg", headers=_FOR_EVER)
