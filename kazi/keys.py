"""Secrets of a house: given in its settings, or made once and kept beside its data."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kazi.connection import fail

if TYPE_CHECKING:
    from admin.settings import Paying
    from crowd.payouts.vault import Vault
    from kazi.settings import Settings


def panel_secret(settings: "Settings") -> bytes:
    """What signs sessions."""
    if settings.secret is not None:
        return settings.secret.get_secret_value().encode()
    return _kept(settings, "secret", lambda: secrets.token_bytes(32), "KAZI_SECRET")


def vault_of(settings: "Settings") -> "Vault":
    """What seals and opens where money goes."""
    from crowd.payouts.vault import Vault, VaultError, new_key

    if settings.payout_keys is not None:
        keys = [key.strip() for key in settings.payout_keys.get_secret_value().split(",")]
    else:
        keys = [_kept(settings, "payout.key", lambda: new_key().encode(), "KAZI_PAYOUT_KEYS").decode()]
    try:
        return Vault(keys)
    except VaultError as error:
        fail(f"KAZI_PAYOUT_KEYS in the environment: {error}")


def paying_of(settings: "Settings") -> "Paying":
    """How the house pays out."""
    from admin.settings import Paying
    from crowd.payouts.method import Payer
    from kazi.provider import set_up_provider

    payer = Payer(settings.payer_name, settings.payer_iban, settings.payer_bic)
    signer = set_up_provider(settings)
    return Paying(vault_of(settings), payer, four_eyes_of(settings), signer, settings.payout_webhook_hours)


def four_eyes_of(settings: "Settings") -> dict[str, int]:
    """By currency, the micro-units from which on two people approve a payout."""
    from crowd.payouts.method import MICRO

    return {currency: int(amount * MICRO) for currency, amount in settings.four_eyes.items()}


def _kept(settings: "Settings", name: str, make: Callable[[], bytes], variable: str) -> bytes:
    path = settings.data / name
    try:
        if not path.exists():
            _keep(path, make())
        return path.read_bytes()
    except OSError as error:
        fail(f"a secret of the house cannot be kept in {settings.data}: {error}; see KAZI_DATA, or set {variable}")


def _keep(path: Path, secret: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.{os.getpid()}")
    made.touch(mode=0o600)
    made.write_bytes(secret)
    with suppress(FileExistsError):  # another process was quicker: its secret is the one
        os.link(made, path)
    made.unlink()
