"""People and their phones."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from sandbox import people
from sandbox.control.bodies import Blocked, LinkChange, NewPerson, PersonChange, read
from sandbox.control.context import account_of, answer, phone_of, world_of
from sandbox.errors import ControlError
from sandbox.records import Person


async def add(request: Request) -> Response:
    """POST /sandbox/users."""
    body = await read(request, NewPerson)
    try:
        phone = world_of(request).add_person(Person(**body.model_dump() | {"id": body.id or 0}))
    except KeyError:
        raise ControlError(f"the id {body.id} is taken; leave it out to get a free one", 409) from None
    return answer(phone.record.person, 201)


async def listed(request: Request) -> Response:
    """GET /sandbox/users: everybody, with their links."""
    phones = world_of(request).phones.values()
    return answer({"users": [{**_fields(p.record.person), "link": p.record.link} for p in phones]})


async def change(request: Request) -> Response:
    """PUT /sandbox/users/{id}: another name or language."""
    person = phone_of(request).record.person
    body = await read(request, PersonChange)
    changed = replace(person, **body.model_dump(exclude_unset=True))
    if not changed.first_name:
        raise ControlError("first_name cannot be null; leave it out to keep it")
    world_of(request).describe_person(changed)
    return answer(changed)


async def set_link(request: Request) -> Response:
    """PUT /sandbox/users/{id}/link."""
    phone = phone_of(request)
    body = await read(request, LinkChange)
    phone.set_link(online=body.online, kbps=body.kbps, latency_ms=body.latency_ms)
    if not body.online:
        world_of(request).taps.lose_of(phone)
    return answer(phone.record.link)


async def set_blocked(request: Request) -> Response:
    """PUT /sandbox/users/{id}/blocked."""
    person_id = phone_of(request).record.person.id
    body = await read(request, Blocked)
    people.set_blocked(world_of(request), account_of(request), person_id, blocked=body.blocked)
    return answer({"blocked": body.blocked})


async def traffic(request: Request) -> Response:
    """GET and DELETE /sandbox/users/{id}/traffic."""
    phone = phone_of(request)
    if request.method == "DELETE":
        phone.reset_traffic()
    return answer(phone.traffic)


def _fields(person: Person) -> dict[str, object]:
    return {name: getattr(person, name) for name in Person.__slots__}
