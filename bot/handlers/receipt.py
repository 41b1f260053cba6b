"""/receipt: a signed statement of what was earned and paid out."""

from bot.handlers.showing import show_current
from bot.routes import Call, Listed, command, tap
from bot.screens import Place, Reaction
from bot.views.receipt import periods_screen, receipt_screen
from crowd.receipts.period import latest_months, period_of
from crowd.receipts.statement import statement

_MONTHS = 3


@command("receipt", Listed(27, lambda voice: voice.say("a signed receipt to show to others")))
async def receipt_command(call: Call) -> Reaction:
    """Of which time one may be had; of the one that was named (`/receipt 2030-01`), the receipt itself."""
    return await _show(call, Place.NEW)


@tap("rc")
async def receipt_tap(call: Call) -> Reaction:
    """The receipt of a time: `rc:2030-01`, `rc:all`."""
    return await _show(call, Place.SAME)


async def _show(call: Call, place: Place) -> Reaction:
    worker = await call.worker()
    if worker is None:
        return await show_current(call, place=place)
    voice, period = await call.voice(), period_of("".join(call.arguments[:1]))
    if period is None:
        return Reaction(periods_screen(voice, latest_months(call.tx.now, _MONTHS)), place)
    return Reaction(
        receipt_screen(voice, call.receipts, await statement(call.tx, worker.id, period), period), Place.NEW
    )
