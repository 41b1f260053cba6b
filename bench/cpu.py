"""CPU seconds that processes have taken so far."""

import os
from contextlib import suppress
from pathlib import Path

import psutil


def of_process(pid: int) -> float:
    """CPU seconds of one process, user and system, without its children."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def of_postgres(data: Path) -> float:
    """CPU seconds of a PostgreSQL server and of all its processes, those included that have ended."""
    postmaster = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
    own = postmaster.cpu_times()
    total = own.user + own.system + getattr(own, "children_user", 0.0) + getattr(own, "children_system", 0.0)
    for child in postmaster.children():
        with suppress(psutil.NoSuchProcess):
            times = child.cpu_times()
            total += times.user + times.system
    return float(total)


def load() -> str:
    """What else the machine has to do, in words."""
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
