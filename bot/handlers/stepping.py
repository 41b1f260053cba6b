"""An answer that is put together by several taps, and the pages of a task that has too many buttons for one."""

from bot.handlers.showing import asked_for, asked_screen, drafted, refused, show_current, show_practice
from bot.routes import Call, tap
from bot.screens import Reaction
from bot.tasks import before_any_step, face_of, keeps_drafts
from crowd.batches.spec import BatchSpec
from crowd.kinds import kind_named
from crowd.kinds.base import AnswerError, Json, SteppedKind
from crowd.loop import drafts, practice
from crowd.loop.practice import PracticeTask
from crowd.loop.recorded import why_not


@tap("c")
async def step(call: Call) -> Reaction:
    """A step of an answer: `c:LEASE:VIEW:…`."""
    lease_id, view = call.number(), call.number(1)
    asked = await asked_for(call, lease_id)
    if asked is None:
        return await refused(call, lease_id, await why_not(call.tx, call.person_id, lease_id))
    about = drafts.of_lease(lease_id)
    said, toast = await _after_step(call, about, asked.spec, asked.payload, ":".join(call.arguments[2:]))
    return Reaction(asked_screen(await call.voice(), asked, said, view=view), toast=toast)


@tap("v", looks=True)
async def turn(call: Call) -> Reaction:
    """Another page of the task: `v:LEASE:VIEW`."""
    lease_id, view = call.number(), call.number(1)
    asked = await asked_for(call, lease_id)
    if asked is None:
        return await refused(call, lease_id, await why_not(call.tx, call.person_id, lease_id))
    said = await drafted(call, drafts.of_lease(lease_id)) if keeps_drafts(asked.spec, asked.payload) else None
    return Reaction(asked_screen(await call.voice(), asked, said, view=view))


@tap("pc")
async def practice_step(call: Call) -> Reaction:
    """A step of the answer to a practice task: `pc:TASK:TRY:VIEW:…`."""
    task = await _practised(call)
    if task is None:
        return await show_current(call)
    about = drafts.of_practice(task.task_id, task.attempt)
    _, toast = await _after_step(call, about, task.spec, task.payload, ":".join(call.arguments[3:]))
    return await show_practice(call, task, toast=toast, view=call.number(2))


@tap("pv", looks=True)
async def practice_turn(call: Call) -> Reaction:
    """Another page of the practice task: `pv:TASK:TRY:VIEW`."""
    task = await _practised(call)
    return await show_current(call) if task is None else await show_practice(call, task, view=call.number(2))


async def _practised(call: Call) -> PracticeTask | None:
    """The practice task in hands, if it is the one that was tapped and waits for its answer."""
    worker = await call.worker()
    task = await practice.in_hands(call.tx, worker.id) if worker is not None else None
    if task is None or task.answered or (task.task_id, task.attempt) != (call.number(), call.number(1)):
        return None
    return task


async def _after_step(
    call: Call, about: str, spec: BatchSpec, payload: Json, said: str
) -> tuple[Json | None, str | None]:
    """The draft with one more step, kept; and why the step could not be made, if so."""
    kind, face = kind_named(spec.kind), face_of(spec.kind)
    draft = await drafted(call, about)
    if not isinstance(kind, SteppedKind):
        return draft, (await call.voice()).say("That was an old screen. Here is where you are now.")
    draft = before_any_step(spec, payload) if draft is None else draft
    try:
        after = kind.step(spec, kind.payload(payload), draft, face.read_tap(said))
    except AnswerError as error:
        return draft, face.trouble(error, await call.voice())
    await drafts.keep_draft(call.tx, call.tx.bot_id, call.person_id, about, after)
    return after, None
