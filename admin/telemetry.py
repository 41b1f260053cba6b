"""Figures for Prometheus, and whether the panel is well."""

import asyncio

from asyncpg import InterfaceError, PostgresError
from fastapi import APIRouter
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from db.database import Database

_PATIENCE_S = 3
_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0)


class Telemetry:
    """Counts of one panel."""

    def __init__(self, database: Database) -> None:
        self.registry = CollectorRegistry()
        self._database = database
        self._requests = Counter(
            "kazi_panel_requests", "Requests", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "kazi_panel_request_seconds", "Time of a request", ("route",), buckets=_SECONDS, registry=self.registry
        )
        pool = database._pool
        connections = Gauge("kazi_panel_connections", "Connections to PostgreSQL", ("state",), registry=self.registry)
        connections.labels("idle").set_function(pool.get_idle_size)
        connections.labels("busy").set_function(lambda: pool.get_size() - pool.get_idle_size())

    def served(self, method: str, route: str, status: int, seconds: float) -> None:
        """Note a request. `route` is its template, so that ids make no figures of their own."""
        known = method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


router = APIRouter(include_in_schema=False)


@router.get("/health")
async def health(request: Request) -> Response:
    """Whether the database answers."""
    database: Database = request.app.state.panel.database
    try:
        async with asyncio.timeout(_PATIENCE_S), database.reading() as tx:
            await tx.value("SELECT 1")
    except (OSError, PostgresError, InterfaceError, TimeoutError):
        return JSONResponse({"database": "away"}, status_code=503)
    return JSONResponse({"database": "ok"})


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """For Prometheus."""
    telemetry: Telemetry = request.app.state.telemetry
    return Response(generate_latest(telemetry.registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)
