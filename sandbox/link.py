"""The connection between a phone and Telegram."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.clock import Clock, Timer


@dataclass(slots=True)
class Link:
    """How good a phone's connection is: kilobits a second each way (None: no limit), delay one way."""

    online: bool = True
    kbps: float | None = None
    latency_ms: float = 0.0


@dataclass(slots=True, eq=False)
class _Flight:
    lost: Callable[[], None]
    timer: Timer | None = None


class Pipe:
    """One direction of a link: things arrive in the order in which they were sent, later if it is slow."""

    def __init__(self, clock: Clock, link: Link) -> None:
        self._clock = clock
        self._link = link
        self._flying: list[_Flight] = []
        self._free_at = 0.0
        self._last_arrival = 0.0

    def send(self, size: int, deliver: Callable[[], None], lost: Callable[[], None]) -> None:
        """Bring ``size`` bytes over: ``deliver`` is called on arrival, ``lost`` if the link breaks before."""
        link = self._link
        if link.kbps is None and not link.latency_ms and not self._flying:
            deliver()
            return
        now = self._clock.now()
        self._free_at = max(now, self._free_at) + (size * 8 / 1000 / link.kbps if link.kbps else 0.0)
        self._last_arrival = max(self._free_at + link.latency_ms / 1000, self._last_arrival)
        flight = _Flight(lost)
        self._flying.append(flight)

        def arrive() -> None:
            self._flying.remove(flight)
            deliver()

        flight.timer = self._clock.call_at(self._last_arrival, arrive)

    def cut(self) -> None:
        """The connection is gone: whatever is under way is lost, oldest first."""
        flying, self._flying = self._flying, []
        self._free_at = self._last_arrival = 0.0
        for flight in flying:
            if flight.timer is not None:
                flight.timer.cancel()
        for flight in flying:
            flight.lost()
