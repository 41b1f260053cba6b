"""What every route of the control API needs from its request."""

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from sandbox.bots import BotAccount
from sandbox.errors import ControlError
from sandbox.phones import Phone
from sandbox.world import World


def world_of(request: Request) -> World:
    """The sandbox behind the request."""
    world: World = request.app.state.world
    return world


def account_of(request: Request) -> BotAccount:
    """The bot named by ``?bot=`` (username or id); the first one without it."""
    accounts = list(world_of(request).bots.values())
    wanted = request.query_params.get("bot")
    if wanted is None:
        return accounts[0]
    for account in accounts:
        if wanted.removeprefix("@").lower() in (account.bot.username.lower(), str(account.id)):
            return account
    known = ", ".join(account.bot.username for account in accounts)
    raise ControlError(f"there is no bot {wanted!r} here; there is {known}", 404)


def phone_of(request: Request) -> Phone:
    """The phone of the person in the path."""
    return phone_by_id(request, request.path_params["person_id"])


def phone_by_id(request: Request, person_id: int) -> Phone:
    """The phone of a person."""
    phone = world_of(request).phones.get(person_id)
    if phone is None:
        raise ControlError(f"there is no person {person_id}; make one with POST /sandbox/users", 404)
    return phone


def number(request: Request, name: str, default: float) -> float:
    """A number in the query string."""
    value = request.query_params.get(name)
    if value is None:
        return default
    try:
        return float(value)
    except ValueError:
        raise ControlError(f"{name} must be a number, not {value!r}") from None


def answer(content: Any, status: int = 200) -> Response:
    """A JSON answer."""
    body = orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS)
    return Response(body, status, media_type="application/json")
