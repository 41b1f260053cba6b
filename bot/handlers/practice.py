"""/practice: tasks to learn on, without pay, each explained once it is answered."""

from collections.abc import Callable

from bot.handlers.showing import drafted, is_in, refusal_text, show_current, show_practice
from bot.routes import Call, Listed, command, tap
from bot.screens import Place, Reaction
from bot.tasks import AnyFace, before_any_step, face_of
from bot.tasks.base import print_of
from bot.views import practice as views
from crowd.kinds.base import AnswerError, Json
from crowd.loop import drafts, practice
from crowd.loop.answering import DontKnow
from crowd.loop.practice import Practice
from crowd.loop.recorded import Refused
from crowd.workers.registry import Worker


@command("practice", Listed(15, lambda voice: voice.say("practise, without pay; it does not count")))
async def practice_command(call: Call) -> Reaction:
    """The batches that have practice."""
    return await _list(call, Place.NEW)


@tap("p")
async def overview(call: Call) -> Reaction:
    """The practice of a batch: `p:BATCH`; without one, the batches that have some."""
    if not call.number():
        return await _list(call, Place.SAME)
    found = await _practice(call, call.number())
    return await show_current(call) if found is None else await _overview(call, found)


async def _list(call: Call, place: Place) -> Reaction:
    worker = await _worker(call)
    if worker is None:
        return await show_current(call, place=place)
    await practice.put_away(call.tx, worker.id)
    return Reaction(views.practices_screen(await call.voice(), await practice.practices(call.tx, worker.id)), place)


@tap("pi")
async def instructions(call: Call) -> Reaction:
    """The instructions of a batch, before its practice: `pi:BATCH`."""
    found = await _practice(call, call.number())
    if found is None:
        return await show_current(call)
    return Reaction(views.practice_instructions_screen(await call.voice(), found.spec, found.batch_id))


@tap("po")
async def go_on(call: Call) -> Reaction:
    """Begin, or go on where one was: `po:BATCH`."""
    found = await _practice(call, call.number())
    return await show_current(call) if found is None else await _next(call, found.batch_id)


@tap("pr")
async def begin_anew(call: Call) -> Reaction:
    """From the beginning: `pr:BATCH:TRIES`. Where something was tried since, the button is an old one."""
    worker, found = await _worker(call), await _practice(call, call.number())
    if worker is None or found is None:
        return await show_current(call)
    if found.tries != call.number(1):
        return await _where(call, worker, found.batch_id)
    await practice.begin_anew(call.tx, worker.id, found.batch_id)
    return await _next(call, found.batch_id)


@tap("pa")
async def answer(call: Call) -> Reaction:
    """An answer button: `pa:TASK:TRY:…`."""
    said = ":".join(call.arguments[2:])
    return await _answer(call, lambda face: face.read_tap(said))


@tap("pu")
async def dont_know(call: Call) -> Reaction:
    """“I don't know”: `pu:TASK:TRY`."""
    return await _answer(call, lambda _: DontKnow.DONT_KNOW)


@tap("pok")
async def confirm(call: Call) -> Reaction:
    """What was put together step by step is the answer: `pok:TASK:TRY:PRINT`."""
    worker = await _worker(call)
    task = await practice.in_hands(call.tx, worker.id) if worker else None
    if worker is None or task is None or (task.task_id, task.attempt) != (call.number(), call.number(1)):
        return await _where(call, worker, await practice.batch_of(call.tx, call.number()))
    said = await drafted(call, drafts.of_practice(task.task_id, task.attempt))
    if said is None:
        said = before_any_step(task.spec, task.payload)
    if said is None or call.arguments[2:] != [print_of(said)]:
        return await show_practice(call, task, toast=refusal_text(await call.voice(), Refused.UNKNOWN))
    return await _answer(call, lambda _: said)


@tap("pn")
async def onward(call: Call) -> Reaction:
    """On from what was right: `pn:TASK:TRY`."""
    worker = await _worker(call)
    if worker is None:
        return await show_current(call)
    task = await practice.in_hands(call.tx, worker.id)
    if task is not None and task.answered and (task.task_id, task.attempt) == (call.number(), call.number(1)):
        return await _next(call, task.batch_id)
    return await _where(call, worker, await practice.batch_of(call.tx, call.number()))


@tap("pl")
async def leave(call: Call) -> Reaction:
    """Leave practice for paid work, or whatever there is."""
    worker = await _worker(call)
    if worker is not None:
        await practice.put_away(call.tx, worker.id)
    return await show_current(call)


async def _answer(call: Call, said: Callable[[AnyFace], Json | DontKnow]) -> Reaction:
    worker = await _worker(call)
    task = await practice.in_hands(call.tx, worker.id) if worker else None
    if worker is None or task is None:
        return await _where(call, worker, await practice.batch_of(call.tx, call.number()))
    voice, face = await call.voice(), face_of(task.spec.kind)
    try:
        done = await practice.answer_practice(call.tx, worker.id, call.number(), call.number(1), said(face))
    except AnswerError as error:
        return await show_practice(call, task, toast=face.trouble(error, voice))
    return await show_practice(call, done or task)


async def _next(call: Call, batch_id: int) -> Reaction:
    worker = await _worker(call)
    task = await practice.next_practice(call.tx, worker.id, batch_id) if worker else None
    if task is not None:
        return await show_practice(call, task)
    found = await _practice(call, batch_id)
    return await show_current(call) if found is None else await _overview(call, found)


async def _where(call: Call, worker: Worker | None, batch_id: int | None) -> Reaction:
    """For an old button: the practice task in hands; or else how far its practice is."""
    task = await practice.in_hands(call.tx, worker.id) if worker else None
    if task is not None:
        return await show_practice(call, task)
    found = await _practice(call, batch_id) if batch_id else None
    return await show_current(call) if found is None else await _overview(call, found)


async def _overview(call: Call, found: Practice) -> Reaction:
    return Reaction(views.practice_screen(await call.voice(), found))


async def _worker(call: Call) -> Worker | None:
    worker = await call.worker()
    return worker if worker is not None and is_in(worker) else None


async def _practice(call: Call, batch_id: int) -> Practice | None:
    worker = await _worker(call)
    return await practice.practice_of(call.tx, worker.id, batch_id) if worker else None
