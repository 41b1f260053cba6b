"""What tasks about pictures have in common on a phone."""

from typing import TypeVar

from bot.i18n.tongue import Tongue
from bot.screens import Button
from bot.tasks.base import Ask, shortened
from crowd.kinds.pictureitem import PictureItem, PictureSpec
from crowd.media.picture import Grid, View

_FULL = 1
"""The page that is the picture in full."""


S = TypeVar("S", bound=PictureSpec)


def about(ask: Ask[S, PictureItem]) -> str:
    """What stands below a picture: the item's own words, and what is asked."""
    words = [f"{ask.voice.block(ask.payload.text)}\n"] if ask.payload.text else []
    return "".join(words) + f"<b>{ask.voice.block(ask.voice.pick(ask.spec.question, ask.spec.language))}</b>"


def look(ask: Ask[S, PictureItem], grid: Grid) -> tuple[Button, View]:
    """The button to the larger picture, or back from it; and the view that is looked at."""
    full = ask.view == _FULL
    words = "🔎 " + ask.voice.say("Smaller picture") if full else "🔍 " + ask.voice.say("Larger picture")
    return ask.turn(words, 0 if full else _FULL), View(full=full, grid=grid)


def glimpse(payload: PictureItem, voice: Tongue) -> str:
    """A few words of an item: those below the picture, or that it is one; HTML."""
    return "🖼 " + (shortened(voice, payload.text) if payload.text else voice.say("A picture"))
