"""Work that comes round by the clock. Every replica ticks; one row for each job and slot lets one of them do it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crowd.agreement.measuring import measure_due
from crowd.appeals.filing import forget_appeals_begun
from crowd.appeals.settling import settle_voidings
from crowd.fairpay.looking import look_at_pay
from crowd.fraud.signalling import look_for_signals
from crowd.golds.suspending import suspend_contradicted
from crowd.grading.grading import grade_answers
from crowd.grading.mending import mend_grades
from crowd.labels.fitting import fit_stale
from crowd.labels.judged import bring_to_judges
from crowd.loop.leases import expire_leases
from crowd.money.budgeting import keep_to_budgets
from crowd.money.holds import release_holds
from crowd.parity.looking import look_at_parity
from crowd.payouts.entering import forget_entries
from crowd.pilots.releasing import look_at_pilots
from crowd.redos.ending import end_redos
from crowd.referrals.paying import look_through_invitations, pay_referrals
from crowd.rhythm.offering import offer_work
from crowd.upkeep import forget_old_updates, measure_pace, move_fronts
from db.database import Database

Work = Callable[[Database], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done every so many seconds."""

    name: str
    every_s: int
    work: Work


JOBS = (
    Job("expire_leases", 15, expire_leases),
    Job("end_redos", 30, end_redos),
    Job("release_holds", 15, release_holds),
    Job("measure_pace", 30, measure_pace),
    Job("move_fronts", 30, move_fronts),
    Job("bring_to_judges", 10, bring_to_judges),
    Job("fit_batches", 60, fit_stale),
    Job("look_at_pay", 60, look_at_pay),
    Job("keep_to_budgets", 60, keep_to_budgets),
    Job("measure_agreement", 60, measure_due),
    Job("look_at_pilots", 30, look_at_pilots),
    Job("look_at_parity", 60, look_at_parity),
    Job("suspend_golds", 60, suspend_contradicted),
    Job("pay_referrals", 300, pay_referrals),
    Job("look_through_invitations", 6 * 3600, look_through_invitations),
    Job("forget_entries", 300, forget_entries),
    Job("offer_work", 300, offer_work),
    Job("settle_voidings", 60, settle_voidings),
    Job("grade_answers", 300, grade_answers),
    Job("mend_grades", 300, mend_grades),
    Job("forget_appeals_begun", 300, forget_appeals_begun),
    Job("look_for_signals", 300, look_for_signals),
    Job("forget_old_updates", 3600, forget_old_updates),
)


def slot_of(job: Job, now: datetime) -> datetime:
    """The start of the slot that `now` falls into."""
    seconds = int(now.timestamp())
    return datetime.fromtimestamp(seconds - seconds % job.every_s, UTC)


async def run_once(database: Database, job: Job) -> int | None:
    """Do a job in its present slot, unless another replica has taken the slot; then None."""
    slot = slot_of(job, database.clock())
    async with database.transaction() as tx:
        taken = await tx.run("INSERT INTO job_slot (job, slot) VALUES ($1, $2) ON CONFLICT DO NOTHING", job.name, slot)
        await tx.run("DELETE FROM job_slot WHERE job = $1 AND slot < $2", job.name, slot - timedelta(days=1))
    if not taken:
        return None
    done = await job.work(database)
    async with database.transaction() as tx:
        await tx.run("UPDATE job_slot SET done_at = $3 WHERE job = $1 AND slot = $2", job.name, slot, tx.now)
    return done
