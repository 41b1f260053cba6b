"""What the panel is told at its start; `kazi` reads it from the environment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from crowd.payouts.method import Payer
from crowd.payouts.signing import Signer
from crowd.payouts.vault import Vault
from crowd.receipts.keys import KnownKeys


class Screen(Protocol):
    """A task as a phone shows it."""

    @property
    def text(self) -> str:
        """Plain text."""

    @property
    def buttons(self) -> list[list[str]]:
        """What the buttons under it say, row by row."""

    @property
    def picture(self) -> str | None:
        """The requester's name of the picture that stands above the text."""

    @property
    def bytes(self) -> int:
        """What such a task costs a phone in data, about."""

    @property
    def sound(self) -> str | None:
        """The same of a sound."""


Preview = Callable[[BatchSpec, Json, str], Screen]
"""The screen of a task: of which batch, with which payload, in which locale."""


@dataclass(frozen=True, slots=True)
class Paying:
    """How the house pays out."""

    vault: Vault = field(repr=False)
    payer: Payer = field(repr=False)
    four_eyes: Mapping[str, int] = field(default_factory=dict)
    """By currency, the micro-units from which on two people approve a payout."""
    signer: Signer | None = field(default=None, repr=False)
    """Signs and verifies messages of the provider to whom payouts are posted; None where there is none."""
    patience_h: float = 24
    """Hours after which staff are shown a payout that was posted and has come to no end."""


@dataclass(frozen=True, slots=True)
class PanelSettings:
    """Settings of the panel."""

    secret: bytes = field(repr=False)
    """Signs sessions, 16 bytes or more."""
    preview: Preview
    """The bot's, handed in by `kazi`: `admin` does not import `bot`."""
    fee_ppm: int = 0
    """The house's fee, millionths of what workers earn."""
    paying: Paying | None = None
    """None: there is no page of payouts."""
    receipt_keys: KnownKeys = field(default_factory=lambda: KnownKeys([]))
    """By which receipts are told genuine."""
    demo_phone_url: str | None = None
    """Set in the demo only: a page with a phone, shown beside the batches."""
    demo_key: str | None = field(default=None, repr=False)
    """Set in the demo only: who opens `/demo?key=` with it needs no token. New at each start."""
