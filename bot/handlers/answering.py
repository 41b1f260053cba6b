"""A tap that answers, a text that answers, and “I don't know”."""

from bot.handlers.joining import country_by_name
from bot.handlers.practice import practice_text
from bot.handlers.retesting import show_refresher
from bot.handlers.showing import is_in, show_after, show_answered, show_current, under
from bot.i18n.tongue import Tongue, tongue
from bot.routes import Call, tap, text
from bot.screens import Place, Reaction
from bot.tasks import face_of
from bot.views.ladder import outcome_of_retest
from bot.views.task import echo_screen, print_of, task_screen
from crowd.kinds import kind_named
from crowd.kinds.base import AnswerError
from crowd.loop import answering, drafts, handing, leases
from crowd.loop.answering import DontKnow, Said
from crowd.loop.handing import Given
from crowd.loop.leases import Expired
from crowd.loop.recorded import Refused, why_not
from crowd.workers.ladder import Step
from crowd.workers.registry import Worker


@tap("a", answers=True)
async def answer(call: Call) -> Reaction:
    """An answer button: `a:LEASE:…`."""
    said = ":".join(call.arguments[1:])
    return await _record(call, call.number(), lambda kind: face_of(kind).read_tap(said))


@tap("u", answers=True)
async def dont_know(call: Call) -> Reaction:
    """“I don't know”: `u:LEASE`."""
    return await _record(call, call.number(), DontKnow.DONT_KNOW)


@tap("ok", answers=True)
async def confirm(call: Call) -> Reaction:
    """What was written is to be sent: `ok:LEASE:PRINT`."""
    draft = await drafts.draft(call.tx, call.tx.bot_id, call.person_id)
    voice = await call.voice()
    if draft is None or draft.lease_id != call.number():
        refused = await why_not(call.tx, call.person_id, call.number())
        return await _refused(call, call.number(), refused)
    if call.arguments[1:] != [print_of(draft.said)]:
        toast = refusal_text(voice, Refused.UNKNOWN)
        asked = await _asked(call, await call.worker())
        if asked is None or asked.lease_id != draft.lease_id:
            return await show_current(call, toast=toast)
        return Reaction(echo_screen(voice, asked, draft.said), toast=toast)
    reaction = await _record(call, draft.lease_id, lambda _: draft.said)
    await drafts.forget_draft(call.tx, call.tx.bot_id, call.person_id)
    return reaction


@text
async def write(call: Call) -> Reaction:
    """A text: the answer to a task that is written, or the name of a country, or a word to be helped with."""
    worker = await call.worker()
    if worker is None:
        return await show_current(call, place=Place.NEW)
    named = await country_by_name(call)
    if named is not None:
        return Reaction(named.screen, Place.NEW)
    practised = await practice_text(call, worker)
    if practised is not None:
        return practised
    asked = await _asked(call, worker)
    voice = tongue(worker.locale)
    if asked is None or not face_of(asked.spec.kind).takes_text:
        return await show_current(call, place=Place.NEW, above=_hint(voice, asked))
    try:
        said = kind_named(asked.spec.kind).read_answer(asked.spec, call.text)
    except AnswerError as error:
        above = "⚠️ " + face_of(asked.spec.kind).trouble(error, voice)
        return Reaction(task_screen(voice, asked.spec, asked.payload, asked.lease_id, above=above), Place.NEW)
    await drafts.keep_draft(call.tx, call.tx.bot_id, call.person_id, asked.lease_id, said)
    return Reaction(echo_screen(voice, asked, said), Place.NEW)


async def _asked(call: Call, worker: Worker | None) -> Given | Expired | None:
    """What a text answers: the task in hands, or else the one whose time ran out while the text was on its way."""
    if worker is None or not is_in(worker):
        return None
    return await handing.held(call.tx, worker.id) or await leases.last_expired(call.tx, worker.id)


def _hint(voice: Tongue, asked: Given | Expired | None) -> str:
    if isinstance(asked, Given):
        return voice.say("Tap one of the buttons to answer.")
    return "💬 " + voice.say("No task is waiting for a written answer, so your message was not sent to anybody.")


async def _record(call: Call, lease_id: int, said: Said | DontKnow) -> Reaction:
    try:
        done = await answering.answer(call.tx, call.person_id, lease_id, said, call.luck)
    except AnswerError as error:
        return await show_current(call, toast=face_of(error.kind).trouble(error, await call.voice()))
    if isinstance(done, Refused):
        return await _refused(call, lease_id, done)
    if done.step is Step.REFRESH and isinstance(done.next, Given):
        return await show_refresher(call, done, done.next)
    above = outcome_of_retest(tongue(done.locale), done.step)
    reaction = await show_after(call, done, done.next)
    return under(above, reaction) if above else reaction


async def _refused(call: Call, lease_id: int, refused: Refused) -> Reaction:
    toast = refusal_text(await call.voice(), refused)
    if refused is Refused.ANSWERED:
        return await show_answered(call, lease_id, toast=toast)
    return await show_current(call, toast=toast)


def refusal_text(voice: Tongue, refused: Refused) -> str:
    """Why an answer did not count."""
    return {
        Refused.ANSWERED: "✓ " + voice.say("Already recorded. It counts once."),
        Refused.EXPIRED: voice.say("Time for that task ran out, so somebody else has it. Here is your next one."),
        Refused.WITHDRAWN: voice.say("That task was given back. Here is where you are now."),
        Refused.UNKNOWN: voice.say("That was an old screen. Here is where you are now."),
    }[refused]
