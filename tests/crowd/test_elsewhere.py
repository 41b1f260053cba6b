"""Long work is done by another process, which is kept, and replaced when something has happened to it."""

import asyncio
import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from crowd.elsewhere import elsewhere


async def test_the_same_process_serves_again() -> None:
    first = await elsewhere(os.getpid)
    assert first != os.getpid()
    assert await elsewhere(os.getpid) == first


async def test_two_at_once_have_a_process_each_of_which_one_is_kept() -> None:
    both = set(await asyncio.gather(elsewhere(_pid_after, 0.2), elsewhere(_pid_after, 0.2)))
    assert len(both) == 2
    assert await elsewhere(os.getpid) in both
    assert sum(map(psutil.pid_exists, both)) == 1


async def test_work_that_fails_is_told_and_the_next_is_done() -> None:
    with pytest.raises(RuntimeError, match="ended with code 1"):
        await elsewhere(int, "no number")
    assert await elsewhere(int, "7") == 7


async def test_a_process_that_was_killed_is_replaced() -> None:
    first = await elsewhere(os.getpid)
    os.kill(first, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(first)], timeout=10)
    assert await elsewhere(os.getpid) != first


async def test_work_that_is_no_longer_wanted_is_ended(tmp_path: Path) -> None:
    os.mkfifo(begun := tmp_path / "begun")
    work = asyncio.create_task(elsewhere(_begin_and_sleep, begun))
    child = int(await asyncio.to_thread(begun.read_text))
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert not psutil.pid_exists(child)


async def test_much_goes_both_ways() -> None:
    much = b"x" * 30_000_000
    assert await elsewhere(bytes, much) == much


def _pid_after(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def _begin_and_sleep(begun: Path) -> None:
    begun.write_text(str(os.getpid()))
    time.sleep(600)
