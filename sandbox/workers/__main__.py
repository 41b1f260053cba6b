"""Simulated workers in a process of their own: `python -m sandbox.workers --base-url … --spec FILE.json`."""

import argparse
import asyncio
import contextlib
import signal
import sys
from pathlib import Path

import orjson
from pydantic import ValidationError

from sandbox.workers.crowd import run_crowd
from sandbox.workers.phone import SandboxRefusedError, SandboxUnreachableError
from sandbox.workers.record import Report
from sandbox.workers.spec import CrowdSpec


async def work(base_url: str, spec: CrowdSpec) -> list[Report]:
    """Runs the crowd until it is done, its time is up, or the process is told to end."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows' loop has no signal handlers
            loop.add_signal_handler(number, stop.set)
    if spec.seconds is not None:
        loop.call_later(spec.seconds, stop.set)
    return await run_crowd(base_url, spec.everybody(), spec.knowledge(), spec.manners, stop, limits=spec.limits)


def run(arguments: list[str] | None = None) -> int:
    """The command. Exit code 2: the spec cannot be read; 1: the sandbox cannot be reached."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.workers", description=__doc__)
    parser.add_argument("--base-url", required=True, help="the sandbox, such as http://127.0.0.1:8081")
    parser.add_argument("--spec", required=True, type=Path, help="a JSON file, as sandbox/workers/spec.py says")
    options = parser.parse_args(arguments)
    try:
        spec = CrowdSpec.read(options.spec)
    except (OSError, ValidationError) as error:
        sys.stderr.write(f"The spec {options.spec} cannot be used: {error}\n")
        return 2
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            reports = runner.run(work(options.base_url, spec))
    except (SandboxUnreachableError, SandboxRefusedError) as error:
        sys.stderr.write(f"No work at {options.base_url}: {error}\n")
        return 1
    for report in reports:
        sys.stdout.buffer.write(orjson.dumps(report) + b"\n")
    return 0


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.Loop


if __name__ == "__main__":
    sys.exit(run())
