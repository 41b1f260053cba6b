"""The screens of “Please fix this”, with sample data."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.i18n.tongue import Tongue
from bot.screens import Screen
from bot.views import redo, task, work
from crowd.loop.handing import Given
from crowd.redos.states import Why
from crowd.redos.taking import Over

_LONG_ID = 2**62


def redo_news(due: datetime) -> dict[str, Any]:
    """What a notice is told, beside the item, the word of judges and the reason."""
    return {"lease": _LONG_ID, "due": due.isoformat(), "time_zone": "Africa/Lagos"}


def redo_screens(voice: Tongue, given: Given, *, words: str, said: str) -> Iterator[tuple[str, Screen]]:
    mended = replace(given, why=Why("unclear", words))
    yield "task", task.given_screen(voice, mended, above=redo.thanks_line(voice))
    yield "task found by judges", task.given_screen(voice, replace(given, why=Why("wrong", None)))
    if given.spec.kind == "text":
        yield "echo", task.echo_screen(voice, mended, said)
    yield "more", Screen("x", task.more_rows(voice, _LONG_ID, _LONG_ID, mended=True))
    yield "another batch", work.waiting_screen(voice, mended, _LONG_ID)
    yield "work", work.offers_screen(voice, [], above=redo.left_line(voice), first=redo.waiting_rows(voice, 10))


def redo_toasts(voice: Tongue) -> Iterator[str]:
    for over in Over:
        yield redo.over_text(voice, over)
