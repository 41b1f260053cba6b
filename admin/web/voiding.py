"""A worker, for the house's own people: what they have on hold, which can be voided, what was, and what went back."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.web.page import actor_of, form_of, go, number_asked, render, session_of, signed_in, spoken
from crowd.appeals.states import LONGEST_REASON, SAYABLE, TO_ANSWER, TO_FILE, Ground
from crowd.appeals.voiding import held_answers, held_money, pseudonym_of, void, voidings_of
from crowd.redos.overview import redos_of, sendable
from crowd.redos.states import TO_FIX
from crowd.sentences import SentenceError

router = APIRouter(prefix="/workers/{worker_id}", include_in_schema=False)


@router.get("")
async def one_worker(request: Request, worker_id: str) -> Response:
    """Their money on hold, by batch."""
    return await worker_page(request, worker_id)


@router.post("/void")
async def void_some(request: Request, worker_id: str) -> Response:
    """Void what is on hold of a batch, up to the last answer that was on the page, or one answer alone."""
    form = await form_of(request, session_of(request).nonce)
    batch_id, up_to, finding = (number_of(str(form.get(name, ""))) for name in ("batch", "up_to", "finding"))
    only, said = str(form.get("only", "")), str(form.get("ground", ""))
    if batch_id is None or (only and number_of(only) is None) or number_of(worker_id) is None:
        raise HTTPException(404)
    ground = Ground(said) if said in SAYABLE else Ground.OTHER
    try:
        async with signed_in(request, writing=True) as (tx, visitor):
            if not visitor.requester.is_house:
                raise HTTPException(404)
            await void(
                tx, int(worker_id), batch_id, reason=str(form.get("reason", "")), ground=ground,
                by=await actor_of(tx, visitor), answer_id=number_of(only), up_to=up_to, finding_id=finding,
            )  # fmt: skip
    except SentenceError as error:
        return await worker_page(request, worker_id, trouble=spoken(request, error), status=409)
    return go(f"/workers/{int(worker_id)}?done=1")


async def worker_page(request: Request, worker_id: str, *, trouble: str = "", status: int = 200) -> Response:
    """What a worker has on hold, what was voided, and what was sent back."""
    async with signed_in(request) as (tx, visitor):
        known = number_of(worker_id)
        pseudonym = await pseudonym_of(tx, known) if visitor.requester.is_house and known is not None else None
        if pseudonym is None or known is None:
            raise HTTPException(404)
        held = [(each, await held_answers(tx, known, each.batch_id)) for each in await held_money(tx, known)]
        voided, redos = await voidings_of(tx, known), await redos_of(tx, known)
        can_go_back = await sendable(tx, [answer.id for _, answers in held for answer in answers])
    return render(
        request, "worker.html", visitor, status=status, worker_id=known, pseudonym=pseudonym, held=held, voided=voided,
        trouble=trouble, done="done" in request.query_params, finding=number_asked(request, "finding"),
        grounds=SAYABLE, longest=LONGEST_REASON, days=TO_FILE.days,
        hours=int(TO_ANSWER.total_seconds()) // 3600, redos=redos, can_go_back=can_go_back,
        sent="sent" in request.query_params, to_fix=int(TO_FIX.total_seconds()) // 3600,
    )  # fmt: skip


def number_of(said: str) -> int | None:
    """What was said, as an id; None where it is none."""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None
