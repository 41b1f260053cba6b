"""What `kazi batch ranking` shows on a terminal."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from crowd.agreement.ranking import MOST_SOURCES, FirstShown, Obstacle, Ranking

_WHY = {
    Obstacle.UNNAMED: "no ranking: no item says what made the two; fill in the columns a_from and b_from",
    Obstacle.UNDECIDED: "no ranking yet: no comparison of two sources has a label that tells one from the other",
    Obstacle.APART: "no ranking: no comparison joins these groups, not even by way of a third source:",
    Obstacle.MANY: f"no ranking: there are more than {MOST_SOURCES} different names in a_from and b_from",
}


def drawn(found: Ranking) -> Iterator[RenderableType]:
    """The sources, and how far workers prefer what they see first."""
    if found.obstacle is not None:
        yield Text(_WHY[found.obstacle], "yellow")
    for group in found.groups:
        yield Text(f"  {', '.join(group)}")
    if found.sources:
        yield _table(found)
        unnamed = f"; {found.unnamed:,} tasks without" if found.unnamed else ""
        yield Text(f"from the labels of {found.tasks:,} tasks with two different sources{unnamed}", "dim")
    yield _first(found.first_shown)


def _table(found: Ranking) -> Table:
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("source")
    if found.obstacle is None:
        table.add_column("score", justify="right")
        table.add_column("95 % interval", justify="right")
    for name in ("better", "worse", "same", "both bad"):
        table.add_column(name, justify="right")
    for source in found.sources:
        figures = []
        if source.score is not None and source.low is not None and source.high is not None:
            figures = [Text(f"{source.score:.1%}", "bold"), Text(f"{source.low:.1%} to {source.high:.1%}")]
        times = (source.won, source.lost, source.even, source.both_bad)
        table.add_row(Text(source.name), *figures, *(f"{each:,}" for each in times))
    return table


def _first(shown: FirstShown) -> Text:
    if shown.share is None or shown.low is None or shown.high is None:
        return Text("order: no answer prefers one of the two yet", "dim")
    text = Text.assemble("shown first and preferred: ", (f"{shown.share:.1%}", "bold"))
    text.append(f"  95 % interval {shown.low:.1%} to {shown.high:.1%}, from {shown.answers:,} answers", "dim")
    return text
