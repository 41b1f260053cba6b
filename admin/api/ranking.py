"""Which of the sources that a batch compares is the strongest."""

from fastapi import APIRouter

from admin.api.access import BatchId, Caller, Db, own_batch
from admin.api.problems import ProblemRoute, failures
from crowd.agreement.ranking import Ranking, ranking_of

router = APIRouter(prefix="/batches/{batch_id:int}", tags=["agreement"], route_class=ProblemRoute)


class BatchRanking(Ranking):
    """What made the answers that a batch compares, and how strong each is."""

    batch: int

    @classmethod
    def of(cls, batch_id: int, found: Ranking) -> "BatchRanking":
        """From what the domain knows."""
        return cls(batch=batch_id, **dict(found))


@router.get("/ranking", summary="Rank what made the answers that are compared", responses=failures(404, 409))
async def batch_ranking(database: Db, caller: Caller, batch_id: BatchId) -> BatchRanking:
    """Of a batch of kind `compare`, by its labels as they are now: Bradley and Terry's model with Davidson's ties.

    With it comes how far workers prefer what they see first.
    """
    async with database.reading() as tx:
        card = await own_batch(tx, caller, batch_id)
    return BatchRanking.of(card.id, await ranking_of(database, card.id))
