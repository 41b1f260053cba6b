"""manual: by a person, in whatever way the worker and the house agree on."""

from collections.abc import Sequence
from datetime import date

from crowd.payouts.method import MICRO, Asked, FileMethod, Order, Payer, Terms
from crowd.payouts.sheet import sheet


class Manual(FileMethod):
    """Pays by hand: the file is a list of what is to be done."""

    name = "manual"
    called = "Some other way"
    fields = (Asked.WORDS, Asked.NAME)
    suffix, media_type = "csv", "text/csv"

    def serves(self, country: str, currency: str) -> bool:  # noqa: ARG002
        """Everywhere."""
        return True

    def terms(self, currency: str) -> Terms:  # noqa: ARG002
        """A unit at least: a person's time goes into it."""
        return Terms(least=MICRO, fee=0)

    def write(self, orders: Sequence[Order], payer: Payer, *, file: str, on: date) -> bytes:  # noqa: ARG002
        """A line for each."""
        return sheet(
            ("reference", "how", "name", "amount", "currency"),
            [
                (
                    order.reference,
                    order.details[Asked.WORDS],
                    order.details[Asked.NAME],
                    order.units,
                    order.currency,
                )
                for order in orders
            ],
        )


METHOD = Manual()
