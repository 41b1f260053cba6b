"""Ids that stand on two rows, found among more of them than memory holds."""

from collections.abc import Iterator
from dataclasses import dataclass

from crowd.batchfile.shuffled import BUCKETS, Buckets

_BLOCK = 2000


@dataclass(frozen=True, slots=True)
class Twin:
    """A row with the id of an earlier one."""

    key: str
    line: int
    first: int
    """The line of the earlier one."""


class Keys:
    """All ids of a file and their lines."""

    def __init__(self, memory: int) -> None:
        """`memory`: bytes that are kept before they go to a temporary file."""
        self._buckets = Buckets(memory)
        self._lines: list[bytes] = []
        self._places = bytearray()

    def add(self, key: str, line: int) -> None:
        """One more. A key has no newline."""
        self._lines.append(b"%d %b\n" % (line, key.encode()))
        self._places.append(hash(key) % BUCKETS)
        if len(self._lines) == _BLOCK:
            self._flush()

    def _flush(self) -> None:
        self._buckets.extend(self._lines, bytes(self._places))
        self._lines = []
        self._places = bytearray()

    def twins(self) -> Iterator[Twin]:
        """Every row whose id stands on an earlier one."""
        self._flush()
        for number in range(BUCKETS):
            first: dict[bytes, bytes] = {}
            for entry in self._buckets.bucket(number):
                line, _, key = entry.partition(b" ")
                earlier = first.setdefault(key, line)
                if earlier is not line:
                    yield Twin(key[:-1].decode(), int(line), int(earlier))

    def close(self) -> None:
        """Forget them."""
        self._buckets.close()
