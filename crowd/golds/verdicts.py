"""The verdicts of one gold made anew: none while it is suspended, and others when its right answer is another one.

Scores follow: what a verdict added to its worker's is taken out as far as it still counts, since evidence fades with
each later answer. Of kinds that are fitted, the next fit judges anew anyway.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg

from crowd.batches.spec import BatchSpec
from crowd.kinds import kind_named
from crowd.kinds.base import Json
from crowd.parity.frozen import IS_FROZEN
from crowd.workers.habits import habit
from crowd.workers.standing import MEMORY, NOTHING, Standing
from db.database import Tx

_OLDEST = 1000
"""Later answers that are counted: beyond, nothing is left of a verdict."""

# Of kinds with few answers, each answer to an ordinary task may tell something too, so that evidence fades with it.
_ANSWERS = f"""
SELECT a.id, a.worker_id, a.value, a.verdict, p.shown, p.habits, r.golds, r."right", r.levels, r.compared,
       r.paused_at, r.pause_reason, r.refreshed_at, r.trial_from,
       {IS_FROZEN.format(answer="a")} AS frozen,
       r.trial_at IS NOT NULL AND a.answered_at < r.trial_at AS before_trial, (
           SELECT count(*) FROM (
               SELECT FROM answer o JOIN batch b ON b.id = o.batch_id
               WHERE o.worker_id = a.worker_id AND o.id > a.id AND b.kind = $3 AND b.language = $4
                 AND (o.verdict IS NOT NULL OR ($5 AND o.value IS NOT NULL))
               LIMIT {_OLDEST}
           ) later
       ) AS later
FROM answer a
JOIN participation p ON p.worker_id = a.worker_id AND p.batch_id = $2
JOIN track r ON r.worker_id = a.worker_id AND r.kind = $3 AND r.language = $4
WHERE a.task_id = $1 AND a.value IS NOT NULL
ORDER BY a.worker_id
"""  # noqa: S608

_PUT = """
WITH told AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS told (
        answer_id bigint, worker_id bigint, verdict float, golds int, "right" float, levels float[], shown float[],
        evidence float, trial_from int, cleared boolean, calm boolean
    )
), said AS (
    UPDATE answer SET verdict = told.verdict FROM told WHERE answer.id = told.answer_id
), here AS (
    UPDATE participation SET shown = told.shown
    FROM told WHERE participation.worker_id = told.worker_id AND batch_id = $2
)
UPDATE track SET
    golds = told.golds, "right" = told.right, levels = told.levels, evidence = told.evidence,
    trial_from = told.trial_from,
    paused_at = CASE WHEN NOT told.cleared THEN paused_at END,
    pause_reason = CASE WHEN NOT told.cleared THEN pause_reason END,
    refreshed_at = CASE WHEN NOT told.calm THEN refreshed_at END
