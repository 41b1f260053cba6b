"""webhook: to an account with any provider, who is told of each payout by a signed message (`posting.py`).

Which provider that is, the house says in its settings; without them this way is offered to nobody.
"""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from crowd.payouts.method import MICRO, Asked, Method, Terms


@dataclass(frozen=True, slots=True)
class Provider:
    """Who pays."""

    label: str
    """What workers know them by."""
    least: Mapping[str, int]
    """By currency that they pay, micro-units: nothing smaller leaves."""
    pattern: re.Pattern[str]
    """All of an account is like this."""
    example: str = ""
    """An account that is nobody's, shown to workers."""
    countries: Set[str] = field(default_factory=frozenset)
    """Where they pay (ISO 3166-1 alpha-2); empty: everywhere."""


class Webhook(Method):
    """Pays by messages to a provider."""

    name = "webhook"
    called = "Account with a provider"
    fields = (Asked.ACCOUNT, Asked.NAME)

    def __init__(self) -> None:
        self._provider: Provider | None = None

    def set_up(self, provider: Provider | None) -> None:
        """Say who pays. Once, when a process starts: a method is found by its name alone and is handed nothing."""
        self._provider = provider

    @property
    def label(self) -> str:
        """The provider's name."""
        return self._provider.label if self._provider else ""

    @property
    def example(self) -> str:
        """Of the provider's accounts."""
        return self._provider.example if self._provider else ""

    def serves(self, country: str, currency: str) -> bool:
        """Where and what the provider pays; nobody where there is none."""
        provider = self._provider
        return (
            provider is not None
            and currency in provider.least
            and (not provider.countries or country in provider.countries)
        )

    def terms(self, currency: str) -> Terms:
        """As the house says; the provider's fee is the house's."""
        return Terms(least=self._provider.least.get(currency, MICRO) if self._provider else MICRO, fee=0)

    def takes(self, asked: Asked, entered: str) -> bool:
        """An account is as the provider's are."""
        return asked is not Asked.ACCOUNT or self._provider is None or bool(self._provider.pattern.fullmatch(entered))


METHOD = Webhook()
