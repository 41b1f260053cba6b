"""The end of a pilot: released by a person, or by Kazi where all is well, and then all tasks are handed out."""

from datetime import timedelta

from crowd import audit
from crowd.agreement.measuring import agreement_of
from crowd.batches.life import BatchError, State
from crowd.batches.locks import keep_others_out
from crowd.pilots.card import Card
from crowd.pilots.measuring import measure
from crowd.pilots.states import NotOwnerError, PilotState, stated
from db.database import Database, Tx

HANGS = timedelta(days=3)
"""A pilot that has not all its answers by then waits for a person with what there is."""

_LOCK = "SELECT state FROM batch WHERE id = $1 FOR UPDATE"

_END = """
WITH unbounded AS (UPDATE batch SET reach = NULL WHERE id = $1)
UPDATE pilot SET state = 'released', ended_at = $2, ended_by = $3, reason = $4, card = $5 WHERE batch_id = $1
"""

# Who came to the end of the pilot goes on walking behind it: what they passed by before comes in the next lap.
_GO_ON = """
UPDATE participation SET
    cursor = CASE WHEN lap > 0 THEN greatest(cursor, $2) ELSE cursor END, lap = 0, dry_at = NULL
WHERE batch_id = $1 AND (lap > 0 OR dry_at IS NOT NULL)
"""

_RUNNING = (
    "SELECT p.batch_id FROM pilot p JOIN batch b ON b.id = p.batch_id WHERE p.state = 'running' AND b.state = 'open'"
)


async def pilot_card(tx: Tx, batch_id: int) -> Card | None:
    """What the pilot of a batch has shown: so far, or by its end. None where there was none."""
    kept = await tx.value("SELECT card FROM pilot WHERE batch_id = $1", batch_id)
    return await measure(tx, batch_id) if kept is None else Card.model_validate(kept)


async def release(tx: Tx, batch_id: int, *, actor: str, owner: bool, reason: str | None = None) -> bool:
    """Hand out all tasks of a batch from now on; False when they were already, and nothing has changed.

    A pilot that is still running is released only by an owner, for a stated reason, which the audit log keeps.
    Raises BatchError, of it NoReasonError where the reason is none, and NotOwnerError.
    """
    batch_state = await tx.value(_LOCK, batch_id)
    if batch_state is None:
        raise BatchError(f"there is no batch {batch_id}; `kazi batch list` shows those there are")
    state = await tx.value("SELECT state FROM pilot WHERE batch_id = $1", batch_id)
    if state not in (PilotState.RUNNING, PilotState.READY):
        return False
    if batch_state == State.CLOSED:
        raise BatchError(f"batch {batch_id} is closed: nothing of it is handed out any more")
    said = stated(reason) if reason else None
    if state == PilotState.RUNNING and not owner:
        raise NotOwnerError
    if state == PilotState.RUNNING and said is None:
        raise BatchError(f"the pilot of batch {batch_id} is still running: say why it shall not be waited for")
    await _end(tx, batch_id, await measure(tx, batch_id), actor=actor, reason=said)
    return True


async def _end(tx: Tx, batch_id: int, card: Card | None, *, actor: str, reason: str | None) -> None:
    """The batch's row must be locked."""
    await keep_others_out(tx, batch_id)
    reach = await tx.value("SELECT reach FROM batch WHERE id = $1", batch_id)
    kept = None if card is None else card.model_dump(mode="json")
    await tx.run(_END, batch_id, tx.now, actor, reason, kept)
    await tx.run(_GO_ON, batch_id, reach)
    await audit.note(
        tx, actor, "batch.released", batch_id, {"reason": reason, "green": card is not None and card.green}
    )


async def look_at_pilots(database: Database) -> int:
    """Release pilots that went well, and have a person look at the others that are over; how many of both."""
    async with database.reading() as tx:
        running = [row["batch_id"] for row in await tx.rows(_RUNNING)]
    return sum([await _look(database, batch_id) for batch_id in running])


async def _look(database: Database, batch_id: int) -> bool:
    async with database.reading() as tx:
        card = await measure(tx, batch_id)
    if card is not None and card.complete:
        await agreement_of(database, batch_id)
    async with database.transaction() as tx:
        if await tx.value(_LOCK, batch_id) != State.OPEN:
            return False
        began = await tx.value("SELECT began_at FROM pilot WHERE batch_id = $1 AND state = 'running'", batch_id)
        if began is None:
            return False  # somebody was quicker
        card = await measure(tx, batch_id)
        if card is not None and card.green:
            await _end(tx, batch_id, card, actor="kazi", reason=None)
            return True
        over = card is None or card.complete or tx.now - began >= HANGS
        if over:
            await tx.run("UPDATE pilot SET state = 'ready', ready_at = $2 WHERE batch_id = $1", batch_id, tx.now)
        return over
