"""Golds that workers contradicted, for a person to decide about."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.web.batch import batch_asked
from admin.web.page import actor_of, form_of, go, render, session_of, signed_in
from crowd.golds.contesting import LONGEST_WHY, contested_golds, take_out, uphold
from crowd.golds.ruling import Ruling, RulingError, rule, suspended_golds
from crowd.kinds import kind_named

router = APIRouter(prefix="/batches/{batch_id}/golds", include_in_schema=False)

_RULINGS = {"=right": Ruling.RIGHT, "=dropped": Ruling.DROPPED}
"""Choices that are no answer; an answer that is chosen has `:` before it."""


@router.get("")
async def contradicted(request: Request, batch_id: str) -> Response:
    """Those that wait for a decision, then those that were decided."""
    async with signed_in(request) as (tx, visitor):
        card, spec = await batch_asked(tx, visitor, batch_id)
        golds = await suspended_golds(tx, card.id)
        contested = await contested_golds(tx, card.id)
    return render(
        request, "golds.html", visitor, card=card, spec=spec, golds=golds, contested=contested,
        options=kind_named(spec.kind).possible(spec), longest=LONGEST_WHY,
        trouble=request.query_params.get("trouble", ""), done="done" in request.query_params,
    )  # fmt: skip


@router.post("/{task_id}/contested")
async def answer_contests(request: Request, batch_id: str, task_id: str) -> Response:
    """Take a gold out that workers say is wrong, to decide about it; or say that it is right."""
    form = await form_of(request, session_of(request).nonce)
    trouble = ""
    try:
        async with signed_in(request, writing=True) as (tx, visitor):
            card, _ = await batch_asked(tx, visitor, batch_id)
            if not (task_id.isascii() and task_id.isdigit() and len(task_id) < 19):
                raise HTTPException(404)
            by = await actor_of(tx, visitor)
            if form.get("do") == "out":
                await take_out(tx, card.id, int(task_id), by=by)
            elif form.get("do") == "right":
                await uphold(tx, card.id, int(task_id), str(form.get("why", "")), by=by)
    except RulingError as error:
        trouble = error.trouble
    return go(f"/batches/{card.id}/golds?{f'trouble={trouble}' if trouble else 'done=1'}")


@router.post("/{task_id}")
async def decide(request: Request, batch_id: str, task_id: str) -> Response:
    """Decide about one of them."""
    form = await form_of(request, session_of(request).nonce)
    choice, known = str(form.get("choice", "")), task_id.isascii() and task_id.isdigit() and len(task_id) < 19
    cell = str(form.get("own", "")).strip() if choice == "=own" else choice.removeprefix(":")
    trouble = ""
    try:
        async with signed_in(request, writing=True) as (tx, visitor):
            card, _ = await batch_asked(tx, visitor, batch_id)
            if not known:
                raise HTTPException(404)
            actor = f"requester {visitor.requester.id} (panel)"
            await rule(tx, card.id, int(task_id), _RULINGS.get(choice, Ruling.OTHER), cell, by=actor)
    except RulingError as error:
        if error.trouble == "gone":
            raise HTTPException(404) from error
        trouble = error.trouble
    return go(f"/batches/{card.id}/golds?trouble={trouble}" if trouble else f"/batches/{card.id}/golds?done=1")
