"""How far a long command is, on standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from crowd.batchfile import Progress


@contextmanager
def bar(what: str, total: int | None) -> Iterator[Callable[[Progress], None]]:
    """A bar with the speed in rows a second, that goes away at the end; nothing where no terminal is.

    `total` is the number of rows, None where nobody knows it yet.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(what, total=total, rate="")

        def moved(progress: Progress) -> None:
            rate = f"{progress.rows / progress.seconds:,.0f}/s" if progress.seconds else ""
            bars.update(task, completed=progress.rows, rate=rate)

        yield moved
