"""Money that is added to a batch that runs."""

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, Field

from admin.api.access import BatchId, Caller, Db, actor, own_batch, settings_of
from admin.api.models import Batch
from admin.api.problems import ProblemRoute, failures
from crowd.batches.spec import MICRO
from crowd.fairpay.adding import LONGEST_KEY, add_money
from crowd.golds.supply import gold_supply

router = APIRouter(prefix="/batches", tags=["batches"], route_class=ProblemRoute)


class More(BaseModel):
    """What is put in."""

    labour: Annotated[Decimal, Field(gt=0, le=1_000_000_000, decimal_places=6)] = Field(
        description="for workers, in units of the batch's currency; the fee comes on top"
    )


@router.post("/{batch_id:int}/funding", summary="Put more money into a batch", responses=failures(400, 404, 409))
async def fund_batch(
    request: Request,
    database: Db,
    caller: Caller,
    batch_id: BatchId,
    more: More,
    idempotency_key: Annotated[
        str, Header(min_length=1, max_length=LONGEST_KEY, description="the same key puts money in once")
    ],
) -> Batch:
    """A batch that was paused since its money did not pay a fair price goes on."""
    fee_ppm = settings_of(request).fee_ppm
    async with database.transaction() as tx:
        await own_batch(tx, caller, batch_id)
        labour = int(more.labour * MICRO)
        await add_money(tx, batch_id, labour, key=idempotency_key, fee_ppm=fee_ppm, by=actor(caller))
        return Batch.of(await own_batch(tx, caller, batch_id), await gold_supply(tx, batch_id))
