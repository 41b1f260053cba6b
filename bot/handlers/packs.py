"""/pack: many tasks in one message, and the messages that answer them."""

from collections.abc import Mapping
from dataclasses import replace

from bot.handlers.showing import is_in, show_current, show_work
from bot.routes import Call, Listed, command, tap
from bot.screens import Place, Reaction
from bot.tasks import ask_of, face_of
from bot.tasks.base import of_lease
from bot.views import pack as views
from bot.views.practice import practice_screen
from crowd.kinds.base import Json
from crowd.loop import leases, practice
from crowd.loop.answering import DontKnow, Said
from crowd.loop.handing import Dry
from crowd.loop.offers import Nothing, Offer, offers
from crowd.packs.answering import answer_pack
from crowd.packs.letters import letters_of
from crowd.packs.pack import Pack, PackTask, Stands, last_wish, open_pack, tasks_by_number
from crowd.packs.reading import DONT_KNOW, Slot, read, write
from crowd.packs.taking import TooLong, take_pack
from crowd.packs.writing import read_lines
from crowd.workers.registry import Worker


@command("pack", Listed(12, lambda voice: voice.say("many tasks in one message, for a bad connection")))
async def pack_command(call: Call) -> Reaction:
    """The pack that is open, or one more as the last was; `/pack 10`: so many. Who never had one chooses first."""
    worker = await call.worker()
    if worker is None or not is_in(worker):
        return await show_current(call, place=Place.NEW)
    if (pack := await _open(call, worker)) is not None:
        return Reaction(views.open_screen(await call.voice(), pack), Place.NEW)
    found, last = await _offers(call, worker), await last_wish(call.tx, worker.id)
    batch_id = next((offer.batch_id for offer in found if last is not None and offer.batch_id == last.batch_id), None)
    if batch_id is None and (len(found) != 1 or not call.number()):
        return await _choice(call, worker, found)
    size = call.number() or (last.size if last is not None else 0)
    return await _take(call, worker, batch_id or found[0].batch_id, size)


@command("packs")
async def packs_command(call: Call) -> Reaction:
    """Which pack is to be had."""
    worker = await call.worker()
    if worker is None or not is_in(worker):
        return await show_current(call, place=Place.NEW)
    return await _choice(call, worker, await _offers(call, worker))


async def _choice(call: Call, worker: Worker, found: list[Offer]) -> Reaction:
    voice = await call.voice()
    if found:
        return Reaction(views.sizes_screen(voice, found, None), Place.NEW)
    nothing = isinstance(await offers(call.tx, worker.id), Nothing)
    return await show_work(call, place=Place.NEW) if nothing else Reaction(views.no_packs_screen(voice), Place.NEW)


@tap("kp")
async def packs_again(call: Call) -> Reaction:
    """From the list of work: the pack that is open, or which one is to be had."""
    worker = await call.worker()
    if worker is None or not is_in(worker):
        return await show_current(call)
    if (pack := await _open(call, worker)) is not None:
        return Reaction(views.open_screen(await call.voice(), pack))
    return replace(await _choice(call, worker, await _offers(call, worker)), place=Place.SAME)


@tap("k")
async def choose(call: Call) -> Reaction:
    """A batch was chosen for a pack: `k:BATCH`."""
    worker = await call.worker()
    if worker is None or not is_in(worker):
        return await show_current(call)
    found = await _offers(call, worker)
    return Reaction(views.sizes_screen(await call.voice(), found, call.number())) if found else await show_work(call)


@tap("kt")
async def take(call: Call) -> Reaction:
    """So many tasks of it: `kt:BATCH:SIZE`."""
    worker = await call.worker()
    if worker is None or not is_in(worker):
        return await show_current(call)
    return await _take(call, worker, call.number(), call.number(1))


@tap("ka")
async def again(call: Call) -> Reaction:
    """What is open of a pack, once more."""
    worker = await call.worker()
    pack = await _open(call, worker) if worker is not None and is_in(worker) else None
    if worker is None or pack is None:
        return await show_current(call)
    return Reaction(views.pack_screen(await call.voice(), pack, worker.time_zone), Place.NEW)


