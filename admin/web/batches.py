"""The list of batches, kept fresh while it is looked at."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from admin.web.page import number_asked, render, signed_in
from crowd.batches.cards import batch_cards
from crowd.batches.life import State
from crowd.batches.waiting import waiting_batches

router = APIRouter(include_in_schema=False)

_PAGE = 25
_WAITING = "waiting"
"""Beside the states: those that wait for their requester."""


@router.get("/batches")
async def batches(request: Request) -> Response:
    """Batches, newest first: in one state or in any, or those that wait for who looks."""
    said = request.query_params.get("state", "")
    state = said if said in {_WAITING, *State} else None
    only = None if state == _WAITING else state
    before = number_asked(request, "before")
    async with signed_in(request) as (tx, visitor):
        mine = visitor.requester.id
        cards = await batch_cards(
            tx, requester_id=mine, state=only, waiting=state == _WAITING, before=before, limit=_PAGE + 1
        )
        waiting = await waiting_batches(tx, mine)
    more = cards[_PAGE - 1].id if len(cards) > _PAGE else None
    return render(
        request, "batches.html", visitor, cards=cards[:_PAGE], state=state, states=list(State), before=before,
        more=more, waiting=waiting,
    )  # fmt: skip
