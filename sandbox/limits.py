"""Telegram's limits on how fast a bot may send, as a switch.

What counts is messages that the bot sends: about one a second to one chat, a few at once pass, and about 30
a second over all chats. Edits and answers to taps do not count: what people just asked for is hardly limited.
"""

import math

from sandbox.clock import Clock
from sandbox.errors import too_many_requests

CHAT_PER_S, CHAT_BURST = 1.0, 5.0
BOT_PER_S, BOT_BURST = 30.0, 30.0

LIMITED = frozenset(
    {
        "sendmessage",
        "sendphoto",
        "sendvoice",
        "sendaudio",
        "senddocument",
        "sendmediagroup",
        "forwardmessage",
        "copymessage",
    }
)


class _Bucket:
    __slots__ = ("_burst", "_left", "_rate", "_since")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate, self._burst, self._left, self._since = rate, burst, burst, now

    def wait_s(self, now: float) -> float:
        """Seconds until one more may pass; 0 if it may pass now."""
        self._left = min(self._burst, self._left + (now - self._since) * self._rate)
        self._since = now
        return max(0.0, (1.0 - self._left) / self._rate)

    def take(self) -> None:
        self._left -= 1.0


class Limits:
    """Counts what bots send while it is switched on."""

    def __init__(self, clock: Clock) -> None:
        self.enabled = False
        self._clock = clock
        self._buckets: dict[tuple[int, str], _Bucket] = {}

    def switch(self, *, enabled: bool) -> None:
        """Switch the limits on or off; either way everybody starts afresh."""
        self.enabled = enabled
        self._buckets.clear()

    def check(self, method: str, bot_id: int, chat_id: str) -> None:
        """Count one call (method in lower case). Raises ApiError 429 if it is one too many."""
        if method not in LIMITED:
            return
        now = self._clock.now()
        chat = self._bucket((bot_id, chat_id), CHAT_PER_S, CHAT_BURST, now)
        every = self._bucket((bot_id, ""), BOT_PER_S, BOT_BURST, now)
        wait_s = max(chat.wait_s(now), every.wait_s(now))
        if wait_s > 0:
            raise too_many_requests(math.ceil(wait_s))
        chat.take()
        every.take()

    def _bucket(self, key: tuple[int, str], rate: float, burst: float, now: float) -> _Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(rate, burst, now)
        return bucket
