"""Many simulated workers in one event loop."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp

from sandbox.workers.character import Character
from sandbox.workers.knowledge import Knowledge
from sandbox.workers.manners import Manners
from sandbox.workers.phone import Pause, Phone
from sandbox.workers.record import Report
from sandbox.workers.worker import Limits, Worker

Until = Callable[[Sequence[Report]], bool]


async def run_crowd(
    base_url: str,
    characters: Sequence[Character],
    knowledge: Knowledge,
    manners: Manners,
    stop: asyncio.Event | None = None,
    *,
    until: Until | None = None,
    limits: Limits | None = None,
    pause: Pause = asyncio.sleep,
    grace_s: float = 5.0,
) -> list[Report]:
    """Lets one worker of each character work in the sandbox at `base_url`; reports come in the same order.

    Ends when every worker has ended, when `stop` is set, or when `until` (asked after each tap and text, with
    all reports) says so. Workers who wait are then stopped at once; those whose tap is on its way get
    `grace_s` seconds to see its answer. `pause` stands in for the time people take: a test need not wait.

    Raises SandboxUnreachableError if the sandbox cannot be reached at all; a worker who loses it later ends
    as `unreachable` in its report.
    """
    limits = limits or Limits()
    stop = stop or asyncio.Event()
    reports: list[Report] = []

    def changed() -> None:
        if until is not None and until(reports):
            stop.set()

    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=60),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        skip_auto_headers=("User-Agent", "Accept-Encoding", "Accept"),
    ) as session:
        phones = await asyncio.gather(
            *(
                Phone.buy(
                    session,
                    base_url,
                    first_name=character.first_name,
                    language_code=character.language_code,
                    patience_s=limits.patience_s,
                )
                for character in characters
            )
        )
        workers = [
            Worker(phone, character, knowledge, manners, limits, pause=pause, changed=changed)
            for phone, character in zip(phones, characters, strict=True)
        ]
        reports.extend(worker.report for worker in workers)
        await _run(workers, stop, grace_s)
    return reports


async def _run(workers: Sequence[Worker], stop: asyncio.Event, grace_s: float) -> None:
    if not workers:
        return
    stopped: asyncio.Future[Any] = asyncio.create_task(stop.wait())
    running = [asyncio.create_task(worker.run()) for worker in workers]
    everyone: asyncio.Future[Any] = asyncio.gather(*running)
    try:
        await asyncio.wait({everyone, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not everyone.done():
            for worker in workers:
                worker.stop()
            await asyncio.wait(running, timeout=grace_s)
            for worker in workers:
                worker.stop(at_once=True)
        await everyone
    finally:
        for task in (*running, stopped):
            task.cancel()
        await asyncio.gather(*running, everyone, stopped, return_exceptions=True)
