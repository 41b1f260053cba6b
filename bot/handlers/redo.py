"""“Please fix this”: an answer is in its worker's hands once more, or they leave it as it is."""

from bot.handlers.showing import is_in, show_current
from bot.i18n.tongue import tongue
from bot.routes import Call, tap
from bot.screens import Reaction
from bot.views.redo import left_line, over_text
from crowd.loop import handing
from crowd.redos import ending, taking
from crowd.redos.taking import Over


@tap("fx")
async def fix(call: Call) -> Reaction:
    """Take it into hands: `fx:LEASE`; `fx`: that which is due first."""
    worker = await call.worker()
    if worker is None or not is_in(worker):
        return await show_current(call)
    lease_id, held = call.number() if call.arguments else None, await handing.held(call.tx, worker.id)
    if held is not None and held.lease_id == lease_id:
        return await show_current(call)
    over = await taking.take(call.tx, worker.id, lease_id)
    if over is None:
        return await show_current(call)
    if over is Over.UNKNOWN and lease_id is None:
        over = Over.WITHDRAWN
    return await show_current(call, toast=over_text(tongue(worker.locale), over))


@tap("fl")
async def leave(call: Call) -> Reaction:
    """Leave it as it is: `fl:LEASE`."""
    worker = await call.worker()
    if worker is None or not is_in(worker):
        return await show_current(call)
    voice = tongue(worker.locale)
    if await ending.leave(call.tx, worker.id, call.number()):
        return await show_current(call, above=left_line(voice))
    return await show_current(call, toast=over_text(voice, await taking.came_to(call.tx, worker.id, call.number())))
