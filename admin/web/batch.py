"""One batch: how far it is, its labels, its workers, its money; pausing, resuming and closing it."""

import secrets

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from admin.api.files import batch_files
from admin.api.results import batch_results
from admin.i18n.speaker import speaker_of
from admin.web.page import (
    Visitor,
    form_of,
    go,
    number_asked,
    pair_asked,
    panel_of,
    render,
    session_of,
    signed_in,
    words_of,
)
from admin.web.paritycard import shown_parity
from admin.web.pilotcard import shown_pilot
from crowd.batches.cards import BatchCard, batch_card, batch_spec
from crowd.batches.instructed import without_instructions, without_spoken
from crowd.batches.life import MOVES, BatchError, State, set_state
from crowd.batches.spec import BatchSpec
from crowd.exports import formats
from crowd.fairpay.adding import add_money
from crowd.fairpay.so_far import pay_so_far
from crowd.golds.supply import gold_supply
from crowd.labels.brought import brings_files
from crowd.labels.results import Rows
from crowd.labels.saving import saving
from crowd.labels.so_far import SAMPLE, label_shares, reports, settled_tasks
from crowd.money.amounts import AmountError, amount_in
from crowd.parity.flags import parity_of
from crowd.pilots.releasing import pilot_card
from crowd.workers.cards import batch_worker_cards
from db.database import Tx

router = APIRouter(prefix="/batches/{batch_id}", include_in_schema=False)

_FEW = 5
_PAGE = 20
_LONGEST_REASON = 200


async def batch_asked(
    tx: Tx, visitor: Visitor, batch_id: str, *, for_staff: bool = False
) -> tuple[BatchCard, BatchSpec]:
    """The batch, if it is the visitor's, or `for_staff` anybody's: the house's own people see it; else no such page."""
    known = batch_id.isascii() and batch_id.isdigit() and len(batch_id) < 19
    whose = None if for_staff and visitor.requester.is_house else visitor.requester.id
    card = await batch_card(tx, int(batch_id), requester_id=whose) if known else None
    if card is None:
        raise HTTPException(404)
    return card, await batch_spec(tx, card.id)


@router.get("")
async def overview(request: Request, batch_id: str) -> Response:
    """The batch at a glance."""
    return await _overview(request, batch_id)


async def _overview(request: Request, batch_id: str, *, trouble: str = "", status: int = 200) -> Response:
    async with signed_in(request) as (tx, visitor):
        card, spec = await batch_asked(tx, visitor, batch_id)
        shares = await label_shares(tx, card.id, spec.overlap.sure)
        latest = await settled_tasks(tx, card.id, limit=_FEW)
        reported = await reports(tx, card.id, limit=_FEW)
        workers = await batch_worker_cards(tx, card.id, limit=_FEW)
        saved = await saving(tx, card.id)
        supply, pay = await gold_supply(tx, card.id), await pay_so_far(tx, card.id)
        found = await pilot_card(tx, card.id)
        missed, unheard = await without_instructions(tx, card.id, spec), await without_spoken(tx, card.id, spec)
        parity = await parity_of(tx, card.id)
    return render(
        request, "batch.html", visitor, status=status, card=card, spec=spec, saving=saved, pay=pay, trouble=trouble,
        funding_key=secrets.token_urlsafe(16), supply=supply, shares=shares, sample=SAMPLE,
        latest=latest.tasks, has_files=brings_files(card.kind),
        reports=reported, workers=workers, missed=missed, unheard=unheard, pilot=shown_pilot(request, card, found),
        parity=shown_parity(spec, parity),
        to=MOVES[State(card.state)], formats=sorted(formats()),
        posted="posted" in request.query_params, already="already" in request.query_params,
    )  # fmt: skip


@router.post("/funding")
async def put_in(request: Request, batch_id: str) -> Response:
    """Put more money in. The page names the sum by a key: sent twice, it is put in once."""
    form = await form_of(request, session_of(request).nonce)
    said, key = str(form.get("amount", "")), str(form.get("key", ""))
    try:
        labour = amount_in(said)
        async with signed_in(request, writing=True) as (tx, visitor):
            card, _ = await batch_asked(tx, visitor, batch_id)
            await add_money(
                tx, card.id, labour, key=f"panel:{key}", fee_ppm=panel_of(request).settings.fee_ppm,
                by=f"requester {visitor.requester.id} (panel)",
            )  # fmt: skip
    except AmountError as error:
        told = speaker_of(words_of(request).tag).put(error.sentence)
        return await _overview(request, batch_id, trouble=told, status=422)
    except BatchError as error:
        return await _overview(request, batch_id, trouble=str(error), status=422)
    return go(f"/batches/{card.id}#pay")


