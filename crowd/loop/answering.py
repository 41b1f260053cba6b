"""The hot path: an answer is recorded, checked, added up and paid, and the next task is in hands, in two statements."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import asyncpg

from crowd.batches.life import spec_of
from crowd.batches.locks import WORKED_ON
from crowd.batches.spec import BatchSpec
from crowd.golds.seats import TWIN
from crowd.kinds import AnyKind, kind_named
from crowd.kinds.base import AnswerError, Json
from crowd.loop.deciding import Decision, decide, longest_late
from crowd.loop.handing import ALLOWED, REACH, Dry, Given, next_task, note_dry, refused, walks
from crowd.loop.leases import revive
from crowd.loop.picking import PICK, contested_first, gold_least, gold_window, lease_until, wants_gold
from crowd.loop.recorded import Recorded, Refused, lesson_of, why_not
from crowd.loop.searching import Search
from crowd.loop.settling import least_wanted
from crowd.loop.twins import keep_mark, one_at_a_time, refuse_twin
from crowd.money.holds import end_holds, hold_time
from crowd.money.purses import KEPT_AND_FREE
from crowd.parity.frozen import FROZEN, freeze_answer
from crowd.redos.fixing import Fixed, fix
from crowd.workers.ladder import AFTER_STEP, Step
from db.database import Tx


class DontKnow(Enum):
    """What a worker says who does not know."""

    DONT_KNOW = "dont_know"


class Then(Enum):
    """What follows an answer."""

    NEXT = "next"
    """The next task of the batch is handed out."""
    REST = "rest"
    """Nothing: it is one of a pack. How long it took by itself is not known: about what one takes is counted."""
    CHOSEN = "chosen"
    """Nothing: others choose which tasks come, as in a replay."""


Said = Callable[[str], Json]


@dataclass(frozen=True, slots=True)
class Accepted(Recorded):
    """The answer has just been recorded, and this is what follows."""

    paused: bool
    """The evidence says that the worker should stop this kind of work for now."""
    step: Step | None
    """What the evidence calls for now."""
    next: Given | Dry


# What follows is paid what the lease is: all have the batch's price. While the price is raised this waits, and sees the
# batch as it was before; the lease, which it locks, as it is then.
_CONTEXT = f"""
WITH working AS MATERIALIZED (
    SELECT {WORKED_ON} FROM lease WHERE id = $1
)
SELECT l.id, l.worker_id, l.task_id, l.batch_id, l.price, l.escrow_id, l.gold AS is_gold, l.given_at, w.locale,
       l.redo_of, t.gold, t.payload, t.leased, t.answers, t.evidence, t.settled_at, t.suspended_at,
       twin.asked AS twin_asked, twin.settled AS twin_settled,
       b.digest, b.state, b.kind, b.language, l.price AS next_price, b.first_task, b.last_task, {REACH}, b.front,
       b.pace_ms, b.likeness, b.usual, b.best, b.fitted_at, b.worth, b.judges,
       {ALLOWED.format(worker="l.worker_id", now="$3::timestamptz")} AS allowed,
       e.slot, {KEPT_AND_FREE.format(account="e")}, p.cursor, p.lap, p.gold_cursor, p.hold_id, p.accuracy,
       p.shown, p.habits, p.answers AS mine, p.dont_knows, {FROZEN.format(part="p")} AS frozen,
       r.answers AS track_answers, r.golds, r.right, r.compared, r.levels, r.paused_at, r.refreshed_at,
       r.trial_from, r.pause_reason
