"""The sandbox itself: its clock, its failures, its limits, the calls it saw, the files it holds."""

from starlette.requests import Request
from starlette.responses import Response

from sandbox.control.bodies import ClockStep, Limited, NewFault, read
from sandbox.control.context import answer, number, phone_by_id, world_of
from sandbox.errors import ControlError
from sandbox.faults import ANY_METHOD, Fault
from sandbox.methods.registry import METHODS
from sandbox.methods.unsupported import UNSUPPORTED

SHOWN_IN_PAGE = ("image/jpeg", "image/png", "image/gif", "image/webp", "audio/")


async def clock(request: Request) -> Response:
    """GET /sandbox/clock, and POST to move it forward or let it stand still."""
    own = world_of(request).clock
    if request.method == "POST":
        step = await read(request, ClockStep)
        if step.frozen is not None:
            own.freeze(frozen=step.frozen)
        own.advance(step.advance_s)
    return answer({"now": own.now(), "offset_s": own.offset_s, "frozen": own.frozen})


async def bots(request: Request) -> Response:
    """GET /sandbox/bots: each bot, how it gets its updates, and how many wait."""
    found = [
        {
            "id": account.id,
            "username": account.bot.username,
            "polling": account.updates.polled,
            "webhook_url": account.record.webhook.url if account.record.webhook else "",
            "pending_updates": len(account.updates),
        }
        for account in world_of(request).bots.values()
    ]
    return answer({"bots": found})


async def faults(request: Request) -> Response:
    """POST, GET and DELETE /sandbox/faults."""
    ordered = world_of(request).faults.ordered
    if request.method == "DELETE":
        ordered.clear()
    if request.method == "POST":
        body = await read(request, NewFault)
        if body.method.lower() not in (*METHODS, *UNSUPPORTED, ANY_METHOD):
            raise ControlError(f"the Bot API has no method {body.method!r}; name one that it has, or * for any")
        ordered.append(
            Fault(
                method=body.method.lower(),
                status=0 if body.status == "drop" else body.status,
                times=body.times,
                retry_after=body.retry_after,
                description=body.description,
                delay_ms=body.delay_ms,
                after=body.kind == "after",
            )
        )
    return answer({"faults": ordered}, 201 if request.method == "POST" else 200)


async def limits(request: Request) -> Response:
    """GET and PUT /sandbox/limits."""
    own = world_of(request).limits
    if request.method == "PUT":
        own.switch(enabled=(await read(request, Limited)).enabled)
    return answer({"enabled": own.enabled})


async def calls(request: Request) -> Response:
    """GET (``?method=``) and DELETE /sandbox/calls."""
    log = world_of(request).calls
    if request.method == "DELETE":
        log.clear()
    found = log.find(request.query_params.get("method"))
    last = int(number(request, "last", 0))
    return answer({"calls": [call.as_json() for call in (found[-last:] if last > 0 else found)]})


async def file(request: Request) -> Response:
    """GET /sandbox/files/{file_id}: the bytes; with ``user_id``, as fetched by that person's phone."""
    world = world_of(request)
    record = world.files.get(request.path_params["file_id"])
    if record is None:
        raise ControlError("there is no such file; take the file_id from a message", 404)
    if "user_id" in request.query_params:
        phone = phone_by_id(request, int(number(request, "user_id", 0)))
        if record.unique_id not in phone.record.files:
            phone.record.files[record.unique_id] = None
            phone.traffic.media_bytes += record.size
    headers = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
    if not record.mime_type.startswith(SHOWN_IN_PAGE):
        headers["content-disposition"] = "attachment"
    return Response(world.files.content(record), media_type=record.mime_type, headers=headers)
