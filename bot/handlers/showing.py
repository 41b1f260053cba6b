"""Where a worker stands, as a screen: what every handler falls back on."""

from dataclasses import replace

from bot.i18n.locales import negotiate
from bot.i18n.tongue import Tongue, tongue
from bot.routes import Call
from bot.screens import Button, Place, Reaction, Rows, Screen
from bot.tasks import is_confirmed, keeps_drafts
from bot.views import joining, work
from bot.views.practice import practice_screen, practice_task_screen
from bot.views.redo import over_text, waiting_rows
from bot.views.task import contest_rows, echo_screen, given_screen, next_screen, outcome
from crowd.kinds.base import Json
from crowd.loop import drafts, handing, leases, practice
from crowd.loop.handing import Dry, Given
from crowd.loop.leases import Expired
from crowd.loop.offers import Nothing, offers
from crowd.loop.practice import PracticeTask
from crowd.loop.recorded import Recorded, Refused, newest_answer
from crowd.redos import taking
from crowd.redos.taking import Over
from crowd.workers import registry
from crowd.workers.registry import Worker, WorkerState
from db.database import Tx


async def enter(call: Call, worker: Worker, *, place: Place = Place.SAME) -> Reaction:
    """The screen for a worker who comes in, by where they stand."""
    voice = tongue(worker.locale)
    if not worker.agreed:
        return Reaction(joining.consent_screen(voice, call.first_name), place)
    if worker.state is WorkerState.JOINING:
        return await _go_on_joining(call, worker, place)
    if worker.state is WorkerState.STOPPED:
        return Reaction(joining.stopped_screen(voice), place)
    return await show_current(call, place=place)


def is_in(worker: Worker) -> bool:
    """Whether a worker is to be shown work: they have joined and not stopped."""
    return worker.agreed and worker.state not in {WorkerState.JOINING, WorkerState.STOPPED}


async def languages_offered(call: Call, worker: Worker) -> list[str]:
    """Languages to choose from: the phone's own, if screens are in it, those there is work in, and English."""
    phone = (call.language_code or "").split("-")[0].lower()
    own = [phone] if phone and (phone == worker.locale or negotiate(phone) != "en" or phone == "en") else []
    return list(dict.fromkeys([*own, *await registry.languages_in_demand(call.tx), "en"]))


async def _go_on_joining(call: Call, worker: Worker, place: Place) -> Reaction:
    voice = tongue(worker.locale)
    if worker.languages:
        return Reaction(joining.place_screen(voice, worker, call.tx.now), place)
    return Reaction(joining.languages_screen(voice, worker, await languages_offered(call, worker)), place)


async def show_current(call: Call, *, place: Place = Place.SAME, above: str = "", toast: str | None = None) -> Reaction:
    """The task in hands, with what was written for it and not sent yet; or else what work there is.

    Of a practice task and a paid one, the one that came last is in hands.
    """
    worker = await call.worker()
    if worker is None or not is_in(worker):
        return await enter(call, worker, place=place) if worker else await _unknown(call)
    if worker.state is WorkerState.BLOCKED:
        await registry.set_blocked(call.tx, worker.person_id, blocked=False)  # or they could not be here
    practised = await practice.in_hands(call.tx, worker.id)
    if practised is not None:
        return await show_practice(call, practised, place=place, above=above, toast=toast)
    given = await handing.held(call.tx, worker.id)
    if given is not None:
        said = await _draft(call, given)
        return Reaction(asked_screen(tongue(worker.locale), given, said, above=above), place, toast)
    return await show_work(call, place=place, above=above, toast=toast)


async def show_work(
    call: Call,
    *,
    place: Place = Place.SAME,
    page: int = 0,
    above: str = "",
    dry: Dry | None = None,
    first: Rows = (),
    toast: str | None = None,
) -> Reaction:
    """What work there is; the batch of the link that brought a worker comes first, unless a `page` of all is wanted.

    Pages count from 1. `dry` is why a batch just ended; `first` are buttons before all others, under that
    to what is to be fixed.
    """
    worker = await call.worker()
    if worker is None or not is_in(worker):
        return await enter(call, worker, place=place) if worker else await _unknown(call)
    voice = tongue(worker.locale)
    first = (*waiting_rows(voice, await taking.waiting(call.tx, worker.id)), *first)
    found = await offers(call.tx, worker.id)
    nothing = isinstance(found, Nothing)
    if dry is not None and not (nothing and dry in {Dry.DONE, Dry.PAUSED_WORKER, Dry.IN_REVIEW, Dry.NO_MONEY}):
        above = f"{above}\n{work.dry_line(voice, dry)}".strip()
        if dry is Dry.PAUSED_WORKER:
            first = (*first, (work.failed_button(voice),), (work.try_button(voice),))
    if isinstance(found, Nothing):
        return Reaction(work.nothing_screen(voice, found, above=above, first=first), place, toast)
    invited = next((offer for offer in found if offer.batch_id == worker.invited_to and not offer.mine), None)
    if invited is not None and not above and not page:
        screen = work.instructions_screen(voice, invited.spec, invited.batch_id, begun=False, offer=invited)
        return Reaction(screen, place, toast)
    return Reaction(work.offers_screen(voice, found, page=page, above=above, first=first), place, toast)


