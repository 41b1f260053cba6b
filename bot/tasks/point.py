"""point: a cell of the picture is tapped, it is shown enlarged, and a cell within it is tapped."""

from bot.i18n.tongue import Tongue
from bot.screens import Body, Button, Rows, Shown
from bot.tasks.base import Ask, Face
from bot.tasks.picture import about, glimpse, look
from crowd.kinds.base import AnswerError, Json
from crowd.kinds.pictureitem import PictureItem
from crowd.kinds.point import PointSpec
from crowd.media.picture import View

_PICKED = "🔴"


class PointFace(Face[PointSpec, PictureItem]):
    """Show a place."""

    name = "point"

    def show(self, ask: Ask[PointSpec, PictureItem]) -> Body:
        """See Face."""
        return _whole(ask) if not ask.draft else _enlarged(ask)

    def read_tap(self, said: str) -> Json:
        """The cell, and the one within it: the draft to be."""
        cells = [part for part in said.split(".") if part]
        return [int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 4 else -1 for cell in cells]

    def turns(self, spec: PointSpec, payload: PictureItem, value: Json) -> tuple[str, ...]:  # noqa: ARG002
        """The cell, and the one within it."""
        if not value:
            return ()
        cell, inner = spec.cells_at(*value)
        return str(cell), f"{cell}.{inner}"

    def words(self, spec: PointSpec, value: Json, voice: Tongue) -> str:  # noqa: ARG002
        """Where it is."""
        if not value:
            return voice.say("Not in this picture")
        across, down = (voice.percent(share) for share in value)
        return voice.say("{across} from the left, {down} from the top", across=across, down=down)

    def trouble(self, error: AnswerError, voice: Tongue) -> str:
        """See Face."""
        if error.problem == "not_yet":
            return voice.say("Tap the place in the enlarged part too.")
        return super().trouble(error, voice)

    def glimpse(self, payload: PictureItem, voice: Tongue) -> str:
        """See Face."""
        return glimpse(payload, voice)


def _whole(ask: Ask[PointSpec, PictureItem]) -> Body:
    grid = ask.spec.grid
    rows: Rows = _keyboard(ask, [ask.step(grid.named(cell), cell) for cell in range(ask.spec.lines**2)])
    if ask.spec.nothing:
        rows = (*rows, (ask.send("∅ " + ask.voice.say("Not in this picture")),))
    turn, view = look(ask, grid)
    return Body(about(ask), (*rows, (turn,)), Shown(ask.payload.picture, view))


def _enlarged(ask: Ask[PointSpec, PictureItem]) -> Body:
    grid, voice, (cell, *inner) = ask.spec.grid, ask.voice, ask.draft
    picked = "·".join(grid.named(each) for each in ask.draft)
    buttons = [
        ask.step((_PICKED if [each] == inner else "") + grid.named(each), f"{cell}.{each}")
        for each in range(ask.spec.lines**2)
    ]
    ways = [ask.send("✅ " + voice.say("Send"))] if inner else []
    ways.append(ask.step("↩ " + voice.say("Whole picture"), ""))
    text = f"{about(ask)}\n{voice.line}🔍 {voice.foreign(picked)}"
    shown = Shown(ask.payload.picture, View(grid=grid, within=(grid, cell)))
    return Body(text, (*_keyboard(ask, buttons), tuple(ways)), shown)


def _keyboard(ask: Ask[PointSpec, PictureItem], buttons: list[Button]) -> Rows:
    lines = ask.spec.lines
    return tuple(tuple(buttons[at : at + lines]) for at in range(0, len(buttons), lines))


FACE = PointFace()
