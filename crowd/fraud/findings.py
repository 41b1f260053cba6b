"""Findings: what signals raised, and what a person decided. None pauses anybody by itself, and none moves money."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import asyncpg

from crowd import audit
from crowd.batches.cards import batch_spec
from crowd.kinds import kind_named
from crowd.kinds.base import Json
from crowd.signals.base import Finding
from crowd.workers.cards import estimate_of
from crowd.workers.estimate import Estimate
from db.database import Tx

PAUSE_REASON = "review"
"""What a track says that is paused by a person who looks at a finding."""

NEWS = 1.5
"""What was decided is not raised again before it rests on so many times the answers."""

LONGEST_NOTE = 500


class FindingState(StrEnum):
    """What was decided."""

    OPEN = "open"
    PAUSED = "paused"
    """Somebody's work is paused by it."""
    DISMISSED = "dismissed"


class FindingError(ValueError):
    """A finding cannot be decided that way: it was decided meanwhile, or a note is missing."""


@dataclass(frozen=True, slots=True)
class FindingCard:
    """One finding, as staff see it."""

    id: int
    batch_id: int
    batch: str
    """Its name."""
    kind: str
    language: str
    signal: str
    workers: tuple[int, ...]
    pseudonyms: tuple[str, ...]
    strength: float
    rate: float
    evidence: Json
    state: FindingState
    paused: tuple[int, ...]
    note: str | None
    raised_at: datetime
    changed_at: datetime
    decided_at: datetime | None

    @property
    def once_in(self) -> int:
        """In an honest crowd it comes once in so many times, or less: a power of ten, 10⁹ at most."""
        return int(10 ** min(9, math.floor(self.strength)))


# Looks and decisions wait for each other here, so that what is being dismissed is not raised again at the same moment.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(4053)"

_LOOKED = """
INSERT INTO signal_look (batch_id, answers, looks, looked_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (batch_id) DO UPDATE SET answers = $2, looks = $3, looked_at = $4
WHERE signal_look.looks < $3 AND signal_look.answers <= $2
"""

_RAISE = """
INSERT INTO finding (batch_id, kind, language, signal, workers, strength, weight, rate, evidence, raised_at, changed_at)
SELECT b.id, b.kind, b.language, $2, $3, $4, $5::float, $6, $7, $8, $8 FROM batch b
WHERE b.id = $1 AND NOT EXISTS (
    SELECT FROM finding f WHERE f.signal = $2 AND f.kind = b.kind AND f.language = b.language AND f.workers = $3
    AND f.state <> 'open' AND f.weight * $9::float > $5
)
ON CONFLICT (signal, kind, language, workers) WHERE state = 'open' DO UPDATE SET
    batch_id = excluded.batch_id, strength = excluded.strength, weight = excluded.weight, rate = excluded.rate,
    evidence = excluded.evidence, changed_at = excluded.changed_at
WHERE excluded.weight > finding.weight
"""


async def keep(
    tx: Tx, batch_id: int, found: Mapping[str, Sequence[Finding]], *, rate: float, answers: int, look: int
) -> bool:
    """Write down what a look found, each subject once for each signal while it is open.

    Of two looks at once, one is kept: the other changes nothing, and False is told.
    """
    await tx.run(_ONE_AT_A_TIME)
    if not await tx.run(_LOOKED, batch_id, answers, look, tx.now):
        return False
    for signal, findings in sorted(found.items()):
        for each in findings:
            await tx.run(
                _RAISE, batch_id, signal, list(each.workers), each.strength, each.weight, rate, each.evidence,
                tx.now, NEWS,
            )  # fmt: skip
    return True


_CARDS = """
SELECT f.*, b.name AS batch, ARRAY(
    SELECT w.pseudonym FROM unnest(f.workers) WITH ORDINALITY AS each (id, place) JOIN worker w ON w.id = each.id
    ORDER BY each.place
) AS pseudonyms
FROM finding f JOIN batch b ON b.id = f.batch_id
"""


async def findings(
    tx: Tx, *, state: FindingState | None = FindingState.OPEN, before: int | None = None, limit: int = 50
) -> list[FindingCard]:
    """Findings in one state or in any, newest first. `before` is the id of the last one of the page before."""
    rows = await tx.rows(
        _CARDS + "WHERE ($1::text IS NULL OR f.state = $1) AND f.id < $2 ORDER BY f.id DESC LIMIT $3",
        state, before or 2**62, limit,
    )  # fmt: skip
    return [_card(row) for row in rows]


async def finding(tx: Tx, finding_id: int) -> FindingCard | None:
    """One of them."""
    row = await tx.row(_CARDS + "WHERE f.id = $1", finding_id)
    return _card(row) if row else None


def _card(row: asyncpg.Record) -> FindingCard:
    return FindingCard(
        id=row["id"],
        batch_id=row["batch_id"],
        batch=row["batch"],
        kind=row["kind"],
        language=row["language"],
        signal=row["signal"],
        workers=tuple(row["workers"]),
        pseudonyms=tuple(row["pseudonyms"]),
        strength=row["strength"],
        rate=row["rate"],
        evidence=row["evidence"],
        state=FindingState(row["state"]),
        paused=tuple(row["paused"]),
        note=row["note"],
        raised_at=row["raised_at"],
        changed_at=row["changed_at"],
        decided_at=row["decided_at"],
    )


