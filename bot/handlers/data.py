"""/data: what was sent, and whether pictures and sounds wait to be asked for."""

from bot.handlers.showing import is_in, show_current
from bot.routes import Call, Listed, command, tap
from bot.screens import Place, Reaction
from bot.views.data import data_screen
from crowd.datasaving.saving import choose, saves_data
from crowd.datasaving.usage import used
from crowd.workers.registry import Worker


@command("data", Listed(42, lambda voice: voice.say("what Kazi costs you in data, and how to save it")))
async def data(call: Call) -> Reaction:
    """What was sent today and this week."""
    worker = await call.worker()
    if worker is None or not is_in(worker):
        return await show_current(call, place=Place.NEW)
    return await _screen(call, worker, Place.NEW)


@tap("ds")
async def turn(call: Call) -> Reaction:
    """Saving is to be on or off: `ds:on`, `ds:off`."""
    worker = await call.worker()
    if worker is None or not is_in(worker):
        return await show_current(call)
    if call.arguments[:1] in (["on"], ["off"]):
        await choose(call.tx, worker.id, saves=call.arguments[0] == "on")
    return await _screen(call, worker, Place.SAME)


async def _screen(call: Call, worker: Worker, place: Place) -> Reaction:
    sent = await used(call.tx, worker.id, worker.time_zone)
    return Reaction(data_screen(await call.voice(), sent, saves=await saves_data(call.tx, worker.id)), place)
