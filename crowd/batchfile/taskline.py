"""Tasks as lines of PostgreSQL's COPY text format, without their ids: those come with the shuffled order."""

import orjson

from crowd.kinds.base import Json

COLUMNS = ("id", "batch_id", "key", "payload", "gold", "open", "seats")
"""The columns of `task` that a line fills, the first two being put before it by `numbered`."""


def line_end(seats: int) -> bytes:
    """The end of a task's line: open, so many seats."""
    return b"\tt\t%d\n" % seats


def ordinary_line(key: str, payload: Json, end: bytes) -> bytes:
    """The line of an ordinary task. The key has no control characters; JSON has none either."""
    text = b"%b\t%b" % (key.encode(), orjson.dumps(payload))
    return (text.replace(b"\\", b"\\\\") if b"\\" in text else text) + b"\t\\N" + end


def gold_line(key: str, payload: Json, right: Json, explanation: dict[str, str], end: bytes) -> bytes:
    """The line of a gold."""
    gold = {"value": right, "explanation": explanation}
    text = b"%b\t%b\t%b" % (key.encode(), orjson.dumps(payload), orjson.dumps(gold))
    return text.replace(b"\\", b"\\\\") + end


def numbered(first: int, batch_id: int, lines: list[bytes]) -> bytes:
    """Lines ready for COPY, their ids counting from `first`."""
    return b"".join([b"%d\t%d\t%b" % (number, batch_id, line) for number, line in enumerate(lines, first)])
