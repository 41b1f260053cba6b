"""bank: to an account with an IBAN, by the file that banks take (ISO 20022, pain.001.001.09)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from crowd.payouts.method import MICRO, Asked, FileMethod, NotPayableError, Order, OrderError, Payer, Terms
from crowd.sentences import Sentence, say

_SCHEMA = "pain.001.001.09"
_LONGEST_NAME = 70
_EXAMPLE = Order(1, {Asked.IBAN: "DE89370400440532013000", Asked.NAME: "A Name"}, 5 * MICRO, "EUR")
"""With it a file is as it must be, unless it is for the house's own account that it is not."""


class Bank(FileMethod):
    """Pays to an IBAN."""

    name = "bank"
    called = "Bank account"
    fields = (Asked.IBAN, Asked.NAME)
    suffix, media_type = "xml", "application/xml"

    def serves(self, country: str, currency: str) -> bool:
        """Euros where euros are sent as at home (SEPA): other transfers cost more than most payouts."""
        return currency == "EUR" and in_sepa(country)

    def terms(self, currency: str) -> Terms:  # noqa: ARG002
        """Five euros at least; transfers of one currency area are free."""
        return Terms(least=5 * MICRO, fee=0)

    def takes(self, asked: Asked, entered: str) -> bool:
        """A name that can be written in the letters that banks have, and an account where euros go."""
        return _fault(asked, entered) is None

    def write(self, orders: Sequence[Order], payer: Payer, *, file: str, on: date) -> bytes:
        """One batch of transfers, checked as it leaves against the schema of the standard."""
        if not payer.name or not payer.iban:
            raise NotPayableError(
                say(
                    "the house has no account to pay from: set {name} and {iban}",
                    name="KAZI_PAYER_NAME",
                    iban="KAZI_PAYER_IBAN",
                )
            )
        data = _transfers(orders, payer, file, on)
        if (trouble := _trouble(data)) is None:
            return data
        suspects = orders
        while len(suspects) > 1:
            half = suspects[: len(suspects) // 2]
            suspects = half if _trouble(_transfers(half, payer, file, on)) else suspects[len(half) :]
        if _trouble(_transfers(suspects, payer, file, on)) and not _trouble(_transfers([_EXAMPLE], payer, file, on)):
            raise OrderError(suspects[0], trouble)
        raise NotPayableError(trouble)


def in_sepa(country: str) -> bool:
    """Whether accounts of that country (ISO 3166-1 alpha-2) have an IBAN and are in the euro payments area.

    The IBAN registry says so, which `schwifty` brings.
    """
    from schwifty import registry  # few processes need it
    from schwifty.exceptions import SchwiftyException

    try:
        return bool(registry.get_iban_spec(country).in_sepa_zone)
    except SchwiftyException:
        return False


def _fault(asked: Asked, entered: str) -> Sentence | None:
    """Why a bank could not pay to that."""
    if asked is Asked.NAME and sum(letter.isalpha() for letter in _latin(entered)) < 2:
        return say("its name has no letters that a bank can read")
    if asked is Asked.IBAN and not in_sepa(entered[:2]):
        return say("its account is in no country of the euro payments area (SEPA)")
    return None


def _latin(name: str) -> str:
    """As the file has it: in letters of ASCII, by which banks everywhere can read it."""
    from text_unidecode import unidecode  # as sepaxml does it, who brings it

    found: str = unidecode(name)
    return found.strip()[:_LONGEST_NAME]


def _transfers(orders: Sequence[Order], payer: Payer, file: str, on: date) -> bytes:
    from sepaxml import SepaTransfer

    own = {"name": payer.name, "IBAN": payer.iban, "batch": True, "currency": orders[0].currency}
    made = SepaTransfer(own | ({"BIC": payer.bic} if payer.bic else {}), schema=_SCHEMA, clean=True)
    for order in orders:
        made.add_payment(_payment(order, on))
    data: bytes = made.export(validate=False)
    return data.replace(made.msg_id.encode(), file.encode())  # it draws one by lot, which no bank could know again


def _trouble(data: bytes) -> Sentence | None:
    """What the schema has against a file."""
    from sepaxml.validation import ValidationError, try_valid_xml  # an XML schema in Python: few processes need it

    try:
        try_valid_xml(data, _SCHEMA)
    except ValidationError as error:
        return say("the file would not be as {schema} wants it: {error}", schema=_SCHEMA, error=str(error))
    return None


def _payment(order: Order, on: date) -> dict[str, Any]:
    for asked, entered in order.details.items():
        if (fault := _fault(Asked(asked), entered)) is not None:
            raise OrderError(order, fault)
    return {
        "name": _latin(order.details[Asked.NAME]),
        "IBAN": order.details[Asked.IBAN],
        "amount": order.whole,  # of euros: cents
        "currency": order.currency,
        "execution_date": on,
        "description": order.reference,
        "endtoend_id": order.reference,
    }


METHOD = Bank()
