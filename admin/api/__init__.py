"""The requester's side for programs: REST under `/api/v1`.

The application that takes the router in needs `state.database`, a Database, and `state.settings`,
PanelSettings.
"""

from fastapi import APIRouter

from admin.api import agreement, audits, batches, funding, golds, money, parity, posting, ranking, results, workers
from admin.api.problems import NowhereRoute, ProblemRoute

router = APIRouter(prefix="/api/v1", route_class=ProblemRoute)
for part in (posting, batches, funding, results, agreement, ranking, audits, golds, parity, workers, money):
    router.include_router(part.router)


async def _nothing() -> None:
    """Never called: its route answers."""


router.add_api_route("/{rest:path}", _nothing, include_in_schema=False, route_class_override=NowhereRoute)

__all__ = ["router"]