@tap("kr")
async def give_back(call: Call) -> Reaction:
    """The rest of a pack is given back: `kr:PACK`."""
    worker = await call.worker()
    tasks = await leases.give_back_pack(call.tx, worker.id, call.number()) if worker is not None else 0
    if not tasks:
        return await show_current(call)
    return Reaction(views.returned_screen(await call.voice(), tasks), Place.NEW)


async def said_of_packs(call: Call, worker: Worker, *, otherwise: bool) -> Reaction | None:
    """What a message says of the tasks of packs; None where it says nothing of them.

    `otherwise`: it may be an answer to a task in hands. Then it has to be read without anything left over, and to say
    something new.
    """
    tasks = await tasks_by_number(call.tx, worker.id)
    if not tasks:
        return None
    latest = max(tasks.values(), key=lambda task: task.pack_id)
    if face_of(latest.spec.kind).in_writing:
        said, echo, unclear = await _wrote(call, tasks)
    else:
        said, echo, unclear = await _lettered(call, tasks)
    if not said and (otherwise or not unclear or open_pack(tasks.values()) is None):
        return None
    if otherwise and (unclear or all(task.stands is Stands.ANSWERED for task in said)):
        return None
    outcomes = await answer_pack(call.tx, call.person_id, worker.id, said, call.luck)
    pack = open_pack((await tasks_by_number(call.tx, worker.id)).values())
    return Reaction(views.outcomes_screen(await call.voice(), outcomes, echo, unclear, pack), Place.NEW)


_Read = tuple[dict[PackTask, Said | DontKnow], dict[int, str], tuple[str, ...]]


async def _lettered(call: Call, tasks: Mapping[int, PackTask]) -> _Read:
    """What was said of each task, how that was read, and what was not understood."""
    voice = await call.voice()
    slots = {}
    for number, task in tasks.items():
        lettered = face_of(task.spec.kind).lettered(task.spec, voice)
        if lettered is not None:
            slots[number] = Slot(
                len(lettered.words), lettered.several, task.spec.dont_know, task.letters, lettered.alone
            )
    found = read(call.text, slots)
    said: dict[PackTask, Said | DontKnow] = {}
    for number, places in found.answers.items():
        task = tasks[number]
        if places is None:
            said[task] = DontKnow.DONT_KNOW
        else:
            ask = ask_of(voice, task.spec, task.payload, of_lease(task.lease_id))
            said[task] = _as(face_of(task.spec.kind).chosen(ask, places))
    echo = {number: write({number: places}, slots).upper() for number, places in found.answers.items()}
    return said, echo, found.unclear


async def _wrote(call: Call, tasks: Mapping[int, PackTask]) -> _Read:
    found = read_lines(call.text, [number for number, task in tasks.items() if face_of(task.spec.kind).in_writing])
    said: dict[PackTask, Said | DontKnow] = {}
    for number, text in found.answers.items():
        task = tasks[number]
        said[task] = DontKnow.DONT_KNOW if text == DONT_KNOW and task.spec.dont_know else _as(text)
    return said, {number: f"{number}. {text}" for number, text in found.answers.items()}, found.unclear


def _as(said: Json) -> Said:
    return lambda _: said


async def _open(call: Call, worker: Worker) -> Pack | None:
    return open_pack((await tasks_by_number(call.tx, worker.id)).values())


async def _offers(call: Call, worker: Worker) -> list[Offer]:
    found = await offers(call.tx, worker.id)
    voice = await call.voice()
    return [] if isinstance(found, Nothing) else [offer for offer in found if views.in_packs(offer.spec, voice)]


async def _take(call: Call, worker: Worker, batch_id: int, size: int) -> Reaction:
    voice = await call.voice()
    before = await _open(call, worker)
    if before is not None:
        return Reaction(views.open_screen(voice, before), Place.NEW)
    got = await take_pack(
        call.tx, worker.id, batch_id, size, letters_of(voice.locale),
        lambda spec, payloads: views.fitting(voice, spec, payloads), call.luck,
    )  # fmt: skip
    if isinstance(got, Pack):
        return Reaction(views.pack_screen(voice, got, worker.time_zone), Place.NEW)
    if isinstance(got, TooLong):
        return await show_work(call, above=views.not_in_packs_line(voice))
    if got is Dry.PRACTICE and (first := await practice.practice_of(call.tx, worker.id, batch_id)) is not None:
        return Reaction(practice_screen(voice, first))
    return await show_work(call, dry=got)
