"""The list of batches, kept fresh while it is looked at."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from admin.web.page import number_asked, render, signed_in
from crowd.batches.cards import batch_cards
from crowd.batches.life import State

router = APIRouter(include_in_schema=False)

_PAGE = 25


@router.get("/batches")
async def batches(request: Request) -> Response:
    """Batches, newest first, in one state or in any."""
    said = request.query_params.get("state", "")
    state = State(said) if said in {each.value for each in State} else None
    before = number_asked(request, "before")
    async with signed_in(request) as (tx, visitor):
        cards = await batch_cards(tx, requester_id=visitor.requester.id, state=state, before=before, limit=_PAGE + 1)
    more = cards[_PAGE - 1].id if len(cards) > _PAGE else None
    return render(
        request, "batches.html", visitor, cards=cards[:_PAGE], state=state, states=list(State), before=before, more=more
    )
