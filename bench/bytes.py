"""Bytes: what a phone takes from the network for one task, beyond the task's own text."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import aiohttp
from rich.progress import Progress

from bench import kinds, packs
from bench.batches import LANGUAGE, Item, made_up, post_file, write_batch
from bench.house import House, running_house
from bench.loop import crowd
from bench.probe import Probe, probe
from bench.result import Result, at_most, told
from kazi.demo.crowd import MANNERS

_GOLD_EVERY = 10

TAP_BYTES = 450
"""Of a task of a choice, beyond the item's own text, at most."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How long the session is."""

    answers: int = 100
    each: int = 20
    """Of each kind, by itself."""
    packs: int = 4


def run(progress: Progress, sizes: Sizes | None = None) -> list[Result]:
    """The part `bytes`."""
    sizes = sizes or Sizes()
    items = made_up(2 * (sizes.answers + packs.SIZE * (sizes.packs + 1)))
    bar = progress.add_task("bytes", total=sizes.answers + sizes.packs + sizes.each * len(kinds.variants()))
    with running_house() as house:
        path = write_batch(house.folder / "batch", "Bytes", items, golds=len(items) // _GOLD_EVERY)
        asyncio.run(post_file(house.server.dsn, path))
        house.start_bot()
        joining, session, own, in_packs = asyncio.run(_session(house, items, sizes, lambda: progress.advance(bar)))
        each = asyncio.run(kinds.measured(house, sizes.each, lambda: progress.advance(bar)))
    tasks = sizes.answers
    against = f"payload beyond the item's own UTF-8, {tasks} tasks of a choice"
    return [
        at_most(
            "bytes.session_overhead", (session["down_bytes"] - own) / tasks, "bytes down a task", TAP_BYTES,
            against,
        ),
        at_most(
            "bytes.messages_per_session", joining["messages"] + session["messages"], "new messages", 1,
            "from /start on; every other screen is an edit",
        ),
        told("bytes.edits_per_task", session["edits"] / tasks, "edits a task"),
        told("bytes.joining", joining["down_bytes"], "bytes down", "from /start to the first answer"),
        *in_packs,
        *each,
    ]  # fmt: skip


async def _session(
    house: House, items: list[Item], sizes: Sizes, answered: Callable[[], None]
) -> tuple[dict[str, int], dict[str, int], int, list[Result]]:
    """What joining and then so many tasks took, the bytes of the texts that were shown meanwhile, and what packs do."""
    knowledge = crowd(items, 1).knowledge()
    async with probe(house.sandbox, knowledge, MANNERS, language=LANGUAGE) as worker, aiohttp.ClientSession() as http:
        address = f"{house.sandbox}/sandbox/users/{worker.phone.user_id}/traffic"
        await _next_item(worker)
        joining = await _read(http.get(address))
        await _read(http.delete(address))
        await _next_item(worker)  # it was shown before
        shown = []
        for _ in range(sizes.answers - 1):
            shown.append(await _next_item(worker))
            answered()
        session = await _read(http.get(address))
        shown.append(await _next_item(worker))
        answered()
        in_packs = await packs.measured(house, worker.phone, items, sizes.packs, answered)
    return joining, session, sum(len(text.encode()) for text in shown), in_packs


async def _next_item(worker: Probe) -> str:
    """Go on until a task was answered; its text."""
    while True:
        done = await worker.step()
        if done is not None:
            return done.item


async def _read(asking: AbstractAsyncContextManager[aiohttp.ClientResponse]) -> dict[str, int]:
    async with asking as response:
        counted: dict[str, int] = await response.json()
    return counted
