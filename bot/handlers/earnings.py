"""/earnings: on hold, available, paid, and the tasks behind them."""

from bot.handlers.showing import show_current
from bot.routes import Call, Listed, command, tap
from bot.screens import Place, Reaction
from bot.views.earnings import earnings_screen
from crowd.money.earnings import earnings
from crowd.money.rates import worth


@command("earnings", Listed(20, lambda voice: voice.say("what you earned, task by task")))
async def earnings_command(call: Call) -> Reaction:
    """Wallets and the newest lines."""
    return await show_earnings(call, Place.NEW, None)


@tap("e")
async def earnings_tap(call: Call) -> Reaction:
    """The same, or an older page: `e:BEFORE`."""
    return await show_earnings(call, Place.SAME, call.number() or None)


@tap("ef")
async def failed_checks(call: Call) -> Reaction:
    """Only the checks that were not answered right; an older page of them: `ef:BEFORE`."""
    return await show_earnings(call, Place.SAME, call.number() or None, failed_only=True)


async def show_earnings(
    call: Call,
    place: Place,
    before: int | None,
    *,
    failed_only: bool = False,
    above: str = "",
    toast: str | None = None,
) -> Reaction:
    """A page of earnings, or of failed checks alone; `above` is a line of HTML over it."""
    worker = await call.worker()
    if worker is None:
        return await show_current(call, place=place)
    found = await earnings(call.tx, worker.id, before=before, failed_only=failed_only)
    worths = await worth(call.tx, worker.country, [wallet.currency for wallet in found.wallets])
    screen = earnings_screen(
        await call.voice(), found, worker.time_zone, older=before is not None, failed_only=failed_only,
        before=before, above=above, worths=worths,
    )  # fmt: skip
    return Reaction(screen, place, toast)