_DECIDE = """
UPDATE finding SET state = $2, paused = $3, note = $4, decided_at = $5
WHERE id = $1 AND state <> 'dismissed' AND (state = 'open' OR $2 = 'dismissed')
"""

# A pause by other evidence stays what it is.
_PAUSE = """
UPDATE track SET paused_at = $4, pause_reason = $5
WHERE worker_id = ANY($1) AND kind = $2 AND language = $3 AND paused_at IS NULL
RETURNING worker_id
"""

# A pause stays while another finding keeps it.
_RESUME = """
UPDATE track SET paused_at = NULL, pause_reason = NULL
WHERE worker_id = ANY($1) AND kind = $2 AND language = $3 AND pause_reason = $4 AND NOT EXISTS (
    SELECT FROM finding f WHERE f.state = 'paused' AND f.id <> $5 AND f.kind = $2 AND f.language = $3
    AND track.worker_id = ANY(f.paused)
)
RETURNING worker_id
"""


async def dismiss(tx: Tx, finding_id: int, note: str, *, actor: str) -> None:
    """Nothing is wrong. Pauses by this finding end; it is not raised again before there is more by half.

    Raises FindingError.
    """
    card = await _to_decide(tx, finding_id, note)
    await _lock(tx, card.paused)
    if not await tx.run(_DECIDE, card.id, FindingState.DISMISSED, [], note.strip(), tx.now):
        raise FindingError("decided")
    for row in await tx.rows(_RESUME, list(card.paused), card.kind, card.language, PAUSE_REASON, card.id):
        await _tell(tx, row["worker_id"], "reviewed", card.id)
    await audit.note(tx, actor, "finding.dismiss", card.id, {"note": note.strip(), "resumed": list(card.paused)})


async def pause(tx: Tx, finding_id: int, workers: Collection[int], note: str, *, actor: str) -> None:
    """Pause this kind of work for some of the workers, while somebody looks into it. What they earned stays theirs.

    Raises FindingError.
    """
    card = await _to_decide(tx, finding_id, note)
    chosen = sorted(set(workers) & set(card.workers))
    if not chosen:
        raise FindingError("nobody")
    await _lock(tx, chosen)
    if not await tx.run(_DECIDE, card.id, FindingState.PAUSED, chosen, note.strip(), tx.now):
        raise FindingError("decided")
    for row in await tx.rows(_PAUSE, chosen, card.kind, card.language, tx.now, PAUSE_REASON):
        await _tell(tx, row["worker_id"], "review", card.id)
    await audit.note(tx, actor, "finding.pause", card.id, {"note": note.strip(), "workers": chosen})


async def _tell(tx: Tx, worker_id: int, subject: str, finding_id: int) -> None:
    await tx.run(
        """
        INSERT INTO outbox (person_id, subject, content, key, due_at)
        SELECT person_id, $2, '{}', $3, $4 FROM worker WHERE id = $1 ON CONFLICT DO NOTHING
        """,
        worker_id, subject, f"{subject}:{finding_id}:{worker_id}", tx.now,
    )  # fmt: skip


async def _lock(tx: Tx, workers: Collection[int]) -> None:
    """Workers come before all else in the order of locks."""
    await tx.rows("SELECT FROM worker WHERE id = ANY($1) ORDER BY id FOR UPDATE", sorted(workers))


async def _to_decide(tx: Tx, finding_id: int, note: str) -> FindingCard:
    if not note.strip():
        raise FindingError("note")
    await tx.run(_ONE_AT_A_TIME)
    card = await finding(tx, finding_id)
    if card is None or card.state is FindingState.DISMISSED:
        raise FindingError("decided")
    return card


@dataclass(frozen=True, slots=True)
class Concerned:
    """A worker of a finding, and what is known of them."""

    id: int
    pseudonym: str
    answers: int
    """In this kind and language."""
    estimate: Estimate
    """How right they are there, whichever the batch."""
    paused_at: datetime | None
    pause_reason: str | None
    joined_at: datetime
    """When they came to Kazi."""


_CONCERNED = """
SELECT w.id, w.pseudonym, w.created_at, r.answers, r.golds, r."right", r.levels, r.compared, r.paused_at,
       r.refreshed_at, r.trial_from, r.pause_reason
FROM worker w
LEFT JOIN track r ON r.worker_id = w.id AND r.kind = $2 AND r.language = $3
WHERE w.id = ANY($1) ORDER BY w.id
"""


async def concerned(tx: Tx, card: FindingCard) -> list[Concerned]:
    """The workers of a finding."""
    spec = await batch_spec(tx, card.batch_id)
    chance = kind_named(spec.kind).chance(spec)
    return [
        Concerned(
            id=row["id"],
            pseudonym=row["pseudonym"],
            answers=row["answers"] or 0,
            estimate=estimate_of(row, chance),
            paused_at=row["paused_at"],
            pause_reason=row["pause_reason"],
            joined_at=row["created_at"],
        )
        for row in await tx.rows(_CONCERNED, list(card.workers), card.kind, card.language)
    ]


async def shown_tasks(tx: Tx, card: FindingCard) -> dict[int, tuple[Json, Json]]:
    """The payload and the label of each task that the evidence names."""
    ids = [row["task"] for row in card.evidence.get("rows", ())]
    rows = await tx.rows(
        "SELECT id, payload, coalesce(gold -> 'value', label) AS label FROM task WHERE id = ANY($1)", ids
    )
    return {row["id"]: (row["payload"], row["label"]) for row in rows}
