"""How long Telegram wants nothing that is not an answer to what somebody just did."""

import asyncio


class Freeze:
    """A wait that Telegram asked for may be for the whole bot: replies try their luck, pushes stop until it is over."""

    def __init__(self) -> None:
        self._until = 0.0

    def note(self, seconds: float) -> None:
        """Telegram said to retry after so many seconds."""
        self._until = max(self._until, asyncio.get_running_loop().time() + max(1.0, seconds))

    def left_s(self) -> float:
        """Seconds that are left of it; 0 when there is none."""
        return max(0.0, self._until - asyncio.get_running_loop().time())
