"""Who a worker is: how they came, what they agreed to, what they read, where they are."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crowd.datasaving.saving import by_country
from crowd.referrals.inviting import PREFIX, came_by
from db.database import Tx

TERMS_VERSION = 3
"""Raised when the terms change; workers are then asked again."""


class WorkerState(StrEnum):
    """Where a worker stands with Kazi."""

    JOINING = "joining"
    ACTIVE = "active"
    STOPPED = "stopped"
    """Said /stop: no pushes, nothing handed out, money kept."""
    BLOCKED = "blocked"
    """Blocked the bot in the chat."""
    FORGOTTEN = "forgotten"
    """Erased: nobody is this worker any more."""


class Level(StrEnum):
    """How well a worker says they know a language."""

    BASIC = "basic"
    GOOD = "good"
    NATIVE = "native"


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker, as the bot needs to know them."""

    id: int
    person_id: int
    locale: str
    country: str | None
    time_zone: str | None
    state: WorkerState
    agreed: bool
    """To the terms in force."""
    languages: dict[str, Level]
    invited_to: int | None
    """The batch whose link brought them."""
    created_at: datetime


def new_pseudonym() -> str:
    """A name that says nothing of who bears it."""
    return f"w_{secrets.token_hex(6)}"


_FIND = """
SELECT w.*, coalesce(
    (SELECT jsonb_object_agg(language, level) FROM worker_language WHERE worker_id = w.id), '{}'
) AS languages
FROM worker w WHERE person_id = $1
"""


async def find(tx: Tx, person_id: int) -> Worker | None:
    """The worker who is that person in the chat network."""
    row = await tx.row(_FIND, person_id)
    if row is None:
        return None
    return Worker(
        id=row["id"],
        person_id=row["person_id"],
        locale=row["locale"],
        country=row["country"],
        time_zone=row["time_zone"],
        state=WorkerState(row["state"]),
        agreed=row["consented_at"] is not None and row["consent_version"] == TERMS_VERSION,
        languages={language: Level(level) for language, level in row["languages"].items()},
        invited_to=row["invited_to"],
        created_at=row["created_at"],
    )


async def welcome(
    tx: Tx, person_id: int, *, locale: str, country: str | None, time_zone: str | None, slug: str | None
) -> Worker:
    """Make the person a worker who is joining, or come back one who stopped.

    `slug` is what the link said that they followed: the batch that it is of, or, for who is new, who invited them.
    """
    new = await tx.run(
        """
        INSERT INTO worker (person_id, pseudonym, locale, country, time_zone, created_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (person_id) DO NOTHING
        """,
        person_id, new_pseudonym(), locale, country, time_zone, tx.now,
    )  # fmt: skip
    if new and country is not None:
        await by_country(tx, await tx.value("SELECT id FROM worker WHERE person_id = $1", person_id), country)
    if new and slug is not None and slug.startswith(PREFIX):
        await came_by(tx, person_id, slug)
    await tx.run(
        """
        UPDATE worker SET
            invited_to = coalesce((SELECT id FROM batch WHERE slug = $2), invited_to),
            state = CASE WHEN joined_at IS NULL THEN 'joining' ELSE 'active' END
        WHERE person_id = $1
        """,
        person_id, slug,
    )  # fmt: skip
    worker = await find(tx, person_id)
    assert worker is not None
    return worker


async def agree(tx: Tx, worker_id: int) -> None:
    """Note consent to the terms in force."""
    await tx.run(
        "UPDATE worker SET consented_at = $2, consent_version = $3 WHERE id = $1",
        worker_id,
        tx.now,
        TERMS_VERSION,
    )


async def claim_language(tx: Tx, worker_id: int, language: str, level: Level) -> None:
    """Note that a worker reads and writes a language."""
    await tx.run(
        """
        INSERT INTO worker_language (worker_id, language, level) VALUES ($1, $2, $3)
        ON CONFLICT (worker_id, language) DO UPDATE SET level = excluded.level
        """,
        worker_id, language, level,
    )  # fmt: skip


async def drop_language(tx: Tx, worker_id: int, language: str) -> None:
    """Note that a worker no longer wants work in a language."""
    await tx.run("DELETE FROM worker_language WHERE worker_id = $1 AND language = $2", worker_id, language)


async def set_locale(tx: Tx, worker_id: int, locale: str) -> None:
    """The language of the screens."""
    await tx.run("UPDATE worker SET locale = $2 WHERE id = $1", worker_id, locale)


async def set_country(tx: Tx, worker_id: int, country: str) -> None:
    """Where the worker lives, ISO 3166-1 alpha-2."""
    await tx.run("UPDATE worker SET country = $2 WHERE id = $1", worker_id, country)
    await by_country(tx, worker_id, country)


async def set_time_zone(tx: Tx, worker_id: int, time_zone: str) -> None:
    """The worker's time zone, by its IANA name."""
    await tx.run("UPDATE worker SET time_zone = $2 WHERE id = $1", worker_id, time_zone)


async def set_state(tx: Tx, worker_id: int, state: WorkerState) -> None:
    """Begin, stop, block. Who becomes active for the first time has joined."""
    await tx.run(
        """
        UPDATE worker SET
            state = $2, joined_at = CASE WHEN $2 = 'active' THEN coalesce(joined_at, $3) ELSE joined_at END
        WHERE id = $1
        """,
        worker_id, state, tx.now,
    )  # fmt: skip


async def come_back(tx: Tx, worker_id: int) -> None:
    """End a stop: back to work, or to joining where it was not finished."""
    await tx.run(
        """
        UPDATE worker SET state = CASE WHEN joined_at IS NULL THEN 'joining' ELSE 'active' END
        WHERE id = $1 AND state = 'stopped'
        """,
        worker_id,
    )


async def set_blocked(tx: Tx, person_id: int, *, blocked: bool) -> None:
    """The person blocked the bot, or took it back. Nothing is pushed to one who did, nor to one who had stopped."""
    await tx.run(
        """
        UPDATE worker SET state = CASE
            WHEN state = 'stopped' THEN state WHEN $2 THEN 'blocked' WHEN state <> 'blocked' THEN state
            WHEN joined_at IS NULL THEN 'joining' ELSE 'active' END
        WHERE person_id = $1
        """,
        person_id, blocked,
    )  # fmt: skip


async def languages_in_demand(tx: Tx) -> list[str]:
    """Languages of the batches that are open, the most tasks first."""
    rows = await tx.rows(
        "SELECT language FROM batch WHERE state = 'open' GROUP BY language ORDER BY sum(tasks) DESC, language"
    )
    return [row["language"] for row in rows]
