"""`python -m bench [--only NAME]`: measure, print a table, write bench/results.json."""

import argparse
import sys
from collections.abc import Callable

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench import bytes as bytes_part
from bench import growth, importing, loop, quality, real
from bench.result import Result, print_table, write_results

Part = Callable[[Progress], list[Result]]

PARTS: dict[str, Part] = {
    "loop": loop.run,
    "growth": growth.run,
    "import": importing.run,
    "bytes": bytes_part.run,
    "quality": quality.run,
    "real": real.run,
}


def main(arguments: list[str] | None = None) -> int:
    """Exit code 1 when a figure misses its target."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=PARTS, help="one part")
    options = parser.parse_args(arguments)
    names = [options.only] if options.only else list(PARTS)
    results: list[Result] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns) as progress:
        for name in names:
            results += PARTS[name](progress)
            write_results(results)
    print_table(results)
    return int(any(result.holds is False for result in results))


if __name__ == "__main__":
    sys.exit(main())
