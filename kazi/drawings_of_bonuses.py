"""Pots and invitations on a terminal."""

from collections.abc import Iterator, Sequence

from rich.table import Table

from crowd.bonuses.pot import Pot
from crowd.labels.results import money
from crowd.referrals.overview import Overview
from crowd.referrals.paying import Hindrance

_WHY = {
    None: "are paid within minutes",
    Hindrance.AWAY: "wait: the inviter has stopped, or blocked the bot",
    Hindrance.FINDING: "wait: a finding of fraud is to be decided, or pauses one of the two",
    Hindrance.ACCOUNT: "wait: the invited worker is paid to an account of the inviter, or of another whom they invited",
    Hindrance.MANY: "wait: the inviter was paid for as many as may be in 30 days",
    Hindrance.POT: "wait for money in the pot: `kazi bonus fund` puts it in",
}


def pots_table(found: Sequence[Pot]) -> Table:
    """The pots, a line each."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("currency", "put in", "paid", "left"):
        table.add_column(name, justify="left" if name == "currency" else "right")
    for each in found:
        table.add_row(each.currency, *(money(micros) for micros in (each.put_in, each.paid, each.balance)))
    return table


def referrals(found: Overview) -> Iterator[str]:
    """How invitations stand, line by line."""
    terms = found.terms
    yield (
        "invitations pay nothing now"
        if terms is None
        else f"an invitation pays {money(terms.per_invited)} {terms.currency}, for {terms.good_answers} good answers "
        f"(set by {terms.set_by}, {terms.set_at:%Y-%m-%d})"
    )
    yield f"{found.came:,} came by the links of {found.inviters:,} workers"
    yield f"{found.under_way:,} are under way, {found.paid:,} were paid for"
    yield from (f"paid: {money(micros)} {currency}" for currency, micros in found.sums)
    yield from (f"in the pot: {money(pot.balance)} {pot.currency}" for pot in found.pots)
    for each in found.held:
        yield f"{each.invitations:,} earned, {money(each.amount)} {each.currency}: {_WHY[each.hindrance]}"
