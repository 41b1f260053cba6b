"""A command that ends what it started, in order, when it is told to end in the middle."""

import asyncio
import signal
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
"""Both, for a shell lets what it starts in the background ignore the first."""


class Ending:
    """Makes of the first signal a KeyboardInterrupt, and of those that follow nothing."""

    def __init__(self) -> None:
        self._doing: asyncio.Task[Any] | None = None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What the work gives, in a loop of its own. A signal cancels it, so that it is not torn at any point."""

        async def doing() -> T:
            self._doing = asyncio.current_task()
            try:
                return await work
            finally:
                self._doing = None

        try:
            return asyncio.run(doing())
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None

    def told(self, *_: object) -> None:
        """A signal has come."""
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        if self._doing is None:
            raise KeyboardInterrupt
        self._doing.get_loop().call_soon_threadsafe(self._doing.cancel)


@contextmanager
def ending_in_order() -> Iterator[Ending]:
    """While it is open, signals that ask for the end are taken so; outside the main thread they are another's."""
    ending = Ending()
    mine = _SIGNALS if threading.current_thread() is threading.main_thread() else ()
    before = {number: signal.signal(number, ending.told) for number in mine}
    try:
        yield ending
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
