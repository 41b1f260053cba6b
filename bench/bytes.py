"""Bytes: what a phone takes from the network for one task, beyond the task's own text."""

import asyncio
from dataclasses import dataclass

import aiohttp
from rich.progress import Progress

from bench.batches import LANGUAGE, Item, made_up, post_file, write_batch
from bench.house import House, running_house
from bench.loop import crowd
from bench.probe import Probe, probe
from bench.result import Result, at_most, told
from kazi.demo.crowd import MANNERS

_GOLD_EVERY = 10


@dataclass(frozen=True, slots=True)
class Sizes:
    """How long the session is."""

    answers: int = 100


@dataclass(frozen=True, slots=True)
class Traffic:
    """What the phone counted."""

    down: int
    up: int
    messages: int
    edits: int


def run(progress: Progress, sizes: Sizes | None = None) -> list[Result]:
    """The part `bytes`."""
    sizes = sizes or Sizes()
    items = made_up(2 * sizes.answers)
    bar = progress.add_task("bytes", total=sizes.answers)
    with running_house() as house:
        path = write_batch(house.folder / "batch", "Bytes", items, golds=len(items) // _GOLD_EVERY)
        asyncio.run(post_file(house.server.dsn, path))
        house.start_bot()
        opening, session, own = asyncio.run(_session(house, items, sizes.answers, lambda: progress.advance(bar)))
    tasks = sizes.answers
    against = f"payload beyond the item's own UTF-8, {tasks} tasks in one session"
    return [
        at_most("bytes.choice_overhead", (session.down - own) / tasks, "bytes down a task", 600, against),
        told("bytes.choice_down", session.down / tasks, "bytes down a task", "item, keyboard and all around it"),
        told("bytes.choice_up", session.up / tasks, "bytes up a task"),
        at_most("bytes.messages_per_session", session.messages, "new messages", 1, "every other screen is an edit"),
        told("bytes.edits_per_task", session.edits / tasks, "edits a task"),
        told("bytes.joining_down", opening.down, "bytes down", "from /start to the first task"),
    ]