async def show_after(call: Call, done: Recorded, upcoming: Given | Dry) -> Reaction:
    """What the answer just given has earned and taught, over what comes now."""
    voice = tongue(done.locale)
    if isinstance(upcoming, Given):
        return Reaction(next_screen(voice, done, upcoming))
    return await show_work(call, above=outcome(voice, done), dry=upcoming, first=contest_rows(voice, done))


async def show_answered(call: Call, lease_id: int, *, toast: str | None = None) -> Reaction:
    """For a tap that answers again: the same screen as after the first, so that what was earned stays to be read."""
    worker = await call.worker()
    newest = await newest_answer(call.tx, call.person_id, lease_id) if worker and is_in(worker) else None
    if worker is None or newest is None:
        return await show_current(call, toast=toast)
    batch_id, done = newest
    upcoming: Given | Dry | None = await handing.held(call.tx, worker.id)
    if isinstance(upcoming, Given) and await _draft(call, upcoming) is not None:
        return await show_current(call, toast=toast)
    if upcoming is None:
        row = await handing.taking_part(call.tx, worker.id, batch_id)
        upcoming = row if isinstance(row, Dry) else Dry.DONE
    return replace(await show_after(call, done, upcoming), toast=toast)


async def asked_now(tx: Tx, worker: Worker | None) -> Given | Expired | None:
    """What a message answers: the task in hands, or else the one whose time ran out while it was on its way."""
    if worker is None or not is_in(worker):
        return None
    return await handing.held(tx, worker.id) or await leases.last_expired(tx, worker.id)


async def asked_for(call: Call, lease_id: int) -> Given | Expired | None:
    """The same, if it is the task of that lease."""
    asked = await asked_now(call.tx, await call.worker())
    return asked if asked is not None and asked.lease_id == lease_id else None


def asked_screen(voice: Tongue, asked: Given | Expired, said: Json | None, *, above: str = "", view: int = 0) -> Screen:
    """A task with what the worker said and has not sent yet, if anything."""
    if said is not None and is_confirmed(asked.spec, asked.payload):
        return echo_screen(voice, asked, said)
    return given_screen(voice, asked, above=above, draft=said, view=view)


async def show_practice(
    call: Call,
    task: PracticeTask,
    *,
    place: Place = Place.SAME,
    above: str = "",
    toast: str | None = None,
    view: int = 0,
) -> Reaction:
    """The practice task in hands, with what was put together of its answer, or what was right."""
    voice, draft = await call.voice(), None
    if not task.answered and keeps_drafts(task.spec, task.payload):
        draft = await drafted(call, drafts.of_practice(task.task_id, task.attempt))
    return Reaction(practice_task_screen(voice, task, above=above, draft=draft, view=view), place, toast)


async def drafted(call: Call, about: str) -> Json | None:
    """What the worker said about that and has not sent yet."""
    return await drafted_for(call.tx, call.tx.bot_id, call.person_id, about)


async def drafted_for(tx: Tx, bot_id: int, person_id: int, about: str) -> Json | None:
    """The same."""
    kept = await drafts.draft(tx, bot_id, person_id)
    return kept.said if kept is not None and kept.about == about else None


async def _draft(call: Call, given: Given) -> Json | None:
    return await drafted(call, drafts.of_lease(given.lease_id)) if keeps_drafts(given.spec, given.payload) else None


async def refused(call: Call, lease_id: int, why: Refused) -> Reaction:
    """For what was tapped on a task that is not, or no longer, in hands."""
    toast = refusal_text(await call.voice(), why)
    if why is Refused.ANSWERED:
        return await show_answered(call, lease_id, toast=toast)
    return await show_current(call, toast=toast)


def refusal_text(voice: Tongue, why: Refused) -> str:
    """Why an answer did not count."""
    return {
        Refused.ANSWERED: "✓ " + voice.say("Already recorded. It counts once."),
        Refused.EXPIRED: voice.say("Time for that task ran out, so somebody else has it. Here is your next one."),
        Refused.WITHDRAWN: voice.say("That task was given back. Here is where you are now."),
        Refused.OVER: over_text(voice, Over.EXPIRED),
        Refused.UNKNOWN: voice.say("That was an old screen. Here is where you are now."),
    }[why]


async def show_next(
    call: Call, batch_id: int, *, above: str = "", toast: str | None = None, practice_declined: bool = False
) -> Reaction:
    """The next task of a batch, or the practice before the first; when it has none, why, and what else there is."""
    worker = await call.worker()
    if worker is None or not is_in(worker):
        return await show_current(call)
    got = await handing.next_task(call.tx, worker.id, batch_id, call.luck, practice_declined=practice_declined)
    if got is Dry.PRACTICE and (first := await practice.practice_of(call.tx, worker.id, batch_id)) is not None:
        return Reaction(practice_screen(tongue(worker.locale), first, above=above), toast=toast)
    if isinstance(got, Given):
        return Reaction(given_screen(tongue(worker.locale), got, above=above), toast=toast)
    return await show_work(call, above=above, dry=got, toast=toast)


def under(above: str, reaction: Reaction) -> Reaction:
    """The same with a notice over its screen, whatever that is; HTML."""
    if reaction.screen is None:
        return reaction
    return replace(reaction, screen=replace(reaction.screen, text=f"{above}\n\n{reaction.screen.text}"))


async def _unknown(call: Call) -> Reaction:
    voice = await call.voice()
    text = voice.say("Hello! Send /start to begin.")
    return Reaction(Screen(text, ((Button("▶️ /start", "start"),),)), Place.NEW)
