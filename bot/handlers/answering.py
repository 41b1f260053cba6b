"""A tap that answers, one that sends what was written or put together, and “I don't know”."""

from bot.handlers.retesting import show_refresher
from bot.handlers.rhythm import rest
from bot.handlers.showing import (
    asked_for,
    asked_screen,
    drafted,
    refusal_text,
    refused,
    show_after,
    show_current,
    under,
)
from bot.i18n.tongue import tongue
from bot.routes import Call, tap
from bot.screens import Reaction
from bot.tasks import before_any_step, face_of
from bot.tasks.base import print_of
from bot.views.ladder import outcome_of_retest
from bot.views.redo import thanks_line
from crowd.kinds.base import AnswerError
from crowd.loop import answering, drafts
from crowd.loop.answering import DontKnow, Said
from crowd.loop.handing import Given
from crowd.loop.recorded import Refused, why_not
from crowd.redos.fixing import Fixed
from crowd.workers.ladder import Step


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
    """What was written, or put together step by step, is to be sent: `ok:LEASE:PRINT`."""
    lease_id, voice = call.number(), await call.voice()
    asked = await asked_for(call, lease_id)
    said = await drafted(call, drafts.of_lease(lease_id))
    if said is None and asked is not None:
        said = before_any_step(asked.spec, asked.payload)
    if said is None:
        return await refused(call, lease_id, await why_not(call.tx, call.person_id, lease_id))
    if call.arguments[1:] == [print_of(said)]:
        return await _record(call, lease_id, lambda _: said, drafted=True)
    toast = refusal_text(voice, Refused.UNKNOWN)
    if asked is None:
        return await show_current(call, toast=toast)
    return Reaction(asked_screen(voice, asked, said), toast=toast)


async def _record(call: Call, lease_id: int, said: Said | DontKnow, *, drafted: bool = False) -> Reaction:
    try:
        done = await answering.answer(call.tx, call.person_id, lease_id, said, call.luck)
    except AnswerError as error:
        return await show_current(call, toast=face_of(error.kind).trouble(error, await call.voice()))
    if isinstance(done, Refused):
        return await refused(call, lease_id, done)
    if drafted:
        await drafts.forget_draft(call.tx, call.tx.bot_id, call.person_id)
    if isinstance(done, Fixed):
        return await show_current(call, above=thanks_line(await call.voice()))
    if done.step is Step.REFRESH and isinstance(done.next, Given):
        return await show_refresher(call, done, done.next)
    if done.step is None and (resting := await rest(call, done)) is not None:
        return resting
    above = outcome_of_retest(tongue(done.locale), done.step)
    reaction = await show_after(call, done, done.next)
    return under(above, reaction) if above else reaction
