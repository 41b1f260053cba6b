"""Requesters, and the tokens that programs of theirs show."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from crowd import audit
from db.database import Tx

PREFIX = "kazi_"
"""What every token begins with, so that people and scanners know one when they see it."""

HOUSE = "house"
"""The requester that commands work for when none is named."""

LONGEST_NAME = 80
"""Characters."""


class RequesterError(ValueError):
    """Something cannot be done to a requester or a token. Its text is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Requester:
    """Who posts batches."""

    id: int
    name: str
    owner: bool = True
    """False where a member's token is shown: a member posts and reviews, and does not do without a pilot."""

    @property
    def is_house(self) -> bool:
        """The house itself, whose people see what concerns all batches."""
        return self.name == HOUSE


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token: not the token itself."""

    name: str
    created_at: datetime
    owner: bool


async def find_requester(tx: Tx, name: str) -> Requester | None:
    """The requester of that name."""
    row = await tx.row("SELECT id, name FROM requester WHERE name = $1", _tidy(name))
    return Requester(row["id"], row["name"]) if row else None


async def requester_named(tx: Tx, name: str) -> Requester:
    """The requester of that name; the house is always there. Raises RequesterError for a name that nobody has."""
    found = await (create_requester if _tidy(name) == HOUSE else find_requester)(tx, name)
    if found is None:
        raise RequesterError(f"there is no requester {name!r}: posting a batch or making a token makes one")
    return found


async def create_requester(tx: Tx, name: str) -> Requester:
    """The requester of that name, made when there is none. Raises RequesterError for a name that is none."""
    name = _tidy(name)
    await tx.run("INSERT INTO requester (name, created_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", name, tx.now)
    made = await find_requester(tx, name)
    assert made is not None
    return made


async def new_token(tx: Tx, requester_id: int, name: str, *, owner: bool = True, actor: str = "requester") -> str:
    """A new token, an owner's or a member's. It is shown this once: only its SHA-256 is kept.

    Raises RequesterError when the requester has a token of that name that was not revoked.
    """
    name = _tidy(name)
    if await tx.row("SELECT FROM requester WHERE id = $1 FOR UPDATE", requester_id) is None:
        raise RequesterError(f"there is no requester {requester_id}")
    if any(token.name == name for token in await live_tokens(tx, requester_id)):
        raise RequesterError(
            f"there is a token “{name}” already: take another name, or revoke it first with `kazi token revoke`"
        )
    token = PREFIX + secrets.token_urlsafe(24)
    await tx.run(
        "INSERT INTO api_token (digest, requester_id, name, created_at, owner) VALUES ($1, $2, $3, $4, $5)",
        digest_of(token), requester_id, name, tx.now, owner,
    )  # fmt: skip
    await audit.note(tx, actor, "token.create", requester_id, {"name": name, "owner": owner})
    return token


async def requester_of(tx: Tx, token: str) -> Requester | None:
    """Whose token it is; None for one that was never given out, or was revoked."""
    row = await tx.row(
        """
        SELECT r.id, r.name, t.owner FROM api_token t JOIN requester r ON r.id = t.requester_id
        WHERE t.digest = $1 AND t.revoked_at IS NULL
        """,
        digest_of(token),
    )
    return Requester(row["id"], row["name"], row["owner"]) if row else None


async def live_tokens(tx: Tx, requester_id: int) -> list[Token]:
    """A requester's tokens that were not revoked, the oldest first."""
    rows = await tx.rows(
        "SELECT name, created_at, owner FROM api_token WHERE requester_id = $1 AND revoked_at IS NULL "
        "ORDER BY created_at, name",
        requester_id,
    )
    return [Token(row["name"], row["created_at"], row["owner"]) for row in rows]


async def token_name(tx: Tx, digest: bytes) -> str:
    """What the token of that digest is called, be it revoked or not."""
    name: str = await tx.value("SELECT name FROM api_token WHERE digest = $1", digest)
    return name


async def revoke(tx: Tx, requester_id: int, name: str, *, actor: str = "requester") -> None:
    """From now on the token of that name opens nothing. Raises RequesterError when there is none."""
    revoked = await tx.run(
        "UPDATE api_token SET revoked_at = $3 WHERE requester_id = $1 AND name = $2 AND revoked_at IS NULL",
        requester_id, _tidy(name), tx.now,
    )  # fmt: skip
    if not revoked:
        raise RequesterError(f"there is no token “{name}”: `kazi token list` shows those there are")
    await audit.note(tx, actor, "token.revoke", requester_id, {"name": name})


def digest_of(token: str) -> bytes:
    """What is kept of a token: its SHA-256."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _tidy(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > LONGEST_NAME or not tidy.isprintable():
        raise RequesterError(f"a name has 1 to {LONGEST_NAME} characters, and none that cannot be seen")
    return tidy
