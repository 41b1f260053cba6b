"""What a bench says: one row for each figure, as a table and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

RESULTS = Path(__file__).parent / "results.json"


@dataclass(frozen=True, slots=True)
class Result:
    """One figure."""

    name: str
    value: float
    unit: str
    target: str | None = None
    """What it must be, such as `<= 0.003`; None where it is only told."""
    holds: bool | None = None
    """Whether it is; None where there is no target."""
    against: str = ""
    """What it was held against, and under which circumstances."""


def at_most(name: str, value: float, unit: str, limit: float, against: str = "") -> Result:
    """A figure that must not be larger than a limit."""
    return Result(name, value, unit, f"<= {limit:g}", value <= limit, against)


def at_least(name: str, value: float, unit: str, limit: float, against: str = "") -> Result:
    """A figure that must not be smaller than a limit."""
    return Result(name, value, unit, f">= {limit:g}", value >= limit, against)


def told(name: str, value: float, unit: str, against: str = "") -> Result:
    """A figure without a target."""
    return Result(name, value, unit, against=against)


def print_table(results: Sequence[Result]) -> None:
    """All figures, for people."""
    table = Table(Column("what", no_wrap=True), "value", "unit", "target", "holds", "against", box=None, pad_edge=False)
    for result in results:
        verdict = Text("") if result.holds is None else Text("yes", "green") if result.holds else Text("no", "bold red")
        table.add_row(
            result.name, f"{result.value:.4g}" if abs(result.value) < 1000 else f"{result.value:,.0f}", result.unit,
            result.target or "", verdict, result.against,
        )  # fmt: skip
    console = Console(highlight=False)
    if not console.is_terminal:  # into a file or another program: as wide as it needs to be
        console.width = 200
    console.print(table)


def write_results(results: Sequence[Result], path: Path = RESULTS) -> None:
    """All figures, for programs; those of parts that did not run now are kept from the last time."""
    parts = {result.name.split(".")[0] for result in results}
    before = orjson.loads(path.read_bytes()) if path.exists() else []
    kept = [row for row in before if row["name"].split(".")[0] not in parts]
    rows = [*kept, *(asdict(result) for result in results)]
    path.write_bytes(orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
