"""Plain computing in a process of its own: `python -m crowd.apart` reads what to do, and writes what comes of it.

Parent and child are the same program, so they speak pickle.
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
R = TypeVar("R")


async def apart(name: str, function: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
    """What a function of a module gives; it may take seconds, in which this process has people to answer.

    Raises RuntimeError, with the `name` of the work, when the other process fails; its own words are on standard error.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "crowd.apart", stdin=PIPE, stdout=PIPE, cwd=_ROOT
    )
    try:
        said, _ = await process.communicate(pickle.dumps((function, arguments, named)))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise RuntimeError(f"the process of a {name} ended with code {process.returncode}")
    result: R = pickle.loads(said)  # noqa: S301 (from our own child)
    return result


def main() -> None:
    """The child."""
    function, arguments, named = pickle.load(sys.stdin.buffer)  # noqa: S301 (from our own parent)
    pickle.dump(function(*arguments, **named), sys.stdout.buffer)


if __name__ == "__main__":
    main()
