"""Batches that are sent in: checked, and posted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from admin.api.access import Caller, Db, actor, settings_of
from admin.api.batches import shown
from admin.api.models import Batch, CheckedBatch, FileProblem
from admin.api.problems import ApiError, ProblemRoute, failures
from admin.api.uploads import MULTIPART, received
from crowd.batches.posting import after_post, post
from crowd.batchfile import Checked, check
from crowd.fairpay.checking import with_pay
from db.database import Database

router = APIRouter(prefix="/batches", tags=["batches"], route_class=ProblemRoute)


class PostedBatch(BaseModel):
    """The batch that is there now."""

    batch: Batch
    already: bool = Field(description="you had posted the same before: nothing was changed")


@router.post(
    "",
    summary="Post a batch",
    status_code=HTTPStatus.CREATED,
    responses={
        200: {"model": PostedBatch, "description": "You had posted the same before; nothing was changed."},
        **failures(400, 413, 415),
    },
    openapi_extra=MULTIPART,
)
async def post_batch(request: Request, response: Response, database: Db, caller: Caller) -> PostedBatch:
    """All or nothing: with a single error nothing is posted, and the answer lists every problem with its place.

    A batch of more than 60 tasks hands out a pilot of 25 first, unless `waive_pilot` says why it shall not;
    only a token of an owner may say so.
    Posting the same again, after a lost connection say, finds the batch that is there.
    """
    async with _checked(request, database, caller.id) as (checked, no_pilot):
        if not checked.good:
            raise ApiError(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                f"The batch has {checked.errors:,} error{'s' if checked.errors > 1 else ''}, nothing was posted.",
                problems=[FileProblem.of(problem) for problem in checked.problems],
                errors=checked.errors,
            )
        async with database.transaction() as tx:
            fee_ppm = settings_of(request).fee_ppm
            who = actor(caller)
            posted = await post(
                tx, caller.id, checked, fee_ppm=fee_ppm, actor=who, no_pilot=no_pilot, owner=caller.owner
            )
        if not posted.already:
            await after_post(database, checked)
    async with database.reading() as tx:
        batch = await shown(tx, caller, posted.batch_id)
    if posted.already:
        response.status_code = int(HTTPStatus.OK)
    response.headers["Location"] = f"/api/v1/batches/{posted.batch_id}"
    return PostedBatch(batch=batch, already=posted.already)


@router.post(
    "/check",
    summary="Check a batch without posting it",
    responses=failures(400, 413, 415),
    openapi_extra=MULTIPART,
)
async def check_batch(request: Request, database: Db, caller: Caller) -> CheckedBatch:
    """All that is wrong with it, what it costs, what an hour of it pays, and its first task. Nothing is kept."""
    async with _checked(request, database, caller.id) as (checked, _):
        return CheckedBatch.of(checked, settings_of(request).preview)


@asynccontextmanager
async def _checked(
    request: Request, database: Database, requester_id: int
) -> AsyncIterator[tuple[Checked, str | None]]:
    """What was sent in, and why there shall be no pilot, if it is said."""
    async with received(request) as files:
        fee_ppm = settings_of(request).fee_ppm
        checked = await asyncio.to_thread(check, files.batch, archive=files.archive, fee_ppm=fee_ppm)
        try:
            async with database.reading() as tx:
                with_hours = await with_pay(tx, checked, requester_id)
            yield with_hours, files.no_pilot
        finally:
            checked.close()
