"""Import: a CSV of short texts is checked and posted. How many tasks a second."""

import asyncio
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rich.progress import Progress, TaskID

from bench import cpu
from bench.batches import made_up, write_batch
from bench.house import temporary_folder
from bench.result import Result, at_least, told
from crowd.batches.posting import after_post, post
from crowd.batchfile import check
from crowd.requesters import create_requester
from db import embedded
from db.database import connected
from db.migrate import upgrade


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is imported."""

    tasks: int = 500_000
    golds: int = 5_000


def run(progress: Progress, sizes: Sizes | None = None) -> list[Result]:
    """The part `import`."""
    sizes = sizes or Sizes()
    bar = progress.add_task("import", total=3)
    with temporary_folder() as folder:
        path = write_batch(folder / "batch", "Import", made_up(sizes.tasks + sizes.golds), golds=sizes.golds)
        progress.advance(bar)
        server = embedded.start(folder / "postgres")
        try:
            upgrade(server.dsn)
            checking, posting = asyncio.run(_import(server.dsn, path, progress, bar))
        finally:
            server.stop()
    tasks = sizes.tasks + sizes.golds
    against = f"{tasks:,} texts from CSV, checked and posted in one transaction ({cpu.load()})"
    return [
        at_least("import.tasks_per_s", tasks / (checking + posting), "1/s", 50_000, against),
        told("import.check_s", checking, "s", "reading and checking every row"),
        told("import.post_s", posting, "s", "from the first row copied until committed and analyzed"),
    ]


async def _import(dsn: str, path: Path, progress: Progress, bar: TaskID) -> tuple[float, float]:
    """Seconds that checking and posting took."""
    began = time.perf_counter()
    with closing(await asyncio.to_thread(check, path)) as checked:
        read = time.perf_counter()
        progress.advance(bar)
        async with connected(dsn, name="bench") as database:
            opened = time.perf_counter()
            async with database.transaction() as tx:
                requester = await create_requester(tx, "bench")
                await post(tx, requester.id, checked, fee_ppm=0, actor="bench", no_pilot="a bench", owner=True)
            await after_post(database, checked)
            posted = time.perf_counter()
    progress.advance(bar)
    return read - began, posted - opened
