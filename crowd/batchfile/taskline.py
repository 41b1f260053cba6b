"""Tasks as lines of PostgreSQL's COPY text format, without their ids: those come with the shuffled order."""

import orjson

from crowd.kinds.base import Json

COLUMNS = ("id", "batch_id", "key", "payload", "gold", "open", "seats")
"""The columns of `task` that a line fills, the first two being put before it by `numbered`."""


def ordinary_end(seats: int) -> bytes:
    """The end of the line of an ordinary task: no gold, open, so many seats."""
    return b"\t\\N\tt\t%d\n" % seats


def ordinary_line(key: str, payload: Json, end: bytes) -> bytes:
    """The line of an ordinary task. The key has no control characters; JSON has none either."""
    text = b"%b\t%b" % (key.encode(), orjson.dumps(payload))
    return (text.replace(b"\\", b"\\\\") if b"\\" in text else text) + end


def gold_line(key: str, payload: Json, right: Json, explanation: dict[str, str]) -> bytes:
    """The line of a gold: it is handed out by its own rule, so it has no seats."""
    gold = {"value": right, "explanation": explanation}
    text = b"%b\t%b\t%b" % (key.encode(), orjson.dumps(payload), orjson.dumps(gold))
    return text.replace(b"\\", b"\\\\") + b"\tf\t0\n"


def numbered(first: int, batch_id: int, lines: list[bytes]) -> bytes:
    """Lines ready for COPY, their ids counting from `first`."""
    return b"".join([b"%d\t%d\t%b" % (number, batch_id, line) for number, line in enumerate(lines, first)])
