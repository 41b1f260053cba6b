"""The provider to whom payouts are posted, as settings say."""

from typing import TYPE_CHECKING

from crowd.payouts.method import MICRO
from crowd.payouts.methods.webhook import METHOD, Provider
from crowd.payouts.signing import SecretError, Signer
from crowd.payouts.vault import Vault
from kazi.connection import fail

if TYPE_CHECKING:
    from kazi.payoutposting import Posting
    from kazi.settings import Settings


def set_up_provider(settings: "Settings") -> Signer | None:
    """Let the method `webhook` pay by whom the settings say; None where they name nobody. Ends the command if wrong."""
    if settings.payout_webhook_url is None:
        METHOD.set_up(None)
        return None
    for value, variable in (
        (settings.payout_webhook_secret, "SECRET"),
        (settings.payout_webhook_label, "LABEL"),
        (settings.payout_webhook_least, "LEAST"),
    ):
        if not value:
            fail(f"KAZI_PAYOUT_WEBHOOK_URL is set, and KAZI_PAYOUT_WEBHOOK_{variable} is not: see docs/payouts.md")
    example = settings.payout_webhook_example
    if example and not settings.payout_webhook_pattern.fullmatch(example):
        fail("KAZI_PAYOUT_WEBHOOK_EXAMPLE is not as KAZI_PAYOUT_WEBHOOK_PATTERN says")
    countries = frozenset(each.strip().upper() for each in settings.payout_webhook_countries.split(",") if each.strip())
    least = {currency: int(amount * MICRO) for currency, amount in settings.payout_webhook_least.items()}
    METHOD.set_up(Provider(settings.payout_webhook_label, least, settings.payout_webhook_pattern, example, countries))
    assert settings.payout_webhook_secret is not None
    try:
        return Signer(settings.payout_webhook_secret.get_secret_value().split(","))
    except SecretError as error:
        fail(f"KAZI_PAYOUT_WEBHOOK_SECRET in the environment: {error}")


def posting_of(settings: "Settings", vault: Vault) -> "Posting | None":
    """How payouts are posted; None where they are to nobody."""
    from kazi.payoutposting import Posting

    signer = set_up_provider(settings)
    if signer is None:
        return None
    return Posting(str(settings.payout_webhook_url), signer, vault)