@router.get("/tasks")
async def tasks(request: Request, batch_id: str) -> Response:
    """The settled tasks, or only those that are unsure."""
    before, unsure = number_asked(request, "before"), request.query_params.get("only") == "unsure"
    async with signed_in(request) as (tx, visitor):
        card, spec = await batch_asked(tx, visitor, batch_id)
        below = spec.overlap.sure if unsure else None
        page = await settled_tasks(tx, card.id, unsure_below=below, before=before, limit=_PAGE)
    return render(request, "tasks.html", visitor, card=card, spec=spec, page=page, unsure=unsure, before=before)


@router.get("/reports")
async def reported_items(request: Request, batch_id: str) -> Response:
    """What workers reported as broken."""
    before = number_asked(request, "before")
    async with signed_in(request) as (tx, visitor):
        card, spec = await batch_asked(tx, visitor, batch_id)
        found = await reports(tx, card.id, before=before, limit=_PAGE + 1)
    more = found[_PAGE - 1].id if len(found) > _PAGE else None
    return render(
        request, "reports.html", visitor, card=card, spec=spec, reports=found[:_PAGE], before=before, more=more
    )


@router.get("/workers")
async def batch_workers(request: Request, batch_id: str) -> Response:
    """Who worked on it."""
    before = pair_asked(request, "before")
    async with signed_in(request) as (tx, visitor):
        card, spec = await batch_asked(tx, visitor, batch_id)
        found = await batch_worker_cards(tx, card.id, before=before, limit=_PAGE + 1)
    last = found[_PAGE - 1] if len(found) > _PAGE else None
    more = f"{last.answers}.{last.worker_id}" if last else None
    return render(
        request, "batch_workers.html", visitor, card=card, spec=spec, workers=found[:_PAGE], before=before, more=more
    )


@router.get("/results/{rows}.{form}")
async def results(request: Request, batch_id: str, rows: str, form: str) -> StreamingResponse:
    """The results, as a file."""
    if rows not in {each.value for each in Rows} or form not in formats():
        raise HTTPException(404)
    async with signed_in(request) as (tx, visitor):
        card, _ = await batch_asked(tx, visitor, batch_id)
    return await batch_results(panel_of(request).database, visitor.requester, card.id, Rows(rows), form)


@router.get("/files.zip")
async def files(request: Request, batch_id: str) -> FileResponse:
    """The recordings or pictures that workers brought."""
    async with signed_in(request) as (tx, visitor):
        card, _ = await batch_asked(tx, visitor, batch_id)
    return await batch_files(panel_of(request).database, visitor.requester, card.id)


@router.get("/state")
async def ask(request: Request, batch_id: str) -> Response:
    """Say what pausing, resuming or closing means, and ask for a reason."""
    async with signed_in(request) as (tx, visitor):
        card, _ = await batch_asked(tx, visitor, batch_id)
    to = request.query_params.get("to", "")
    if to not in {each.value for each in MOVES[State(card.state)]}:
        return go(f"/batches/{card.id}")
    return render(request, "state.html", visitor, card=card, to=to, longest=_LONGEST_REASON)


@router.post("/state")
async def change(request: Request, batch_id: str) -> Response:
    """Pause, resume or close it."""
    form = await form_of(request, session_of(request).nonce)
    to, reason = str(form.get("to", "")), " ".join(str(form.get("reason", "")).split())[:_LONGEST_REASON]
    async with signed_in(request, writing=True) as (tx, visitor):
        card, _ = await batch_asked(tx, visitor, batch_id)
        if to in {each.value for each in State}:
            try:
                actor = f"requester {visitor.requester.id} (panel)"
                await set_state(tx, card.id, State(to), actor=actor, reason=reason or None)
            except BatchError as error:
                return render(request, "state_refused.html", visitor, status=409, card=card, problem=str(error))
    return go(f"/batches/{card.id}")
