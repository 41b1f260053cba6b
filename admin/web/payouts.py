"""Payouts, for the house's own people: what waits, what is ready for a file, and what providers answered."""

import secrets

from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.settings import Paying
from admin.web.page import Visitor, actor_of, form_of, go, panel_of, render, session_of, signed_in, spoken
from crowd.audit import person_of
from crowd.payouts.filed import file_again, files, ready
from crowd.payouts.hearing import awaited, settle
from crowd.payouts.methods import methods
from crowd.payouts.queue import LONGEST_REASON, approve, refuse, waiting
from crowd.payouts.results import LARGEST, Outcome, read_results
from crowd.payouts.sending import MOST, PayoutFile, make_file, take_results
from crowd.payouts.states import PayoutState
from crowd.sentences import SentenceError, say

router = APIRouter(prefix="/money/payouts", include_in_schema=False)

_SHOWN = 100


def _paying(request: Request, visitor: Visitor) -> Paying:
    """How the house pays; for others there is no such page, nor where the house was told of no keys."""
    paying = panel_of(request).settings.paying
    if not visitor.requester.is_house or paying is None:
        raise HTTPException(404)
    return paying


@router.get("")
async def queue(request: Request) -> Response:
    """All of it on one page."""
    return await _page(request)


async def _page(request: Request, *, trouble: str = "", status: int = 200) -> Response:
    async with signed_in(request) as (tx, visitor):
        paying = _paying(request, visitor)
        asked = await waiting(tx, limit=_SHOWN + 1)
        to_file, made = await ready(tx), await files(tx)
        approved = await waiting(tx, states=[PayoutState.APPROVED], limit=_SHOWN) if to_file else []
        me = person_of(await actor_of(tx, visitor))
        late = await awaited(tx, paying.patience_h, _SHOWN)
    return render(
        request, "payouts.html", visitor, status=status, waiting=asked[:_SHOWN], more=len(asked) > _SHOWN,
        ready=to_file, approved=approved, files=made, late=late, me=me, person_of=person_of, trouble=trouble,
        called={name: method.label or method.called for name, method in methods().items()},
        key=secrets.token_urlsafe(16), longest=LONGEST_REASON,
        most=MOST, told=request.query_params.get("told", ""),
        paid=request.query_params.get("paid", ""), failed=request.query_params.get("failed", ""),
        under_way=request.query_params.get("under_way", "0"),
    )  # fmt: skip


@router.post("/approve")
async def approve_some(request: Request) -> Response:
    """Approve those that were ticked."""
    form = await form_of(request, session_of(request).nonce, fields=_SHOWN + 1)
    chosen = [int(each) for each in form.getlist("payout") if isinstance(each, str) and _is_id(each)]
    try:
        async with signed_in(request, writing=True) as (tx, visitor):
            paying = _paying(request, visitor)
            _, second = await approve(tx, chosen, by=await actor_of(tx, visitor), four_eyes=paying.four_eyes)
    except SentenceError as error:
        return await _page(request, trouble=spoken(request, error), status=409)
    return go(f"/money/payouts?told={'second' if second else 'approved'}")


@router.post("/{payout_id}/refuse")
async def refuse_one(request: Request, payout_id: str) -> Response:
    """Do not send one, for a reason."""
    form = await form_of(request, session_of(request).nonce)
    if not _is_id(payout_id):
        raise HTTPException(404)
    try:
        async with signed_in(request, writing=True) as (tx, visitor):
            _paying(request, visitor)
            await refuse(tx, int(payout_id), str(form.get("reason", "")), by=await actor_of(tx, visitor))
    except SentenceError as error:
        return await _page(request, trouble=spoken(request, error), status=409)
    return go("/money/payouts?told=refused")


@router.post("/{payout_id}/settle")
async def settle_one(request: Request, payout_id: str) -> Response:
    """What a person was told who asked the provider."""
    form = await form_of(request, session_of(request).nonce)
    if not _is_id(payout_id) or form.get("end") not in {"paid", "failed"}:
        raise HTTPException(404)
    paid, said = form.get("end") == "paid", " ".join(str(form.get("said", "")).split())[:LONGEST_REASON]
    outcome = Outcome(int(payout_id), paid, said if paid else "", "" if paid else said)
    try:
        async with signed_in(request, writing=True) as (tx, visitor):
            _paying(request, visitor)
            await settle(tx, int(payout_id), outcome, by=await actor_of(tx, visitor))
    except SentenceError as error:
        return await _page(request, trouble=spoken(request, error), status=409)
    return go(f"/money/payouts?told=taken&paid={int(paid)}&failed={int(not paid)}")


@router.post("/files")
async def make(request: Request) -> Response:
    """The file of what is approved. The page names it by a key: sent twice, it is the same file."""
    form = await form_of(request, session_of(request).nonce)
    method, currency, key = (str(form.get(name, "")) for name in ("method", "currency", "key"))
    try:
        async with signed_in(request, writing=True) as (tx, visitor):
            paying, by = _paying(request, visitor), await actor_of(tx, visitor)
            made = await make_file(tx, paying.vault, paying.payer, method, currency, key=f"panel:{key}", by=by)
    except SentenceError as error:
        return await _page(request, trouble=spoken(request, error), status=409)
    return go("/money/payouts?told=nothing") if made is None else _handed(made)


@router.get("/files/{file_id}")
async def again(request: Request, file_id: str) -> Response:
    """A file as it was made."""
    async with signed_in(request) as (tx, visitor):
        paying = _paying(request, visitor)
        made = await file_again(tx, paying.vault, int(file_id)) if _is_id(file_id) else None
    if made is None:
        raise HTTPException(404)
    return _handed(made)


@router.post("/files/{file_id}/results")
async def hand_back(request: Request, file_id: str) -> Response:
    """Take over what a provider says of a file."""
    form = await form_of(request, session_of(request).nonce, files=1)
    if not _is_id(file_id):
        raise HTTPException(404)
    try:
        results = read_results(await _read(form))
        async with signed_in(request, writing=True) as (tx, visitor):
            _paying(request, visitor)
            taken = await take_results(tx, int(file_id), results, by=await actor_of(tx, visitor))
    except SentenceError as error:
        return await _page(request, trouble=spoken(request, error), status=409)
    return go(f"/money/payouts?told=taken&paid={taken.paid}&failed={taken.failed}&under_way={taken.under_way}")


async def _read(form: FormData) -> bytes:
    part = form.get("answer")
    if not isinstance(part, UploadFile) or not part.filename:
        raise SentenceError(say("choose the file that the provider handed back"))
    return await part.read(LARGEST + 1)


def _handed(made: PayoutFile) -> Response:
    """To be kept by whoever asked, and by nobody on the way."""
    return Response(
        made.data,
        media_type=made.media_type,
        headers={"content-disposition": f'attachment; filename="{made.name}"', "cache-control": "no-store"},
    )


def _is_id(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) < 19
