"""Audits: settled tasks drawn at random, which a person decides to learn how right the labels of a batch are."""

import random
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from admin.api.access import BatchId, Caller, Db, own_batch
from admin.api.problems import ProblemRoute, failures
from crowd.batches.cards import batch_spec
from crowd.labels.auditing import audited, draw
from crowd.labels.contested import case_of

router = APIRouter(prefix="/batches/{batch_id:int}", tags=["agreement"], route_class=ProblemRoute)


class DrawnTask(BaseModel):
    """A task to decide, without its label and what workers said."""

    task: int = Field(description="by which a decision names it")
    id: str = Field(description="your own")
    item: Any


class Audit(BaseModel):
    """What audits of a batch have found, and what to go on with."""

    tasks: int = Field(description="decided in audits so far, without those that cannot be")
    confirmed: int = Field(description="of these, whose label was what was decided")
    drawn: DrawnTask | None = Field(
        description="a settled task at random, another each time; decide it with `audit: true`. Null: none is left"
    )


_luck = random.SystemRandom()


@router.get("/audit", summary="Draw a settled task, and see how many labels were right", responses=failures(404))
async def audit(database: Db, caller: Caller, batch_id: BatchId) -> Audit:
    """Whoever decides should see no more of the task than this: so the share that is confirmed means something."""
    async with database.reading() as tx:
        card = await own_batch(tx, caller, batch_id)
        found = await audited(tx, batch_id, await batch_spec(tx, card.id))
        drawn = await draw(tx, batch_id, _luck)
        case = None if drawn is None else await case_of(tx, batch_id, drawn)
    task = case and DrawnTask(task=case.id, id=case.key, item=case.payload)
    return Audit(tasks=found.tasks, confirmed=found.confirmed, drawn=task)
