"""/invite: a worker's own link, what it pays, and what came of it."""

from bot.handlers.showing import enter, is_in, show_current
from bot.routes import Call, Listed, command, tap
from bot.screens import Place, Reaction
from bot.views.invite import invite_screen
from crowd.referrals.inviting import PREFIX, invites_of


@command("invite", Listed(45, lambda voice: voice.say("invite somebody")))
async def invite_command(call: Call) -> Reaction:
    """The link and what it pays."""
    return await _show(call, Place.NEW)


@tap("inv")
async def invite_tap(call: Call) -> Reaction:
    """The same, from a button."""
    return await _show(call, Place.SAME)


async def _show(call: Call, place: Place) -> Reaction:
    worker = await call.worker()
    if worker is None:
        return await show_current(call, place=place)
    if not is_in(worker):
        return await enter(call, worker, place=place)
    found = await invites_of(call.tx, worker.id)
    link = f"https://t.me/{call.bot_name}?start={PREFIX}{found.code}" if call.bot_name else None
    return Reaction(invite_screen(await call.voice(), found, link), place)
