"""/forget: the person is erased, and the books stay."""

from datetime import timedelta

from bot.handlers.showing import show_current
from bot.routes import Call, Listed, command, tap
from bot.screens import Place, Reaction
from bot.views.forgetting import confirm_screen, forget_screen, gone_screen
from crowd.workers.forgetting import forget, leaving

_GOOD_FOR = timedelta(minutes=15)
"""So long the last question stands; found later, it is asked anew."""


@command("forget", Listed(70, lambda voice: voice.say("erase who you are")))
async def forget_command(call: Call) -> Reaction:
    """What would go and what would stay."""
    return await _explain(call, Place.NEW)


@tap("fc")
async def about_to(call: Call) -> Reaction:
    """The first tap: asked once more."""
    return await _ask(call)


@tap("fy")
async def do_it(call: Call) -> Reaction:
    """The second: `fy:MARK:WHEN`. Where it is an old screen, or the money is another by now, it is asked anew."""
    worker = await call.worker()
    if worker is None:
        return await show_current(call)
    voice, mark = await call.voice(), "".join(call.arguments[:1])
    age_s = call.tx.now.timestamp() - call.number(1)
    if age_s > _GOOD_FOR.total_seconds() or not await forget(call.tx, worker.id, worker.person_id, mark):
        return await _ask(call, above="💬 " + voice.say("Something has changed since, so please look once more."))
    call.forget_worker()
    return Reaction(gone_screen(voice))


async def _explain(call: Call, place: Place) -> Reaction:
    worker = await call.worker()
    if worker is None:
        return await show_current(call, place=place)
    return Reaction(forget_screen(await call.voice(), await leaving(call.tx, worker.id)), place)


async def _ask(call: Call, *, above: str = "") -> Reaction:
    worker = await call.worker()
    if worker is None:
        return await show_current(call)
    found = await leaving(call.tx, worker.id)
    if found.under_way:
        return await _explain(call, Place.SAME)
    return Reaction(confirm_screen(await call.voice(), found, call.tx.now, above=above))
