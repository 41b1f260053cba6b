"""Taps on inline buttons that wait for the bot's answer."""

import asyncio
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.phones import Phone
from sandbox.updates import CALLBACK_LIFETIME_S


@dataclass(frozen=True, slots=True)
class TapResult:
    """What came of a tap: ``answered`` is False if the tap or its answer was lost, or nobody answered in time.

    ``waited_ms`` is in the sandbox's time, from the finger to the screen.
    """

    answered: bool
    text: str | None
    alert: bool
    waited_ms: int
    url: str | None = None


@dataclass(slots=True, eq=False)
class Tap:
    """One callback query under way."""

    phone: Phone
    began_at: float
    result: "asyncio.Future[TapResult]"
    answered: bool = False


class Taps:
    """The taps that a bot may still answer, by bot and query id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[tuple[int, str], Tap] = {}
        self._waiting: set[Tap] = set()

    def begin(self, phone: Phone) -> Tap:
        """The finger is on the button."""
        tap = Tap(phone, self._clock.now(), asyncio.get_running_loop().create_future())
        self._waiting.add(tap)
        return tap

    def arrived(self, bot_id: int, query_id: str, tap: Tap) -> None:
        """The tap has reached the server; from now on the bot has 150 seconds."""
        self._open[(bot_id, query_id)] = tap

        def expire() -> None:
            del self._open[(bot_id, query_id)]
            self.lose(tap)

        self._clock.call_later(CALLBACK_LIFETIME_S, expire)

    def answer(self, bot_id: int, query_id: str, text: str, *, alert: bool, url: str | None) -> bool:
        """The bot answers. False if it is too late or there is no such tap; a second answer changes nothing."""
        tap = self._open.get((bot_id, query_id))
        if tap is None:
            return False
        if not tap.answered:
            tap.answered = True
            tap.phone.notify(
                text,
                lambda: self._finish(tap, answered=True, text=text, alert=alert, url=url),
                lambda: self.lose(tap),
            )
        return True

    def lose(self, tap: Tap) -> None:
        """No answer will be seen for this tap."""
        self._finish(tap, answered=False, text=None, alert=False, url=None)

    def lose_of(self, phone: Phone) -> None:
        """The phone has gone offline: it sees no answer to the taps that were under way."""
        for tap in [tap for tap in self._waiting if tap.phone is phone]:
            self.lose(tap)

    def close(self) -> None:
        """End all waiting."""
        for tap in list(self._waiting):
            self.lose(tap)

    def _finish(self, tap: Tap, *, answered: bool, text: str | None, alert: bool, url: str | None) -> None:
        self._waiting.discard(tap)
        if not tap.result.done():
            waited_ms = round((self._clock.now() - tap.began_at) * 1000)
            tap.result.set_result(TapResult(answered, text or None, alert, waited_ms, url))
