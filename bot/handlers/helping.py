"""/help and /stop."""

from bot.handlers.showing import enter, show_current
from bot.routes import Call, Listed, command, listed_commands, tap
from bot.screens import Button, Place, Reaction, Screen
from bot.views.joining import stopped_screen
from bot.views.work import paid_line
from crowd.loop import leases
from crowd.workers import registry
from crowd.workers.registry import WorkerState


@command("help", Listed(50, lambda voice: voice.say("how it works")))
async def help_command(call: Call) -> Reaction:
    """What can be done here."""
    return Reaction(await _help(call), Place.NEW)


@tap("help")
async def help_tap(call: Call) -> Reaction:
    """The same, from a button."""
    return Reaction(await _help(call))


@tap("start")
async def start_tap(call: Call) -> Reaction:
    """A person whom nobody knows yet."""
    from bot.handlers.joining import start

    return await start(call)


@command("stop", Listed(60, lambda voice: voice.say("stop; your money stays yours")))
async def stop(call: Call) -> Reaction:
    """Stop: no more messages, tasks in hands go back, the money stays."""
    worker = await call.worker()
    if worker is None:
        return await show_current(call, place=Place.NEW)
    await leases.give_back_all(call.tx, worker.id)
    await registry.set_state(call.tx, worker.id, WorkerState.STOPPED)
    return Reaction(stopped_screen(await call.voice()), Place.NEW)


@tap("return")
async def come_back(call: Call) -> Reaction:
    """Come back after a stop."""
    worker = await call.worker()
    if worker is None:
        return await show_current(call)
    await registry.come_back(call.tx, worker.id)
    call.forget_worker()
    worker = await call.worker()
    assert worker is not None
    return await enter(call, worker)


async def _help(call: Call) -> Screen:
    voice = await call.voice()
    lines = [
        "❓ <b>" + voice.say("How Kazi works") + "</b>",
        "",
        voice.say("You get one task at a time. Tap an answer and the next one comes."),
        paid_line(voice),
        voice.say("Nothing is lost when your connection drops: send /work and go on where you were."),
        "",
        *(f"{voice.line}/{name} – {about}" for name, about in listed_commands(voice).items() if name != "help"),
    ]
    return Screen("\n".join(lines), ((Button("▶️ " + voice.say("Work"), "work"),),))
