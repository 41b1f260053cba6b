"""What goes wrong, as problem documents (RFC 9457) with sentences that help."""

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

from admin.api.models import FileProblem
from crowd.batches.life import BatchError

MEDIA_TYPE = "application/problem+json"


class WrongValue(BaseModel):
    """A value of a request that cannot be taken."""

    where: str = Field(description="the value's place, such as `query.limit`")
    message: str


class ProblemDocument(BaseModel):
    """What went wrong, and what to do about it."""

    type: str = "about:blank"
    title: str = Field(description="the meaning of the status")
    status: int
    detail: str = Field(description="a sentence for people")
    values: list[WrongValue] = Field(default=[], description="values of the request that cannot be taken")
    problems: list[FileProblem] = Field(default=[], description="what is wrong in the batch's files")
    errors: int = Field(
        default=0, description="how many of them there are in all that keep the batch from being posted"
    )


class ApiError(Exception):
    """A request that cannot be done."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        values: Sequence[WrongValue] = (),
        problems: Sequence[FileProblem] = (),
        errors: int = 0,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = int(status)
        self.headers = headers
        self.document = ProblemDocument(
            title=status.phrase,
            status=int(status),
            detail=detail,
            values=list(values),
            problems=list(problems),
            errors=errors,
        )

    def response(self) -> Response:
        """What the client gets."""
        content = self.document.model_dump(mode="json", exclude_defaults=True) | {"type": self.document.type}
        return JSONResponse(content, self.status, self.headers, MEDIA_TYPE)


def refused(status: HTTPStatus, error: BatchError) -> ApiError:
    """What the domain would not do, in its own sentence."""
    return ApiError(status, _sentence(str(error)))


def not_there(batch_id: int) -> ApiError:
    """The same for a batch that does not exist and for one of somebody else."""
    return ApiError(HTTPStatus.NOT_FOUND, f"You have no batch {batch_id}. GET /api/v1/batches lists those you have.")


def broken(request: Request) -> Response:
    """For what nobody foresaw. The log has more, under the id."""
    detail = f"Something went wrong on our side, nothing was changed. Report it with the id {request.state.request_id}."
    return ApiError(HTTPStatus.INTERNAL_SERVER_ERROR, detail).response()


def _of_values(failure: RequestValidationError) -> ApiError:
    wrong = [
        WrongValue(where=".".join(str(step) for step in error["loc"]), message=error["msg"])
        for error in failure.errors()
    ]
    said = "; ".join(f"{value.where}: {value.message}" for value in wrong[:3])
    return ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, f"The request cannot be understood. {said}.", values=wrong)


class ProblemRoute(APIRoute):
    """A route whose failures are problem documents."""

    _methods: ClassVar[dict[str, set[str]]] = {}
    """All methods of each path, whichever route has them."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **said: Any) -> None:
        super().__init__(path, endpoint, **said)
        self._methods.setdefault(path, set()).update(self.methods or ())

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See Route."""
        methods = self._methods[self.path]
        if scope["method"] in methods:
            await super().handle(scope, receive, send)
            return
        allowed = ", ".join(sorted(methods))
        refusal = ApiError(
            HTTPStatus.METHOD_NOT_ALLOWED,
            f"{scope['method']} does nothing here. There is {allowed}.",
            headers={"Allow": allowed},
        )
        await refusal.response()(scope, receive, send)

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        """See APIRoute."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                return await handle(request)
            except ApiError as problem:
                return problem.response()
            except RequestValidationError as failure:
                return _of_values(failure).response()
            except BatchError as failure:
                return refused(HTTPStatus.CONFLICT, failure).response()
            except HTTPException as failure:
                headers = dict(failure.headers) if failure.headers else None
                status = HTTPStatus(failure.status_code)
                return ApiError(status, _sentence(str(failure.detail)), headers=headers).response()

        return guarded


class NowhereRoute(ProblemRoute):
    """Takes what no other route takes: stands last, under a path that matches all."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """See Route. A partial match is the last resort: any other goes first."""
        match, child = super().matches(scope)
        return (Match.NONE if match is Match.NONE else Match.PARTIAL), child

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See Route."""
        detail = "There is nothing at this address. GET /api/v1/openapi.json describes what there is."
        await ApiError(HTTPStatus.NOT_FOUND, detail).response()(scope, receive, send)


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


_WHEN = {
    400: "The body is not what its headers say.",
    401: "The token is missing, was never given out, or was revoked.",
    404: "You have no such batch.",
    409: "The batch's state does not allow it.",
    413: "The upload is too large.",
    415: "The body is of another media type than this call takes.",
    422: "Something in the request cannot be taken; the document says what.",
    503: "There is too much to look through in time: ask for less.",
}


def failures(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How OpenAPI describes these failures of a call."""
    schema = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    schema["properties"]["values"]["items"] = WrongValue.model_json_schema()
    return {
        status: {"description": _WHEN[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in (*statuses, 401, 422)
    }
