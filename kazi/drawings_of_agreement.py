"""What `kazi batch agreement` shows on a terminal."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from crowd.agreement.figures import Figures
from crowd.agreement.measuring import Agreement
from crowd.batches.cards import BatchCard
from crowd.exports.base import value_text

_MARKS = ((0.8, "good", "green"), (0.667, "fair", "yellow"), (-2.0, "low", "red"))
"""From where on Krippendorff calls data reliable, and good for tentative conclusions."""


def drawn(card: BatchCard, found: Agreement) -> Iterator[RenderableType]:
    """Alpha in a line, and the confusion matrix."""
    figures = found.figures
    yield Text.assemble((f"batch {card.id}", "bold"), f"  {card.kind}, {card.language}, {found.answers:,} answers")
    yield _alpha(figures)
    if figures.options and any(option.tasks for option in figures.options):
        yield _matrix(figures)


def _alpha(figures: Figures) -> Text:
    if figures.alpha is None:
        return Text("alpha: nothing to measure: no task has two answers, or all answers are the same", "dim")
    _, word, color = next(mark for mark in _MARKS if figures.alpha >= mark[0])
    text = Text.assemble("alpha ", (f"{figures.alpha:.3f}", "bold"), " ", (word, color))
    if figures.low is not None and figures.high is not None:
        text.append(f"  95 % interval {figures.low:.3f} to {figures.high:.3f}")
    part = ", a random part of the batch" if figures.sampled else ""
    text.append(f"  from {figures.answers:,} answers to {figures.tasks:,} tasks{part}", "dim")
    return text


def _matrix(figures: Figures) -> Table:
    table = Table(
        title="answers (columns) to the tasks of each label (rows)", title_justify="left", title_style="dim", box=None,
        header_style="dim", padding=(0, 2, 0, 0),
    )  # fmt: skip
    table.add_column("label")
    table.add_column("tasks", justify="right")
    for option in figures.options:
        table.add_column(Text(value_text(option.label) or ""), justify="right")
    table.add_column("don't know", justify="right")
    for option in figures.options:
        shares = [
            Text(f"{said.times / option.answers:.0%}" if option.answers else "–", "bold" if right else "")
            for said, right in ((said, said.value == option.label) for said in option.said)
        ]
        label = Text(value_text(option.label) or "")
        table.add_row(label, f"{option.tasks:,}", *shares, f"{option.dont_know:,}")
    return table
