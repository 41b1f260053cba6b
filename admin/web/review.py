"""The tasks that divide workers, or that an audit draws, and deciding them: who said what is shown only after that."""

import random

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.web.batch import batch_asked
from admin.web.page import Visitor, form_of, go, number_asked, panel_of, render, session_of, signed_in
from crowd.agreement.measuring import agreement_of
from crowd.batches.cards import BatchCard
from crowd.batches.spec import BatchSpec
from crowd.batchfile.rowcheck import LONGEST_EXPLANATION
from crowd.exports import formats
from crowd.golds.making import MakingError, Obstacle, make_gold, mutable
from crowd.kinds import kind_named
from crowd.labels.auditing import USUAL, audited, draw
from crowd.labels.contested import Case, case_of, contested, contested_ids, decided
from crowd.labels.review import LONGEST_NOTE, ReviewError, Trouble, decide, undo
from db.database import Tx

router = APIRouter(prefix="/batches/{batch_id}/review", include_in_schema=False)

_PAGE = 20
_OWN, _NONE = "own", "none"
_MADE = "made"
_GIVEN = "="
"""Before a label that is chosen from those there are, so that it is told from the two above."""


@router.get("")
async def contested_tasks(request: Request, batch_id: str) -> Response:
    """The contested tasks, or those that somebody decided, or what audits have found."""
    only = request.query_params.get("only", "")
    only_decided = only == "decided"
    before = number_asked(request, "before")
    async with signed_in(request) as (tx, visitor):
        card, spec = await batch_asked(tx, visitor, batch_id)
    await agreement_of(panel_of(request).database, card.id)
    async with signed_in(request) as (tx, visitor):
        waiting = await contested(tx, card.id, start=0 if only_decided else min(before or 0, 10_000), limit=_PAGE)
        done = await decided(tx, card.id, before=before if only_decided else None, limit=_PAGE)
        found = await audited(tx, card.id, spec)
        left = only == "audit" and await draw(tx, card.id, _luck) is not None
    return render(
        request, "review.html", visitor, card=card, spec=spec, waiting=waiting, done=done, only_decided=only_decided,
        before=before, formats=sorted(formats()), auditing=only == "audit", audited=found, left=left, usual=USUAL,
    )  # fmt: skip


@router.get("/audit")
async def audit(request: Request, batch_id: str) -> Response:
    """On to a task that is drawn at random; where there is none, to the list."""
    async with signed_in(request) as (tx, visitor):
        card, _ = await batch_asked(tx, visitor, batch_id)
        drawn = await draw(tx, card.id, _luck, beside=number_asked(request, "beside") or 0)
    return go(f"/batches/{card.id}/review{'?only=audit' if drawn is None else f'/{drawn}?audit=1'}")


@router.get("/{task_id}")
async def task(request: Request, batch_id: str, task_id: str) -> Response:
    """One task: to be decided, or with what was decided and who had said what."""
    async with signed_in(request) as (tx, visitor):
        card, spec, case = await _case(tx, visitor, batch_id, task_id)
        return await _page(request, tx, visitor, card, spec, case)


@router.post("/{task_id}")
async def decide_it(request: Request, batch_id: str, task_id: str) -> Response:
    """Decide it."""
    form = await form_of(request, session_of(request).nonce)
    note, drawn = " ".join(str(form.get("note", "")).split())[:LONGEST_NOTE], form.get("audit") == "1"
    trouble: Trouble | None = None
    async with signed_in(request, writing=True) as (tx, visitor):
        card, spec, case = await _case(tx, visitor, batch_id, task_id)
        try:
            chosen = _chosen(form)
            review = await decide(
                tx, card.id, case.id, chosen, note=note, reviewer=_actor(visitor), drawn=drawn
            )  # fmt: skip
        except ReviewError as error:
            trouble = error.trouble
        if trouble is not None:
            card, spec, case = await _case(tx, visitor, batch_id, task_id)
            status = 422 if trouble is Trouble.LABEL else 409
            return await _page(
                request, tx, visitor, card, spec, case, trouble=trouble, note=note, drawn=drawn, status=status
            )  # fmt: skip
    made = ""
    if "gold" in form and chosen is not None:  # the decision stands whatever is in the way of a gold
        made = f"&gold={await _make(request, card, case.id, form, review.id)}"
    return go(f"/batches/{card.id}/review/{case.id}?done=1{made}{'&audit=1' if drawn else ''}")


