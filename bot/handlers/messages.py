"""A message: the answer to the task in hands, or the next step of it; or what else is being asked for."""

from dataclasses import dataclass

from bot.fetching import Problem
from bot.handlers.appealing import appeal_now, written
from bot.handlers.joining import country_by_name
from bot.handlers.packs import said_of_packs
from bot.handlers.payout import entered, entry_now
from bot.handlers.showing import asked_now, asked_screen, drafted_for, is_in, show_current, show_practice
from bot.i18n.tongue import Tongue
from bot.incoming import Sent
from bot.routes import Call, message
from bot.screens import Place, Reaction
from bot.tasks import after, face_of, is_confirmed, keeps_drafts, taken
from crowd.batches.spec import BatchSpec
from crowd.kinds import kind_named
from crowd.kinds.base import AnswerError, Json, Takes
from crowd.loop import drafts, practice
from crowd.loop.handing import Given
from crowd.loop.leases import Expired
from crowd.loop.practice import PracticeTask
from crowd.loop.twins import refuse_twin
from crowd.workers.registry import Worker
from db.database import Tx

_SORTS = {Takes.TEXT: Sent.TEXT, Takes.SOUND: Sent.VOICE, Takes.PICTURE: Sent.PHOTO}


@dataclass(frozen=True, slots=True)
class Asking:
    """A task that a message may answer, and what was said of it so far."""

    task: PracticeTask | Given | Expired
    about: str
    """As drafts know it."""
    spec: BatchSpec
    payload: Json
    draft: Json

    @property
    def takes(self) -> Sent | None:
        """What message it waits for."""
        if isinstance(self.task, PracticeTask) and self.task.answered:
            return None
        sort = taken(self.spec, self.payload, self.draft)
        return None if sort is None else _SORTS[sort]


async def asking(tx: Tx, bot_id: int, person_id: int, worker: Worker | None) -> Asking | None:
    """What a message of theirs would answer; None where no task is in hands."""
    if worker is None or not is_in(worker):
        return None
    task: PracticeTask | Given | Expired | None = await practice.in_hands(tx, worker.id)
    task = task or await asked_now(tx, worker)
    if task is None:
        return None
    if isinstance(task, PracticeTask):
        about = drafts.of_practice(task.task_id, task.attempt)
    else:
        about = drafts.of_lease(task.lease_id)
    draft = await drafted_for(tx, bot_id, person_id, about) if keeps_drafts(task.spec, task.payload) else None
    return Asking(task, about, task.spec, task.payload, draft)


@message
async def take(call: Call) -> Reaction:
    """A message that is no command."""
    worker = await call.worker()
    if worker is None and call.sent is Sent.TEXT:
        return await show_current(call, place=Place.NEW)
    at = await asking(call.tx, call.tx.bot_id, call.person_id, worker)
    if (aside := await _aside(call, worker, at)) is not None:
        return aside
    voice = await call.voice()
    if at is None or worker is None or at.takes is not call.sent:
        return await show_current(call, place=Place.NEW, above=_hint(voice, call.sent, at))
    if call.sent is Sent.TEXT:
        return await _said(call, worker, at, call.text)
    if call.brought.said is None:  # without a reason, the task began to wait for it only just now
        return await _ask_again(call, at, _not_brought(voice, call.brought.problem or Problem.AWAY))
    return await _said(call, worker, at, call.brought.said)


async def _aside(call: Call, worker: Worker | None, at: Asking | None) -> Reaction | None:
    """A message that is not for the task in hands: where money is to go, why it is theirs, the country of one who
    joins, or answers to a pack.
    """
    if (entry := await entered(call) or await written(call)) is not None:
        return entry
    if call.sent is not Sent.TEXT:
        return None
    named = await country_by_name(call)
    if named is not None:
        return Reaction(named.screen, Place.NEW)
    if worker is None or not is_in(worker):
        return None
    return await said_of_packs(call, worker, otherwise=at is not None and at.takes is Sent.TEXT)


async def show_again(call: Call, place: Place) -> Reaction:
    """For what was taken before: where its worker is now, and what their next message would be taken for."""
    return await entry_now(call, place) or await appeal_now(call, place) or await show_current(call, place=place)


async def _said(call: Call, worker: Worker, at: Asking, said: Json) -> Reaction:
    try:
        if isinstance(at.task, PracticeTask) and is_confirmed(at.spec, at.payload):
            done = await practice.answer_practice(call.tx, worker.id, at.task.task_id, at.task.attempt, said)
            return await show_practice(call, done or at.task, place=Place.NEW)
        draft = after(at.spec, at.payload, at.draft, said)
        await _refuse_twin(call, at, draft)
    except AnswerError as error:
        return await _ask_again(call, at, "⚠️ " + face_of(at.spec.kind).trouble(error, await call.voice()))
    await drafts.keep_draft(call.tx, call.tx.bot_id, call.person_id, at.about, draft)
    return await _show(call, at, draft)


async def _refuse_twin(call: Call, at: Asking, said: Json) -> None:
    """What was given before is refused at once, before it is confirmed. Raises AnswerError."""
    mark = kind_named(at.spec.kind).mark(at.spec, said) if is_confirmed(at.spec, at.payload) else None
    if mark is not None and isinstance(at.task, Given):
        await refuse_twin(call.tx, at.spec.kind, at.task.batch_id, mark, at.task.lease_id)


async def _show(call: Call, at: Asking, draft: Json, above: str = "") -> Reaction:
    if isinstance(at.task, PracticeTask):
        return await show_practice(call, at.task, place=Place.NEW, above=above)
    return Reaction(asked_screen(await call.voice(), at.task, draft, above=above), Place.NEW)


async def _ask_again(call: Call, at: Asking, above: str) -> Reaction:
    """The task as it was; of an answer that waits to be confirmed, the item once more, since it is to be replaced."""
    return await _show(call, at, None if is_confirmed(at.spec, at.payload) else at.draft, above)


def _hint(voice: Tongue, sent: Sent, at: Asking | None) -> str:
    """Why a message was no answer, and what is; HTML."""
    if sent is Sent.CONTACT:
        return "💬 " + voice.say("Your phone number was not taken and is not kept.")
    wanted = at.takes if at is not None else None
    if wanted is Sent.VOICE:
        return "🎤 " + voice.say("This task is answered by a voice note: hold the microphone and speak.")
    if wanted is Sent.PHOTO:
        return "📷 " + voice.say("This task is answered by a picture: take one with the camera and send it.")
    if sent is not Sent.TEXT:
        not_taken = voice.say("What you sent was not taken and is not kept.")
        return f"💬 {not_taken}" + (f" {voice.say('Write your answer as a message.')}" if wanted else "")
    if at is None or isinstance(at.task, Expired) or (isinstance(at.task, PracticeTask) and at.task.answered):
        return "💬 " + voice.say("No task is waiting for a written answer, so your message was not sent to anybody.")
    return voice.say("Tap one of the buttons to answer.")


def _not_brought(voice: Tongue, problem: Problem) -> str:
    """Why what was sent cannot be taken, and what to do; HTML."""
    return (
        "⚠️ "
        + {
            Problem.AWAY: voice.say("What you sent did not come through on our side. Please send it once more."),
            Problem.TOO_LARGE: voice.say("What you sent is too large to be taken. Please send it smaller, or shorter."),
            Problem.BROKEN: voice.say("What you sent cannot be opened: it is damaged. Please make it once more."),
        }[problem]
    )
