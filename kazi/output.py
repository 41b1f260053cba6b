"""Where commands write their results."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kazi.connection import fail


@contextmanager
def written(path: Path | None) -> Iterator[Callable[[bytes], object]]:
    """Write to a file that is there when all of it is, and not before; without a path, to standard output."""
    if path is None:
        yield sys.stdout.buffer.write
        sys.stdout.buffer.flush()
        return
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file.write
        part.replace(path)
    except ConnectionError:  # the database's
        raise
    except OSError as failure:
        fail(f"{path} cannot be written: {failure.strerror}")
    finally:
        part.unlink(missing_ok=True)
