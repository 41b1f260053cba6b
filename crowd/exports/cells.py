"""Cells of exports, as spreadsheets take them."""

import re

_RUNS = re.compile(r"[\s\ufeff\u200b-\u200f\u2060]*[=+\-@＝＋－＠\t\r|%]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?", re.ASCII)


def runs(cell: str) -> bool:
    """Whether a spreadsheet may take the cell for a formula or a command when it opens a file with it."""
    return _RUNS.match(cell) is not None and _NUMBER.fullmatch(cell) is None


def harmless(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would run it; any other cell as it is."""
    return f"'{cell}" if runs(cell) else cell
