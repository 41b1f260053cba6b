"""Appeals on a terminal."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from crowd.appeals.deciding import Appeal
from crowd.payouts.method import MICRO


def queue(appeals: Sequence[Appeal]) -> Table:
    """A line each. What people wrote stands as it is."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "due", "worker", "amount", "batch", "voided for", "by", "the worker says", "outcome"):
        table.add_column(name, justify="right" if name in {"id", "amount"} else "left")
    for each in appeals:
        told = (each.batch, each.reason, each.voided_by, each.said or "", each.outcome or "")
        table.add_row(
            str(each.id), f"{each.due_at:%Y-%m-%d %H:%M}", each.pseudonym,
            f"{each.amount / MICRO:,.2f} {each.currency}", *map(Text, told),
        )  # fmt: skip
    return table
