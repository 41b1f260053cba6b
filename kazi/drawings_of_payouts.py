"""Payouts on a terminal."""

from collections.abc import Sequence

from rich.table import Table

from crowd.payouts.method import MICRO
from crowd.payouts.queue import Waiting


def queue(payouts: Sequence[Waiting]) -> Table:
    """What waits, a line each."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "asked for", "worker", "country", "amount", "by", "to", "look twice"):
        table.add_column(name, justify="right" if name in {"id", "amount"} else "left")
    for each in payouts:
        marks = [mark.replace("_", " ") for mark in each.marks]
        first = [f"approved by {each.approved_by}, wants a second person"] if each.approved_by else []
        table.add_row(
            str(each.id), f"{each.requested_at:%Y-%m-%d %H:%M}", each.pseudonym, each.country or "",
            f"{each.amount / MICRO:,.2f} {each.currency}", each.method, each.masked, ", ".join([*first, *marks]),
        )  # fmt: skip
    return table
