"""Options that several commands have."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from crowd.exports.base import Format

Requester = Annotated[str, typer.Option(help="who owns the batches; made when it first posts one")]
AsJson = Annotated[bool, typer.Option("--json", help="for scripts: the same as the REST API says")]
FormatName = Annotated[str, typer.Option("--format", "-f", help="csv, jsonl or parquet")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="the file to write; else standard output", show_default=False)
]


def format_named(name: str, output: Path | None) -> "Format":
    """The format of that name. Ends the command when there is none, or it is nothing for where it would be shown."""
    from crowd.exports import formats
    from kazi.connection import fail

    found = formats().get(name)
    if found is None:
        fail(f"there is no format “{name}”: there are {', '.join(formats())}")
    if output is None and found.name == "parquet" and sys.stdout.isatty():
        fail("Parquet is nothing for a terminal: name a file with -o FILE")
    return found
