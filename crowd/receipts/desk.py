"""Where receipts are made: the key in use, those that are accepted, and the page that names to strangers."""

from dataclasses import dataclass, field

from crowd.receipts.keys import KnownKeys, SigningKey


@dataclass(frozen=True, slots=True)
class ReceiptDesk:
    """What it takes to make and check receipts."""

    key: SigningKey = field(repr=False)
    known: KnownKeys
    """That of `key` among them."""
    page: str | None = None
    """Public address of the page that checks receipts, where there is one."""
