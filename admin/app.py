"""The requester's side as one web application: the panel's pages, the REST API, health and figures."""

from fastapi import FastAPI
from fastapi.exception_handlers import http_exception_handler
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from admin import api, provider, telemetry
from admin.api.problems import broken
from admin.middleware import BodyLimit, Guards, RequestLog
from admin.settings import PanelSettings
from admin.web import (
    agreement,
    appeals,
    batch,
    batches,
    bonus,
    findings,
    golds,
    login,
    media,
    money,
    money_reports,
    parity,
    payouts,
    pilot,
    post,
    rates,
    receipts,
    redos,
    review,
    voiding,
    workers,
)
from admin.web.attempts import Attempts
from admin.web.page import STATIC, FormRefusedError, NotSignedInError, Panel, render, to_login
from admin.web.session import Seal
from db.database import Database

__all__ = ["PanelSettings", "create_panel"]


def create_panel(database: Database, settings: PanelSettings) -> FastAPI:
    """The panel on a database, which the caller opens and closes. Raises ValueError when the secret is too short."""
    app = FastAPI(
        title="Kazi",
        summary="Post batches of short labelling tasks, follow them, take their results away.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    figures = telemetry.Telemetry(database)
    app.state.telemetry = figures
    app.state.database, app.state.settings = database, settings
    app.state.panel = Panel(
        database, settings, Seal(settings.secret, settings.demo_key), Attempts(), Attempts(receipts.MOST_CHECKS)
    )

    app.include_router(telemetry.router)
    app.include_router(api.router)
    app.include_router(provider.router)
    for pages in (
        login,
        batches,
        batch,
        pilot,
        parity,
        agreement,
        review,
        golds,
        workers,
        voiding,
        redos,
        bonus,
        findings,
        money,
        money_reports,
        rates,
        payouts,
        appeals,
        post,
        media,
        receipts,
    ):
        app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")

    app.add_exception_handler(NotSignedInError, _not_signed_in)
    app.add_exception_handler(FormRefusedError, _form_refused)
    app.add_exception_handler(HTTPException, _no_page)
    app.add_exception_handler(Exception, _broken)

    # The last added is the outermost.
    app.add_middleware(BodyLimit)
    app.add_middleware(GZipMiddleware, minimum_size=600)
    app.add_middleware(Guards, frame_url=settings.demo_phone_url)
    app.add_middleware(RequestLog, telemetry=figures)
    return app


async def _not_signed_in(request: Request, _: Exception) -> Response:
    return to_login(request)


async def _form_refused(request: Request, _: Exception) -> Response:
    return render(request, "refused.html", None, status=403)


async def _no_page(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if request.url.path.startswith("/api/"):
        return await http_exception_handler(request, error)
    if error.status_code in {404, 405}:
        return render(request, "missing.html", None, status=error.status_code)
    if error.status_code == 400:
        return render(request, "refused.html", None, status=400)
    return await http_exception_handler(request, error)


async def _broken(request: Request, _: Exception) -> Response:
    if request.url.path.startswith("/api/"):
        return broken(request)
    return render(request, "broken.html", None, status=500, request_id=request.state.request_id)
