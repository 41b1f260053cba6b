"""Money: what batches cost, whether the books add up, what moved."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from admin.web.page import number_asked, panel_of, render, signed_in
from crowd.appeals.deciding import waiting
from crowd.batches.cards import batch_cards
from crowd.money.books import movements, trial_balances
from crowd.money.rates import OLD, TOO_OLD, rates
from crowd.referrals.paying import Hindrance, held

router = APIRouter(include_in_schema=False)

_BATCHES = 10
_PAGE = 15


@router.get("/money")
async def money(request: Request) -> Response:
    """The requester's own batches and transfers; the books of the whole house for the house alone."""
    return await money_page(request)


async def money_page(request: Request, *, trouble: str = "", status: int = 200) -> Response:
    """The same with what could not be done, if there was something."""
    before = number_asked(request, "before")
    async with signed_in(request) as (tx, visitor):
        mine = visitor.requester.id
        cards = await batch_cards(tx, requester_id=mine, limit=_BATCHES)
        trials = await trial_balances(tx) if visitor.requester.is_house else []
        appeals = await waiting(tx) if visitor.requester.is_house else 0
        kept = await rates(tx) if visitor.requester.is_house else None
        lacking = [each for each in await held(tx) if each.hindrance is Hindrance.POT] if trials else []
        moved = await movements(tx, requester_id=mine, before=before, limit=_PAGE + 1)
    more = moved[_PAGE - 1].id if len(moved) > _PAGE else None
    staff = visitor.requester.is_house and panel_of(request).settings.paying is not None
    return render(
        request,
        "money.html",
        visitor,
        status=status,
        trouble=trouble,
        staff=staff,
        appeals=appeals,
        cards=cards,
        trials=trials,
        rates=kept,
        fresh=tx.now - OLD,
        shown=tx.now - TOO_OLD,
        told=request.query_params.get("told", ""),
        lacking=lacking,
        movements=moved[:_PAGE],
        before=before,
        more=more,
    )
