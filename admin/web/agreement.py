"""How far a batch's workers agree, which labels are hard, and both as files."""

import asyncio

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.api.agreement import BatchAgreement
from admin.api.ranking import BatchRanking
from admin.web.batch import batch_asked
from admin.web.page import panel_of, render, signed_in
from crowd.agreement.languages import agreement_by_language
from crowd.agreement.measuring import agreement_of
from crowd.agreement.ranking import ranking_of
from crowd.agreement.tables import CONFUSION, confusion_rows, contested_table, written
from crowd.exports import formats
from crowd.exports.base import Format
from crowd.kinds.pair import PairSpec

router = APIRouter(prefix="/batches/{batch_id}", include_in_schema=False)

GOOD, FAIR = 0.8, 0.667
"""Krippendorff's own marks: from the first on data can be relied on, below the second they cannot."""

_SHADES = 5


@router.get("/agreement")
async def agreement(request: Request, batch_id: str) -> Response:
    """The figures, in words."""
    async with signed_in(request) as (tx, visitor):
        card, spec = await batch_asked(tx, visitor, batch_id)
    found = await agreement_of(panel_of(request).database, card.id)
    ranking = await ranking_of(panel_of(request).database, card.id) if isinstance(spec, PairSpec) else None
    async with signed_in(request) as (tx, visitor):
        languages = await agreement_by_language(tx, visitor.requester.id)
    return render(
        request, "agreement.html", visitor, card=card, spec=spec, found=found, figures=found.figures, good=GOOD,
        fair=FAIR, shade=_shade, ranking=ranking, languages=languages if len(languages) > 1 else [],
        formats=sorted(formats()),
    )  # fmt: skip


def _shade(times: int, answers: int) -> int:
    """How dark a cell is: 0 for nothing, 1 for the least, 5 for all."""
    return 0 if not times else min(_SHADES, 1 + times * _SHADES // answers)


@router.get("/agreement.json")
async def agreement_figures(request: Request, batch_id: str) -> Response:
    """The same figures as the API gives them."""
    async with signed_in(request) as (tx, visitor):
        card, _ = await batch_asked(tx, visitor, batch_id)
    found = await agreement_of(panel_of(request).database, card.id)
    data = BatchAgreement.of(card, found).model_dump_json(indent=2)
    return _file(data.encode(), "application/json", f"{card.slug}-agreement.json")


@router.get("/ranking.json")
async def ranking_figures(request: Request, batch_id: str) -> Response:
    """The ranking of a batch of comparisons, as the API gives it."""
    async with signed_in(request) as (tx, visitor):
        card, spec = await batch_asked(tx, visitor, batch_id)
    if not isinstance(spec, PairSpec):
        raise HTTPException(404)
    found = await ranking_of(panel_of(request).database, card.id)
    data = BatchRanking.of(card.id, found).model_dump_json(indent=2)
    return _file(data.encode(), "application/json", f"{card.slug}-ranking.json")


@router.get("/confusion.{form}")
async def confusion(request: Request, batch_id: str, form: str) -> Response:
    """The confusion matrix, a row for each label and answer."""
    async with signed_in(request) as (tx, visitor):
        card, _ = await batch_asked(tx, visitor, batch_id)
    kind = _format(form)
    found = await agreement_of(panel_of(request).database, card.id)
    data = await asyncio.to_thread(written, kind, CONFUSION, confusion_rows(found.figures))
    return _file(data, kind.media_type, f"{card.slug}-confusion.{form}")


@router.get("/contested.{form}")
async def contested_file(request: Request, batch_id: str, form: str) -> Response:
    """The contested tasks, a row for each."""
    async with signed_in(request) as (tx, visitor):
        card, spec = await batch_asked(tx, visitor, batch_id)
    kind = _format(form)
    await agreement_of(panel_of(request).database, card.id)
    async with signed_in(request) as (tx, _):
        columns, rows = await contested_table(tx, card.id, spec)
    data = await asyncio.to_thread(written, kind, columns, rows)
    return _file(data, kind.media_type, f"{card.slug}-contested.{form}")


def _format(name: str) -> Format:
    known = formats().get(name)
    if known is None:
        raise HTTPException(404)
    return known


def _file(data: bytes, media_type: str, name: str) -> Response:
    return Response(data, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
