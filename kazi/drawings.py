"""What commands about batches show on a terminal."""

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal

from babel import Locale
from rich.align import Align
from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from crowd.batches.cards import BatchCard
from crowd.batches.spec import BatchSpec, to_cents
from crowd.batches.waiting import Need
from crowd.batchfile import Problem, Severity
from crowd.fairpay.expected import ExpectedPay
from crowd.fairpay.floors import Floor
from crowd.golds.supply import GoldSupply
from crowd.kinds.base import Json
from crowd.labels.results import money as plain_money
from crowd.money.quote import Quote
from crowd.replay.report import Report
from crowd.sentences import Speaker, count, say
from crowd.sizes import size
from crowd.workers.cards import BatchWorkerCard
from kazi.drawings_of_pilots import pilot_state, pilot_word

_SHOWN = 100
_PHONE = 42
_UNDERPAID = (
    "it is paused: by the time that answers take, {price} is the fair price, and its money does not pay that; "
    "put in {lacking} more by `kazi batch fund {id} {lacking}`, or close it"
)
_NEEDS = {
    Need.MONEY: "batch {id} needs money: {lacking} {currency}; `kazi batch fund {id} {lacking}`, or close it",
    Need.PILOT: "batch {id} waits for you: pilot; `kazi batch pilot {id}` shows what it found, --release goes on",
    Need.PARITY: "batch {id} has instructions that mislead in one language; `kazi batch parity {id}` shows which",
}

_TOO_FEW = "golds can take about {left:,} more answers, and the work that is left asks for about {asked:,}"
_ALL_MET = "a usual worker has only {fresh} golds left that they have not met"
_MORE_GOLDS = (
    ": decide about golds that workers contradict, give your next batch more, or close this one and post its open "
    "tasks beside new golds"
)
_STANDING = {"cleared": "green", "paused": "yellow", "retest": "yellow"}
_STATE = {"open": "green", "paused": "yellow", "closed": "dim"}


def problems(found: Sequence[Problem], errors: int, warnings: int, speaker: Speaker) -> Iterator[Text]:
    """Each with its place, as editors and terminals link it, what is wrong and how to mend it."""
    for problem in found[:_SHOWN]:
        place = ":".join(str(part) for part in (problem.file, problem.line, problem.column) if part is not None)
        color = "bold red" if problem.severity is Severity.ERROR else "bold yellow"
        severity = speaker.put(problem.severity.word)
        text = Text.assemble((place, "bold"), ": ", (severity, color), f": {problem.told(speaker)}")
        text.append(f"\n    {speaker.put(problem.how)}", "dim")
        yield text
    rest = errors + warnings - min(len(found), _SHOWN)
    if rest > 0:
        yield Text(speaker.put(say("… and {more:,} more", more=rest)))
    if errors or warnings:
        all_errors = count("{number:,} error", "{number:,} errors", errors)
        all_warnings = count("{number:,} warning", "{number:,} warnings", warnings)
        tally = say("{errors}, {warnings}", errors=all_errors, warnings=all_warnings)
        yield Text(speaker.put(tally), "bold")


def money(micros: int) -> str:
    """An amount for people: exact, with thousands apart as counts have them."""
    return f"{Decimal(plain_money(micros)):,f}"


def _facts() -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    return table


def cost(quote: Quote, pay: ExpectedPay | None, *, practice: int = 0, pilot: int = 0) -> Table:
    """The quote of a batch, and what an hour of it pays."""

    def amount(micros: int) -> Text:
        return Text(f"{money(micros)} {quote.currency}")

    table = _facts()
    table.add_row("tasks", f"{quote.tasks:,}")
    table.add_row("answers", f"{quote.least_answers:,} to {quote.most_answers:,}")
    table.add_row("golds", f"{quote.golds:,}, with {quote.gold_answers:,} answers at most")
    if practice:
        table.add_row("practice", f"{practice:,} tasks, which cost nothing")
    if pilot:
        table.add_row("pilot", f"{pilot} tasks come first, the others once you, or Kazi, find that all is well")
    table.add_row("price of an answer", amount(quote.price))
    if pay is not None:
        table.add_row("an hour's work", Text(hours(pay)))
    table.add_row("workers earn", Text(f"{money(quote.least_labour)} to {money(quote.labour)} {quote.currency}"))
    table.add_row("fee", amount(quote.fee))
    if quote.judging:
        table.add_row("judges earn", Text(f"up to {money(quote.judging)} {quote.currency}, the fee on it included"))
    table.add_row("to put in", Text.assemble((f"{money(quote.to_fund)} {quote.currency}", "bold")))
    table.add_row("", Text("what is left when the batch is closed is given back", "dim"))
    return table


