"""Ending the pilot of a batch."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from admin.web.batch import batch_asked
from admin.web.page import form_of, go, render, session_of, signed_in
from crowd.batches.life import BatchError
from crowd.pilots.releasing import pilot_card, release
from crowd.pilots.states import LONGEST_REASON, tidied

router = APIRouter(prefix="/batches/{batch_id}/release", include_in_schema=False)


@router.get("")
async def ask(request: Request, batch_id: str) -> Response:
    """Say what a release means, and ask for a reason."""
    async with signed_in(request) as (tx, visitor):
        card, _ = await batch_asked(tx, visitor, batch_id)
        found = await pilot_card(tx, card.id)
    if card.pilot is None or card.pilot.ended or card.state == "closed":
        return go(f"/batches/{card.id}")
    return render(request, "release.html", visitor, card=card, found=found, longest=LONGEST_REASON)


@router.post("")
async def go_on(request: Request, batch_id: str) -> Response:
    """Hand out all tasks from now on."""
    form = await form_of(request, session_of(request).nonce)
    reason = tidied(str(form.get("reason", "")))[:LONGEST_REASON]
    async with signed_in(request, writing=True) as (tx, visitor):
        card, _ = await batch_asked(tx, visitor, batch_id)
        try:
            who = f"requester {visitor.requester.id} (panel)"
            await release(tx, card.id, actor=who, owner=visitor.requester.owner, reason=reason or None)
        except BatchError as error:
            return render(request, "state_refused.html", visitor, status=409, card=card, problem=str(error))
    return go(f"/batches/{card.id}")
