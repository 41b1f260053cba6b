"""What tasks about pictures have in common on a phone."""

from typing import Any, TypeVar

from bot.i18n.tongue import Tongue
from bot.screens import Button
from bot.tasks.base import Ask, shortened
from crowd.kinds.pictureitem import PictureItem, PictureSpec
from crowd.media.picture import Grid, View

S = TypeVar("S", bound=PictureSpec)


def about(ask: Ask[S, PictureItem]) -> str:
    """What stands below a picture: the item's own words, and what is asked."""
    words = [f"{ask.voice.block(ask.payload.text)}\n"] if ask.payload.text else []
    return "".join(words) + f"<b>{ask.voice.block(ask.voice.pick(ask.spec.question, ask.spec.language))}</b>"


def look(ask: Ask[S, PictureItem], grid: Grid) -> tuple[Button, View]:
    """The button to the larger picture, or back from it; and the view that is looked at."""
    return larger(ask), View(full=ask.full, grid=grid)


def larger(ask: Ask[Any, Any]) -> Button:
    """The button to the larger picture, or back from it."""
    words = "🔎 " + ask.voice.say("Smaller picture") if ask.full else "🔍 " + ask.voice.say("Larger picture")
    return ask.look(words, full=not ask.full)


def glimpse(payload: PictureItem, voice: Tongue) -> str:
    """A few words of an item: those below the picture, or that it is one; HTML."""
    return a_picture(payload.text, voice)


def a_picture(text: str, voice: Tongue) -> str:
    """The same, of the words below it."""
    return "🖼 " + (shortened(voice, text) if text else voice.say("A picture"))
