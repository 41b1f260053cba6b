"""What `kazi batch pilot` shows on a terminal."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from crowd.batches.cards import BatchCard
from crowd.batches.spec import to_cents
from crowd.labels.results import money
from crowd.pilots.advice import advice
from crowd.pilots.card import Card, Light, Mark, Subject
from crowd.pilots.states import Pilot, PilotState
from crowd.sentences import Speaker

_COLORS = {Light.GREEN: "green", Light.RED: "red", Light.GREY: "dim"}
_SIGNS = {Light.GREEN: "✓", Light.RED: "✗", Light.GREY: "·"}
_NAMES = {
    Subject.WORKERS: "workers",
    Subject.AGREEMENT: "agreement (alpha)",
    Subject.GOLDS: "golds right",
    Subject.SKIPS: "skipped",
    Subject.REPORTS: "reported",
    Subject.DONT_KNOWS: "“I don't know”",
    Subject.PAY: "an hour's work",
}


def pilot_word(batch: BatchCard) -> Text:
    """Where a batch's pilot stands, in a list: nothing where it is over."""
    if batch.pilot is None or batch.pilot.ended or batch.state == "closed":
        return Text("")
    if batch.pilot.state is PilotState.READY:
        return Text("waits for you", "yellow")
    return Text(batch.pilot.state)


def pilot_state(pilot: Pilot, batch_id: int) -> Text:
    """The same in a sentence."""
    if pilot.state is PilotState.RUNNING:
        return Text(f"its first {pilot.tasks} tasks are worked on, the others wait: `kazi batch pilot {batch_id}`")
    if pilot.state is PilotState.READY:
        return Text(f"waits for you: `kazi batch pilot {batch_id}` shows what it found, --release goes on", "yellow")
    word = "waived" if pilot.state is PilotState.WAIVED else "released"
    reason = f" ({pilot.reason})" if pilot.reason else ""
    return Text(f"{word} by {pilot.ended_by}, {pilot.ended_at:%Y-%m-%d %H:%M} UTC{reason}")


def drawn(batch: BatchCard, card: Card | None, speaker: Speaker) -> Iterator[Table | Text]:
    """The card of a batch's pilot."""
    if batch.pilot is None:
        yield Text(f"Batch {batch.id} has no pilot: all its tasks are handed out.")
        return
    yield pilot_state(batch.pilot, batch.id)
    if card is None:
        return
    yield _marks(card, speaker)
    if card.rows:
        yield _countries(card)


def _marks(card: Card, speaker: Speaker) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for _ in range(2):
        table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    answers = f"{card.answers:,} answers, {card.gold_answers:,} of them to golds"
    table.add_row("", "tasks done", f"{card.done} of {card.tasks}", "", answers)
    slow = f"{_seconds(card.slow_ms)} for the slower quarter, {_hourly(card.slow_per_hour, card.currency)} an hour"
    table.add_row("", "time of an answer", _seconds(card.median_ms), "", slow)
    for mark in card.marks:
        said = advice(mark)
        table.add_row(
            Text(_SIGNS[mark.light], _COLORS[mark.light]), _NAMES[mark.about], _value(mark, card), _limit(mark),
            "" if said is None else speaker.put(said),
        )  # fmt: skip
    return table


def _countries(card: Card) -> Table:
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("country")
    for name in ("workers", "answers", "median time", "an hour's work", "golds right", "skipped", "reported"):
        table.add_column(name, justify="right")
    for row in card.rows:
        right = "–" if row.golds_right is None else f"{row.golds_right:.0%}"
        table.add_row(
            row.country or "others", f"{row.workers}", f"{row.answers:,}", _seconds(row.median_ms),
            _hourly(card.hourly(row.median_ms), card.currency), right, f"{row.skips}", f"{row.reports}",
        )  # fmt: skip
    return table


def _value(mark: Mark, card: Card) -> str:
    if mark.about is Subject.PAY:
        return _hourly(card.per_hour, card.currency)
    return "–" if mark.value is None else _figure(mark, mark.value)


def _limit(mark: Mark) -> str:
    if mark.limit is None:
        return ""
    bound = "at most" if mark.about in (Subject.SKIPS, Subject.REPORTS, Subject.DONT_KNOWS) else "at least"
    return f"{bound} {_figure(mark, mark.limit)}"


def _figure(mark: Mark, value: float) -> str:
    if mark.about is Subject.WORKERS:
        return f"{value:.0f}"
    return f"{value:.2f}" if mark.about is Subject.AGREEMENT else f"{value:.0%}"


def _seconds(ms: int | None) -> str:
    return "–" if ms is None else f"{ms / 1000:.1f} s"


def _hourly(micros: int | None, currency: str) -> str:
    return "–" if micros is None else f"{money(to_cents(micros))} {currency}"
