"""Batch files that are sent in: streamed into a folder of their own that is gone afterwards."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.types import Message, Receive

from admin.api.problems import ApiError
from admin.files import ARCHIVE, ITEMS_FILE, LARGEST_UPLOAD
from crowd.pilots.states import LONGEST_REASON, NoReasonError, stated

_BATCH = "batch.yaml"
_MOST_PARTS = 10

MULTIPART: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": f"The batch file and the file with its items, {LARGEST_UPLOAD // 1024**2:,} MiB at most.",
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["batch", "items"],
                    "properties": {
                        "batch": {"type": "string", "format": "binary", "description": "the batch file, YAML"},
                        "items": {
                            "type": "string",
                            "format": "binary",
                            "description": "the items; its file name is the one that `items:` in the batch file says",
                        },
                        "files": {
                            "type": "string",
                            "format": "binary",
                            "description": "where items name pictures or sounds, or the batch file names spoken "
                            "instructions: a .zip of them, under the names that they have",
                        },
                        "waive_pilot": {
                            "type": "string",
                            "maxLength": LONGEST_REASON,
                            "description": "why all tasks shall be handed out at once, without a pilot first; the "
                            "audit log keeps it",
                        },
                    },
                }
            }
        },
    }
}
"""How OpenAPI describes the body."""


class Received(NamedTuple):
    """Files that were sent in."""

    batch: Path
    """Its items lie beside it."""
    archive: Path | None
    """What the items name, packed."""
    no_pilot: str | None
    """Why there shall be no pilot, if it is said."""


@asynccontextmanager
async def received(request: Request) -> AsyncIterator[Received]:
    """The files that were sent in. Raises ApiError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise ApiError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "Send the two files as multipart/form-data: "
            "`curl -F batch=@batch.yaml -F items=@items.csv` with your token and this address.",
        )
    limited = Request(request.scope, _limited(request.receive, int(request.headers.get("content-length") or 0)))
    async with limited.form(max_files=_MOST_PARTS, max_fields=_MOST_PARTS) as form:
        batch, items = _file(form, "batch"), _file(form, "items")
        packed = _file(form, "files") if form.getlist("files") else None
        no_pilot = _reason(form)
        with TemporaryDirectory(prefix="kazi-upload-") as folder, TemporaryDirectory(prefix="kazi-upload-") as beside:
            await asyncio.to_thread(_keep, batch, Path(folder, _BATCH))
            await asyncio.to_thread(_keep, items, Path(folder, _items_name(items)))
            archive = Path(beside, ARCHIVE) if packed is not None else None
            if packed is not None and archive is not None:
                await asyncio.to_thread(_keep, packed, archive)
            yield Received(Path(folder, _BATCH), archive, no_pilot)


def _limited(receive: Receive, announced: int) -> Receive:
    """The same body, as long as it is not too large."""
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if max(taken, announced) > LARGEST_UPLOAD:
            raise ApiError(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"An upload has {LARGEST_UPLOAD // 1024**2:,} MiB at most. "
                "Send the items as Parquet, post them in parts, or use `kazi batch post`.",
            )
        return message

    return limited


def _file(form: FormData, name: str) -> UploadFile:
    parts = form.getlist(name)
    if len(parts) != 1 or not isinstance(parts[0], UploadFile):
        raise ApiError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"Send one file as the part “{name}”, such as `curl -F {name}=@…`: there are {len(parts)} such parts"
            + (", none of them with a file name." if parts else "."),
        )
    return parts[0]


def _reason(form: FormData) -> str | None:
    """Why there shall be no pilot."""
    said = form.get("waive_pilot")
    if said is None:
        return None
    try:
        return stated(said if isinstance(said, str) else "")
    except NoReasonError as error:
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, f"The part “waive_pilot” cannot be taken: {error}.") from None


def _items_name(items: UploadFile) -> str:
    """The name that the client gave, where it is nothing but a name."""
    name = items.filename or ""
    if not ITEMS_FILE.fullmatch(name) or not name.isprintable() or name.startswith("."):
        raise ApiError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "The part “items” must have a plain file name that ends in .csv, .jsonl, .parquet or .xlsx, "
            "the same that `items:` in the batch file says.",
        )
    return name


def _keep(part: UploadFile, path: Path) -> None:
    with path.open("xb") as file:
        shutil.copyfileobj(part.file, file, 1024 * 1024)
