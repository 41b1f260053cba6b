"""Appeals against money taken back, and checks that a worker says are wrong."""

from bot.handlers.earnings import show_earnings
from bot.handlers.showing import show_answered, show_current
from bot.incoming import Sent
from bot.routes import Call, tap
from bot.screens import Place, Reaction
from bot.views import appeal as views
from bot.views.contest import contest_toast
from crowd.appeals import filing
from crowd.appeals.filing import Entry, TooLongError
from crowd.golds.contesting import contest
from crowd.payouts import entering
from crowd.workers.registry import Worker


@tap("ap")
async def begin(call: Call) -> Reaction:
    """Begin an appeal: `ap:VOIDING`. The next text says why."""
    worker = await call.worker()
    entry = await filing.begin(call.tx, worker.id, call.number()) if worker is not None else None
    if worker is None or entry is None:
        return await _earnings(call, above=views.not_filed_line(await call.voice()))
    await entering.cancel(call.tx, worker.id)  # or it would be what the next text is for
    return await _entry(call, worker, entry)


@tap("ay")
async def send(call: Call) -> Reaction:
    """Send the appeal that stands on the screen: `ay:MARK`."""
    worker = await call.worker()
    if worker is None:
        return await show_current(call)
    voice = await call.voice()
    answer_by = await filing.file(call.tx, worker.id, "".join(call.arguments[:1]))
    if answer_by is not None:
        return await _earnings(call, above=views.filed_line(voice, answer_by, worker.time_zone))
    entry = await filing.entry_of(call.tx, worker.id)
    if entry is not None:
        return await _entry(call, worker, entry)
    return await _earnings(call, above=views.not_filed_line(voice))


@tap("ax")
async def cancel(call: Call) -> Reaction:
    """Send nothing."""
    worker = await call.worker()
    if worker is not None:
        await filing.cancel(call.tx, worker.id)
    return await _earnings(call)


async def written(call: Call) -> Reaction | None:
    """A text while an appeal is begun says why; None at other times."""
    if call.sent is not Sent.TEXT or (worker := await call.worker()) is None:
        return None
    try:
        entry = await filing.write(call.tx, worker.id, call.text)
    except TooLongError:
        return await appeal_now(call, above=views.too_long_line(await call.voice()))
    return await _entry(call, worker, entry, Place.NEW) if entry is not None else None


async def appeal_now(call: Call, place: Place = Place.NEW, *, above: str = "") -> Reaction | None:
    """Where a worker is with an appeal that they began; None where they are not."""
    worker = await call.worker()
    entry = await filing.entry_of(call.tx, worker.id) if worker is not None else None
    return await _entry(call, worker, entry, place, above=above) if worker is not None and entry is not None else None


@tap("cw")
async def check_is_wrong(call: Call) -> Reaction:
    """A check that counts against them is wrong, they say: `cw:ANSWER`, and where the button stood.

    That is `e` or `ef` and the page of earnings, `r` for the refresher, which stays; else under the task in hands.
    """
    worker = await call.worker()
    if worker is None:
        return await show_current(call)
    done = await contest(call.tx, worker.id, call.number())
    toast = contest_toast(await call.voice(), done)
    where = call.arguments[1] if len(call.arguments) > 1 else ""
    if where in {"e", "ef"}:
        before = call.number(2) or None
        return await show_earnings(call, Place.SAME, before, failed_only=where == "ef", toast=toast)
    return Reaction(toast=toast) if where == "r" else await show_answered(call, call.number(), toast=toast)


async def _earnings(call: Call, *, above: str = "") -> Reaction:
    return await show_earnings(call, Place.SAME, None, above=above)


async def _entry(call: Call, worker: Worker, entry: Entry, place: Place = Place.SAME, *, above: str = "") -> Reaction:
    return Reaction(views.entry_screen(await call.voice(), entry, worker.time_zone, above=above), place)
