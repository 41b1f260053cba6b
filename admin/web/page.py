"""What every page needs: who looks at it, in which language, and the templates."""

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from admin.i18n import Wording, chosen, wording
from admin.i18n.speaker import speaker_of
from admin.settings import PanelSettings
from admin.web.attempts import Attempts
from admin.web.session import COOKIE, Seal, Session
from crowd.exports.base import value_text
from crowd.kinds import kind_named
from crowd.requesters import Requester, token_name
from crowd.sentences import SentenceError
from crowd.sessions import requester_signed_in
from db.database import Database, Tx

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
TEMPLATES = _HERE / "templates"

_LTR_MARK, _RTL_MARK = "\u200e", "\u200f"

LIVE = "x-kazi-live"
"""The header of a page's own requests for fresh figures."""


@dataclass(frozen=True)
class Panel:
    """What all pages of one panel share."""

    database: Database
    settings: PanelSettings
    seal: Seal
    attempts: Attempts
    """Failed logins."""
    checks: Attempts
    """Receipts that strangers checked."""


@dataclass(frozen=True)
class Visitor:
    """Who looks at a page."""

    requester: Requester
    session: Session
    form_mark: str


class NotSignedInError(Exception):
    """The page is for requesters only."""


class FormRefusedError(Exception):
    """A form did not come from a page of ours, or came too late."""


def panel_of(request: Request) -> Panel:
    """The panel that a request came to."""
    panel: Panel = request.app.state.panel
    return panel


def words_of(request: Request) -> Wording:
    """In the language that the browser asks for."""
    return wording(chosen(request.headers.get("accept-language", "")))


def session_of(request: Request) -> Session:
    """The session of the cookie. Raises NotSignedInError."""
    panel = panel_of(request)
    session = panel.seal.read(request.cookies.get(COOKIE, ""), panel.database.clock())
    if session is None:
        raise NotSignedInError
    return session


async def visitor_of(request: Request) -> Visitor:
    """Who a page is for that shows nothing from the database. Raises NotSignedInError."""
    async with signed_in(request) as (_, visitor):
        return visitor


@asynccontextmanager
async def signed_in(request: Request, *, writing: bool = False) -> AsyncIterator[tuple[Tx, Visitor]]:
    """The transaction of a page, and who it is for. Raises NotSignedInError."""
    session, panel = session_of(request), panel_of(request)
    opened = panel.database.transaction() if writing else panel.database.reading()
    async with opened as tx:
        requester = await requester_signed_in(tx, session.requester_id, session.digest)
        if requester is None:
            raise NotSignedInError
        yield tx, Visitor(requester, session, panel.seal.form_mark(session.nonce))


async def form_of(request: Request, nonce: str, *, files: int = 0, fields: int = 20) -> FormData:
    """The form that was sent, if it came from a page of ours. Raises FormRefusedError.

    `nonce` is of the session, or of the visit before there is one.
    """
    refuse_other_origins(request)
    form = await request.form(max_files=files, max_fields=fields, max_part_size=64 * 1024)
    mark = form.get("mark")
    if not isinstance(mark, str) or not panel_of(request).seal.is_form_mark(mark, nonce):
        await form.close()
        raise FormRefusedError
    return form


def refuse_other_origins(request: Request) -> None:
    """Raise FormRefusedError when the browser says that another site sends this."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise FormRefusedError
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise FormRefusedError


def number_asked(request: Request, name: str) -> int | None:
    """A number from the address; None when there is none, or none that an id can be."""
    said = request.query_params.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None


def pair_asked(request: Request, name: str) -> tuple[int, int] | None:
    """Two numbers from the address, with a point between."""
    first, _, second = request.query_params.get(name, "").partition(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in (first, second)):
        return None
    return int(first), int(second)


@cache
def _versions() -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in STATIC.iterdir()}


def _asset(name: str) -> str:
    """The address of a static file; it changes with what is in the file."""
    return f"/static/{name}?v={_versions()[name]}"


def _shown(value: Any) -> str | None:
    """A value as people read it: a list of words without its brackets."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return " · ".join(value) or "∅"
    return value_text(value)


def _between_letters(figure: Callable[..., str]) -> Callable[..., str]:
    """The same figure for right-to-left text: digits keep their sign, and a currency its letters, on their side."""

    def marked(*values: Any) -> str:
        said = figure(*values).lstrip(_RTL_MARK).replace("\xa0", f"{_RTL_MARK}\xa0")
        return f"{_LTR_MARK}{said}{_LTR_MARK}"

    return marked


class _Compiled(BytecodeCache):
    """Templates as they were compiled, once for all locales: what differs between these is looked up as they run."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """See BytecodeCache."""
        if (kept := self._kept.get(bucket.key)) is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """See BytecodeCache."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


@cache
def _templates(locale: str) -> Environment:
    words = wording(locale)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        bytecode_cache=_COMPILED,
        optimized=False,  # else a figure that stands in a template would be written as in the first locale
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals["asset"] = _asset
    environment.globals["words"] = words
    for name in (
        "number", "hundredths", "percent", "money", "money_round", "money_short", "language", "country", "duration",
        "moment", "month", "month_short", "ago", "size",
    ):  # fmt: skip
        environment.filters[name] = getattr(words, name)
    if words.direction == "rtl":
        for name in ("hundredths", "percent", "money", "money_round", "money_short"):
            environment.filters[name] = _between_letters(environment.filters[name])
    environment.filters["plain"], environment.filters["shown"] = value_text, _shown
    environment.filters["kind"] = lambda name: speaker_of(locale).put(kind_named(name).called)
    return environment


def render(
    request: Request, template: str, visitor: Visitor | None, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page. When it is asked for its fresh figures only, and nothing changed, an answer without a body."""
    panel, words = panel_of(request), words_of(request)
    text = (
        _templates(str(words.locale))
        .get_template(template)
        .render(
            visitor=visitor,
            path=request.url.path,
            now=panel.database.clock(),
            phone_url=panel.settings.demo_phone_url,
            **values,
        )
    )
    headers = {"cache-control": "private, no-cache", "vary": "accept-language, cookie"}
    if request.method == "GET" and status == 200:
        headers["etag"] = f'W/"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'
        if request.headers.get("if-none-match") == headers["etag"]:
            return HTMLResponse(status_code=304, headers=headers)
    return HTMLResponse(text, status_code=status, headers=headers)


def go(path: str) -> Response:
    """On to another page."""
    return RedirectResponse(path, status_code=303)


def to_login(request: Request) -> Response:
    """On to the login, and from there back here."""
    if LIVE in request.headers:
        return Response(status_code=401)
    there = request.url.path if request.method == "GET" else "/batches"
    return go("/login" if there == "/" else f"/login?next={quote(there)}")


async def actor_of(tx: Tx, visitor: Visitor) -> str:
    """Who decides: the person whose token they came with, since two must be two."""
    digest = visitor.session.digest
    name = "demo" if digest is None else await token_name(tx, digest)
    return f"{visitor.requester.name}/{name} (panel)"


def spoken(request: Request, error: SentenceError) -> str:
    """What went wrong, in the language that the browser asks for."""
    return speaker_of(words_of(request).tag).put(error.sentence)


def own_path(said: str) -> str:
    """A path of this panel to go on to; the front page when it is none."""
    plain = said.startswith("/") and not said.startswith(("//", "/\\")) and said.isprintable()
    return said if plain and len(said) < 500 else "/batches"
