"""Where the provider to whom payouts are posted says, by a signed message, what became of one."""

import orjson
import structlog
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from admin.web.page import panel_of
from crowd.payouts.hearing import Became, Word, told_later, word_of
from crowd.payouts.signing import NotSignedError

PATH = "/payouts/webhook/result"
LARGEST = 64 * 1024

router = APIRouter(include_in_schema=False)
_log = structlog.stdlib.get_logger("panel")

_STATUS = {Became.TAKEN: 200, Became.KNOWN: 200, Became.CONTRADICTED: 409, Became.UNKNOWN: 404}


@router.post(PATH)
async def result(request: Request) -> Response:
    """Take it over. A message that comes again changes nothing, and is answered the same."""
    panel = panel_of(request)
    signer = panel.settings.paying.signer if panel.settings.paying else None
    if signer is None:
        return _said(404, "no provider is set up")
    body = await _body(request)
    if body is None:
        return _said(413, "this is too long")
    try:
        signer.verify(request.headers, panel.database.clock(), body)
    except NotSignedError as error:
        return _said(401, str(error))
    read = _read(body)
    if read is None:
        return _said(400, 'this is no {"type": "payout.result", "data": {"key": …, "status": "paid" or the like}}')
    key, word = read
    async with panel.database.transaction() as tx:
        became = await told_later(tx, key, word)
    _log.info("payout.result", heard=word.heard, became=became)
    return _said(_STATUS[became], became)


async def _body(request: Request) -> bytes | None:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            return None
    return body


def _read(body: bytes) -> tuple[str, Word] | None:
    """The key of a payout, and what is said of it. Our own messages are of another type: sent back they say nothing."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(found, dict) or found.get("type") != "payout.result" or not isinstance(found.get("data"), dict):
        return None
    key, word = found["data"].get("key"), word_of(found["data"])
    return (key, word) if isinstance(key, str) and "\0" not in key and word is not None else None


def _said(status: int, text: str) -> Response:
    return JSONResponse({"result": text}, status)
