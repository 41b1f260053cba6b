"""What every request goes through: its id and line in the log, its figures, the headers that guard pages, a limit."""

import re
import secrets
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from admin.files import LARGEST_UPLOAD
from admin.telemetry import Telemetry
from admin.web.page import LIVE

LARGEST_FORM = 1024 * 1024

_OWN_LIMITS = "/api/"
_REQUEST_ID = re.compile(r"[A-Za-z0-9_.-]{8,64}")
_log = structlog.stdlib.get_logger("panel")


class RequestLog:
    """Give each request an id, and say how it went: never its query or headers, which may hold secrets."""

    def __init__(self, app: ASGIApp, telemetry: Telemetry) -> None:
        self._app = app
        self._telemetry = telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        began, status = time.perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, noting)
            finally:
                seconds = time.perf_counter() - began
                route = getattr(scope.get("route"), "path", None) or "none"
                self._telemetry.served(scope["method"], route, status, seconds)
                log = _log.debug if _often(scope) and status < 400 else _log.info
                log("request", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1))


def _often(scope: Scope) -> bool:
    """Whether a request comes every few seconds and says nothing: fresh figures, static files, probes."""
    return LIVE in Headers(scope=scope) or scope["path"].startswith(("/static/", "/health", "/metrics"))


class Guards:
    """Headers that keep a page to its own scripts, styles and frames."""

    def __init__(self, app: ASGIApp, frame_url: str | None) -> None:
        self._app = app
        frames = "'none'"
        if frame_url:
            parts = urlsplit(frame_url)
            frames = f"{parts.scheme}://{parts.netloc}"
        self._headers = {
            "content-security-policy": "; ".join(
                (
                    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "media-src 'self'",
                    "connect-src 'self'", f"frame-src {frames}", "form-action 'self'", "base-uri 'none'",
                    "frame-ancestors 'self'",
                )
            ),
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), payment=(), usb=()",
            "cross-origin-opener-policy": "same-origin",
        }  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/static/") and b"v=" in scope["query_string"]:
                    headers["cache-control"] = "public, max-age=31536000, immutable"
            await send(message)

        await self._app(scope, receive, guarded)


class _TooLargeError(Exception):
    pass


class BodyLimit:
    """Refuse a request that brings more than its path may take, before it fills the disk."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http" or scope["path"].startswith(_OWN_LIMITS):
            await self._app(scope, receive, send)
            return
        most = LARGEST_UPLOAD if scope["path"] == "/post" else LARGEST_FORM
        said = Headers(scope=scope).get("content-length", "0")
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        if said.isdigit() and int(said) > most:
            await _too_large(scope, receive, send, most)
            return
        try:
            await self._app(scope, _counted(receive, most), noting)
        except _TooLargeError:
            if begun:
                raise
            await _too_large(scope, receive, send, most)


def _counted(receive: Receive, most: int) -> Callable[[], Awaitable[Message]]:
    taken = 0

    async def counting() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise _TooLargeError
        return message

    return counting


async def _too_large(scope: Scope, receive: Receive, send: Send, most: int) -> None:
    text = f"This is larger than {most // 1024 // 1024} MiB. Post it in parts.\n"
    await PlainTextResponse(text, status_code=413)(scope, receive, send)
