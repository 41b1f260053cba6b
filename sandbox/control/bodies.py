"""What the control API takes: bodies of requests, checked."""

from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.requests import Request

from sandbox.errors import ControlError


class Body(BaseModel):
    """A JSON object with known names only."""

    model_config = ConfigDict(extra="forbid")


class NewPerson(Body):
    """Somebody new. Without ``language_code`` the bot is not told any."""

    id: int | None = Field(None, gt=0, lt=2**52)
    first_name: str = Field(min_length=1, max_length=64)
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    phone_number: str = ""


class PersonChange(Body):
    """What changes about somebody: only what is given."""

    first_name: str | None = Field(None, min_length=1, max_length=64)
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None


class LinkChange(Body):
    """A connection: what is not given is unlimited, or no delay."""

    online: bool
    kbps: float | None = Field(None, gt=0)
    latency_ms: float = Field(0.0, ge=0)


class Blocked(Body):
    """Whether the person blocks the bot."""

    blocked: bool


class NewText(Body):
    """A text, or the person's own phone number."""

    text: str | None = None
    contact: bool = False


class NewTap(Body):
    """A tap: on the button with this data, or else the first with this label."""

    message_id: int
    data: str | None = None
    label: str | None = None
    forged: bool = False
    repeat: int = Field(1, ge=1, le=100)
    duplicate_update: bool = False

    @model_validator(mode="after")
    def _names_a_button(self) -> "NewTap":
        if self.data is None and self.label is None:
            raise ValueError("name the button by its data or its label")
        return self


class NewFault(Body):
    """A failure to order. ``status``: 0 or "drop" answers nothing; 200 only delays."""

    method: str
    status: int | Literal["drop"] = 500
    retry_after: int | None = Field(None, ge=0)
    times: int = Field(1, ge=1)
    description: str | None = None
    delay_ms: float = Field(0.0, ge=0)
    kind: Literal["before", "after"] = "before"

    @model_validator(mode="after")
    def _is_possible(self) -> "NewFault":
        if self.status not in ("drop", 0) and not 200 <= int(self.status) <= 599:
            raise ValueError('status is an HTTP status, or 0 or "drop" for no answer')
        return self


class Limited(Body):
    """Whether Telegram's limits on sending hold."""

    enabled: bool


class ClockStep(Body):
    """How many seconds to move the clock forward, and whether it stands still otherwise."""

    advance_s: float = Field(0.0, ge=0)
    frozen: bool | None = None


B = TypeVar("B", bound=Body)


async def read(request: Request, kind: type[B]) -> B:
    """The body of a request. Raises ControlError with what is wrong with it."""
    return check(await request.body(), kind)


def check(body: bytes, kind: type[B]) -> B:
    """A body of this kind. Raises ControlError with what is wrong with it."""
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, one['loc'])) or 'body'}: {one['msg']}" for one in error.errors()]
        known = ", ".join(kind.model_fields)
        raise ControlError(f"{'; '.join(wrong)}. The body is a JSON object with: {known}") from None
