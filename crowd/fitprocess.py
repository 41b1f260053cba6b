"""One fit, in a process of its own: `python -m crowd.fitprocess` reads what is to be fitted, and writes what it says.

Parent and child are the same program, so they speak pickle.
"""

import asyncio
import pickle
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from crowd.batch import BatchSpec
from crowd.kinds import kind_named
from crowd.kinds.base import AnswerTable, Fit, FittedKind

_ROOT = Path(__file__).parent.parent


async def fitted(spec: BatchSpec, table: AnswerTable) -> Fit:
    """The fit of a batch's answers. It takes seconds, in which this process has people to answer.

    Raises RuntimeError when the other process fails; its own words are on standard error.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "crowd.fitprocess", stdin=PIPE, stdout=PIPE, cwd=_ROOT,
        start_new_session=True,  # Ctrl-C is for this process, which ends the other
    )  # fmt: skip
    try:
        said, _ = await process.communicate(pickle.dumps((spec, table)))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise RuntimeError(f"the process of a fit ended with code {process.returncode}")
    fit: Fit = pickle.loads(said)  # noqa: S301 (from our own child)
    return fit


def main() -> None:
    """The child."""
    spec, table = pickle.load(sys.stdin.buffer)  # noqa: S301 (from our own parent)
    kind = kind_named(spec.kind)
    assert isinstance(kind, FittedKind)
    pickle.dump(kind.fit(spec, table), sys.stdout.buffer)


if __name__ == "__main__":
    main()
