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
    from crowd.receipts.desk import ReceiptDesk
    from crowd.receipts.keys import PublicKey, SigningKey
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


def receipt_desk_of(settings: "Settings") -> "ReceiptDesk":
    """What signs receipts, and by which they are told genuine."""
    from crowd.receipts.desk import ReceiptDesk
    from crowd.receipts.keys import KnownKeys, new_key

    if settings.receipt_key is not None:
        text = settings.receipt_key.get_secret_value()
    else:
        text = _kept(settings, "receipt.key", lambda: new_key().encode(), "KAZI_RECEIPT_KEY").decode()
    own = _signing(text)
    page = str(settings.receipt_page) if settings.receipt_page is not None else None
    return ReceiptDesk(own, KnownKeys([own.public, *_former(settings)]), page)


def known_receipt_keys(settings: "Settings") -> "list[PublicKey]":
    """By which receipts are told genuine here, the one in use first; none is made for it."""
    kept = settings.data / "receipt.key"
    if settings.receipt_key is not None or kept.exists():
        return [*receipt_desk_of(settings).known]
    return _former(settings)


def _signing(text: str) -> "SigningKey":
    from crowd.receipts.keys import KeyTextError, SigningKey

    try:
        return SigningKey(text)
    except KeyTextError as error:
        fail(f"KAZI_RECEIPT_KEY in the environment: {error}, as `kazi receipts new-key` makes it")


def _former(settings: "Settings") -> "list[PublicKey]":
    from crowd.receipts.keys import KeyTextError, PublicKey

    try:
        return [PublicKey(text) for text in settings.receipt_former_keys.split(",") if text.strip()]
    except KeyTextError as error:
        fail(f"KAZI_RECEIPT_FORMER_KEYS in the environment: {error}, as `kazi receipts key` shows it")


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
