"""Golds that workers contradict, deciding about those, and golds made of tasks that were decided."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from admin.api.access import BatchId, Caller, Db, TaskId, actor, own_batch
from admin.api.models import MadeGold, WorkersAnswer
from admin.api.problems import ProblemRoute, failures, refused
from crowd.batchfile.rowcheck import LONGEST_EXPLANATION
from crowd.golds.making import MakingError, Obstacle, make_gold
from crowd.golds.ruling import Ruling, RulingError, Suspended, rule, suspended_gold, suspended_golds

router = APIRouter(prefix="/batches/{batch_id:int}", tags=["golds"], route_class=ProblemRoute)

GoldId = Annotated[int, Path(ge=1, le=2**63 - 1, description="a gold's number, as `golds/contradicted` tells it")]


class ContradictedGold(BaseModel):
    """A gold that workers contradict: nobody is given it or judged by it until somebody decides."""

    gold: int = Field(description="by which a ruling names it")
    id: str = Field(description="your own")
    item: Any
    value: Any = Field(description="the right answer, as it was said to be")
    explanation: dict[str, str] = Field(description="by locale")
    instead: Any = Field(description="what most workers who can tell said")
    wrong: float = Field(ge=0, le=1, description="how probable it was that the gold is wrong")
    answers: list[WorkersAnswer]
    suspended_at: datetime
    made_of: int | None = Field(description="the decided task that it was made of; null: it was posted")
    ruling: Ruling | None = Field(description="null: nobody has decided")
    right: Any = Field(description="the right answer by that ruling; null: there is none")
    ruled_by: str | None
    ruled_at: datetime | None

    @classmethod
    def of(cls, gold: Suspended) -> "ContradictedGold":
        """From what the domain knows."""
        return cls(
            gold=gold.task_id, id=gold.key, item=gold.payload, value=gold.value, explanation=gold.explanation,
            instead=gold.instead, wrong=gold.wrong,
            answers=[WorkersAnswer.of(each) for each in gold.said],
            suspended_at=gold.at, made_of=gold.made_of, ruling=gold.ruling, right=gold.right, ruled_by=gold.ruled_by,
            ruled_at=gold.ruled_at,
        )  # fmt: skip


class ContradictedGolds(BaseModel):
    """Golds that workers contradict, or did."""

    golds: list[ContradictedGold]
    next: int | None = Field(description="hand this in as `start` for the next page; null on the last one")


class ToRule(BaseModel):
    """A ruling."""

    model_config = ConfigDict(extra="forbid")

    ruling: Ruling = Field(
        description="`right`: it was right, its verdicts count again; `other`: `label` is right instead; `dropped`: it "
        "cannot be decided, and is out for good"
    )
    label: str | None = Field(
        default=None, max_length=3000, description="for `other`: the right answer as a gold of the batch would have it"
    )


class ToMake(BaseModel):
    """What a gold is to tell those who get it wrong."""

    model_config = ConfigDict(extra="forbid")

    explanation: dict[str, Annotated[str, Field(max_length=LONGEST_EXPLANATION)]] = Field(
        default={}, max_length=100, description="why it is right, by locale, as `sw`; one may be missing"
    )
    mutated: bool = Field(
        default=False,
        description="of the item changed in a known way, so that nobody knows it again: the sides of a pair swapped, "
        "what is to be ranked from the last to the first, a picture mirrored",
    )


@router.get("/golds/contradicted", summary="List the golds that workers contradict", responses=failures(404))
async def contradicted_golds(
    database: Db,
    caller: Caller,
    batch_id: BatchId,
    start: Annotated[int, Query(ge=0, le=1_000_000, description="`next` of the page before")] = 0,
    limit: Annotated[int, Query(ge=1, le=200, description="golds on a page")] = 50,
) -> ContradictedGolds:
    """Those that wait for a ruling first, with what workers said; then those that were ruled on, the latest first."""
    async with database.reading() as tx:
        await own_batch(tx, caller, batch_id)
        found = await suspended_golds(tx, batch_id, start=start, limit=limit + 1)
    return ContradictedGolds(
        golds=[ContradictedGold.of(gold) for gold in found[:limit]], next=start + limit if len(found) > limit else None
    )


@router.put("/golds/{gold_id:int}/ruling", summary="Rule on a contradicted gold", responses=failures(400, 404, 409))
async def rule_on_gold(
    database: Db, caller: Caller, batch_id: BatchId, gold_id: GoldId, said: ToRule
) -> ContradictedGold:
    """Verdicts and scores are then as if it had always been so, labels with the next fit. No money moves."""
    try:
        async with database.transaction() as tx:
            await own_batch(tx, caller, batch_id)
            await rule(tx, batch_id, gold_id, said.ruling, said.label, by=actor(caller))
            gold = await suspended_gold(tx, batch_id, gold_id)
    except RulingError as error:
        raise refused(_OF_RULING.get(error.trouble, HTTPStatus.CONFLICT), error) from error
    assert gold is not None
    return ContradictedGold.of(gold)


@router.put("/tasks/{task_id:int}/gold", summary="Make a gold of a decided task", responses=failures(400, 404, 409))
async def gold_of_task(database: Db, caller: Caller, batch_id: BatchId, task_id: TaskId, said: ToMake) -> MadeGold:
    """Workers who begin the batch after that meet it. A task becomes one once: asked again, this tells of that gold."""
    try:
        async with database.transaction() as tx:
            await own_batch(tx, caller, batch_id)
            made = await make_gold(tx, batch_id, task_id, said.explanation, by=actor(caller), mutated=said.mutated)
            return MadeGold.of(made)
    except MakingError as error:
        raise refused(_OF_MAKING.get(error.obstacle, HTTPStatus.CONFLICT), error) from error


_OF_RULING = {"gone": HTTPStatus.NOT_FOUND, "label": HTTPStatus.UNPROCESSABLE_ENTITY}
_OF_MAKING = {
    Obstacle.GONE: HTTPStatus.NOT_FOUND,
    Obstacle.EXPLANATION: HTTPStatus.UNPROCESSABLE_ENTITY,
    Obstacle.MUTATION: HTTPStatus.UNPROCESSABLE_ENTITY,
}
