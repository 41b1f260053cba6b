"""bank: to an account with an IBAN, by the file that banks take (ISO 20022, pain.001.001.09)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from crowd.payouts.method import MICRO, Asked, FileMethod, NotPayableError, Order, Payer, Terms, whole_units
from crowd.sentences import say

_SCHEMA = "pain.001.001.09"


class Bank(FileMethod):
    """Pays to an IBAN."""

    name = "bank"
    called = "Bank account"
    fields = (Asked.IBAN, Asked.NAME)
    suffix, media_type = "xml", "application/xml"

    def serves(self, country: str, currency: str) -> bool:
        """Where accounts have an IBAN, and euros: other transfers cost more than most payouts."""
        from schwifty import registry  # tables of all banks: few processes need them

        return currency == "EUR" and country in registry.get_countries()

    def terms(self, currency: str) -> Terms:  # noqa: ARG002
        """Five euros at least; transfers of one currency area are free."""
        return Terms(least=5 * MICRO, fee=0)

    def write(self, orders: Sequence[Order], payer: Payer, *, file: str, on: date) -> bytes:
        """One batch of transfers, checked against the schema of the standard."""
        if not payer.name or not payer.iban:
            raise NotPayableError(
                say(
                    "the house has no account to pay from: set {name} and {iban}",
                    name="KAZI_PAYER_NAME",
                    iban="KAZI_PAYER_IBAN",
                )
            )
        from sepaxml import SepaTransfer  # an XML schema in Python: few processes need it
        from sepaxml.validation import ValidationError

        own = {"name": payer.name, "IBAN": payer.iban, "batch": True, "currency": orders[0].currency}
        made = SepaTransfer(own | ({"BIC": payer.bic} if payer.bic else {}), schema=_SCHEMA, clean=True)
        for order in orders:
            made.add_payment(_payment(order, on))
        try:
            data: bytes = made.export(validate=True)
        except ValidationError as error:
            raise NotPayableError(
                say("the file would not be as {schema} wants it: {error}", schema=_SCHEMA, error=str(error))
            ) from error
        return data.replace(made.msg_id.encode(), file.encode())  # it draws one by lot, which no bank could know again


def _payment(order: Order, on: date) -> dict[str, Any]:
    return {
        "name": order.details[Asked.NAME],
        "IBAN": order.details[Asked.IBAN],
        "amount": whole_units(order.amount, order.currency),  # of euros: cents
        "currency": order.currency,
        "execution_date": on,
        "description": order.reference,
        "endtoend_id": order.reference,
    }


METHOD = Bank()
