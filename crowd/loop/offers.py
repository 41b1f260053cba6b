"""What work there is for a worker; and where there is none, the true reason."""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

import asyncpg

from crowd.batches.life import spec_of
from crowd.batches.spec import BatchSpec
from crowd.datasaving.usage import weights
from crowd.fairpay.hours import hourly
from db.database import Tx


@dataclass(frozen=True, slots=True)
class Offer:
    """A batch that a worker may work on now."""

    batch_id: int
    spec: BatchSpec
    price: int
    """Micro-units of `spec.currency` for one answer."""
    per_hour: int | None
    """Micro-units an hour at the measured median pace; None until enough was measured."""
    left: int
    """Tasks not settled that this worker has neither answered nor passed."""
    mine: int
    """Answers this worker gave already."""
    task_bytes: int | None = None
    """What a task of it weighs on its way to a phone, measured; None until enough were."""


class NoWork(StrEnum):
    """Why there is nothing to do."""

    NOTHING_OPEN = "nothing_open"
    LANGUAGE = "language"
    """There is work, in languages that this worker has not named."""
    SKILL = "skill"
    PAUSED = "paused"
    IN_REVIEW = "in_review"
    """The same, while a person looks at their answers."""
    UNDERPAID = "underpaid"
    """There is work that pays an hour less than the floor of their country."""
    NO_MONEY = "no_money"
    """What was set aside for the batches is used up."""
    ALL_DONE = "all_done"


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is no work, for these reasons (the first is the one that a worker can do most about)."""

    reasons: tuple[NoWork, ...]
    languages: tuple[str, ...]
    """Languages there is work in, for LANGUAGE."""
    skills: tuple[str, ...]
    """Skills that are missing, for SKILL."""


_NEWEST = 1000
"""So many of a worker's newest answers, and of the tasks they passed, are looked at to say what is left for them."""

_DRY_FOR = timedelta(seconds=10)
"""A batch that had nothing for a worker is not offered to them for so long."""

_DRY_LONGER = timedelta(minutes=10)
"""The same, for who answered so much of it that what is left for them is not known exactly."""

_FUNDED = """EXISTS (SELECT FROM account WHERE kind = 'escrow' AND owner = b.id AND currency = b.currency
               AND slot < b.purses AND balance >= b.price)"""

_SETTLED = "(SELECT sum(settled) FROM tally WHERE batch_id = b.id)"

# In a pilot others are not handed out yet, so that none of them is settled either.
_NOW = "(CASE WHEN b.reach IS NULL THEN b.tasks ELSE (SELECT tasks FROM pilot WHERE batch_id = b.id) END)"

# Tasks that a worker had never come back to them. The limits are written out, as plans are made without parameters.
_READABLE = f"""
WITH readable AS MATERIALIZED (
    SELECT b.* FROM worker_language l JOIN batch b ON b.language = l.language AND b.state = 'open'
    WHERE l.worker_id = $1
), had AS (
    (SELECT batch_id, task_id FROM answer WHERE worker_id = $1 ORDER BY id DESC LIMIT {_NEWEST})
    UNION ALL
    (SELECT batch_id, task_id FROM passed WHERE worker_id = $1 ORDER BY task_id DESC LIMIT {_NEWEST})
), waiting AS MATERIALIZED (
    SELECT had.batch_id, count(*) AS tasks FROM had JOIN task t ON t.id = had.task_id
    WHERE had.batch_id IN (SELECT id FROM readable) AND t.gold IS NULL AND t.settled_at IS NULL
    GROUP BY had.batch_id
)
SELECT b.id, b.digest, b.price, b.pace_ms, coalesce(p.answers, 0) AS mine,
       {_NOW} - {_SETTLED} - coalesce(waiting.tasks, 0) AS left,
       {_FUNDED} AS funded,
       coalesce(p.dry_at > $2::timestamptz - CASE WHEN p.answers > {_NEWEST} THEN $4::interval ELSE $3 END, false)
           AS dry,
       ARRAY(SELECT unnest(b.skills) EXCEPT
             SELECT name FROM skill WHERE worker_id = $1 AND (expires_at IS NULL OR expires_at > $2)) AS missing,
       (SELECT coalesce(pause_reason, '') FROM track WHERE worker_id = $1 AND kind = b.kind AND language = b.language
        AND paused_at IS NOT NULL) AS paused,
       p.worker_id IS NULL AND coalesce((SELECT country FROM worker WHERE id = $1), '*') = ANY(b.underpays)
           AS underpaid
FROM readable b
LEFT JOIN waiting ON waiting.batch_id = b.id
LEFT JOIN participation p ON p.worker_id = $1 AND p.batch_id = b.id
ORDER BY b.id
"""  # noqa: S608

