"""grid: a picture with a lettered grid over it, and a keyboard of its cells below."""

from bot.i18n.tongue import Tongue
from bot.screens import Body, Button, Rows, Shown
from bot.tasks.base import WORDS, Ask, Face, shortened
from bot.tasks.picture import about, glimpse, look
from bot.tasks.ticking import read_tick, to_tick
from crowd.kinds.base import Json
from crowd.kinds.grid import GridSpec
from crowd.kinds.pictureitem import PictureItem

_MARKED = "🔴"


class GridFace(Face[GridSpec, PictureItem]):
    """Mark cells."""

    name = "grid"

    def show(self, ask: Ask[GridSpec, PictureItem]) -> Body:
        """See Face."""
        voice, lines = ask.voice, ask.spec.grid
        text = about(ask)
        if ask.draft:
            text += f"\n{voice.line}{_MARKED} {voice.foreign(' '.join(map(lines.named, ask.draft)))}"
        turn, view = look(ask, lines)
        return Body(text, (*_cells(ask), (_send(ask),), (turn,)), Shown(ask.payload.picture, view))

    def read_tap(self, said: str) -> Json:
        """The number of a cell, and whether it is to be marked."""
        return read_tick(said)

    def turns(self, spec: GridSpec, payload: PictureItem, value: Json) -> tuple[str, ...]:  # noqa: ARG002
        """The cells."""
        return tuple(to_tick(spec.grid.numbered(name), not_yet=True) for name in value)

    def words(self, spec: GridSpec, value: Json, voice: Tongue) -> str:  # noqa: ARG002
        """The names of the cells."""
        return shortened(voice, " ".join(value), WORDS) if value else voice.say("Nothing here")

    def glimpse(self, payload: PictureItem, voice: Tongue) -> str:
        """See Face."""
        return glimpse(payload, voice)


def _cells(ask: Ask[GridSpec, PictureItem]) -> Rows:
    lines, marked = ask.spec.grid, set(ask.draft)
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
