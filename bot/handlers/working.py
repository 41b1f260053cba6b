"""/work, beginning a batch, instructions, skipping, reporting, a break."""

from dataclasses import replace

from bot.handlers.showing import is_in, show_current, show_next, show_work
from bot.i18n.tongue import tongue
from bot.routes import Call, Listed, command, tap
from bot.screens import Button, Place, Reaction
from bot.views import work
from bot.views.redo import waiting_rows
from bot.views.task import REPORT_REASONS, SKIP_REASONS, given_screen, more_rows, report_rows, skip_rows
from crowd.loop import handing, leases, practice
from crowd.loop.handing import Given
from crowd.loop.leases import Way
from crowd.loop.offers import Nothing, offers
from crowd.redos import taking


@command("work", Listed(10, lambda voice: voice.say("find work, or go on")))
async def work_command(call: Call) -> Reaction:
    """The task in hands, or else what work there is, as a new message; and what is to be fixed."""
    reaction = await show_current(call, place=Place.NEW)
    given, worker = await _held(call), await call.worker()
    if given is None or given.why is not None or worker is None or not is_in(worker) or reaction.screen is None:
        return reaction
    rows = waiting_rows(await call.voice(), await taking.waiting(call.tx, worker.id))
    return replace(reaction, screen=replace(reaction.screen, buttons=(*rows, *reaction.screen.buttons)))


@tap("work")
async def work_again(call: Call) -> Reaction:
    """The task in hands, or else what work there is; of all there is, one page: `work:PAGE`."""
    page = call.number()
    return await show_work(call, page=page) if page else await show_current(call)


@tap("break")
async def take_break(call: Call) -> Reaction:
    """Leave the task in hands for now; it waits until its lease ends."""
    given, worker = await _held(call), await call.worker()
    if given is None or worker is None or not is_in(worker):
        return await show_current(call)
    voice = await call.voice()
    until = voice.moment(given.due_at, worker.time_zone)
    above = "☕ " + voice.say("Your task waits for you until {until}. Send /work to go on.", until=until)
    on = Button("▶️ " + voice.say("Back to the task"), f"b:{given.lease_id}")
    return await show_work(call, above=above, first=((on,),))


@tap("w")
async def begin(call: Call) -> Reaction:
    """A batch was picked: its instructions the first time, then its tasks."""
    await _leave_practice(call)
    return await _waiting(call, call.number()) or await _begin(call, call.number())


@tap("x")
async def begin_instead(call: Call) -> Reaction:
    """Give back the task in hands, as a skip, and begin another batch: `x:LEASE:BATCH`. What is to be fixed waits."""
    worker = await call.worker()
    if worker is not None and await taking.put_aside(call.tx, worker.id, call.number()):
        return await _waiting(call, call.number(1)) or await _begin(call, call.number(1))
    if await leases.give_back(call.tx, call.person_id, call.number(), Way.SKIPPED, "other") is None:
        return await show_current(call)
    return await _begin(call, call.number(1))


async def _begin(call: Call, batch_id: int) -> Reaction:
    worker = await call.worker()
    if worker is None or not is_in(worker):
        return await show_current(call)
    found = await offers(call.tx, worker.id)
    offer = None if isinstance(found, Nothing) else next((o for o in found if o.batch_id == batch_id), None)
    if offer is None or offer.mine:
        return await show_next(call, batch_id)
    screen = work.instructions_screen(await call.voice(), offer.spec, offer.batch_id, begun=False, offer=offer)
    return Reaction(screen)


@tap("go")
async def go(call: Call) -> Reaction:
    """Begin a batch, or go on with it; `go:BATCH:paid`: without its practice, where that is free to skip."""
    await _leave_practice(call)
    declined = call.arguments[1:] == ["paid"]
    return await _waiting(call, call.number()) or await show_next(call, call.number(), practice_declined=declined)


async def _leave_practice(call: Call) -> None:
    worker = await call.worker()
    if worker is not None:
        await practice.put_away(call.tx, worker.id)


async def _waiting(call: Call, batch_id: int) -> Reaction | None:
    """What is asked of one who picks a batch with a task of another in hands."""
    worker, given = await call.worker(), await _held(call)
    if worker is None or not is_in(worker) or given is None or given.batch_id == batch_id:
        return None
    return Reaction(work.waiting_screen(tongue(worker.locale), given, batch_id))


@tap("i")
async def instructions(call: Call) -> Reaction:
    """The instructions of the batch of the task in hands."""
    given = await _held(call)
    if given is None:
        return await show_current(call)
    voice = await call.voice()
    return Reaction(work.instructions_screen(voice, given.spec, given.batch_id, begun=True, offer=None))


@tap("b")
async def back(call: Call) -> Reaction:
    """Back to the task in hands."""
    await _leave_practice(call)
    return await show_current(call)


@tap("m")
async def more(call: Call) -> Reaction:
    """What else can be done with the task in hands."""
    given = await _held(call)
    if given is None:
        return await show_current(call)
    voice = await call.voice()
    rows = more_rows(voice, given.batch_id, given.lease_id, mended=given.why is not None)
    return Reaction(replace(given_screen(voice, given), buttons=rows))


@tap("s")
async def skip(call: Call) -> Reaction:
    """Skip the task, with a reason: `s:LEASE:REASON`; without one, ask for it."""
    return await _give_back(call, Way.SKIPPED)


@tap("r")
async def report(call: Call) -> Reaction:
    """Report the item: `r:LEASE:REASON`; without a reason, ask for it."""
    return await _give_back(call, Way.REPORTED)


async def _give_back(call: Call, way: Way) -> Reaction:
    voice = await call.voice()
    reasons = SKIP_REASONS if way is Way.SKIPPED else REPORT_REASONS
    if len(call.arguments) < 2 or call.arguments[1] not in reasons:
        given = await _held(call)
        if given is None or given.lease_id != call.number() or given.why is not None:
            return await show_current(call)
        rows = skip_rows if way is Way.SKIPPED else report_rows
        return Reaction(replace(given_screen(voice, given), buttons=rows(voice, given.lease_id)))
    passed = await leases.give_back(call.tx, call.person_id, call.number(), way, call.arguments[1])
    if passed is None:
        return await show_current(call)
    if way is Way.REPORTED:
        above = "🙏 " + voice.say("Thank you. The requester sees your report.")
    elif passed.skips_in_a_row >= leases.ASK_WHY_AFTER:
        above = "⏭ " + voice.say("Many skips in a row: is something wrong with these tasks? You can report it under ⋯.")
    else:
        above = "⏭ " + voice.say("Skipped. It costs you nothing.")
    return await show_next(call, passed.batch_id, above=above)


async def _held(call: Call) -> Given | None:
    worker = await call.worker()
    return await handing.held(call.tx, worker.id) if worker else None
