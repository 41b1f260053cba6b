"""The parameters of a method call: wherever they stood in the request, read as what the method needs."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from sandbox.errors import bad_request

_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")
_TRUE = frozenset({"true", "yes", "1"})


class BadBody(Exception):  # noqa: N818 - what it is, not what went wrong in the sandbox
    """The body of a request cannot be read."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the request."""

    name: str
    mime_type: str
    content: bytes


async def parse_body(content_type: str, body: bytes) -> dict[str, Any]:
    """The parameters in a body: of JSON any values, of a form strings, of a multipart form also Uploads.

    Raises BadBody.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        if not body:
            return {}
        try:
            parsed = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise BadBody("can't parse JSON object") from error
        if not isinstance(parsed, dict):
            raise BadBody("can't parse JSON object: object expected")
        return parsed
    if kind == "multipart/form-data":
        return await _parse_multipart(content_type, body)
    if kind == "application/x-www-form-urlencoded":
        return parse_query(body)
    return {}


def parse_query(query: bytes) -> dict[str, Any]:
    """The parameters in a query string or in the body of a form."""
    try:
        return dict(parse_qsl(query.decode(), keep_blank_values=True, errors="strict"))
    except ValueError as error:
        raise BadBody("strings must be encoded in UTF-8") from error


async def _parse_multipart(content_type: str, body: bytes) -> dict[str, Any]:
    async def once() -> Any:
        yield body
        yield b""

    found: dict[str, Any] = {}
    try:
        parser = MultiPartParser(Headers({"content-type": content_type}), once(), max_part_size=2**20)
        form = await parser.parse()
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                mime_type = value.content_type or "application/octet-stream"
                found[name] = Upload(value.filename or name, mime_type, await value.read())
            else:
                found[name] = value
        await form.close()
    except (MultiPartException, KeyError, UnicodeDecodeError) as error:
        raise BadBody("can't parse the multipart form") from error
    return found


class Arguments:
    """Reads parameters by name. A parameter may be a JSON value, or text that holds one, as in a form.

    Each reader answers None (or its default) if the parameter is absent or empty, and raises ApiError 400
    if it is of the wrong kind.
    """

    __slots__ = ("raw",)

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw

    def text(self, name: str) -> str | None:
        """The parameter as text; '' stays ''."""
        value = self.raw.get(name)
        if value is None or type(value) is str:
            return value
        if isinstance(value, Upload):
            raise bad_request(f"{name} must be text, not a file")
        return orjson.dumps(value).decode()

    def integer(self, name: str) -> int | None:
        """The parameter as a whole number."""
        value = self.raw.get(name)
        if type(value) is int or value is None:
            return value
        if isinstance(value, str):
            if not value:
                return None
            if _NUMBER.fullmatch(value):
                return int(value)
        raise bad_request(f"invalid {name} specified")

    def boolean(self, name: str) -> bool:
        """The parameter as true or false; absent is false."""
        value = self.raw.get(name)
        if value is None or type(value) is bool:
            return bool(value)
        return str(value).lower() in _TRUE

    def json(self, name: str) -> Any:
        """The parameter as a JSON value."""
        value = self.raw.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError as error:
            raise bad_request(f"can't parse {name} JSON object") from error

    def json_object(self, name: str) -> dict[str, Any] | None:
        """The parameter as a JSON object."""
        value = self.json(name)
        if value is None or isinstance(value, dict):
            return value
        raise bad_request(f"object expected as {name}")

    def json_array(self, name: str) -> list[Any] | None:
        """The parameter as a JSON array."""
        value = self.json(name)
        if value is None or isinstance(value, list):
            return value
        raise bad_request(f"expected an Array of values in {name}")

    def upload(self, name: str) -> Upload | None:
        """The file that came under this name."""
        value = self.raw.get(name)
        return value if isinstance(value, Upload) else None
