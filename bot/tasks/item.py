"""What tasks about a text, a picture or a sound have in common on a phone."""

from typing import TypeVar

from bot.i18n.tongue import Tongue
from bot.screens import Body, Media, Played, Rows, Shown
from bot.tasks.base import Ask, Packed, shortened
from bot.tasks.picture import a_picture, larger
from crowd.batches.spec import BatchSpec
from crowd.kinds.item import Item
from crowd.media.picture import View

S = TypeVar("S", bound=BatchSpec)


def of_item(ask: Ask[S, Item], asked: str, rows: Rows = ()) -> Body:
    """The item, and below it what is asked (HTML, may be empty) and the buttons."""
    item, voice = ask.payload, ask.voice
    words = [part for part in (voice.block(item.text), asked) if part]
    if not words:
        look = voice.say("Listen, and tap what fits.") if item.sound else voice.say("Look, and tap what fits.")
        words = [f"<i>{look}</i>"]
    more: Rows = ((larger(ask),),) if item.picture else ()
    return Body("\n\n".join(words), (*rows, *more), _media(ask))


def packed(ask: Ask[S, Item]) -> Packed | None:
    """The item as it stands in a pack: a text, whole, or a picture with its words; no sound."""
    item = ask.payload
    return None if item.sound is not None else Packed(ask.voice.block(item.text), item.picture)


def _media(ask: Ask[S, Item]) -> Media | None:
    item = ask.payload
    if item.sound is not None:
        return Played(item.sound)
    return Shown(item.picture, View(full=ask.full)) if item.picture is not None else None


def glimpse(item: Item, voice: Tongue) -> str:
    """A few words of an item: its text, or what it is; HTML."""
    if item.sound is not None:
        return "🔊 " + (shortened(voice, item.text) if item.text else voice.say("A sound"))
    return a_picture(item.text, voice) if item.picture is not None else shortened(voice, item.text)