FROM working, lease l
JOIN worker w ON w.id = l.worker_id AND w.person_id = $2
JOIN task t ON t.id = l.task_id
JOIN account e ON e.id = l.escrow_id
JOIN batch b ON b.id = l.batch_id
JOIN participation p ON p.worker_id = l.worker_id AND p.batch_id = l.batch_id
JOIN track r ON r.worker_id = l.worker_id AND r.kind = b.kind AND r.language = b.language
LEFT JOIN LATERAL ({TWIN}) twin ON l.gold
WHERE l.id = $1
FOR UPDATE OF l, t
"""  # noqa: S608

_EXPIRED = """
SELECT p.batch_id, b.digest, t.payload
FROM passed p JOIN batch b ON b.id = p.batch_id JOIN task t ON t.id = p.task_id
WHERE p.lease_id = $1
"""

# What is not held at all is released as it is earned: its accounts are locked in one order, as by who releases others.
_SAY = f"""
WITH gone AS (
    DELETE FROM lease WHERE id = $1::bigint
), said AS (
    INSERT INTO answer (id, task_id, batch_id, worker_id, value, verdict, price, ms, answered_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7::bigint, $8, $9)
), wallet AS MATERIALIZED (
    SELECT id, kind FROM account
    WHERE $7 > 0 AND $12::timestamptz <= $9 AND kind IN ('hold', 'available') AND owner = $4 AND slot = 0
      AND currency = (SELECT currency FROM account WHERE id = $11)
    ORDER BY id FOR NO KEY UPDATE
), earned AS (
    INSERT INTO transfer (reason, ref, debit, credit, amount, at)
    SELECT 'earn', $1, $10, $11, $7, $9 WHERE $7 > 0
    UNION ALL
    SELECT 'release', $1, $11, id, $7, $9 FROM wallet WHERE kind = 'available'
), held AS (
    INSERT INTO hold (answer_id, worker_id, account_id, amount, due_at)
    SELECT $1, $4, $11, $7, $12 WHERE $7 > 0 AND $12 > $9
), settled AS (
    UPDATE task SET
        answers = answers + 1, leased = leased - 1, seats = $14::smallint, open = $14 > 0,
        evidence = $15, settled_at = $18, wanted = $38, early = coalesce(early, $39),
        label = CASE WHEN settled_at IS NULL THEN $16 ELSE label END,
        confidence = CASE WHEN settled_at IS NULL THEN $17 ELSE confidence END
    WHERE id = $2
), counted AS (
    UPDATE tally SET
        answers = answers + 1, gold_answers = gold_answers + $13::boolean::int,
        settled = settled + $19::int, unsure = unsure + $20::int,
        saved = saved + $40::int
    WHERE batch_id = $3 AND slot = $21::smallint
), shown AS (
    UPDATE track SET
        answers = answers + 1, golds = $22, "right" = $23, evidence = $24, compared = $37,
        levels = $43, {AFTER_STEP}
    WHERE worker_id = $4 AND kind = $26 AND language = $27
),
"""  # noqa: S608

_RECORD = _SAY + PICK.format(
    worker="$4::bigint",
    batch="$3::bigint",
    wanted="$28::boolean",
    want_gold="$29::boolean",
    contested_first="$41::boolean",
    least_wanted="$42::float",
    answering="$2",
    gold_after="$30::bigint",
    gold_upto="$46::bigint",
    gold_least="$47::int",
    after="$31::bigint",
    upto="$32::bigint",
    price="$33::bigint",
    escrow="$10::bigint",
    now="$9::timestamptz",
    due="$34::timestamptz",
    paid="$7::bigint",
    freed="$35::bigint",
    answered="1",
    unknown="$36::int",
    active="$8::int",
    shown="$44::float[]",
    habits="$45::jsonb",
)


async def answer(
    tx: Tx, person_id: int, lease_id: int, said: Said | DontKnow, luck: random.Random, *, then: Then = Then.NEXT
) -> Accepted | Fixed | Refused:
    """Record what a person said to a lease, pay it, and hand out the next task of the batch.

    Where they are to mend an answer, it takes that one's place, and nothing more is paid or handed out.

    The worker's row must be locked. `said`, given the name of the task's kind, gives what was said in the form that
    the kind's `read_answer` takes. Where nothing follows, `next` is Dry.DONE; and where others choose the tasks, golds
    have no twins (`crowd.golds.seats`): who says which tasks come says how often.
    Raises AnswerError when the kind cannot take it; nothing has changed then.
    """
    row = await tx.row(_CONTEXT, lease_id, person_id, tx.now)
    late = row is None
    if row is None:
        refused = await why_not(tx, person_id, lease_id)
        if refused is not Refused.EXPIRED:
            return refused
        expired = await tx.row(_EXPIRED, lease_id)
        assert expired is not None
        spec = await spec_of(tx, expired["batch_id"], expired["digest"])
        _read(spec, expired["payload"], said)  # before anything is changed
        if not await revive(tx, person_id, lease_id, longest_late(kind_named(spec.kind))):
            return refused
        row = await tx.row(_CONTEXT, lease_id, person_id, tx.now)
        assert row is not None
    spec = await spec_of(tx, row["batch_id"], row["digest"])
    kind = kind_named(spec.kind)
    value = _read(spec, row["payload"], said)
    await _know_again(tx, spec, kind, row, value)
    if row["redo_of"] is not None:
        return await fix(tx, row, spec, value)
    walks = then is not Then.CHOSEN and row["allowed"]
    knows, timed = not isinstance(said, DontKnow), then is not Then.REST
    decision = decide(row, spec, kind, value, tx.now, knows=knows, walks=walks, timed=timed)
    upcoming: Given | Dry | None = None
    window: tuple[int, int] | None = None
    if then is not Then.NEXT:
        upcoming = Dry.DONE
    elif not late:  # who answers late may have another task in hands
        where = Dry.PAUSED_WORKER if decision.pauses else await _next_window(tx, row)
        window, upcoming = (None, where) if isinstance(where, Dry) else (where, None)
    got = await _record(tx, row, spec, kind, decision, luck, window)
    if row["frozen"]:
        await freeze_answer(tx, row["batch_id"], row["id"], row["worker_id"])
    if decision.proves:
        await end_holds(tx, [row["worker_id"]], row["kind"], row["language"])
    if got is not None and got["id"] is not None:
        upcoming = Given(
            lease_id=got["id"], task_id=got["task_id"], batch_id=row["batch_id"], spec=spec, payload=got["payload"],
            price=row["next_price"], given_at=tx.now, due_at=lease_until(spec, tx.now, row["pace_ms"]),
            answers=row["mine"] + 1,
        )  # fmt: skip
    elif row["lap"] and window == _nowhere(row) and got is not None and got["enough"] and _pays_for_all(row):
        upcoming = await note_dry(tx, row["worker_id"], row["batch_id"])
    elif upcoming is None:
        upcoming = await next_task(tx, row["worker_id"], row["batch_id"], luck)
    return Accepted(
        locale=row["locale"],
        spec=spec,
        earned=decision.price,
        done=row["mine"] + 1,
        lesson=(
            None
            if row["trial_from"] is not None
            else lesson_of(row["payload"], row["gold"], decision.verdict, row["golds"], lease_id)
        ),
        paused=decision.pauses,
        step=decision.step,
        next=upcoming,
    )


def _read(spec: BatchSpec, payload: Json, said: Said | DontKnow) -> Json:
    """The value of what was said; None for “I don't know”. Raises AnswerError."""
    if not isinstance(said, DontKnow):
        kind = kind_named(spec.kind)
        return kind.read_answer(spec, kind.payload(payload), said(spec.kind))
    if not spec.dont_know:
        raise AnswerError(spec.kind, "no_such_option")
    return None


