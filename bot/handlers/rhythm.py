"""/rhythm: when work is offered, when a rest is suggested, what is enough for a day."""

from dataclasses import replace

from bot.handlers.showing import is_in, show_current
from bot.i18n.tongue import tongue
from bot.routes import Call, Listed, command, tap
from bot.screens import Place, Reaction, Screen
from bot.views.rhythm import choice_screen, rest_line, rest_rows, rhythm_screen
from bot.views.task import contest_rows, outcome
from crowd.loop.answering import Accepted
from crowd.loop.handing import Given
from crowd.rhythm.resting import EVERY_ANSWERS, due
from crowd.rhythm.rhythm import (
    DAY_MINUTES,
    DAY_TASKS,
    HOURS,
    REST_MINUTES,
    Offered,
    Rhythm,
    rhythm_of,
    set_rhythm,
)


@command("rhythm", Listed(38, lambda voice: voice.say("when you are offered work, and when to rest")))
async def rhythm_command(call: Call) -> Reaction:
    """What is set."""
    return await _shown(call, Place.NEW)


@tap("rh")
async def change(call: Call) -> Reaction:
    """`rh`: what is set; `rh:WHAT`: what it can be; `rh:WHAT:VALUE`: have it so."""
    worker = await call.worker()
    if worker is None or not is_in(worker):
        return await show_current(call)
    if len(call.arguments) == 1 and (screen := choice_screen(await call.voice(), call.arguments[0])) is not None:
        return Reaction(screen)
    if len(call.arguments) == 2:
        changed = _changed(await rhythm_of(call.tx, worker.id), *call.arguments)
        if changed is not None:
            await set_rhythm(call.tx, worker.id, changed)
    return await _shown(call, Place.SAME)


def _changed(rhythm: Rhythm, what: str, said: str) -> Rhythm | None:
    """The settings with one changed; None where nothing can be so."""
    hours = {f"{begin}-{end}": (begin, end) for begin, end in HOURS}
    if what == "offered" and said in list(Offered):
        return replace(rhythm, offered=Offered(said))
    if what == "hours" and said in hours:
        begin, end = hours[said]
        return replace(rhythm, from_hour=begin, to_hour=end)
    if what == "rest" and said in map(str, REST_MINUTES):
        return replace(rhythm, rest_minutes=int(said))
    if what == "minutes" and said in map(str, DAY_MINUTES):
        return replace(rhythm, day_minutes=int(said))
    if what == "tasks" and said in map(str, DAY_TASKS):
        return replace(rhythm, day_tasks=int(said))
    return None


async def _shown(call: Call, place: Place) -> Reaction:
    worker = await call.worker()
    if worker is None or not is_in(worker):
        return await show_current(call, place=place)
    return Reaction(rhythm_screen(await call.voice(), await rhythm_of(call.tx, worker.id)), place)


async def rest(call: Call, done: Accepted) -> Reaction | None:
    """A screen between two tasks, where a rest is due; None mostly."""
    given, worker = done.next, await call.worker()
    if done.done % EVERY_ANSWERS or not isinstance(given, Given) or worker is None:
        return None
    found = await due(call.tx, worker.id, worker.time_zone)
    if found is None:
        return None
    what, _, day = found
    voice = tongue(done.locale)
    text = f"{outcome(voice, done)}\n\n{rest_line(voice, what, day)}"
    return Reaction(Screen(text, (*rest_rows(voice, what, given.lease_id), *contest_rows(voice, done))))
