"""Buttons of a task that are too many for one screen of a phone."""

from typing import Any

from bot.screens import Rows
from bot.tasks.base import Ask

MOST_ROWS = 8
"""Rows of a task's own buttons: with the item above them and the ways out below, a small phone shows no more."""


def page_of(ask: Ask[Any, Any], rows: Rows, *, most: int = MOST_ROWS) -> Rows:
    """The rows of the page that is looked at, with a row below that leads to the pages before and after it."""
    if len(rows) <= most:
        return rows
    each = most - 1
    pages = -(-len(rows) // each)
    at = min(ask.page, pages - 1)
    turns = []
    if at:
        turns.append(ask.turn(f"{ask.voice.backward} {ask.voice.number(at)}/{ask.voice.number(pages)}", at - 1))
    if at < pages - 1:
        turns.append(ask.turn(f"{ask.voice.number(at + 2)}/{ask.voice.number(pages)} {ask.voice.onward}", at + 1))
    return (*rows[at * each : (at + 1) * each], tuple(turns))
