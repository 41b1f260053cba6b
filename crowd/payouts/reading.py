"""What a worker enters to be paid, read and made ready, and as screens show it once it is kept."""

import unicodedata
from enum import StrEnum

from crowd.payouts.method import Asked

LONGEST = 200
_DIGITS_SHOWN = 4


class Fault(StrEnum):
    """Why what was entered cannot be right."""

    EMPTY = "empty"
    LONG = "long"
    PHONE = "phone"
    """It is no mobile number of that country."""
    IBAN = "iban"
    """It is none, or one of its digits is mistyped."""
    NAME = "name"
    """It has no letters."""
    ACCOUNT = "account"
    """It does not look like one of that provider."""
    ABROAD = "abroad"
    """The account is where that way does not pay."""
    LETTERS = "letters"
    """Who pays that way cannot read the name's letters."""


NOT_TAKEN = {Asked.IBAN: Fault.ABROAD, Asked.NAME: Fault.LETTERS}
"""What is wrong with what a method does not take; with other fields it is ACCOUNT."""


class EntryError(ValueError):
    """What was entered cannot be right."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def read(asked: Asked, text: str, country: str) -> str:
    """What was entered, as it is kept: a phone number in E.164, an IBAN without blanks. Raises EntryError.

    Digits may be of any script. `country` (ISO 3166-1 alpha-2) is the worker's: mobile money goes to a number there,
    since it is in that country's currency.
    """
    plain = " ".join(_western(text).split())
    if not plain:
        raise EntryError(Fault.EMPTY)
    if len(plain) > LONGEST:
        raise EntryError(Fault.LONG)
    if asked is Asked.PHONE:
        return _phone(plain, country)
    if asked is Asked.IBAN:
        return _iban(plain)
    if asked is Asked.NAME and sum(letter.isalpha() for letter in plain) < 2:
        raise EntryError(Fault.NAME)
    return plain


def masked(value: str) -> str:
    """The last characters, and dots for the others: enough to know one's own by."""
    return "•••• " + value[-_DIGITS_SHOWN:] if len(value) > 2 * _DIGITS_SHOWN else "••••"


def _western(text: str) -> str:
    """Digits of all scripts as 0 to 9; without characters that cannot be seen."""
    return "".join(
        str(unicodedata.digit(each)) if unicodedata.category(each) == "Nd" else each
        for each in unicodedata.normalize("NFC", text)
        if each.isspace() or unicodedata.category(each) not in {"Cc", "Cf", "Co", "Cs", "Cn"}
    )


def _phone(text: str, country: str) -> str:
    import phonenumbers  # the plans of all countries: few processes need them

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise EntryError(Fault.PHONE) from None
    # A type is told of valid numbers only; in some plans it cannot be told from the number.
    mobile = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
    if phonenumbers.number_type(number) not in mobile or not phonenumbers.is_valid_number_for_region(number, country):
        raise EntryError(Fault.PHONE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _iban(text: str) -> str:
    from schwifty import IBAN  # tables of all banks, likewise
    from schwifty.exceptions import SchwiftyException

    try:
        return str(IBAN(text.replace("-", ""), validate_bban=True).compact)
    except SchwiftyException:
        raise EntryError(Fault.IBAN) from None
