"""A worker's page for the house's own people: pay them a bonus out of a pot, and see what they got."""

import secrets

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.i18n.speaker import speaker_of
from admin.web.page import actor_of, form_of, go, render, session_of, signed_in, words_of
from crowd.bonuses.paying import LONGEST_REASON, bonuses_of, pay_bonus, worker_named
from crowd.bonuses.pot import pots
from crowd.money.amounts import amount_in
from crowd.sentences import SentenceError

router = APIRouter(prefix="/workers/{pseudonym}/bonus", include_in_schema=False)


@router.get("")
async def bonus(request: Request, pseudonym: str) -> Response:
    """What the pots hold, a form, and the latest bonuses."""
    return await _page(request, pseudonym)


@router.post("")
async def pay(request: Request, pseudonym: str) -> Response:
    """Pay one. The page names it by a key: sent twice, it is paid once."""
    form = await form_of(request, session_of(request).nonce)
    said = {name: str(form.get(name, "")) for name in ("amount", "currency", "reason", "key")}
    try:
        async with signed_in(request, writing=True) as (tx, visitor):
            worker_id = await worker_named(tx, pseudonym)
            if worker_id is None or not visitor.requester.is_house:
                raise HTTPException(404)
            await pay_bonus(
                tx, worker_id, amount_in(said["amount"]), said["currency"], said["reason"],
                key=f"panel:{said['key']}", by=await actor_of(tx, visitor),
            )  # fmt: skip
    except SentenceError as error:
        trouble = speaker_of(words_of(request).tag).put(error.sentence)
        return await _page(request, pseudonym, trouble=trouble, said=said, status=409)
    return go(f"/workers/{pseudonym}/bonus?told=paid")


async def _page(
    request: Request, pseudonym: str, *, trouble: str = "", said: dict[str, str] | None = None, status: int = 200
) -> Response:
    async with signed_in(request) as (tx, visitor):
        worker_id = await worker_named(tx, pseudonym)
        if worker_id is None or not visitor.requester.is_house:
            raise HTTPException(404)
        filled = [pot for pot in await pots(tx) if pot.balance > 0]
        given = await bonuses_of(tx, worker_id)
    # What was refused is sent again by the same key: if it was paid meanwhile, it stays at that.
    return render(
        request, "bonus.html", visitor, status=status, pseudonym=pseudonym, pots=filled, given=given, trouble=trouble,
        said=said or {"amount": "", "currency": "", "reason": "", "key": secrets.token_urlsafe(16)},
        longest=LONGEST_REASON, paid=request.query_params.get("told") == "paid",
    )  # fmt: skip
