"""What comes before a pause and after it: a refresher, and a blind re-test as the appeal."""

from bot.handlers.showing import is_in, show_current, show_next
from bot.i18n.tongue import tongue
from bot.routes import Call, tap
from bot.screens import Reaction
from bot.views.ladder import refresher_screen, retest_screen
from crowd.loop.answering import Accepted
from crowd.loop.handing import Given
from crowd.money.earnings import earnings
from crowd.workers.retest import begin_retest, retests


async def show_refresher(call: Call, done: Accepted, given: Given) -> Reaction:
    """The checks that a worker answered wrong, with the reasons, before they go on with the task in hands."""
    worker = await call.worker()
    if worker is None:
        return await show_current(call)
    work = done.spec.kind, done.spec.language
    wrong = await earnings(call.tx, worker.id, failed_only=True, work=work, at_once=True)
    return Reaction(refresher_screen(tongue(done.locale), done, wrong.lines, given, worker.time_zone))


@tap("try")
async def try_again(call: Call) -> Reaction:
    """What a re-test is and where one can begin; with a batch, begin it there: `try:BATCH`."""
    worker = await call.worker()
    if worker is None or not is_in(worker):
        return await show_current(call)
    voice = tongue(worker.locale)
    if call.number() and await begin_retest(call.tx, worker.id, call.number()):
        above = "🎯 " + voice.say("The re-test has begun. Take your time.")
        return await show_next(call, call.number(), above=above)
    return Reaction(retest_screen(voice, await retests(call.tx, worker.id), worker.time_zone))
