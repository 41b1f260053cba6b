"""What `kazi batch parity` shows on a terminal."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from crowd.parity.figures import Look, Measure
from crowd.parity.flags import Flag, Parity

_NAMES = {Measure.ACCURACY: "golds right", Measure.TIME: "usual time", Measure.SKIPS: "passed over"}


def parity_line(parity: Parity, batch_id: int) -> Text | None:
    """What stands, in a sentence; None: nothing."""
    if not parity.flagged:
        return None
    told = "; ".join(f"{each.language}: {_beside(each)}" for each in parity.standing)
    return Text(f"look at its instructions first, by language: {told}; `kazi batch parity {batch_id}`", "yellow")


def drawn(batch_id: int, parity: Parity) -> Iterator[Table | Text]:
    """Each language held against all others, and the flags."""
    if parity.look is None or not parity.look.found:
        yield Text(f"Batch {batch_id}: too few golds were answered to compare languages, or it has only one.")
    else:
        yield _table(parity.look)
    for flag in parity.flags:
        yield _told(flag)


def _table(look: Look) -> Table:
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for name in ("language", "measure"):
        table.add_column(name)
    for name in ("workers", "answers", "here", "others", "by chance"):
        table.add_column(name, justify="right")
    for each in look.found:
        table.add_row(
            each.language, Text(_NAMES[each.measure], "yellow" if each.departs else ""), f"{each.workers}",
            f"{each.answers:,}", figure(each.measure, each.here), figure(each.measure, each.elsewhere), f"{each.p:.2g}",
        )  # fmt: skip
    return table


def _told(flag: Flag) -> Text:
    said = f"{flag.language}: {_beside(flag)} (by chance {flag.p:.2g}), since {flag.raised_at:%Y-%m-%d %H:%M} UTC"
    if flag.ended_at is None:
        frozen = "; scores of who read it are frozen here" if flag.freezes else ""
        return Text(f"{said}{frozen}", "yellow")
    reason = f" ({flag.reason})" if flag.reason else ""
    return Text(f"{said}; {flag.outcome} by {flag.ended_by}, {flag.ended_at:%Y-%m-%d %H:%M} UTC{reason}", "dim")


def _beside(flag: Flag) -> str:
    here, others = figure(flag.measure, flag.here), figure(flag.measure, flag.elsewhere)
    return f"{_NAMES[flag.measure]} {here}, others {others}"


def figure(measure: Measure, value: float) -> str:
    """A value as it is told."""
    return f"{value / 1000:.1f} s" if measure is Measure.TIME else f"{value:.0%}"
