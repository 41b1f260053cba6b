"""What signals of fraud found, for the house's own people to look at and decide."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.web.page import TEMPLATES, Visitor, form_of, go, number_asked, render, session_of, signed_in
from crowd.fraud.findings import (
    LONGEST_NOTE,
    FindingCard,
    FindingError,
    FindingState,
    concerned,
    dismiss,
    finding,
    findings,
    pause,
    shown_tasks,
)
from crowd.signals.base import RATE
from db.database import Tx

router = APIRouter(prefix="/findings", include_in_schema=False)

_PAGE = 25


def _staff_only(visitor: Visitor) -> None:
    """A finding concerns people, and may concern several requesters' batches: there is no such page for others."""
    if not visitor.requester.is_house:
        raise HTTPException(404)


async def _finding(tx: Tx, visitor: Visitor, finding_id: str) -> FindingCard:
    _staff_only(visitor)
    known = finding_id.isascii() and finding_id.isdigit() and len(finding_id) < 19
    card = await finding(tx, int(finding_id)) if known else None
    if card is None:
        raise HTTPException(404)
    return card


def _face(signal: str) -> str:
    """The template with the words of a signal: a file beside the others; without one, its figures as they are."""
    name = f"signals/{signal}.html"
    return name if (TEMPLATES / name).is_file() else "signals/other.html"


@router.get("")
async def all_findings(request: Request) -> Response:
    """Those that are open, or were decided, newest first."""
    said = request.query_params.get("state", "")
    state = FindingState(said) if said in {each.value for each in FindingState} else FindingState.OPEN
    before = number_asked(request, "before")
    async with signed_in(request) as (tx, visitor):
        _staff_only(visitor)
        cards = await findings(tx, state=state, before=before, limit=_PAGE + 1)
    more = cards[_PAGE - 1].id if len(cards) > _PAGE else None
    shown = [(card, _face(card.signal)) for card in cards[:_PAGE]]
    return render(
        request, "findings.html", visitor, shown=shown, state=state, states=list(FindingState), before=before, more=more
    )


@router.get("/{finding_id}")
async def one_finding(request: Request, finding_id: str) -> Response:
    """What was seen, of whom, and what can be done."""
    async with signed_in(request) as (tx, visitor):
        card = await _finding(tx, visitor, finding_id)
        workers, tasks = await concerned(tx, card), await shown_tasks(tx, card)
    return render(
        request, "finding.html", visitor, card=card, face=_face(card.signal), workers=workers, tasks=tasks,
        names={worker.id: worker.pseudonym for worker in workers}, longest=LONGEST_NOTE, most_false=RATE,
        refused=request.query_params.get("refused", ""),
    )  # fmt: skip


@router.post("/{finding_id}")
async def decide(request: Request, finding_id: str) -> Response:
    """Dismiss it, or pause the workers that were chosen."""
    form = await form_of(request, session_of(request).nonce)
    note = " ".join(str(form.get("note", "")).split())[:LONGEST_NOTE]
    said = [str(each) for each in form.getlist("worker")]
    chosen = [int(each) for each in said if each.isascii() and each.isdigit() and len(each) < 19]
    try:
        async with signed_in(request, writing=True) as (tx, visitor):
            card = await _finding(tx, visitor, finding_id)
            actor = f"requester {visitor.requester.id} (panel)"
            if form.get("do") == "dismiss":
                await dismiss(tx, card.id, note, actor=actor)
            elif form.get("do") == "pause":
                await pause(tx, card.id, chosen, note, actor=actor)
    except FindingError as error:
        return go(f"/findings/{card.id}?refused={error}")
    return go(f"/findings/{card.id}")
