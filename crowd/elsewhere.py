"""Work that takes seconds, done in a process of its own while this one has people to answer.

`python -m crowd.elsewhere` reads what is to be done, writes what came of it and waits for more, until its parent has
gone: to start it takes longer than most of what it is asked. Parent and child are the same program, so they speak
pickle.
"""

import asyncio
import atexit
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE, Popen
from typing import IO, Any, ParamSpec, TypeVar, cast

_ROOT = Path(__file__).parent.parent

P = ParamSpec("P")
T = TypeVar("T")


class _Child:
    def __init__(self) -> None:
        self._process = Popen(
            [sys.executable, "-m", "crowd.elsewhere"], stdin=PIPE, stdout=PIPE, cwd=_ROOT,
            start_new_session=True,  # Ctrl-C is for this process, which ends the other
        )  # fmt: skip

    def alive(self) -> bool:
        return self._process.poll() is None

    def does(self, task: tuple[object, ...]) -> Any:
        to, back = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        try:
            pickle.dump(task, to)
            to.flush()
            return pickle.load(back)  # noqa: S301 (from our own child)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise RuntimeError(f"the other process ended with code {self._process.wait()}") from error

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


_idle: list[_Child] = []


async def elsewhere(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """What a function of a module says to these arguments.

    Raises RuntimeError when the other process fails; its own words are on standard error.
    """
    child = _free()
    try:
        came: T = await asyncio.to_thread(child.does, (work, arguments, named))
    except BaseException:
        child.end()
        raise
    if _idle:
        child.end()
    else:
        _idle.append(child)
    return came


def _free() -> _Child:
    with suppress(IndexError):  # none is left
        while not (child := _idle.pop()).alive():
            pass
        return child
    return _Child()


@atexit.register
def _end_idle() -> None:
    while _idle:
        _idle.pop().end()


def main() -> None:
    """The child."""
    while True:
        try:
            work, arguments, named = pickle.load(sys.stdin.buffer)  # noqa: S301 (from our own parent)
        except EOFError:
            return
        pickle.dump(work(*arguments, **named), sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
