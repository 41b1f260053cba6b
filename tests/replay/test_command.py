"""`kazi replay`, as somebody types it."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil
import pytest

from tests.replay.crowds import crowd, write
from tests.whole.house import ROOT, end, environment


@pytest.fixture
def scratch() -> Iterator[Path]:
    """Where replays have their databases: a short path, that the server's own user can enter."""
    with TemporaryDirectory(prefix="kazi-tests-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def left(scratch: Path) -> list[Path]:
    """What replays left there."""
    return list(scratch.glob("kazi-replay-*"))


async def started(scratch: Path, *arguments: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "kazi", "replay", *arguments,
        cwd=ROOT, env=environment(TMPDIR=str(scratch)), stdout=PIPE, stderr=PIPE,
    )  # fmt: skip


async def said(scratch: Path, *arguments: str, code: int = 0) -> tuple[str, str]:
    """What the command writes to its two outputs."""
    process = await started(scratch, *arguments)
    out, err = await process.communicate()
    assert process.returncode == code, err.decode()
    return out.decode(), " ".join(err.decode().split())


async def test_of_a_folder_what_can_be_replayed_is_and_of_the_rest_it_is_said_why_not(
    scratch: Path, tmp_path: Path
) -> None:
    write(crowd(tasks=12, good=4, bad=0), tmp_path / "good")
    write(crowd(tasks=12, good=4, bad=0), tmp_path / "lame")[1].unlink()
    _, truth = write(crowd(tasks=12, good=4, bad=0), tmp_path / "torn")
    truth.write_text("task,lable\nt1,cat\n")
    out, err = await said(scratch, "--all", str(tmp_path), "--golds", "4", "--json", code=1)
    (report,) = json.loads(out)
    assert (report["name"], report["through"], report["golds"], report["evaluated"]) == ("good", "crowd", 4, 8)
    assert "lame/truth.csv: cannot be read: No such file" in err
    assert "torn/truth.csv:1: lacks the column 'label': its columns are task, lable" in err


async def test_a_table_has_both_ways_of_each_data_set(scratch: Path, tmp_path: Path) -> None:
    answers, truth = write(crowd(tasks=8, good=3, bad=0), tmp_path / "small")
    out, _ = await said(scratch, str(answers), str(truth), "--through", "chat", "--through", "crowd")
    lines = [line.split() for line in out.splitlines()]
    assert [line[:2] for line in lines if line and line[0] == "small"] == [["small", "chat"], ["small", "crowd"]]
    one, other = (line[2:-1] for line in lines if line and line[0] == "small")
    assert one == other, "but for the seconds"


async def somebody_came(command: psutil.Process) -> None:
    """Wait until there are people in the sandbox that a command started."""
    while True:
        lines: list[list[str]] = []
        with suppress(psutil.Error):  # a child that has just ended
            lines = [child.cmdline() for child in command.children()]
        for line in lines:
            if "sandbox" in line:
                with suppress(httpx.TransportError):
                    async with httpx.AsyncClient(verify=False) as http:
                        found = await http.get(f"http://127.0.0.1:{line[line.index('--port') + 1]}/sandbox/users")
                    if found.json()["users"]:
                        return
        await asyncio.sleep(0.05)


async def test_ctrl_c_ends_all_processes_and_leaves_nothing(scratch: Path, tmp_path: Path) -> None:
    answers, truth = write(crowd(tasks=500), tmp_path / "long")
    process = await started(scratch, str(answers), str(truth), "--through", "chat")
    try:
        me = psutil.Process(process.pid)
        async with asyncio.timeout(120):
            await somebody_came(me)
        under_it = me.children(recursive=True)
        assert len(under_it) > 3, "a sandbox, a bot, and PostgreSQL's"
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(60):
            _, err = await process.communicate()
        assert process.returncode == 1
        assert err.decode().split() == ["✗", "stopped,", "and", "nothing", "of", "it", "is", "kept"]
        assert psutil.wait_procs(under_it, timeout=5)[1] == []
        assert left(scratch) == []
    finally:
        await end(process)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name a file of answers and one of truths, or a folder"),
        (("a.csv", "b.csv", "--all", "."), "name either files or a folder"),
        (("--all", "docs"), "docs has no folders with answers.csv and truth.csv"),
        (("a.csv", "b.csv"), "a.csv: cannot be read"),
        (("a.csv", "b.csv", "--confidence", "1"), "it lies between 0 and 1"),
    ],
)
async def test_what_cannot_be_replayed_is_said(scratch: Path, arguments: tuple[str, ...], words: str) -> None:
    _, err = await said(scratch, *arguments, code=1)
    assert words in err
