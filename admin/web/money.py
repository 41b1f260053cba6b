"""Money: what batches cost, whether the books add up, what moved."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from admin.web.page import number_asked, panel_of, render, signed_in
from crowd.batches.cards import batch_cards
from crowd.money.books import movements, trial_balances
from crowd.referrals.paying import Hindrance, held

router = APIRouter(include_in_schema=False)

_BATCHES = 10
_PAGE = 15


@router.get("/money")
async def money(request: Request) -> Response:
    """The requester's own batches and transfers; the books of the whole house for the house alone."""
    before = number_asked(request, "before")
    async with signed_in(request) as (tx, visitor):
        mine = visitor.requester.id
        cards = await batch_cards(tx, requester_id=mine, limit=_BATCHES)
        trials = await trial_balances(tx) if visitor.requester.is_house else []
        lacking = [each for each in await held(tx) if each.hindrance is Hindrance.POT] if trials else []
        moved = await movements(tx, requester_id=mine, before=before, limit=_PAGE + 1)
    more = moved[_PAGE - 1].id if len(moved) > _PAGE else None
    staff = visitor.requester.is_house and panel_of(request).settings.paying is not None
    return render(
        request,
        "money.html",
        visitor,
        staff=staff,
        cards=cards,
        trials=trials,
        lacking=lacking,
        movements=moved[:_PAGE],
        before=before,
        more=more,
    )
