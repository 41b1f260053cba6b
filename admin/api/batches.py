"""Batches that are there: look at them, release, pause, resume and close them."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from admin.api.access import BatchId, Caller, Db, actor, own_batch
from admin.api.models import Batch, BatchPage, Reason
from admin.api.problems import ProblemRoute, failures
from crowd.batches.cards import batch_cards
from crowd.batches.life import State, set_state
from crowd.golds.supply import gold_supply
from crowd.kinds import spec_schema
from crowd.pilots.releasing import pilot_card, release
from crowd.requesters import Requester
from db.database import Database, Tx

router = APIRouter(prefix="/batches", tags=["batches"], route_class=ProblemRoute)


@router.get("", summary="List your batches", responses=failures())
async def list_batches(
    database: Db,
    caller: Caller,
    state: Annotated[State | None, Query(description="only those in this state")] = None,
    waiting: Annotated[bool, Query(description="only those that wait for you: see `waits_for`")] = False,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="batches on a page")] = 50,
) -> BatchPage:
    """The newest first, in pages that stay as they are while batches are added."""
    async with database.reading() as tx:
        cards = await batch_cards(
            tx, requester_id=caller.id, state=state, waiting=waiting, before=before, limit=limit + 1
        )
    page = cards[:limit]
    return BatchPage(batches=[Batch.of(card) for card in page], next=page[-1].id if len(cards) > limit else None)


class _SchemaResponse(JSONResponse):
    media_type = "application/schema+json"


@router.get("/schema", summary="The JSON Schema of batch files", response_class=_SchemaResponse)
async def batch_schema() -> dict[str, Any]:
    """Give its address to your editor: it then completes and checks batch files. Needs no token."""
    return spec_schema()


@router.get("/{batch_id:int}", summary="Look at a batch", responses=failures(404))
async def show_batch(database: Db, caller: Caller, batch_id: BatchId) -> Batch:
    """How far it is, and what it cost so far."""
    async with database.reading() as tx:
        return await shown(tx, caller, batch_id)


@router.post("/{batch_id:int}/pause", summary="Pause a batch", responses=failures(400, 404, 409))
async def pause_batch(database: Db, caller: Caller, batch_id: BatchId, why: Reason | None = None) -> Batch:
    """No more tasks are handed out. Answers that are under way still count."""
    return await _change(database, caller, batch_id, State.PAUSED, why)


@router.post("/{batch_id:int}/resume", summary="Resume a paused batch", responses=failures(400, 404, 409))
async def resume_batch(database: Db, caller: Caller, batch_id: BatchId, why: Reason | None = None) -> Batch:
    """Tasks are handed out again."""
    return await _change(database, caller, batch_id, State.OPEN, why)


@router.post("/{batch_id:int}/close", summary="Close a batch for good", responses=failures(400, 404, 409))
async def close_batch(database: Db, caller: Caller, batch_id: BatchId, why: Reason | None = None) -> Batch:
    """Tasks in workers' hands are taken back, and what is left of the money is returned. It cannot be opened again."""
    return await _change(database, caller, batch_id, State.CLOSED, why)


@router.post("/{batch_id:int}/release", summary="End the pilot of a batch", responses=failures(400, 404, 409))
async def release_batch(database: Db, caller: Caller, batch_id: BatchId, why: Reason | None = None) -> Batch:
    """All tasks are handed out from now on. A pilot that is still running is released only by a token of
    an owner, for a stated reason.

    Where they are handed out already, nothing changes.
    """
    async with database.transaction() as tx:
        await own_batch(tx, caller, batch_id)
        reason = (why.reason if why else None) or None
        await release(tx, batch_id, actor=actor(caller), owner=caller.owner, reason=reason)
        return await shown(tx, caller, batch_id)


async def _change(database: Database, caller: Requester, batch_id: int, state: State, why: Reason | None) -> Batch:
    async with database.transaction() as tx:
        await own_batch(tx, caller, batch_id)
        reason = (why.reason if why else None) or None
        await set_state(tx, batch_id, state, actor=actor(caller), reason=reason)
        return await shown(tx, caller, batch_id)


async def shown(tx: Tx, caller: Requester, batch_id: int) -> Batch:
    """All that is told of one batch. Raises ApiError where it is not the caller's."""
    card = await own_batch(tx, caller, batch_id)
    return Batch.of(card, await gold_supply(tx, batch_id), await pilot_card(tx, batch_id))