async def _know_again(tx: Tx, spec: BatchSpec, kind: AnyKind, row: asyncpg.Record, value: Json) -> None:
    """Of kinds that know answers again: refuse what was given before in the batch, and know this one from now on."""
    mark = None if value is None else kind.mark(spec, value)
    if mark is not None:
        await one_at_a_time(tx, row["batch_id"])
        await refuse_twin(tx, spec.kind, row["batch_id"], mark, row["id"])
        await keep_mark(tx, row["batch_id"], mark, row["id"])


async def _next_window(tx: Tx, row: asyncpg.Record) -> tuple[int, int] | Dry:
    """Where the worker's next task of this batch may be: ids above the first, up to the second; or why there is none.

    After a whole lap it is looked for here, before anything is locked that workers share.
    """
    refusal = refused(row)
    if refusal is not None:
        return refusal
    if walks(row):
        return row["cursor"], row["reach"]
    search = Search(
        row["worker_id"], row["batch_id"], row["cursor"], row["front"], row["reach"], answered=row["task_id"]
    )
    found = await search.next(tx)
    return _nowhere(row) if found is None else (found - 1, found)


def _pays_for_all(row: asyncpg.Record) -> bool:
    """Whether the purse pays for any task, and not just, with a budget, for those below their least answers."""
    return row["kept"] is None or row["free"] >= row["next_price"]


def _nowhere(row: asyncpg.Record) -> tuple[int, int]:
    """No task that is short of answers: only those that want one more."""
    return row["last_task"], row["last_task"]


async def _record(
    tx: Tx,
    row: asyncpg.Record,
    spec: BatchSpec,
    kind: AnyKind,
    made: Decision,
    luck: random.Random,
    window: tuple[int, int] | None,
) -> asyncpg.Record | None:
    """The next task is picked at once from the window, if there is one."""
    gold, settled = row["is_gold"], row["settled_at"]
    settles = made.progress.settled and settled is None
    counts = settles and not gold
    unsure = counts and made.consensus.confidence < spec.overlap.sure
    saved = max(0, spec.overlap.most - row["answers"] - 1) if counts and made.progress.sure else 0
    chance, last = kind.chance(spec), row["last_task"]
    trial = row["trial_from"] is not None and made.step is None
    pays = _pays_for_all(row)
    want_gold = (
        window is not None and pays
        and wants_gold(
            made.standing, row["track_answers"] + 1, chance, luck, trial=trial, frozen=row["frozen"]
        )
    )  # fmt: skip
    wanted = least_wanted(spec.overlap, made.reliable, row["fitted_at"], tx.now, worth=row["worth"])
    held = hold_time(spec.hold_hours, made.standing, chance, graded=spec.graded)
    gold_after, gold_upto = gold_window(row, trial=trial)
    return await tx.row(
        _RECORD,
        row["id"], row["task_id"], row["batch_id"], row["worker_id"],
        made.value, made.verdict, made.price, made.ms, tx.now,
        row["escrow_id"], row["hold_id"], tx.now + held,
        gold, made.progress.seats, made.evidence, made.consensus.label,
        made.consensus.confidence, tx.now if settles else settled,
        counts, unsure, row["slot"],
        made.standing.golds, made.standing.right, made.standing.evidence(chance), made.step,
        row["kind"], row["language"],
        window is not None, want_gold, gold_after, *(window or (last, last)),
        row["next_price"], lease_until(spec, tx.now, row["pace_ms"]), row["price"], int(made.value is None),
        made.standing.compared, None if gold else made.progress.wanted,
        made.consensus.label if made.progress.sure and not settles else None, saved,
        contested_first(made.reliable, luck), wanted if pays else math.inf,
        list(made.standing.levels), list(made.shown), made.habits, gold_upto,
        gold_least(spec, trial=trial),
    )  # fmt: skip
