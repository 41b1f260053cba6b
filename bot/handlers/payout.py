"""/payout: ask for what is available, take it back, and say where it is to go."""

from bot.handlers.showing import enter, show_current, under
from bot.incoming import Sent
from bot.routes import Call, Listed, command, tap
from bot.screens import Place, Reaction
from bot.views import payout as views
from bot.views.joining import country_screen
from bot.views.payout_entry import entry_screen, ways_screen
from crowd.payouts import entering, requesting
from crowd.payouts.details import details_of
from crowd.payouts.entering import Entry
from crowd.payouts.overview import overview
from crowd.payouts.reading import EntryError, Fault
from crowd.workers.registry import Worker, WorkerState


@command("payout", Listed(25, lambda voice: voice.say("get paid out what you earned")))
async def payout_command(call: Call) -> Reaction:
    """How payouts stand; while details are being entered, where one is with that."""
    return await entry_now(call) or await _show(call, place=Place.NEW)


@tap("out")
async def payout_tap(call: Call) -> Reaction:
    """The same, from a button."""
    return await entry_now(call, Place.SAME) or await _show(call)


# What is available


@tap("oa")
async def about_to_ask(call: Call) -> Reaction:
    """What would be asked for in a currency, to be confirmed: `oa:CURRENCY`."""
    return await _ask(call, confirmed=False)


@tap("oy")
async def ask(call: Call) -> Reaction:
    """Ask for it: `oy:CURRENCY:AMOUNT:DETAILS`. Where these are not what they were, it is to be confirmed anew."""
    return await _ask(call, confirmed=True)


@tap("ot")
async def take_back(call: Call) -> Reaction:
    """Take a payout back that is not approved yet: `ot:PAYOUT`."""
    worker = await _worker(call)
    if worker is None:
        return await _show(call)
    payout = await requesting.cancel(call.tx, worker.id, call.number())
    return await _show(call, above=views.taken_back_line(await call.voice(), payout))


# Where it goes


@tap("od")
async def details(call: Call) -> Reaction:
    """The ways to be paid; with one of them, begin to enter where the money is to go: `od:METHOD`."""
    worker = await _worker(call)
    if worker is None:
        return await _show(call)
    voice = await call.voice()
    if worker.country is None:
        above = "📍 " + voice.say("How you can be paid depends on your country. Choose it, and send /payout again.")
        return under(above, Reaction(country_screen(voice, worker)))
    if call.arguments:
        entry = await entering.begin(call.tx, call.vault, worker.id, worker.country, call.arguments[0])
        if entry is not None:
            return await _entry(call, worker, entry)
    found = await entering.ways(call.tx, worker.id, worker.country)
    return Reaction(ways_screen(voice, found, await details_of(call.tx, worker.id)))


@tap("or")
async def start_again(call: Call) -> Reaction:
    """Enter all of it anew."""
    worker = await _worker(call)
    entry = await entering.entry_of(call.tx, call.vault, worker.id) if worker is not None else None
    call.arguments = [entry.method.name] if entry is not None else []
    return await details(call)


@tap("ox")
async def cancel(call: Call) -> Reaction:
    """Enter nothing."""
    worker = await _worker(call)
    if worker is not None:
        await entering.cancel(call.tx, worker.id)
    return await _show(call)


@tap("oc")
async def confirm(call: Call) -> Reaction:
    """What was entered is right: `oc:MARK` names it."""
    worker = await _worker(call)
    mark = call.arguments[0] if call.arguments else ""
    if worker is None or await entering.finish(call.tx, call.vault, worker.id, mark) is None:
        return await payout_tap(call)
    return await _show(call, above="✅ " + (await call.voice()).say("Done. It is kept."))


async def entered(call: Call) -> Reaction | None:
    """A message while details are being entered is the next of them; None at other times."""
    if call.sent not in {Sent.TEXT, Sent.CONTACT} or (worker := await _worker(call)) is None:
        return None
    if call.sent is Sent.CONTACT:
        above = "💬 " + (await call.voice()).say("Your phone number was not taken and is not kept.")
        shown = await entry_now(call)
        return under(above, shown) if shown is not None else None
    try:
        entry = await entering.give(call.tx, call.vault, worker.id, worker.country, call.text)
    except EntryError as error:
        return await entry_now(call, fault=error.fault)
    return await _entry(call, worker, entry, Place.NEW) if entry is not None else None


async def entry_now(call: Call, place: Place = Place.NEW, *, fault: Fault | None = None) -> Reaction | None:
    """Where a worker is with entering their details; None where they are not."""
    worker = await _worker(call)
    entry = await entering.entry_of(call.tx, call.vault, worker.id) if worker is not None else None
    return await _entry(call, worker, entry, place, fault) if worker is not None and entry is not None else None


async def _entry(
    call: Call, worker: Worker, entry: Entry, place: Place = Place.SAME, fault: Fault | None = None
) -> Reaction:
    known = await details_of(call.tx, worker.id)
    return Reaction(entry_screen(await call.voice(), entry, worker.country, known, fault=fault), place)


async def _worker(call: Call) -> Worker | None:
    """The worker, if they have joined; one who stopped has their money still."""
    worker = await call.worker()
    return worker if worker is not None and worker.agreed and worker.state is not WorkerState.JOINING else None


async def _show(call: Call, *, place: Place = Place.SAME, above: str = "") -> Reaction:
    """How payouts stand; of one who has not joined, how to."""
    worker = await _worker(call)
    if worker is None:
        newcomer = await call.worker()
        return await (enter(call, newcomer, place=place) if newcomer else show_current(call, place=place))
    found = await overview(call.tx, worker.id, worker.country)
    return Reaction(views.payout_screen(await call.voice(), found, worker.time_zone, above=above), place)


async def _ask(call: Call, *, confirmed: bool) -> Reaction:
    worker = await _worker(call)
    if worker is None:
        return await _show(call)
    voice, currency = await call.voice(), "".join(call.arguments[:1])
    found = await overview(call.tx, worker.id, worker.country)
    prospect = next((each for each in found.prospects if each.currency == currency and each.hindrance is None), None)
    if prospect is None or found.details is None:
        twice = any(each.currency == currency for each in found.under_way)
        why = "" if twice else "💬 " + voice.say("Nothing was asked for. This is how it stands now:")
        return await _show(call, above=why)
    if not confirmed:
        return Reaction(views.ask_screen(voice, prospect, found.details))
    if (prospect.amount, found.details.id) != (call.number(1), call.number(2)):
        above = "💬 " + voice.say("Something has changed since, so please look once more.")
        return under(above, Reaction(views.ask_screen(voice, prospect, found.details)))
    payout = await requesting.request(call.tx, worker.id, worker.country, currency)
    return await _show(call, above=views.asked_line(voice, payout))
