"""The routes of the control API, which is fixed: tests, benches and simulated workers rely on it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.control import messages, people, screens, server
from sandbox.control.context import answer
from sandbox.errors import ApiError, ControlError

_PERSON = "/sandbox/users/{person_id:int}"

ROUTES = [
    Route(f"{_PERSON}/taps", messages.tap, methods=["POST"]),
    Route(f"{_PERSON}/chat", screens.chat),
    Route(f"{_PERSON}/messages", messages.send, methods=["POST"]),
    Route(f"{_PERSON}/messages/{{message_id:int}}", messages.delete, methods=["DELETE"]),
    Route(f"{_PERSON}/events", screens.events),
    Route(f"{_PERSON}/link", people.set_link, methods=["PUT"]),
    Route(f"{_PERSON}/blocked", people.set_blocked, methods=["PUT"]),
    Route(f"{_PERSON}/traffic", people.traffic, methods=["GET", "DELETE"]),
    Route(_PERSON, people.change, methods=["PUT"]),
    Route("/sandbox/users", people.add, methods=["POST"]),
    Route("/sandbox/users", people.listed),
    Route("/sandbox/bot", screens.bot),
    Route("/sandbox/bots", server.bots),
    Route("/sandbox/clock", server.clock, methods=["GET", "POST"]),
    Route("/sandbox/faults", server.faults, methods=["GET", "POST", "DELETE"]),
    Route("/sandbox/limits", server.limits, methods=["GET", "PUT"]),
    Route("/sandbox/calls", server.calls, methods=["GET", "DELETE"]),
    Route("/sandbox/files/{file_id}", server.file),
]


async def refused(_request: Request, error: Exception) -> Response:
    """The answer to a request that the control API refuses."""
    if isinstance(error, ControlError):
        return answer({"error": error.text}, error.status)
    assert isinstance(error, ApiError)
    return answer({"error": f"Telegram would refuse this: {error.description}"}, error.code)


async def not_found(request: Request, _error: Exception) -> Response:
    """The answer to an unknown path."""
    known = ", ".join(sorted({route.path for route in ROUTES}))
    return answer({"error": f"there is nothing at {request.url.path}; the control API has {known}"}, 404)
