"""The sandbox's own time: real time until somebody moves it forward or lets it stand still."""

import asyncio
import heapq
import time
from collections.abc import Callable
from itertools import count


class Timer:
    """Something that will be called once, unless it is cancelled first."""

    __slots__ = ("callback", "when")

    def __init__(self, when: float, callback: Callable[[], None]) -> None:
        self.when = when
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        """Forget it. Safe to call again, or afterwards."""
        self.callback = None


class Clock:
    """Seconds since 1970, running like real time and moved forward by ``advance``.

    Everything that waits inside the sandbox waits on this clock, so a test that advances it sees long
    polls end, updates expire and webhooks repeat without sleeping.
    """

    def __init__(self) -> None:
        self._start = time.time() - time.monotonic()
        self.offset_s = 0.0
        self._stopped_at: float | None = None
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = count()
        self._alarm: asyncio.TimerHandle | None = None

    def now(self) -> float:
        """Seconds since 1970, in this clock's time."""
        running = time.monotonic() if self._stopped_at is None else self._stopped_at
        return self._start + running + self.offset_s

    @property
    def frozen(self) -> bool:
        """Does it stand still but for ``advance``?"""
        return self._stopped_at is not None

    def freeze(self, *, frozen: bool) -> None:
        """Let the time stand still but for ``advance``, or run on from where it stands."""
        if frozen and self._stopped_at is None:
            self._stopped_at = time.monotonic()
        elif not frozen and self._stopped_at is not None:
            self.offset_s -= time.monotonic() - self._stopped_at
            self._stopped_at = None
        self._set_alarm()

    def advance(self, seconds: float) -> None:
        """Move the time forward; what falls due meanwhile is called in order, each at its own time."""
        target = self.now() + seconds
        while self._timers and self._timers[0][0] <= target:
            self.offset_s += max(0.0, self._timers[0][0] - self.now())
            self._fire_first()
        self.offset_s += max(0.0, target - self.now())
        self._set_alarm()

    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        """Call ``callback`` when this clock shows ``when``."""
        timer = Timer(when, callback)
        heapq.heappush(self._timers, (when, next(self._order), timer))
        if self._timers[0][2] is timer:
            self._set_alarm()
        return timer

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call ``callback`` after so many seconds of this clock."""
        return self.call_at(self.now() + seconds, callback)

    async def sleep(self, seconds: float) -> None:
        """Wait for so many seconds of this clock."""
        done = asyncio.get_running_loop().create_future()
        await self.limit(done, seconds)

    async def limit(self, future: "asyncio.Future[None]", seconds: float) -> None:
        """Wait for ``future``, and end it with None after so many seconds of this clock."""
        timer = self.call_later(seconds, lambda: end(future))
        try:
            await future
        finally:
            timer.cancel()

    def close(self) -> None:
        """Stop: nothing that was waiting will be called any more."""
        self._timers.clear()
        if self._alarm is not None:
            self._alarm.cancel()

    def _set_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self._timers and self._stopped_at is None:
            delay = max(0.0, self._timers[0][0] - self.now())
            self._alarm = asyncio.get_running_loop().call_later(delay, self._ring)

    def _ring(self) -> None:
        while self._timers and self._timers[0][0] <= self.now():
            self._fire_first()
        self._set_alarm()

    def _fire_first(self) -> None:
        callback = heapq.heappop(self._timers)[2].callback
        if callback is not None:
            callback()


def end(future: "asyncio.Future[None]") -> None:
    """Let whoever waits for ``future`` go on, if nobody did so before."""
    if not future.done():
        future.set_result(None)
