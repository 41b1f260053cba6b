"""Posting a batch: two files are brought, everything wrong with them is shown, and only what is good is posted."""

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from admin.files import ARCHIVE, BATCH_FILE, ITEMS_FILE
from admin.i18n import direction_of
from admin.i18n.speaker import speaker_of
from admin.settings import Screen
from admin.web.page import Panel, Visitor, form_of, go, panel_of, render, visitor_of
from crowd.batches.posting import after_post, post
from crowd.batches.spec import BatchSpec
from crowd.batchfile import Checked, Problem, check
from crowd.batchfile.problem import PRINTED, FileError, Problems
from crowd.batchfile.yamltext import Scalar, read_yaml
from crowd.fairpay.checking import with_pay
from crowd.kinds.base import Json
from crowd.pilots.states import LONGEST_REASON, NotOwnerError, pilot_tasks, tidied
from crowd.sentences import Speaker

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Look:
    """How the first task of a batch looks on a phone, in the language of the batch."""

    title: str
    instructions: str
    screen: Screen
    direction: str
    """`ltr` or `rtl`, as the batch's language is written."""


@dataclass(frozen=True)
class Card:
    """A problem, and how many more there are that differ only in their line."""

    problem: Problem
    column: str | int | None
    message: str
    mend: str
    more: int

    @classmethod
    def of(cls, problem: Problem, more: int, speaker: Speaker) -> "Card":
        """In a speaker's words."""
        column = speaker.foreign(problem.column) if isinstance(problem.column, str) else problem.column
        return cls(problem, column, problem.told(speaker), speaker.put(problem.how), more)


def cards_of(problems: Sequence[Problem], speaker: Speaker) -> list[Card]:
    """Equal problems as one, by the first: at most `PRINTED`."""
    alike = Counter((one.file, one.column, one.severity, one.what) for one in problems)
    first = {(one.file, one.column, one.severity, one.what): one for one in reversed(problems)}
    return [Card.of(first[key], count - 1, speaker) for key, count in list(alike.items())[:PRINTED]]


def in_language(texts: dict[str, str], language: str) -> str:
    """The text in that language, else in English, else in any."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


@router.get("/post")
async def begin(request: Request) -> Response:
    """Ask for the two files."""
    return _page(request, await visitor_of(request))


@router.post("/post")
async def bring(request: Request) -> Response:
    """Check the files, and post them when that is asked for and they are the ones that were checked."""
    visitor = await visitor_of(request)
    form = await form_of(request, visitor.session.nonce, files=3)
    try:
        async with _files(form) as files:
            if files is None:
                return _page(request, visitor, status=422, missing=True)
            return await _take(request, visitor, *files, form)
    finally:
        await form.close()


async def _take(request: Request, visitor: Visitor, path: Path, archive: Path | None, form: FormData) -> Response:
    panel = panel_of(request)
    checked = await asyncio.to_thread(check, path, archive=archive, fee_ppm=panel.settings.fee_ppm)
    try:
        async with panel.database.reading() as tx:
            checked = await with_pay(tx, checked, visitor.requester.id)
        wanted = form.get("do") == "post"
        changed = wanted and form.get("digest") != checked.digest.hex()
        if checked.good and wanted and not changed:
            try:
                return go(await _post(panel, visitor, checked, _no_pilot(form) or None))
            except NotOwnerError:
                return render(request, "not_posted.html", visitor, status=403)
        look = _look(panel, checked.spec, checked.first) if checked.spec and checked.first is not None else None
        status = 422 if wanted else 200
        return _page(
            request, visitor, status=status, checked=checked, look=look, changed=changed, no_pilot=_no_pilot(form)
        )
    finally:
        checked.close()


def _no_pilot(form: FormData) -> str:
    """Why there shall be no pilot; empty where there shall be one."""
    return tidied(str(form.get("no_pilot", "")))[:LONGEST_REASON]


def _look(panel: Panel, spec: BatchSpec, payload: Json) -> Look:
    return Look(
        title=in_language(spec.title, spec.language) or spec.name,
        instructions=in_language(spec.instructions, spec.language),
        screen=panel.settings.preview(spec, payload, spec.language),
        direction=direction_of(spec.language),
    )


async def _post(panel: Panel, visitor: Visitor, checked: Checked, no_pilot: str | None) -> str:
    """Where to look at what was posted."""
    requester = visitor.requester.id
    async with panel.database.transaction() as tx:
        actor = f"requester {requester} (panel)"
        fee_ppm = panel.settings.fee_ppm
        posted = await post(
            tx, requester, checked, fee_ppm=fee_ppm, actor=actor, no_pilot=no_pilot, owner=visitor.requester.owner
        )
    if not posted.already:
        await after_post(panel.database, checked)
    return f"/batches/{posted.batch_id}?{'already' if posted.already else 'posted'}=1"


@asynccontextmanager
async def _files(form: FormData) -> AsyncIterator[tuple[Path, Path | None] | None]:
    """The batch file, its items beside it, and the archive with what they name, if one was brought.

    None unless the first two were brought under plain names.
    """
    batch, items, packed = form.get("batch"), form.get("items"), form.get("files")
    named = (
        isinstance(batch, UploadFile) and BATCH_FILE.fullmatch(batch.filename or "")
        and isinstance(items, UploadFile) and ITEMS_FILE.fullmatch(items.filename or "")
    )  # fmt: skip
    if not named:
        yield None
        return
    assert isinstance(batch, UploadFile)
    assert isinstance(items, UploadFile)
    with TemporaryDirectory(prefix="kazi-upload-") as folder, TemporaryDirectory(prefix="kazi-upload-") as beside:
        path = Path(folder, batch.filename or "")
        await asyncio.to_thread(_keep, batch, path)
        await asyncio.to_thread(_keep, items, Path(folder, _name_of_items(path, items.filename or "")))
        archive = None
        if isinstance(packed, UploadFile) and packed.filename:
            archive = Path(beside, ARCHIVE)
            await asyncio.to_thread(_keep, packed, archive)
        yield path, archive


def _name_of_items(batch: Path, brought: str) -> str:
    """What the batch file calls its items, where a file of that format was brought under another name."""
    try:
        said = read_yaml(batch.read_bytes(), batch.name, Problems()).entries.get("items")
    except FileError:
        return brought
    named = said.text if isinstance(said, Scalar) else ""
    alike = ITEMS_FILE.fullmatch(named) and Path(named).suffix.lower() == Path(brought).suffix.lower()
    return named if alike else brought


def _keep(part: UploadFile, path: Path) -> None:
    with path.open("xb") as file:
        shutil.copyfileobj(part.file, file, 1024 * 1024)


def _page(
    request: Request,
    visitor: Visitor,
    *,
    status: int = 200,
    missing: bool = False,
    checked: Checked | None = None,
    look: Look | None = None,
    changed: bool = False,
    no_pilot: str = "",
) -> Response:
    speaker = speaker_of(request.headers.get("accept-language", ""))
    cards = cards_of(checked.problems, speaker) if checked else []
    return render(
        request, "post.html", visitor, status=status, missing=missing, checked=checked, cards=cards, look=look,
        changed=changed, pilot_tasks=pilot_tasks(checked.tasks) if checked else 0, no_pilot=no_pilot,
        longest_reason=LONGEST_REASON,
    )  # fmt: skip