FROM told WHERE track.worker_id = told.worker_id AND kind = $3 AND language = $4
"""


@dataclass(frozen=True, slots=True)
class _Judged:
    """A verdict, if there is one, and the right answer that it was made by."""

    right: Json
    verdict: float | None

    def step(self, spec: BatchSpec, said: Json, blindly: float) -> tuple[float, ...]:
        """What it adds to the levels of a worker."""
        if self.verdict is None:
            return NOTHING
        kind = kind_named(spec.kind)
        telling, counted = kind.telling(spec, self.right, said), bool(kind.possible(spec))
        return Standing(0, 0).after(self.verdict, blindly, telling, counted=counted).levels


@dataclass(frozen=True, slots=True)
class Changed:
    """A worker whose verdict changed."""

    worker_id: int
    before: float | None
    after: float | None
    better: bool
    """It stood against them, and does so less, or no more."""
    cleared: bool
    """They were paused by evidence that no longer holds, and are not any more."""
    sound: bool
    """It is better, and what is left calls for no pause."""
    in_trial: bool
    """The answer is of a re-test under way, of which no verdict is told."""


async def judge_gold(
    tx: Tx, batch_id: int, spec: BatchSpec, task_id: int, right: Json, *, before: Json
) -> list[Changed]:
    """Give the answers to a gold the verdicts that `right` makes; None takes them all away. Whose it changed.

    `before` is the answer that the verdicts there are were made by. The task, and the workers who answered it, must be
    locked.
    """
    possible = bool(kind_named(spec.kind).possible(spec))
    rows = await tx.rows(_ANSWERS, task_id, batch_id, spec.kind, spec.language, possible)
    told, changed = [], []
    for row in rows:
        verdict = None if right is None else kind_named(spec.kind).verdict(spec, right, row["value"])
        if verdict == row["verdict"]:
            continue
        put_right = _as_it_was if row["frozen"] else _put_right
        made = put_right(row, spec, _Judged(right, verdict), _Judged(before, row["verdict"]))
        told.append(made)
        in_trial = row["trial_from"] is not None and not row["before_trial"]
        ways = made["better"], made["cleared"], made["sound"]
        changed.append(Changed(row["worker_id"], row["verdict"], verdict, *ways, in_trial))
    if told:
        await tx.run(_PUT, told, batch_id, spec.kind, spec.language)
    return changed


def _put_right(row: asyncpg.Record, spec: BatchSpec, now: _Judged, then: _Judged) -> Mapping[str, Any]:
    """What a worker's rows are with a verdict in the place of the one there was."""
    kind, verdict, before = kind_named(spec.kind), now.verdict, then.verdict
    chance = kind.chance(spec)
    blindly = habit(kind, spec, row["habits"], row["value"])
    kept = (1 - 1 / MEMORY) ** row["later"]
    steps = [each.step(spec, row["value"], blindly) for each in (now, then)]
    more = [kept * (new - old) for new, old in zip(*steps, strict=True)]
    one = (verdict is not None) - (before is not None)
    after = Standing(
        row["golds"] + one,
        row["right"] + (verdict or 0.0) - (before or 0.0),
        # A re-test began with no evidence, so that what came before it is in none.
        tuple(row["levels"] if row["before_trial"] else _sum(row["levels"], more)),
        row["compared"],
    )
    better = before is not None and before < 1 and (verdict is None or verdict > before)
    sound = better and not after.to_be_paused(chance, fitted=True)
    of_this = row["pause_reason"] == "evidence" or (row["pause_reason"] == "trial" and not row["before_trial"])
    trial = row["trial_from"]
    return {
        "answer_id": row["id"],
        "worker_id": row["worker_id"],
        "verdict": verdict,
        "golds": after.golds,
        "right": after.right,
        "levels": after.levels,
        "shown": _sum(row["shown"], more),
        "evidence": after.evidence(chance),
        "trial_from": trial + one if trial is not None and row["before_trial"] else trial,
        "cleared": sound and of_this,
        "sound": sound,
        "better": better,
        "calm": better and not after.to_be_refreshed(chance),
    }


def _as_it_was(row: asyncpg.Record, spec: BatchSpec, now: _Judged, then: _Judged) -> Mapping[str, Any]:
    """The same where the answer says nothing of its worker: the verdict changes, and nothing else."""
    same = {name: row[name] for name in ("worker_id", "golds", "right", "levels", "shown", "trial_from")}
    chance = kind_named(spec.kind).chance(spec)
    evidence = Standing(row["golds"], row["right"], tuple(row["levels"])).evidence(chance)
    better = then.verdict is not None and then.verdict < 1 and (now.verdict is None or now.verdict > then.verdict)
    ways = {"cleared": False, "sound": False, "better": better, "calm": False}
    return {**same, **ways, "answer_id": row["id"], "verdict": now.verdict, "evidence": evidence}


def _sum(some: list[float], more: list[float]) -> list[float]:
    return [one + other for one, other in zip(some, more, strict=True)]
