"""Who is signed in: a signed cookie, and the mark that each form of the panel carries."""

import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

COOKIE = "kazi_session"
LASTS = timedelta(days=14)
"""A session ends after this, and at once when its token is revoked."""

_VISIT = "kazi_visit"
_LONGEST = 1000  # characters of a cookie that are looked at


@dataclass(frozen=True, slots=True)
class Session:
    """What the cookie says. `digest` is that of the API token; None: came by the demo's link."""

    requester_id: int
    digest: bytes | None
    nonce: str
    ends_at: datetime


class Seal:
    """Signs what the browser keeps. `secret` is the panel's own; each use derives its own key from it."""

    def __init__(self, secret: bytes, demo_key: str | None) -> None:
        if len(secret) < 16:
            raise ValueError("the panel's secret has less than 16 bytes: let Kazi make one, or set a longer one")
        self._secret = secret
        self._demo = sha256((demo_key or "").encode()).hexdigest() if demo_key else None

    def _mac(self, use: str, text: str) -> str:
        key = hmac.digest(self._secret, use.encode(), "sha256")
        return hmac.new(key, text.encode(), "sha256").hexdigest()

    def new_session(self, requester_id: int, digest: bytes | None, now: datetime) -> Session:
        """A session that begins now."""
        return Session(requester_id, digest, secrets.token_urlsafe(12), now + LASTS)

    def written(self, session: Session) -> str:
        """The cookie's value."""
        said = {
            "r": session.requester_id,
            "d": session.digest.hex() if session.digest else None,
            "k": None if session.digest else self._demo,
            "n": session.nonce,
            "e": int(session.ends_at.timestamp()),
        }
        text = urlsafe_b64encode(json.dumps(said, separators=(",", ":")).encode()).decode()
        return f"{text}.{self._mac('session', text)}"

    def read(self, value: str, now: datetime) -> Session | None:
        """The session of a cookie's value; None when it is not ours, is over, or came by another demo's link."""
        text, _, mac = value[:_LONGEST].rpartition(".")
        if not value.isascii() or not hmac.compare_digest(mac, self._mac("session", text)):
            return None
        said = json.loads(urlsafe_b64decode(text))
        digest = bytes.fromhex(said["d"]) if said["d"] else None
        if digest is None and (self._demo is None or said["k"] != self._demo):
            return None
        session = Session(said["r"], digest, said["n"], datetime.fromtimestamp(said["e"], now.tzinfo))
        return session if session.ends_at > now else None

    def form_mark(self, nonce: str) -> str:
        """What forms of a session carry, so that a form from elsewhere is told from them."""
        return self._mac("form", nonce)

    def is_form_mark(self, mark: str, nonce: str) -> bool:
        """Whether a form carries the mark of that session."""
        return mark.isascii() and hmac.compare_digest(mark, self.form_mark(nonce))


def keep(response: Response, request: Request, seal: Seal, session: Session) -> None:
    """Have the browser keep a session."""
    _set(response, request, COOKIE, seal.written(session), LASTS)


def forget(response: Response) -> None:
    """Have the browser forget its session."""
    response.delete_cookie(COOKIE)


def visit_of(request: Request) -> str:
    """What tells one browser's login form from another's, before anybody signed in; a new one at first."""
    known = request.cookies.get(_VISIT, "")
    return known if 16 <= len(known) <= 64 and known.isascii() else secrets.token_urlsafe(16)


def keep_visit(response: Response, request: Request, visit: str) -> None:
    """Have the browser keep it."""
    _set(response, request, _VISIT, visit, timedelta(hours=12))


def _set(response: Response, request: Request, name: str, value: str, lasts: timedelta) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
