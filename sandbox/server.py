"""Starts a sandbox: as an ASGI application, inside a running loop, or as a process of its own."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.server import ServerState

from sandbox.control.routes import ROUTES, not_found, refused
from sandbox.errors import ApiError, ControlError
from sandbox.files import Files
from sandbox.gateway import Gateway
from sandbox.protocol import BreakableProtocol
from sandbox.settings import Settings
from sandbox.store import Store
from sandbox.world import World

PHONE_PAGE = Path(__file__).parent / "phone" / "static"
BACKLOG = 2048
KEEP_ALIVE_S = 75
GRACE_S = 3.0


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox that is being served. ``base_url`` has no slash at the end."""

    base_url: str


class Application:
    """The ASGI application: Bot API, files and control API over one World."""

    def __init__(self, settings: Settings) -> None:
        self._store = Store(settings.state_file)
        snapshot = self._store.load()
        files = Files(snapshot.files, self._store.files_folder)
        self.world = World(settings, snapshot, files, self._store.touch)
        self._store.source = self.world.snapshot
        self._gateway = Gateway(self.world)
        self._others = _starlette(self.world, settings.extra_routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        path: str = scope["path"]
        if path.startswith("/bot"):
            await self._gateway.serve_method(scope, receive, send)
        elif path.startswith("/file/bot"):
            await self._gateway.serve_file(scope, send)
        else:
            await self._others(scope, receive, send)
            if scope["type"] == "http" and scope["method"] != "GET":
                self.world.touch()

    def start(self) -> None:
        """Begin to deliver to the webhooks that were set before a restart."""
        self._gateway.resume_webhooks()

    def close(self) -> None:
        """Let everybody go who waits, and write the state down. Safe to call again."""
        if not self.world.closed:
            self._store.save()
            self.world.close()

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                self.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


def create_app(settings: Settings) -> Application:
    """The sandbox as an ASGI application. Raises ValueError if the state file cannot be read."""
    return Application(settings)


@contextlib.asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Sandbox]:
    """Serve in the current loop while the context is open. Raises OSError if the port is taken."""
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        http=BreakableProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE_S,
    )
    config.load()
    state = ServerState()
    listener = _listen(settings)
    port = listener.getsockname()[1]
    server = await asyncio.get_running_loop().create_server(
        lambda: BreakableProtocol(config, state, {}), sock=listener, backlog=BACKLOG
    )
    app.start()
    try:
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        yield Sandbox(f"http://{host}:{port}")
    finally:
        server.close()
        app.close()
        await _drain(state)


async def _drain(state: ServerState) -> None:
    """Let the requests that are under way end, then close all connections."""
    for connection in list(state.connections):
        connection.shutdown()
    if state.tasks:
        _, late = await asyncio.wait(state.tasks, timeout=GRACE_S)
        for task in late:
            task.cancel()
    for connection in list(state.connections):
        connection.transport.abort()


def serve(settings: Settings, ready: Callable[[Sandbox], None] | None = None) -> None:
    """Serve until SIGINT or SIGTERM, then write the state down and end. ``ready`` is told the address."""
    uvicorn_loop = uvicorn.Config("", log_config=None).get_loop_factory()
    with asyncio.Runner(loop_factory=uvicorn_loop) as runner:
        runner.run(_serve_until_told(settings, ready))


async def _serve_until_told(settings: Settings, ready: Callable[[Sandbox], None] | None) -> None:
    loop = asyncio.get_running_loop()
    told = asyncio.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(told.set)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    async with running(settings) as sandbox:
        if ready is not None:
            ready(sandbox)
        await told.wait()


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # asyncio sends small answers without delay only if the protocol is named
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
    except OSError:
        listener.close()
        raise
    return listener


def _starlette(world: World, extra_routes: tuple[BaseRoute, ...]) -> ASGIApp:
    routes: list[BaseRoute] = [*ROUTES, *extra_routes]
    if PHONE_PAGE.is_dir():
        routes.append(Mount("/phone", _PhonePage(directory=PHONE_PAGE, html=True)))
        routes.append(Route("/", lambda _request: RedirectResponse("/phone/")))
    app = Starlette(
        routes=routes,
        exception_handlers={ControlError: refused, ApiError: refused, 404: not_found},
    )
    app.state.world = world
    return app


class _PhonePage(StaticFiles):
    """The page with the phone, never from a cache: it changes with the sandbox."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-store"
        return response
