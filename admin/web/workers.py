"""The workers of all batches, by their pseudonyms."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from admin.web.page import pair_asked, render, signed_in
from crowd.workers.cards import worker_cards

router = APIRouter(include_in_schema=False)

_PAGE = 25


@router.get("/workers")
async def all_workers(request: Request) -> Response:
    """Who worked for this requester, the busiest first."""
    before = pair_asked(request, "before")
    async with signed_in(request) as (tx, visitor):
        found = await worker_cards(tx, requester_id=visitor.requester.id, before=before, limit=_PAGE + 1)
    last = found[_PAGE - 1] if len(found) > _PAGE else None
    more = f"{last.answers}.{last.id}" if last else None
    return render(request, "workers.html", visitor, workers=found[:_PAGE], before=before, more=more)
