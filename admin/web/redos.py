"""An answer on hold is sent back to its worker, by the house's own people."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.web.page import actor_of, form_of, go, session_of, signed_in, spoken
from admin.web.voiding import number_of, worker_page
from crowd.redos.asking import send_back
from crowd.sentences import SentenceError

router = APIRouter(prefix="/workers/{worker_id}", include_in_schema=False)


@router.post("/redo")
async def send_one_back(request: Request, worker_id: str) -> Response:
    """Ask the worker to mend one answer, for a reason that they read as it is written."""
    form = await form_of(request, session_of(request).nonce)
    known, answer_id = number_of(worker_id), number_of(str(form.get("answer", "")))
    if known is None or answer_id is None:
        raise HTTPException(404)
    try:
        async with signed_in(request, writing=True) as (tx, visitor):
            if not visitor.requester.is_house:
                raise HTTPException(404)
            reason = str(form.get("reason", ""))
            await send_back(tx, known, answer_id, reason=reason, by=await actor_of(tx, visitor))
    except SentenceError as error:
        return await worker_page(request, worker_id, trouble=spoken(request, error), status=409)
    return go(f"/workers/{known}?sent=1")
