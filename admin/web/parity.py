"""What a requester says about a flag on a language's instructions."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from admin.web.batch import batch_asked
from admin.web.page import actor_of, form_of, go, render, session_of, signed_in
from crowd.batches.life import BatchError
from crowd.parity.flags import Outcome, end_flags

router = APIRouter(prefix="/batches/{batch_id}/parity", include_in_schema=False)

_SAID = {"mended": Outcome.MENDED, "sound": Outcome.SOUND}


@router.post("")
async def end(request: Request, batch_id: str) -> Response:
    """The instructions were mended, or are sound."""
    form = await form_of(request, session_of(request).nonce)
    outcome = _SAID.get(str(form.get("do", "")))
    async with signed_in(request, writing=True) as (tx, visitor):
        card, _ = await batch_asked(tx, visitor, batch_id)
        try:
            if outcome is not None:
                by = await actor_of(tx, visitor)
                language, reason = str(form.get("language", "")), str(form.get("reason", ""))
                await end_flags(tx, card.id, language.replace("\0", ""), outcome, reason, by=by)
        except BatchError as error:
            return render(request, "state_refused.html", visitor, status=409, card=card, problem=str(error))
    return go(f"/batches/{card.id}#parity")
