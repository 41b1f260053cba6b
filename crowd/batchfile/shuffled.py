"""Lines in a random order, more of them than memory holds.

Each line goes to a bucket that is drawn for it; each bucket is shuffled by itself when it is read. The order is
then uniform over all orders (Rao 1961, Sandelius 1962). Full memory is emptied into one temporary file that has
no name, so that nothing is left behind.
"""

import os
import random
import tempfile
from collections.abc import Iterator
from typing import IO

BUCKETS = 256
_OVERHEAD = 48
"""Bytes that a line costs in memory beside its own."""


class Buckets:
    """Lines in `BUCKETS` buckets. Each line is bytes with a newline at its end and none within."""

    def __init__(self, memory: int) -> None:
        """`memory`: bytes that are kept before they go to the temporary file."""
        self._memory = memory
        self._used = 0
        self._kept: list[list[bytes]] = [[] for _ in range(BUCKETS)]
        self._written: list[list[tuple[int, int]]] = [[] for _ in range(BUCKETS)]
        self._file: IO[bytes] | None = None
        self._end = 0
        self.count = 0

    def extend(self, lines: list[bytes], places: bytes) -> None:
        """Put each line into the bucket that stands at its place."""
        kept = self._kept
        for line, place in zip(lines, places, strict=True):
            kept[place].append(line)
        self.count += len(lines)
        self._used += sum(map(len, lines)) + _OVERHEAD * len(lines)
        if self._used > self._memory:
            self._empty()

    def _empty(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="kazi-", buffering=0)  # noqa: SIM115
        for bucket, lines in enumerate(self._kept):
            data = b"".join(lines)
            if data:
                self._file.write(data)
                self._written[bucket].append((self._end, len(data)))
                self._end += len(data)
        self._kept = [[] for _ in range(BUCKETS)]
        self._used = 0

    def bucket(self, number: int) -> list[bytes]:
        """The lines of a bucket, in the order in which they came. It can be read again and again."""
        lines: list[bytes] = []
        for start, length in self._written[number]:
            lines += self._read(start, length).splitlines(keepends=True)
        return lines + self._kept[number]

    def _read(self, start: int, length: int) -> bytes:
        if self._file is None:
            raise ValueError("these lines were closed")
        parts = []
        while length:
            part = os.pread(self._file.fileno(), length, start)
            if not part:
                raise OSError("a temporary file was cut off")
            parts.append(part)
            start, length = start + len(part), length - len(part)
        return b"".join(parts)

    def shuffled_bucket(self, number: int) -> list[bytes]:
        """The lines of a bucket, shuffled anew."""
        lines = self.bucket(number)
        random.shuffle(lines)
        return lines

    def shuffled(self) -> Iterator[bytes]:
        """All lines in a random order."""
        for number in range(BUCKETS):
            yield from self.shuffled_bucket(number)

    def close(self) -> None:
        """Forget the lines."""
        self._kept = [[] for _ in range(BUCKETS)]
        self._written = [[] for _ in range(BUCKETS)]
        self.count = 0
        if self._file is not None:
            self._file.close()
            self._file = None
