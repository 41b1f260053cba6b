"""Appeals, for the house's own people: what waits and until when, and the decision of another than who voided."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.web.page import actor_of, form_of, go, render, session_of, signed_in, spoken
from crowd.appeals.deciding import SHOWN_ANSWERS, Standing, appeal, appeals, decide
from crowd.appeals.states import LONGEST_REASON
from crowd.audit import person_of
from crowd.sentences import SentenceError

router = APIRouter(prefix="/money/appeals", include_in_schema=False)


@router.get("")
async def all_appeals(request: Request) -> Response:
    """Those that wait, the one that is due first, first; or those that ended."""
    said = request.query_params.get("only", "")
    standing = Standing(said) if said in {each.value for each in Standing} else Standing.OPEN
    async with signed_in(request) as (tx, visitor):
        if not visitor.requester.is_house:
            raise HTTPException(404)
        found = await appeals(tx, standing)
        me = person_of(await actor_of(tx, visitor))
    return render(
        request, "appeals.html", visitor, found=found, standing=standing, standings=list(Standing), me=me,
        person_of=person_of, told=request.query_params.get("told", ""),
    )  # fmt: skip


@router.get("/{voiding_id}")
async def one_appeal(request: Request, voiding_id: str) -> Response:
    """What it is about, what the worker says, and the decision."""
    return await _page(request, voiding_id)


@router.post("/{voiding_id}")
async def answer(request: Request, voiding_id: str) -> Response:
    """Grant it, or turn it down."""
    form = await form_of(request, session_of(request).nonce)
    grant = form.get("do") == "grant"
    if not _is_id(voiding_id) or form.get("do") not in {"grant", "refuse"}:
        raise HTTPException(404)
    try:
        async with signed_in(request, writing=True) as (tx, visitor):
            if not visitor.requester.is_house:
                raise HTTPException(404)
            reason, by = str(form.get("reason", "")), await actor_of(tx, visitor)
            await decide(tx, int(voiding_id), grant=grant, reason=reason, by=by)
    except SentenceError as error:
        return await _page(request, voiding_id, trouble=spoken(request, error), status=409)
    return go(f"/money/appeals?told={'granted' if grant else 'refused'}")


async def _page(request: Request, voiding_id: str, *, trouble: str = "", status: int = 200) -> Response:
    async with signed_in(request) as (tx, visitor):
        found = await appeal(tx, int(voiding_id)) if visitor.requester.is_house and _is_id(voiding_id) else None
        if found is None:
            raise HTTPException(404)
        me = person_of(await actor_of(tx, visitor))
    return render(
        request, "appeal.html", visitor, status=status, appeal=found, me=me, person_of=person_of, trouble=trouble,
        longest=LONGEST_REASON, most=SHOWN_ANSWERS,
    )  # fmt: skip


def _is_id(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) < 19
