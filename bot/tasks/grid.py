"""grid: a picture with a lettered grid over it, and a keyboard of its cells below."""

from bot.i18n.tongue import Tongue
from bot.screens import Body, Button, Rows, Shown
from bot.tasks.base import WORDS, Ask, Face, shortened
from bot.tasks.ticking import read_tick, to_tick
from crowd.kinds.base import Json
from crowd.kinds.grid import GridSpec
from crowd.kinds.pictureitem import PictureItem
from crowd.media.picture import View

_MARKED = "🔴"
_FULL = 1
"""The view that is the picture in full."""


class GridFace(Face[GridSpec, PictureItem]):
    """Mark cells."""

    name = "grid"

    def show(self, ask: Ask[GridSpec, PictureItem]) -> Body:
        """See Face."""
        voice, spec, full = ask.voice, ask.spec, ask.view == _FULL
        words = [str(voice.block(ask.payload.text))] if ask.payload.text else []
        words.append(f"<b>{voice.block(voice.pick(spec.question, spec.language))}</b>")
        if ask.draft:
            words.append(f"{voice.line}{_MARKED} {voice.foreign(' '.join(map(spec.lines.named, ask.draft)))}")
        smaller, larger = "🔎 " + voice.say("Smaller picture"), "🔍 " + voice.say("Larger picture")
        look = ask.turn(smaller, 0) if full else ask.turn(larger, _FULL)
        picture = Shown(ask.payload.picture, View(full=full, grid=spec.lines))
        return Body("\n".join(words), (*_cells(ask), (_send(ask),), (look,)), picture)

    def read_tap(self, said: str) -> Json:
        """The number of a cell, and whether it is to be marked."""
        return read_tick(said)

    def words(self, spec: GridSpec, value: Json, voice: Tongue) -> str:  # noqa: ARG002
        """The names of the cells."""
        return shortened(voice, " ".join(value), WORDS) if value else voice.say("Nothing here")

    def glimpse(self, payload: PictureItem, voice: Tongue) -> str:
        """The words below the picture, or that it is one."""
        return "🖼 " + (shortened(voice, payload.text) if payload.text else voice.say("A picture"))


def _cells(ask: Ask[GridSpec, PictureItem]) -> Rows:
    lines, marked = ask.spec.lines, set(ask.draft)
    buttons = [
        ask.step((_MARKED if cell in marked else "") + lines.named(cell), to_tick(cell, not_yet=cell not in marked))
        for cell in range(ask.spec.cells)
    ]
    return tuple(tuple(buttons[at : at + lines.columns]) for at in range(0, len(buttons), lines.columns))


def _send(ask: Ask[GridSpec, PictureItem]) -> Button:
    if not ask.draft:
        return ask.send("∅ " + ask.voice.say("Nothing here"))
    return ask.send(f"✅ {ask.voice.say('Send')} ({ask.voice.number(len(ask.draft))})")


FACE = GridFace()