def hours(pay: ExpectedPay) -> str:
    """What workers earn in an hour, and the floor that this is held against."""
    how = "measured in such work" if pay.measured else "not measured yet"
    told = f"{money(to_cents(pay.per_hour))} {pay.currency} at {pay.usual_ms / 1000:.3g} s an answer ({how})"
    if pay.measured:
        told += f"; {money(to_cents(pay.slow_per_hour))} for who needs longer than three of four"
    floors = sorted({place.floor for place in pay.places if place.floor})
    if not floors:
        return f"{told}; no floor is known in {pay.currency}"
    told += f"; the floor is {' to '.join(money(each) for each in dict.fromkeys((floors[0], floors[-1])))}"
    left_out = [place.country for place in pay.places if not place.reached]
    return f"{told}; not offered in {', '.join(left_out)}" if left_out and pay.fair else told


def floors(found: Sequence[Floor]) -> Table:
    """Floors, a line each."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("country", "an hour", "source", "set by"):
        table.add_column(name, justify="right" if name == "an hour" else "left")
    for each in found:
        table.add_row(each.country, f"{money(each.per_hour)} {each.currency}", each.source, each.set_by or "default")
    return table


def words(spec: BatchSpec) -> Table:
    """What workers read before the first task."""
    table = _facts()
    for locale, title in (spec.title or {"": spec.name}).items():
        table.add_row(f"title {locale}".rstrip(), Text(title))
    for locale, text in spec.instructions.items():
        table.add_row(f"instructions {locale}", Text(text))
    for locale, spoken in spec.spoken_instructions.items():
        about = f"🔊 {spoken.sound.brought}, {spoken.seconds} s, {size(spoken.size, Locale('en'))}"
        table.add_row(f"spoken {locale}", Text(about))
    return table


def first_task(spec: BatchSpec, payload: Json, locale: str) -> Group:
    """How a task will look on a phone in a locale, and what such tasks cost it in data."""
    from bot.tasks import preview

    seen = preview(spec, payload, locale)
    data = f"📶 a hundred tasks like this cost a phone about {size(100 * seen.bytes, Locale('en'))} of data"
    above = [f"{sign} {name}\n" for sign, name in (("🖼", seen.picture), ("🔊", seen.sound)) if name]
    return Group(phone("\n".join([*above, seen.text]), seen.buttons, locale), Text(data, "dim"))


def phone(text: str, buttons: Sequence[Sequence[str]], title: str) -> Panel:
    """A screen of the chat, as a small phone would show it."""
    width = _PHONE - 4
    rows: list[RenderableType] = []
    for row in buttons:
        each = max(6, width // max(1, len(row)))
        keys = [Panel(Align.center(Text(label, overflow="fold")), width=each, padding=0) for label in row]
        rows.append(Columns(keys, padding=0, expand=False))
    screen = Panel(Text(text, overflow="fold"), width=width, border_style="cyan")
    return Panel(Group(screen, *rows), title=title, width=_PHONE, border_style="dim", padding=(1, 1))


def card(batch: BatchCard, supply: GoldSupply) -> Table:
    """One batch in detail."""

    def amount(micros: int) -> Text:
        return Text(f"{money(micros)} {batch.currency}")

    table = _facts()
    table.add_row("batch", Text(f"{batch.id}  {batch.name}", "bold"))
    table.add_row("state", _state(batch))
    if batch.pilot is not None:
        table.add_row("pilot", pilot_state(batch.pilot, batch.id))
    table.add_row("kind", f"{batch.kind}, {batch.language}")
    if batch.judges is not None:
        table.add_row("judges", f"the answers of batch {batch.judges}")
    if batch.judged_in is not None:
        table.add_row("judged", f"in batch {batch.judged_in}")
    table.add_row("link", Text(f"/start {batch.slug}"))
    table.add_row("settled", f"{batch.settled:,} of {batch.tasks:,} tasks, {batch.unsure:,} of them unsure")
    table.add_row("answers", f"{batch.answers:,}, {batch.gold_answers:,} of them to {batch.golds:,} golds")
    if supply.suspended:
        table.add_row(
            "suspended", f"{supply.suspended:,} golds that workers contradict: decide about them in the panel"
        )
    if supply.short:
        why = _TOO_FEW if supply.left < supply.asked else _ALL_MET
        said = why.format(left=supply.left, asked=supply.asked, fresh=supply.fresh) + _MORE_GOLDS
        table.add_row("running short", Text(said, "yellow"))
    if batch.practice:
        table.add_row("practice", f"{batch.practice:,} tasks, not paid and not counted")
    table.add_row("reports", f"{batch.reported:,} of broken items")
    table.add_row("workers", f"{batch.workers:,}")
    table.add_row("price of an answer", amount(batch.price))
    hourly = Text("not measured yet")
    if batch.per_hour is not None and batch.slow_per_hour is not None:
        hourly = amount(to_cents(batch.per_hour))
        hourly.append(f"; three of four workers earn {money(to_cents(batch.slow_per_hour))} or more")
    table.add_row("an hour's work", hourly)
    if batch.fair_price is not None and Need.MONEY in batch.needs:
        lacking = plain_money(batch.short_by or 0)
        told = _UNDERPAID.format(price=money(batch.fair_price), id=batch.id, lacking=lacking)
        table.add_row("", Text(told, "yellow"))
    table.add_row("put in", amount(batch.funded))
    table.add_row("earned by workers", amount(batch.spent))
    if batch.budget is not None:
        sure = "no label yet" if batch.confidence is None else f"labels are {batch.confidence:.1%} sure on average"
        table.add_row("budget", Text(f"{batch.spent / batch.budget:.1%} of {money(batch.budget)} spent; {sure}"))
    table.add_row("fee", amount(batch.fee))
    table.add_row("left", amount(batch.left))
    table.add_row("posted", f"{batch.created_at:%Y-%m-%d %H:%M} UTC")
    if batch.closed_at:
        table.add_row("closed", f"{batch.closed_at:%Y-%m-%d %H:%M} UTC")
    return table


def cards(batches: Sequence[BatchCard]) -> Table:
    """Batches, one on a line."""
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for name in ("id", "state", "pilot", "name", "language"):
        table.add_column(name)
    for name in ("settled", "answers", "workers", "spent"):
        table.add_column(name, justify="right")
    for batch in batches:
        table.add_row(
            str(batch.id), Text(batch.state, _STATE.get(batch.state, "")), pilot_word(batch), Text(batch.name),
            batch.language, f"{batch.settled:,}/{batch.tasks:,}", f"{batch.answers:,}", f"{batch.workers:,}",
            f"{money(batch.spent)} {batch.currency}",
        )  # fmt: skip
    return table


def needs(batches: Sequence[BatchCard]) -> Iterator[Text]:
    """What those of them wait for that only their requester can do, and how it is done."""
    for batch in batches:
        lacking = plain_money(batch.short_by or 0)
        for need in batch.needs:
            yield Text(_NEEDS[need].format(id=batch.id, lacking=lacking, currency=batch.currency), "yellow")


def replays(reports: Sequence[Report]) -> Table:
    """Replays, one on a line, and their means below where there are several."""
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0), show_footer=len(reports) > 1)

    def column(name: str, values: Sequence[float], form: str = ".1%") -> None:
        known = [value for value in values if not math.isnan(value)]
        mean = sum(known) / len(known) if known else float("nan")
        table.add_column(name, justify="right", footer=format(mean, form), footer_style="bold")

    table.add_column("data set", footer="mean", footer_style="bold")
    table.add_column("through")
    column("accuracy", [report.accuracy for report in reports])
    column("vote", [report.vote_accuracy for report in reports])
    column("calibration", [report.calibration_error for report in reports], ".3f")
    column("used", [report.used_share for report in reports])
    for name in ("gold answers", "bad stopped", "good stopped", "seconds"):
        table.add_column(name, justify="right")
    for report in reports:
        table.add_row(
            Text(report.name), report.through, f"{report.accuracy:.1%}", f"{report.vote_accuracy:.1%}",
            f"{report.calibration_error:.3f}", f"{report.used_share:.1%}", f"{report.gold_answers:,}",
            f"{report.bad.paused} of {report.bad.workers}", f"{report.good.paused} of {report.good.workers}",
            f"{report.seconds:.1f}",
        )  # fmt: skip
    return table


def _state(batch: BatchCard) -> Text:
    reason = f" ({batch.state_reason})" if batch.state_reason else ""
    return Text.assemble((batch.state, _STATE.get(batch.state, "")), reason)


def workers(cards: Sequence[BatchWorkerCard]) -> Table:
    """One line for each, with the accuracy that is likely and the range it lies in nine times of ten."""
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for name in ("worker", "state"):
        table.add_column(name)
    for name in ("accuracy", "likely", "golds right", "compared", "answers"):
        table.add_column(name, justify="right")
    for card in cards:
        known = card.estimate
        table.add_row(
            card.pseudonym, Text(known.state, _STANDING.get(known.state, "dim")),
            f"{known.accuracy:.0%}", f"{known.low:.0%} to {known.high:.0%}",
            f"{known.golds:,}" if known.right is None else f"{known.right:g} of {known.golds:,}",
            "–" if known.compared is None else f"{known.compared:,}", f"{card.answers:,}",
        )  # fmt: skip
    return table
