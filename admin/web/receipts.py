"""Receipts, for anybody: is this one genuine, and what does it say. Nobody signs in here, and nothing is kept."""

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from admin.web.page import panel_of, render
from crowd.payouts.methods import methods
from crowd.receipts.receipt import LARGEST, Checked, check

router = APIRouter(prefix="/receipts", include_in_schema=False)

MOST_CHECKS = 60
"""Of one address within a quarter of an hour."""


@router.get("/check")
async def ask(request: Request) -> Response:
    """Ask for a receipt."""
    return _page(request, None)


@router.post("/check")
async def tell(request: Request) -> Response:
    """Tell whether what was uploaded, or pasted, is genuine."""
    panel = panel_of(request)
    address, now = request.client.host if request.client else "", panel.database.clock()
    wait = panel.checks.wait(address, now)
    if wait:
        response = _page(request, None, wait=wait, status=429)
        response.headers["retry-after"] = str(wait)
        return response
    panel.checks.failed(address, now)  # genuine ones count, too: each costs us the same
    file = await _handed_in(request)
    return _page(request, check(panel.settings.receipt_keys, file) if file else None, nothing=not file)


@router.get("/keys")
async def keys(request: Request) -> Response:
    """The public keys, the one in use first, one a line: its print, and the key in Base64."""
    lines = [f"{key.name} {key.text}\n" for key in panel_of(request).settings.receipt_keys]
    return PlainTextResponse("".join(lines), headers={"cache-control": "public, max-age=300"})


async def _handed_in(request: Request) -> bytes:
    """The file, or else what was pasted; empty where there is neither."""
    async with request.form(max_files=1, max_fields=4, max_part_size=LARGEST + 1) as form:
        part, pasted = form.get("file"), form.get("text")
        if isinstance(part, UploadFile) and part.filename:
            return await part.read(LARGEST + 1)
    return pasted.strip().encode(errors="replace") if isinstance(pasted, str) else b""


def _page(
    request: Request, checked: Checked | None, *, wait: int = 0, nothing: bool = False, status: int = 200
) -> Response:
    return render(
        request, "receipt_check.html", None, status=status, checked=checked, wait=wait, nothing=nothing,
        keys=list(panel_of(request).settings.receipt_keys),
        called={name: method.called for name, method in methods().items()},
    )  # fmt: skip
