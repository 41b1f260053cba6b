"""Shuffling and finding twins among more lines than memory holds."""

import os
from collections import Counter

import pytest

from crowd.batchfile.shuffled import BUCKETS, Buckets
from crowd.batchfile.twins import Keys, Twin


@pytest.mark.parametrize("memory", [1 << 30, 3000, 0])
def test_every_line_comes_back_once_and_can_be_read_again(memory: int) -> None:
    lines = [b"line %d\n" % number for number in range(20_000)]
    buckets = Buckets(memory)
    for start in range(0, len(lines), 1000):
        buckets.extend(lines[start : start + 1000], os.urandom(1000))
    first, again = list(buckets.shuffled()), list(buckets.shuffled())
    assert sorted(first) == sorted(again) == sorted(lines)
    assert first != lines
    assert first != again
    assert buckets.count == len(lines)


def test_every_order_is_as_likely_as_any_other() -> None:
    lines = [b"a\n", b"b\n", b"c\n"]
    orders: Counter[bytes] = Counter()
    for _ in range(1200):
        buckets = Buckets(0)
        buckets.extend(lines, os.urandom(3))
        orders[b"".join(buckets.shuffled())] += 1
        buckets.close()
    assert len(orders) == 6
    # chi squared with 5 degrees of freedom: 40 is passed once in ten million runs
    assert sum((count - 200) ** 2 / 200 for count in orders.values()) < 40


def test_closed_lines_are_gone() -> None:
    buckets = Buckets(0)
    buckets.extend([b"a\n"], b"\x05")
    buckets.close()
    assert [line for number in range(BUCKETS) for line in buckets.bucket(number)] == []


@pytest.mark.parametrize("memory", [1 << 30, 1000])
def test_a_twin_names_its_first_line_and_spaces_tell_ids_apart(memory: int) -> None:
    keys = Keys(memory)
    for line in range(10_000):
        keys.add(f"key {line}", line)
    keys.add("key 17", 10_001)
    keys.add("key 17", 10_002)
    keys.add("17", 10_003)
    assert sorted(keys.twins(), key=lambda twin: twin.line) == [Twin("key 17", 10_001, 17), Twin("key 17", 10_002, 17)]