@router.post("/{task_id}/gold")
async def make_gold_of_it(request: Request, batch_id: str, task_id: str) -> Response:
    """Make a gold of a task that is decided."""
    form = await form_of(request, session_of(request).nonce)
    async with signed_in(request) as (tx, visitor):
        card, _, case = await _case(tx, visitor, batch_id, task_id)
    made = await _make(request, card, case.id, form, _review_of(form))
    return go(f"/batches/{card.id}/review/{case.id}?gold={made}")


async def _make(request: Request, card: BatchCard, task_id: int, form: FormData, review_id: int) -> str:
    """What became of it: _MADE, or what is in the way.

    In a transaction of its own: a gold is numbered by its batch, which is locked before any task is.
    """
    locales = {card.language, "en"}
    explanation = {locale: str(form.get(f"explanation_{locale}", "")) for locale in locales}
    try:
        async with signed_in(request, writing=True) as (tx, visitor):
            await make_gold(
                tx, card.id, task_id, explanation, by=_actor(visitor), review_id=review_id, mutated="mutated" in form
            )
    except MakingError as error:
        return error.obstacle
    return _MADE


@router.post("/{task_id}/undo")
async def undo_it(request: Request, batch_id: str, task_id: str) -> Response:
    """Take a decision back."""
    form = await form_of(request, session_of(request).nonce)
    review = _review_of(form)
    async with signed_in(request, writing=True) as (tx, visitor):
        card, spec, case = await _case(tx, visitor, batch_id, task_id)
        try:
            await undo(tx, card.id, case.id, review, by=_actor(visitor))
        except ReviewError as error:
            card, spec, case = await _case(tx, visitor, batch_id, task_id)
            return await _page(request, tx, visitor, card, spec, case, trouble=error.trouble, status=409)
    return go(f"/batches/{card.id}/review/{case.id}?undone=1")


_luck = random.SystemRandom()


def _review_of(form: FormData) -> int:
    """The decision that the form's page showed; 0: none."""
    said = str(form.get("review", ""))
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0


def _chosen(form: FormData) -> str | None:
    """The label that was chosen; None: it cannot be decided. Raises ReviewError when nothing was."""
    choice = str(form.get("choice", ""))
    if choice == _NONE:
        return None
    if choice == _OWN:
        return str(form.get("own", ""))
    if not choice.startswith(_GIVEN):
        raise ReviewError(Trouble.LABEL)
    return choice.removeprefix(_GIVEN)


def _actor(visitor: Visitor) -> str:
    return f"requester {visitor.requester.id} (panel)"


def _mutation(spec: BatchSpec) -> str:
    """How an item can be changed for a gold; empty where it cannot."""
    kind = mutable(spec)
    return "" if kind is None else kind.mutation


def _known(gold: str) -> str:
    """What became of a gold, from the address."""
    return gold if gold == _MADE or gold in set(Obstacle) else ""


async def _case(tx: Tx, visitor: Visitor, batch_id: str, task_id: str) -> tuple[BatchCard, BatchSpec, Case]:
    card, spec = await batch_asked(tx, visitor, batch_id)
    known = task_id.isascii() and task_id.isdigit() and len(task_id) < 19
    case = await case_of(tx, card.id, int(task_id)) if known else None
    if case is None:
        raise HTTPException(404)
    return card, spec, case


async def _page(
    request: Request,
    tx: Tx,
    visitor: Visitor,
    card: BatchCard,
    spec: BatchSpec,
    case: Case,
    *,
    trouble: Trouble | None = None,
    note: str = "",
    drawn: bool = False,
    status: int = 200,
) -> Response:
    waiting = await contested_ids(tx, card.id)
    at = waiting.index(case.id) + 1 if case.id in waiting else 0
    following = next((task for task in (*waiting[at:], *waiting[:at]) if task != case.id), None)
    options = kind_named(spec.kind).possible(spec)
    return render(
        request, "decide.html", visitor, status=status, card=card, spec=spec, case=case, following=following,
        left=len(waiting), trouble=trouble, note=note, longest=LONGEST_NOTE, free=not options,
        options=options or tuple(value for value, _ in case.split),
        done="done" in request.query_params, undone="undone" in request.query_params,
        auditing="audit" in request.query_params or drawn, gold=_known(request.query_params.get("gold", "")),
        mutation=_mutation(spec),
        explained=tuple(dict.fromkeys((card.language, "en"))), longest_explanation=LONGEST_EXPLANATION,
    )  # fmt: skip
