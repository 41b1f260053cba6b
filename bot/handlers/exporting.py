"""/export: all that is kept of a worker, as files for themselves."""

from bot.handlers.showing import show_current
from bot.routes import Call, Listed, command
from bot.screens import Place, Reaction
from bot.views.exporting import asked_screen
from crowd.owndata.asking import ask


@command("export", Listed(65, lambda voice: voice.say("all that is kept about you")))
async def export_command(call: Call) -> Reaction:
    """Ask for it: it is made and sent by whoever sends pushes."""
    worker = await call.worker()
    if worker is None:
        return await show_current(call, place=Place.NEW)
    asked = await ask(call.tx, worker.id)
    return Reaction(asked_screen(await call.voice(), asked, worker.time_zone), Place.NEW)
