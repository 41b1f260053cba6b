"""Who calls, and what they may see."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from admin.api.problems import ApiError, not_there
from admin.settings import PanelSettings
from crowd.batches.cards import BatchCard, batch_card
from crowd.requesters import Requester, requester_of
from db.database import Database, Tx

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A token of `kazi token create NAME`, in the header `Authorization: Bearer kazi_…`.",
)


def database_of(request: Request) -> Database:
    """The application's database."""
    database: Database = request.app.state.database
    return database


def settings_of(request: Request) -> PanelSettings:
    """The panel's settings."""
    settings: PanelSettings = request.app.state.settings
    return settings


async def _caller(
    database: Annotated[Database, Depends(database_of)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Requester:
    if credentials is None:
        raise _unknown("Show a token in the header `Authorization: Bearer kazi_…`; `kazi token create` makes one.")
    async with database.reading() as tx:
        requester = await requester_of(tx, credentials.credentials)
    if requester is None:
        raise _unknown("This token was never given out, or was revoked; `kazi token create` makes a new one.")
    return requester


def _unknown(detail: str) -> ApiError:
    return ApiError(HTTPStatus.UNAUTHORIZED, detail, headers={"WWW-Authenticate": "Bearer"})


Db = Annotated[Database, Depends(database_of)]
Caller = Annotated[Requester, Depends(_caller)]
BatchId = Annotated[int, Path(ge=1, le=2**63 - 1, description="the batch's id")]
TaskId = Annotated[int, Path(ge=1, le=2**63 - 1, description="a task's number, as `contested` and `reviews` tell it")]


async def own_batch(tx: Tx, caller: Requester, batch_id: int) -> BatchCard:
    """A batch of the caller's. Raises ApiError when they have none of that number."""
    card = await batch_card(tx, batch_id, requester_id=caller.id)
    if card is None:
        raise not_there(batch_id)
    return card


def actor(caller: Requester) -> str:
    """Who it is, for the audit log."""
    return f"requester {caller.id} (API)"
