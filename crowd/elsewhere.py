"""Work that takes seconds, done in a process of its own while this one has people to answer.

`python -m crowd.elsewhere` reads what is to be done, and writes what came of it. Parent and child are the same program,
so they speak pickle.
"""

import asyncio
import pickle
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

_ROOT = Path(__file__).parent.parent

P = ParamSpec("P")
T = TypeVar("T")


async def elsewhere(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """What a function of a module says to these arguments.

    Raises RuntimeError when the other process fails; its own words are on standard error.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "crowd.elsewhere", stdin=PIPE, stdout=PIPE, cwd=_ROOT,
        start_new_session=True,  # Ctrl-C is for this process, which ends the other
    )  # fmt: skip
    try:
        task = await asyncio.to_thread(pickle.dumps, (work, arguments, named))  # of a large batch it takes long itself
        said, _ = await process.communicate(task)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise RuntimeError(f"the process of {work.__name__} ended with code {process.returncode}")
    came: T = await asyncio.to_thread(pickle.loads, said)  # from our own child
    return came


def main() -> None:
    """The child."""
    work, arguments, named = pickle.load(sys.stdin.buffer)  # noqa: S301 (from our own parent)
    pickle.dump(work(*arguments, **named), sys.stdout.buffer)


if __name__ == "__main__":
    main()
