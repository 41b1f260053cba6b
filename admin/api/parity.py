"""Whether workers do as well on the same golds, whichever language they read the instructions in."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from admin.api.access import BatchId, Caller, Db, actor, own_batch
from admin.api.problems import ProblemRoute, failures
from crowd.parity.figures import Found, Measure
from crowd.parity.flags import Flag, Outcome, Parity, end_flags, parity_of
from crowd.pilots.states import LONGEST_REASON

router = APIRouter(prefix="/batches/{batch_id:int}", tags=["golds"], route_class=ProblemRoute)

Language = Annotated[
    str, Path(min_length=1, max_length=35, description="of the instructions, as the batch file names it")
]


class Compared(BaseModel):
    """One measure of who read the instructions in one language, and of all others, on golds that both met."""

    language: str = Field(description="of the instructions")
    measure: Measure = Field(
        description="`accuracy`: mean of the verdicts, 0..1; `time`: of an answer, milliseconds, the geometric mean, "
        "without packs; `skips`: share of the golds met that were skipped or reported"
    )
    workers: int = Field(description="who read the instructions in this language")
    answers: int = Field(description="of theirs; of `skips`: golds that they met")
    others: int = Field(description="workers who read another language")
    here: float
    elsewhere: float = Field(description="the same of the others")
    p: float = Field(description="how probable so large a difference for the worse is by chance")
    departs: bool = Field(description="it is for the worse, it matters, and it is beyond chance")

    @classmethod
    def of(cls, found: Found) -> "Compared":
        """From what the domain knows."""
        return cls(**found.model_dump())


class ParityFlag(BaseModel):
    """Who read these instructions did worse than others, beyond chance."""

    language: str
    measure: Measure
    here: float
    elsewhere: float
    p: float
    workers: int
    answers: int
    others: int
    freezes: bool = Field(description="golds of this batch move no record of who read these instructions")
    raised_at: datetime
    looked_at: datetime
    ended_at: datetime | None
    ended_by: str | None = Field(description="`kazi`: it ended by itself")
    outcome: Outcome | None = Field(
        description="`faded`: the difference went away; `mended`: the instructions were put right; `sound`: it is not "
        "the instructions; null: it stands"
    )
    reason: str | None

    @classmethod
    def of(cls, flag: Flag) -> "ParityFlag":
        """From what the domain knows."""
        return cls(
            language=flag.language, measure=flag.measure, here=flag.here, elsewhere=flag.elsewhere, p=flag.p,
            workers=flag.workers, answers=flag.answers, others=flag.others, freezes=flag.freezes,
            raised_at=flag.raised_at, looked_at=flag.looked_at, ended_at=flag.ended_at, ended_by=flag.ended_by,
            outcome=flag.outcome, reason=flag.reason,
        )  # fmt: skip


class BatchParity(BaseModel):
    """The languages of a batch's instructions held against each other, as of the last look."""

    looked_at: datetime | None = Field(description="null: too little is known, or there is one language")
    compared: list[Compared]
    flags: list[ParityFlag] = Field(description="those that stand first, then the latest")

    @classmethod
    def of(cls, parity: Parity) -> "BatchParity":
        """From what the domain knows."""
        return cls(
            looked_at=parity.looked_at,
            compared=[Compared.of(each) for each in (parity.look.found if parity.look else ())],
            flags=[ParityFlag.of(flag) for flag in parity.flags],
        )


class ToEnd(BaseModel):
    """What was done, or found."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal[Outcome.MENDED, Outcome.SOUND] = Field(
        description="`mended`: the instructions were put right elsewhere; `sound`: it is not the instructions"
    )
    reason: str = Field(min_length=1, max_length=LONGEST_REASON, description="the audit log keeps it")


@router.get("/parity", summary="Compare workers by the language they read", responses=failures(404))
async def show_parity(database: Db, caller: Caller, batch_id: BatchId) -> BatchParity:
    """On the same golds: how right they were, how long they took, how often they passed one over; and the flags."""
    async with database.reading() as tx:
        await own_batch(tx, caller, batch_id)
        return BatchParity.of(await parity_of(tx, batch_id))


@router.post(
    "/parity/{language}", summary="End the flags on a language's instructions", responses=failures(400, 404, 409)
)
async def end_parity(database: Db, caller: Caller, batch_id: BatchId, language: Language, said: ToEnd) -> BatchParity:
    """What was answered up to now raises none again; scores move again with what is answered from now on."""
    async with database.transaction() as tx:
        await own_batch(tx, caller, batch_id)
        await end_flags(tx, batch_id, language, Outcome(said.outcome), said.reason, by=actor(caller))
        return BatchParity.of(await parity_of(tx, batch_id))
