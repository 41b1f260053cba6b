"""Who worked on a batch, and what is known of how right they are."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from admin.api.access import BatchId, Caller, Db, own_batch
from admin.api.models import Money
from admin.api.problems import ProblemRoute, failures
from crowd.labels.results import money
from crowd.workers.cards import BatchWorkerCard, batch_worker_cards
from crowd.workers.estimate import Estimate, State

router = APIRouter(prefix="/batches/{batch_id:int}", tags=["workers"], route_class=ProblemRoute)

Before = Annotated[
    str | None, Query(pattern=r"^\d{1,9}\.\d{1,18}$", description="`next` of the page before", examples=["120.7"])
]


class Accuracy(BaseModel):
    """How often a worker is likely to be right, all labels weighing alike, and what that rests on."""

    mean: float = Field(description="of the posterior, 0..1; before any evidence that of anybody")
    low: float = Field(description="the true one lies in `low`..`high` with a probability of 0.9")
    high: float
    golds: int = Field(
        description="that the worker met in this kind and language, whichever the batch; in a re-test, since it began"
    )
    right: float | None = Field(description="of these; one near to the right answer counts in part; null in a re-test")
    compared: int | None = Field(description="answers that were held against those of others; null in a re-test")

    @classmethod
    def of(cls, known: Estimate) -> "Accuracy":
        """From what the domain knows."""
        return cls(
            mean=known.accuracy, low=known.low, high=known.high,
            golds=known.golds, right=known.right, compared=known.compared,
        )  # fmt: skip


class BatchWorker(BaseModel):
    """A worker in a batch."""

    worker: str = Field(description="a pseudonym")
    state: State = Field(
        description="new: on too few checks to judge anybody by; watched: not settled yet; cleared: has shown that "
        "they know the work; paused: gets no more of it; retest: was paused, and is tested on golds they never met"
    )
    accuracy: Accuracy
    answers: int = Field(description="to this batch")
    dont_knows: int
    median_ms: int | None = Field(description="of their newest answers here, milliseconds; null where it is not known")
    earned: Money = Field(description="in this batch")

    @classmethod
    def of(cls, card: BatchWorkerCard) -> "BatchWorker":
        """From what the domain knows."""
        return cls(
            worker=card.pseudonym, state=card.estimate.state, accuracy=Accuracy.of(card.estimate), answers=card.answers,
            dont_knows=card.dont_knows, median_ms=card.median_ms, earned=money(card.earned),
        )  # fmt: skip


class WorkerPage(BaseModel):
    """Workers, the busiest first."""

    workers: list[BatchWorker]
    next: str | None = Field(description="hand this in as `before` for the next page; null on the last one")

    @classmethod
    def of(cls, cards: tuple[BatchWorkerCard, ...], limit: int) -> "WorkerPage":
        """The first `limit` of what was found, which are more where there is a next page."""
        last = cards[limit - 1] if len(cards) > limit else None
        return cls(
            workers=[BatchWorker.of(card) for card in cards[:limit]],
            next=f"{last.answers}.{last.worker_id}" if last else None,
        )


@router.get("/workers", summary="List the workers of a batch", responses=failures(404))
async def batch_workers(
    database: Db,
    caller: Caller,
    batch_id: BatchId,
    before: Before = None,
    limit: Annotated[int, Query(ge=1, le=200, description="workers on a page")] = 50,
) -> WorkerPage:
    """By pseudonym, the busiest first: how right they are as far as is known, and what the test says of them."""
    answers, _, worker = (before or "").partition(".")
    async with database.reading() as tx:
        await own_batch(tx, caller, batch_id)
        after = (int(answers), int(worker)) if before else None
        return WorkerPage.of(await batch_worker_cards(tx, batch_id, before=after, limit=limit + 1), limit)