_OTHER_LANGUAGES = f"""
SELECT DISTINCT b.language FROM batch b
WHERE b.state = 'open' AND b.language NOT IN (SELECT language FROM worker_language WHERE worker_id = $1)
  AND {_NOW} > {_SETTLED} AND {_FUNDED}
ORDER BY b.language
"""  # noqa: S608

_ORDER = (
    NoWork.PAUSED, NoWork.IN_REVIEW, NoWork.SKILL, NoWork.LANGUAGE, NoWork.UNDERPAID, NoWork.NO_MONEY, NoWork.ALL_DONE
)  # fmt: skip


async def offers(tx: Tx, worker_id: int) -> list[Offer] | Nothing:
    """The batches that a worker may work on; or why there are none.

    Those whose pace is not known yet come first, since nobody would ever measure it otherwise; then the best paid
    hour.
    """
    found: list[Offer] = []
    reasons: set[NoWork] = set()
    skills: set[str] = set()
    for row in await tx.rows(_READABLE, worker_id, tx.now, _DRY_FOR, _DRY_LONGER):
        reason = _reason(row)
        if reason is not None:
            reasons.add(reason)
            skills.update(row["missing"] if reason is NoWork.SKILL else ())
            continue
        per_hour = hourly(row["price"], row["pace_ms"]) if row["pace_ms"] else None
        spec = await spec_of(tx, row["id"], row["digest"])
        found.append(Offer(row["id"], spec, row["price"], per_hour, row["left"], row["mine"]))
    if found:
        weighed = await weights(tx, [offer.batch_id for offer in found])
        return sorted((replace(each, task_bytes=weighed.get(each.batch_id)) for each in found), key=_rank)
    languages = tuple(row["language"] for row in await tx.rows(_OTHER_LANGUAGES, worker_id))
    if languages:
        reasons.add(NoWork.LANGUAGE)
    if reasons & {NoWork.PAUSED, NoWork.IN_REVIEW, NoWork.SKILL, NoWork.UNDERPAID, NoWork.NO_MONEY}:
        reasons.discard(NoWork.ALL_DONE)  # it is said of all there is, and there is more
    given = tuple(reason for reason in _ORDER if reason in reasons) or (NoWork.NOTHING_OPEN,)
    return Nothing(given, languages, tuple(sorted(skills)))


async def is_open(tx: Tx, slug: str) -> bool:
    """Whether a link leads to a batch that is open."""
    found: bool = await tx.value("SELECT EXISTS (SELECT FROM batch WHERE slug = $1 AND state = 'open')", slug)
    return found


def _reason(row: asyncpg.Record) -> NoWork | None:
    """Why a batch that a worker can read is not for them now. A skill is missed only where it would give work."""
    if row["left"] <= 0:
        return NoWork.ALL_DONE
    if not row["funded"]:
        return NoWork.NO_MONEY
    if row["missing"]:
        return NoWork.SKILL
    if row["underpaid"]:
        return NoWork.UNDERPAID
    if row["paused"] is not None:
        return NoWork.IN_REVIEW if row["paused"] == "review" else NoWork.PAUSED
    return NoWork.ALL_DONE if row["dry"] else None


def _rank(offer: Offer) -> tuple[bool, int, int, int]:
    return (offer.per_hour is not None, -(offer.per_hour or 0), -offer.price, offer.batch_id)
