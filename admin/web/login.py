"""Coming in, with an API token or by the demo's link, and going out."""

import hmac

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from admin.web.page import (
    NotSignedInError,
    form_of,
    go,
    own_path,
    panel_of,
    refuse_other_origins,
    render,
    session_of,
)
from admin.web.session import forget, keep, keep_visit, visit_of
from crowd.requesters import digest_of, requester_of
from crowd.sessions import first_requester

router = APIRouter(include_in_schema=False)


@router.get("/")
async def front(request: Request) -> Response:  # noqa: ARG001
    """The front page is the list of batches."""
    return go("/batches")


@router.get("/login")
async def ask(request: Request) -> Response:
    """Ask for a token."""
    return _login(request, own_path(request.query_params.get("next", "")))


@router.post("/login")
async def come_in(request: Request) -> Response:
    """Take a token, and begin a session."""
    panel, visit = panel_of(request), visit_of(request)
    form = await form_of(request, visit)
    token, there = str(form.get("token", "")).strip(), own_path(str(form.get("next", "")))
    address = request.client.host if request.client else ""
    now = panel.database.clock()
    wait = panel.attempts.wait(address, now)
    if wait:
        response = _login(request, there, wait=wait, status=429)
        response.headers["retry-after"] = str(wait)
        return response
    async with panel.database.reading() as tx:
        requester = await requester_of(tx, token) if token else None
    if requester is None:
        panel.attempts.failed(address, now)
        return _login(request, there, unknown=True, status=403)
    panel.attempts.succeeded(address)
    response = go(there)
    keep(response, request, panel.seal, panel.seal.new_session(requester.id, digest_of(token), now))
    return response


def _login(request: Request, there: str, *, wait: int = 0, unknown: bool = False, status: int = 200) -> Response:
    visit = visit_of(request)
    mark = panel_of(request).seal.form_mark(visit)
    response = render(request, "login.html", None, status=status, mark=mark, there=there, wait=wait, unknown=unknown)
    keep_visit(response, request, visit)
    return response


@router.get("/demo")
async def demo(request: Request) -> Response:
    """The demo's link: whoever knows its key looks at the first requester's batches."""
    panel, key = panel_of(request), request.query_params.get("key", "")
    known = panel.settings.demo_key
    if known is None or not hmac.compare_digest(key.encode(), known.encode()):
        raise NotSignedInError
    async with panel.database.reading() as tx:
        requester = await first_requester(tx)
    if requester is None:
        raise NotSignedInError
    # Not a redirect: those that begin on another site do not bring a strict cookie along.
    response: HTMLResponse = render(request, "enter.html", None)
    keep(response, request, panel.seal, panel.seal.new_session(requester.id, None, panel.database.clock()))
    return response


@router.post("/logout")
async def go_out(request: Request) -> Response:
    """End the session."""
    refuse_other_origins(request)
    await form_of(request, session_of(request).nonce)
    response = go("/login")
    forget(response)
    return response
