"""What the panel is told at its start; `kazi` reads it from the environment."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PanelSettings:
    """Settings of the panel."""

    secret: bytes = field(repr=False)
    """Signs sessions, 16 bytes or more."""
    fee_ppm: int = 0
    """The house's fee, millionths of what workers earn."""
    demo_phone_url: str | None = None
    """Set in the demo only: a page with a phone, shown beside the batches."""
    demo_key: str | None = field(default=None, repr=False)
    """Set in the demo only: who opens `/demo?key=` with it needs no token. New at each start."""
