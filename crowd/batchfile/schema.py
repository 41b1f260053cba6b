"""The JSON Schema of batch files, as a file: editors complete and check batch files with it."""

import sys
from pathlib import Path

import orjson

from crowd.kinds import spec_schema


def schema_text() -> str:
    """The schema as the file holds it."""
    return orjson.dumps(spec_schema(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def write_schema(path: Path) -> None:
    """Write it, replacing what is there."""
    path.write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    write_schema(Path(sys.argv[1]))
