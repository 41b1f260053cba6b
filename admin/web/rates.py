"""Rates of currencies that the house's people keep, on the page of money."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.i18n.speaker import speaker_of
from admin.web.money import money_page
from admin.web.page import form_of, go, session_of, signed_in, words_of
from crowd.money.rates import RateError, set_rate
from crowd.requesters import token_name

router = APIRouter(prefix="/money/rates", include_in_schema=False)


@router.post("")
async def keep(request: Request) -> Response:
    """Keep what a currency is about worth."""
    form = await form_of(request, session_of(request).nonce)
    currency, value, source = (str(form.get(name, "")) for name in ("currency", "value", "source"))
    try:
        async with signed_in(request, writing=True) as (tx, visitor):
            if not visitor.requester.is_house:
                raise HTTPException(404)
            digest = visitor.session.digest
            name = "demo" if digest is None else await token_name(tx, digest)
            await set_rate(tx, currency, value, source, by=f"{visitor.requester.name}/{name} (panel)")
    except RateError as error:
        said = speaker_of(words_of(request).tag).put(error.sentence)
        return await money_page(request, trouble=said, status=409)
    return go("/money?told=rate#rates")
