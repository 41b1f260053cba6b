"""What work there is for a worker; and where there is none, the true reason."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from crowd.batch import BatchSpec
from crowd.batches import spec_of
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
    """Tasks not settled that this worker has not answered."""
    mine: int
    """Answers this worker gave already."""


class NoWork(StrEnum):
    """Why there is nothing to do."""

    NOTHING_OPEN = "nothing_open"
    LANGUAGE = "language"
    """There is work, in languages that this worker has not named."""
    SKILL = "skill"
    PAUSED = "paused"
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
"""So many of a worker's newest answers are looked at to say how many tasks are left for them."""

_DRY_FOR = timedelta(seconds=10)
"""A batch that had nothing for a worker is not offered to them for so long."""

_BATCHES = """
SELECT b.id, b.digest, b.language, b.price, b.pace_ms, b.skills, b.tasks,
       (SELECT sum(settled) FROM tally WHERE batch_id = b.id) AS settled,
       coalesce(p.answers, 0) AS mine,
       (SELECT count(*) FROM (
            SELECT task_id FROM answer WHERE p.answers > 0 AND worker_id = $1 AND batch_id = b.id
            ORDER BY id DESC LIMIT $3
        ) mine JOIN task t ON t.id = mine.task_id AND t.gold IS NULL AND t.settled_at IS NULL) AS waiting,
       EXISTS (SELECT FROM account WHERE kind = 'escrow' AND owner = b.id AND currency = b.currency
               AND slot < b.purses AND balance >= b.price) AS funded,
       coalesce(p.dry_at > $2::timestamptz - $4::interval, false) AS dry,
       b.language IN (SELECT language FROM worker_language WHERE worker_id = $1) AS reads,
       ARRAY(SELECT unnest(b.skills) EXCEPT
             SELECT name FROM skill WHERE worker_id = $1 AND (expires_at IS NULL OR expires_at > $2)) AS missing,
       EXISTS (SELECT FROM track WHERE worker_id = $1 AND kind = b.kind AND language = b.language
               AND paused_at IS NOT NULL) AS paused
FROM batch b LEFT JOIN participation p ON p.worker_id = $1 AND p.batch_id = b.id
WHERE b.state = 'open' ORDER BY b.id
"""


async def offers(tx: Tx, worker_id: int) -> list[Offer] | Nothing:
    """The batches that a worker may work on, the best paid hour first; or why there are none."""
    found: list[Offer] = []
    reasons: set[NoWork] = set()
    languages: set[str] = set()
    skills: set[str] = set()
    for row in await tx.rows(_BATCHES, worker_id, tx.now, _NEWEST, _DRY_FOR):
        left = row["tasks"] - row["settled"] - row["waiting"]
        if not row["reads"]:
            if row["tasks"] > row["settled"]:
                reasons.add(NoWork.LANGUAGE)
                languages.add(row["language"])
        elif row["missing"]:
            reasons.add(NoWork.SKILL)
            skills.update(row["missing"])
        elif row["paused"]:
            reasons.add(NoWork.PAUSED)
        elif row["dry"] or left <= 0:
            reasons.add(NoWork.ALL_DONE)
        elif not row["funded"]:
            reasons.add(NoWork.NO_MONEY)
        else:
            per_hour = row["price"] * 3_600_000 // row["pace_ms"] if row["pace_ms"] else None
            spec = await spec_of(tx, row["id"], row["digest"])
            found.append(Offer(row["id"], spec, row["price"], per_hour, left, row["mine"]))
    if found:
        return sorted(found, key=lambda offer: (-(offer.per_hour or 0), -offer.price, offer.batch_id))
    order = [NoWork.PAUSED, NoWork.SKILL, NoWork.LANGUAGE, NoWork.NO_MONEY, NoWork.ALL_DONE]
    given = tuple(reason for reason in order if reason in reasons) or (NoWork.NOTHING_OPEN,)
    return Nothing(given, tuple(sorted(languages)), tuple(sorted(skills)))
