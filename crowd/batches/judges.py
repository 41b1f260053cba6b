"""The batch in which others judge the answers of a batch: opened, and paid for, along with it."""

from dataclasses import replace

from crowd.batches.inserting import NewBatch, insert
from crowd.batches.spec import BatchSpec
from crowd.kinds import load_spec
from crowd.kinds.judge import JudgeSpec
from crowd.kinds.judging import JudgedSpec
from crowd.money.escrow import fund, purses_for
from crowd.money.quote import Quote, quote
from db.database import Tx


def judge_spec(spec: BatchSpec) -> JudgeSpec | None:
    """What the batch file says of the batch of its judges; None where nobody judges."""
    if not isinstance(spec, JudgedSpec) or spec.judging is None:
        return None
    judging = spec.judging
    loaded = load_spec(
        {
            "kind": "judge",
            "about": spec.kind,
            "name": spec.name,
            "title": judging.title or spec.title,
            "language": spec.language,
            "items": spec.items,
            "currency": spec.currency,
            "price": judging.price,
            "instructions": judging.instructions,
            "overlap": judging.overlap.model_dump(),
            "dont_know": True,
            "lease_minutes": spec.lease_minutes,
            "hold_hours": spec.hold_hours,
            "protected": spec.protected,
            "spoiler": spec.spoiler,
        }
    )
    assert isinstance(loaded, JudgeSpec)
    return loaded


def judges_quote(spec: BatchSpec, cost: Quote, *, fee_ppm: int) -> Quote | None:
    """What judging costs, if each task gets its most answers and each of these is judged; None where nobody judges.

    Where an answer goes back to its worker once, it may be judged twice.
    """
    judges = judge_spec(spec)
    if judges is None or not isinstance(spec, JudgedSpec) or spec.judging is None:
        return None
    return quote(judges, cost.most_answers * (2 if spec.judging.redo else 1), 0, fee_ppm=fee_ppm)


def with_judging(spec: BatchSpec, cost: Quote, *, fee_ppm: int) -> Quote:
    """The quote of a batch with what judging its answers costs."""
    judging = judges_quote(spec, cost, fee_ppm=fee_ppm)
    return cost if judging is None else replace(cost, judging=judging.to_fund)


async def open_judging(tx: Tx, batch_id: int, requester_id: int, spec: BatchSpec, cost: Quote, *, fee_ppm: int) -> None:
    """Open and fund the batch of judges, if there is to be one. Its tasks come as answers come."""
    judges, judging = judge_spec(spec), judges_quote(spec, cost, fee_ppm=fee_ppm)
    if judges is None or judging is None:
        return
    purses = purses_for(judging.tasks)
    digest = b"judges" + batch_id.to_bytes(8, "big")
    new = NewBatch(requester_id, digest, judges, purses, columns=("text", "sound", "picture"), judges=batch_id)
    while (made := await insert(tx, new)) is None:
        pass
    await fund(tx, made.batch_id, judging, purses)
