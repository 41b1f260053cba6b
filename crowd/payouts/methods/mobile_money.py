"""mobile_money: to the wallet of a phone number, by the bulk file that mobile-money providers take."""

from collections.abc import Mapping, Sequence
from datetime import date

from crowd.money.rough import per_dollar
from crowd.payouts.method import MICRO, Asked, FileMethod, Order, Payer, Terms
from crowd.payouts.sheet import sheet

_WALLETS: Mapping[str, str] = {
    "BF": "XOF", "BJ": "XOF", "CI": "XOF", "ML": "XOF", "NE": "XOF", "SN": "XOF", "TG": "XOF",
    "CD": "CDF", "CM": "XAF", "ET": "ETB", "GH": "GHS", "KE": "KES", "MG": "MGA", "MW": "MWK", "MZ": "MZN",
    "NG": "NGN", "RW": "RWF", "SL": "SLE", "TZ": "TZS", "UG": "UGX", "ZM": "ZMW", "ZW": "USD",
    "BD": "BDT", "KH": "USD", "MM": "MMK", "NP": "NPR", "PH": "PHP", "PK": "PKR",
}  # fmt: skip
"""Countries in which wallets on phones are common, and their currency: a choice of ours, from no one list.

USD is paid to all of them: the provider changes it."""


class MobileMoney(FileMethod):
    """Pays to a phone number."""

    name = "mobile_money"
    called = "Mobile money"
    fields = (Asked.PHONE, Asked.NAME)
    suffix, media_type = "csv", "text/csv"

    def serves(self, country: str, currency: str) -> bool:
        """See Method."""
        return country in _WALLETS and currency in {_WALLETS[country], "USD"}

    def terms(self, currency: str) -> Terms:
        """About a dollar at least; the provider's fee is the house's."""
        return Terms(least=int(MICRO * (per_dollar(currency) or 1)), fee=0)

    def write(self, orders: Sequence[Order], payer: Payer, *, file: str, on: date) -> bytes:  # noqa: ARG002
        """A line for each: whom, how much, and by what the answer names it."""
        return sheet(
            ("reference", "msisdn", "name", "amount", "currency"),
            [
                (
                    order.reference,
                    order.details[Asked.PHONE].removeprefix("+"),
                    order.details[Asked.NAME],
                    order.units,
                    order.currency,
                )
                for order in orders
            ],
        )


METHOD = MobileMoney()
