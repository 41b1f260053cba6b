"""The demo's processes: started in order, stopped in the opposite one."""

import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LOOK_EVERY_S = 0.3
"""So often it is looked whether all processes are there."""


class ProcessEndedError(RuntimeError):
    """A process ended that should have stayed."""


@dataclass(slots=True)
class Part:
    """A running process."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def last_words(self) -> str:
        """The end of its log."""
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-15:])


class Parts:
    """All processes of the demo. They get no Ctrl-C of their own: this process stops them, in order."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._parts: list[Part] = []
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, *command: str, environment: dict[str, str] | None = None) -> Part:
        """Start a Python module of ours."""
        log = self._logs / f"{name}.log"
        with log.open("wb") as output:
            process = _popen([sys.executable, "-m", "kazi.demo.tether", *command], environment or {}, output)
        part = Part(name, process, log)
        self._parts.append(part)
        return part

    def wait_for_port(self, part: Part, port: int, seconds: float = 30) -> None:
        """Wait until something listens. Raises ProcessEndedError when the process ends first."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.check(part)
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise ProcessEndedError(f"{part.name} does not answer on port {port}:\n{part.last_words()}")

    def check(self, part: Part) -> None:
        """Raises ProcessEndedError when a process is no more."""
        if part.process.poll() is not None:
            raise ProcessEndedError(f"{part.name} ended with code {part.process.returncode}:\n{part.last_words()}")

    def watch(self) -> None:
        """Wait until any process ends of itself. One that has done its work (code 0) may."""
        while True:
            self.check_all()
            time.sleep(LOOK_EVERY_S)

    def check_all(self) -> None:
        """Raises ProcessEndedError when any process is no more that has not done its work (code 0)."""
        for part in self._parts:
            if part.process.poll() not in {None, 0}:
                self.check(part)

    def stop(self) -> None:
        """Ask each to end, the last started first; after ten seconds, end it."""
        for part in reversed(self._parts):
            with part.process as process:
                if process.poll() is None:
                    process.terminate()
                    try:
                        process.wait(10)
                    except subprocess.TimeoutExpired:
                        process.kill()
        self._parts.clear()


def _popen(command: list[str], environment: dict[str, str], output: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        env={name: value for name, value in os.environ.items() if name != "KAZI_WEBHOOK_URL"} | environment,
        stdin=subprocess.PIPE,  # never written to: its end is how a process learns that this one is no more
        stdout=output,
        stderr=output,
        start_new_session=True,
    )


def free_port(wanted: int) -> int:
    """The port wanted, or a free one when it is taken."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            number: int = probe.getsockname()[1]
            return number
    raise OSError("no free port")
