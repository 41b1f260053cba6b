"""How far workers agree, the tasks that divide them, and deciding those."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from admin.api.access import BatchId, Caller, Db, TaskId, actor, own_batch
from admin.api.models import MadeGold, WorkersAnswer
from admin.api.problems import ProblemRoute, failures, refused
from crowd.agreement.figures import Figures, Said
from crowd.agreement.measuring import Agreement, agreement_of
from crowd.batches.cards import BatchCard
from crowd.labels.contested import Case, CasePage, case_of, contested, decided
from crowd.labels.review import LONGEST_NOTE, Review, ReviewError, Trouble, decide, undo

router = APIRouter(prefix="/batches/{batch_id:int}", tags=["agreement"], route_class=ProblemRoute)


class BatchAgreement(Figures):
    """How far the workers of a batch agree."""

    batch: int
    kind: str
    language: str
    measured_at: datetime
    of_answers: int = Field(description="answers of the batch by then; of a large batch there may be some more by now")

    @classmethod
    def of(cls, card: BatchCard, found: Agreement) -> "BatchAgreement":
        """From what the domain knows."""
        return cls(
            batch=card.id, kind=card.kind, language=card.language, measured_at=found.measured_at,
            of_answers=found.answers, **dict(found.figures),
        )  # fmt: skip


class WorkersReason(BaseModel):
    """Why one worker gave a task back."""

    worker: str
    way: str = Field(description="`skipped` or `reported`")
    reason: str | None


class Decision(BaseModel):
    """What somebody decided."""

    id: int
    label: Any = Field(description="null: it cannot be decided")
    note: str | None
    reviewer: str
    at: datetime
    label_before: Any
    confidence_before: float | None

    @classmethod
    def of(cls, review: Review) -> "Decision":
        """From what the domain knows."""
        return cls(
            id=review.id, label=review.label, note=review.note, reviewer=review.reviewer, at=review.at,
            label_before=review.label_before, confidence_before=review.confidence_before,
        )  # fmt: skip


class ContestedTask(BaseModel):
    """A task that workers disagree about, or that somebody decided."""

    task: int = Field(description="by which a decision names it")
    id: str = Field(description="your own")
    item: Any
    label: Any
    confidence: float | None
    withdrawn: bool = Field(description="taken out of the queue, since workers reported it")
    split: list[Said] = Field(description="without “I don't know”, the most frequent first")
    dont_know: int
    answers: list[WorkersAnswer]
    given_back: list[WorkersReason]
    decision: Decision | None
    gold: MadeGold | None = Field(description="the gold that was made of it")

    @classmethod
    def of(cls, case: Case) -> "ContestedTask":
        """From what the domain knows."""
        return cls(
            task=case.id, id=case.key, item=case.payload, label=case.label, confidence=case.confidence,
            withdrawn=case.withdrawn, split=[Said(value=value, times=times) for value, times in case.split],
            dont_know=case.dont_know,
            answers=[WorkersAnswer.of(each) for each in case.said],
            given_back=[WorkersReason(worker=each.pseudonym, way=each.way, reason=each.reason) for each in case.passed],
            decision=Decision.of(case.review) if case.review else None,
            gold=MadeGold.of(case.made) if case.made else None,
        )  # fmt: skip


class ContestedPage(BaseModel):
    """Tasks, in their order."""

    tasks: list[ContestedTask]
    total: int
    next: int | None = Field(description="hand this in for the next page; null on the last one")

    @classmethod
    def of(cls, page: CasePage) -> "ContestedPage":
        """From what the domain knows."""
        return cls(tasks=[ContestedTask.of(case) for case in page.cases], total=page.total, next=page.more)


class ToDecide(BaseModel):
    """A decision."""

    model_config = ConfigDict(extra="forbid")

    label: str | None = Field(
        max_length=3000, description="as a gold of the batch would have it; null: it cannot be decided"
    )
    note: str | None = Field(default=None, max_length=LONGEST_NOTE)
    audit: bool = Field(default=False, description="the task was drawn by `audit`, and decided without more of it")


@router.get("/agreement", summary="How far workers agree", responses=failures(404))
async def batch_agreement(database: Db, caller: Caller, batch_id: BatchId) -> BatchAgreement:
    """Krippendorff's alpha, and the confusion matrix of answers against labels."""
    async with database.reading() as tx:
        card = await own_batch(tx, caller, batch_id)
    return BatchAgreement.of(card, await agreement_of(database, batch_id))


@router.get("/contested", summary="List the tasks that divide workers", responses=failures(404))
async def contested_tasks(
    database: Db,
    caller: Caller,
    batch_id: BatchId,
    start: Annotated[int, Query(ge=0, le=1_000_000, description="`next` of the page before")] = 0,
    limit: Annotated[int, Query(ge=1, le=200, description="tasks on a page")] = 50,
) -> ContestedPage:
    """The most contested first, a thousand at most; without those that somebody decided."""
    async with database.reading() as tx:
        await own_batch(tx, caller, batch_id)
    await agreement_of(database, batch_id)
    async with database.reading() as tx:
        return ContestedPage.of(await contested(tx, batch_id, start=start, limit=limit))


@router.get("/reviews", summary="List the tasks that somebody decided", responses=failures(404))
async def decided_tasks(
    database: Db,
    caller: Caller,
    batch_id: BatchId,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="tasks on a page")] = 50,
) -> ContestedPage:
    """The latest decisions first; without those that were undone."""
    async with database.reading() as tx:
        await own_batch(tx, caller, batch_id)
        return ContestedPage.of(await decided(tx, batch_id, before=before, limit=limit))


@router.put("/tasks/{task_id:int}/review", summary="Decide a task", responses=failures(400, 404, 409))
async def decide_task(
    database: Db, caller: Caller, batch_id: BatchId, task_id: TaskId, said: ToDecide
) -> ContestedTask:
    """The label is yours from then on: no answer and no fit changes it, and no money moves."""
    try:
        async with database.transaction() as tx:
            await own_batch(tx, caller, batch_id)
            await decide(tx, batch_id, task_id, said.label, note=said.note, reviewer=actor(caller), drawn=said.audit)
            case = await case_of(tx, batch_id, task_id)
    except ReviewError as error:
        raise refused(_STATUS.get(error.trouble, HTTPStatus.CONFLICT), error) from error
    assert case is not None
    return ContestedTask.of(case)


@router.delete("/tasks/{task_id:int}/review", summary="Undo a decision", responses=failures(404, 409))
async def undo_review(database: Db, caller: Caller, batch_id: BatchId, task_id: TaskId) -> ContestedTask:
    """The label is again what the answers say. A gold that was made of the task is dropped."""
    try:
        async with database.transaction() as tx:
            await own_batch(tx, caller, batch_id)
            await undo(tx, batch_id, task_id, None, by=actor(caller))
            case = await case_of(tx, batch_id, task_id)
    except ReviewError as error:
        raise refused(_STATUS.get(error.trouble, HTTPStatus.CONFLICT), error) from error
    assert case is not None
    return ContestedTask.of(case)


_STATUS = {Trouble.GONE: HTTPStatus.NOT_FOUND, Trouble.LABEL: HTTPStatus.UNPROCESSABLE_ENTITY}
