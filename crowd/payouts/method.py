"""What a way to pay out has to say for itself. Each is one file in `crowd/payouts/methods`."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from babel.numbers import get_currency_precision

from crowd.sentences import Sentence, SentenceError, say

MICRO = 1_000_000


class Asked(StrEnum):
    """What is asked of a worker for a field; it tells how it is read, and in which words it is asked for."""

    PHONE = "phone"
    IBAN = "iban"
    NAME = "name"
    """As the account has it."""
    WORDS = "words"
    """How to reach them, in their own words."""
    ACCOUNT = "account"
    """As the provider of the method calls it; the method knows what it looks like."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a payout costs, micro-units of its currency."""

    least: int
    """Nothing smaller leaves."""
    fee: int
    """Taken from the amount, for sending the rest."""


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays, as banks want it; empty where no bank is paid through."""

    name: str = ""
    iban: str = ""
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """One payout that is to be sent."""

    payout_id: int
    details: Mapping[str, str]
    """By the names of the method's fields."""
    amount: int
    """Micro-units that are to arrive: the fee is taken off."""
    currency: str

    @property
    def reference(self) -> str:
        """By which the provider's answer names it."""
        return f"KAZI-{self.payout_id}"

    @property
    def whole(self) -> int:
        """How many of its currency's smallest units it is. Raises OrderError where they are not whole."""
        found, rest = divmod(self.amount, smallest_unit(self.currency))
        if rest:
            raise OrderError(self, say("its amount is finer than {currency} can be paid", currency=self.currency))
        return found

    @property
    def units(self) -> str:
        """Its amount as providers write it: with as many decimals as the currency has. Raises OrderError."""
        decimals = _decimals(self.currency)
        return f"{Decimal(self.whole).scaleb(-decimals):.{decimals}f}"


class NotPayableError(SentenceError):
    """Orders cannot be written as this method's file; says why, for staff."""


class OrderError(NotPayableError):
    """One order cannot be sent: says which, why, and what to do, so that it does not stand in the way of others."""

    def __init__(self, order: Order, why: Sentence) -> None:
        super().__init__(
            say(
                "{payout} cannot be sent: {why}. Refuse it, with what its worker is to put right, and go on: {command}",
                payout=order.reference,
                why=why,
                command=f'kazi payouts refuse {order.payout_id} "…"',
            )
        )


class Method(ABC):
    """A way to pay out."""

    name: ClassVar[str]
    called: ClassVar[str]
    """What people read as its name, in English: it is in the bot's catalogs and the panel's (scripts/catalogs)."""
    fields: ClassVar[tuple[Asked, ...]]
    """What is entered, in this order; the first is the account."""

    @abstractmethod
    def serves(self, country: str, currency: str) -> bool:
        """Whether it pays that currency to people in that country (ISO 3166-1 alpha-2, ISO 4217)."""

    @abstractmethod
    def terms(self, currency: str) -> Terms:
        """What a payout in that currency costs."""

    @property
    def label(self) -> str:
        """What the house calls it, in no language; empty where `called` says it."""
        return ""

    @property
    def example(self) -> str:
        """What an account looks like, where a worker is helped by it; may be empty."""
        return ""

    def takes(self, asked: Asked, entered: str) -> bool:  # noqa: ARG002
        """Whether what was entered can be right, beside what holds for all methods."""
        return True

    def account(self, details: Mapping[str, str]) -> str:
        """What is the same for the same account."""
        return f"{self.name}:{details[self.fields[0]].casefold()}"


class FileMethod(Method):
    """A way to pay out by a file that staff hands to a provider, who hands one with results back (`results.py`)."""

    suffix: ClassVar[str]
    media_type: ClassVar[str]

    @abstractmethod
    def write(self, orders: Sequence[Order], payer: Payer, *, file: str, on: date) -> bytes:
        """The file. `file` names it to the provider, who takes the same name once.

        Raises NotPayableError: OrderError where it is for one of the orders.
        """


def smallest_unit(currency: str) -> int:
    """Micro-units of the smallest amount that a currency has (Unicode CLDR): a cent, a franc, a fils; at least one.

    What is less stays in the wallet: nobody can send it.
    """
    return int(MICRO // 10 ** _decimals(currency))


def _decimals(currency: str) -> int:
    return int(get_currency_precision(currency))
