"""Where commands write their results."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from kazi.connection import fail


@contextmanager
def written(path: Path | None) -> Iterator[Callable[[bytes], object]]:
    """Write to a file that is there when all of it is, and not before; without a path, to standard output.

    Where nobody reads that any more, such as `head` that has its line, the command ends quietly.
    """
    if path is None:
        yield _to_reader
        _to_reader(b"")
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


def _to_reader(data: bytes) -> None:
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what Python flushes at its end goes nowhere
        raise typer.Exit(0) from None
