"""rank: items are tapped one after the other, and a button below sends the order."""

from hashlib import sha256

from bot.i18n.tongue import Tongue
from bot.screens import Body, Button, Rows
from bot.tasks.base import WORDS, Ask, Face, beginning, shortened
from bot.tasks.ticking import read_tick, to_tick
from crowd.kinds.base import AnswerError, Json
from crowd.kinds.rank import RankItem, RankSpec

_LETTERS = "ABCDEFGH"
"""What items are called on a screen: numbers are for their places."""

_ON_BUTTON = 28
_NEXT = " › "


class RankFace(Face[RankSpec, RankItem]):
    """Tap the items in order."""

    name = "rank"

    def show(self, ask: Ask[RankSpec, RankItem]) -> Body:
        """The items in an order of this task's own, so that none stands first for everybody."""
        voice, items = ask.voice, ask.payload.items
        shown = _shuffled(len(items), ask.hand.named)
        lines = [
            f"{voice.line}<b>{letter}</b>. {voice.foreign(items[number - 1])}"
            for letter, number in zip(_LETTERS, shown, strict=False)
        ]
        above = [voice.block(ask.payload.text), ""] if ask.payload.text else []
        text = "\n".join([*above, *lines, "", f"☝️ <i>{_asked(ask)}</i>"])
        rows = tuple((_button(ask, letter, number),) for letter, number in zip(_LETTERS, shown, strict=False))
        return Body(text, (*rows, *_sending(ask)))

    def read_tap(self, said: str) -> Json:
        """The number of an item, and whether it is to be placed."""
        return read_tick(said)

    def turns(self, spec: RankSpec, payload: RankItem, value: Json) -> tuple[str, ...]:  # noqa: ARG002
        """The items in their order; the last one places itself."""
        return tuple(to_tick(number, not_yet=True) for number in value[:-1])

    def words(self, spec: RankSpec, value: Json, voice: Tongue) -> str:  # noqa: ARG002
        """The numbers, which are the file's: only where the item is not known."""
        return voice.foreign(_NEXT.join(voice.number(number) for number in value))

    def told(self, ask: Ask[RankSpec, RankItem], value: Json) -> str:
        """The beginnings of the items, in that order."""
        each, items = WORDS // len(value) - len(_NEXT), ask.payload.items
        return shortened(ask.voice, _NEXT.join(beginning(items[number - 1], each) for number in value), WORDS)

    def trouble(self, error: AnswerError, voice: Tongue) -> str:
        """Not all are placed."""
        if error.problem == "not_all_placed":
            return voice.count("Put all {number} in order.", "Put all {number} in order.", error.values["items"])
        return super().trouble(error, voice)

    def glimpse(self, payload: RankItem, voice: Tongue) -> str:
        """The question, or else the items."""
        return shortened(voice, payload.text or " · ".join(payload.items))


def _shuffled(items: int, named: str) -> list[int]:
    """The numbers of the items in an order that hangs on the task in hands alone, and is the same each time."""
    return sorted(range(1, items + 1), key=lambda number: sha256(f"{named}/{number}".encode()).digest())


def _button(ask: Ask[RankSpec, RankItem], letter: str, number: int) -> Button:
    label = f"{letter} · {beginning(ask.payload.items[number - 1], _ON_BUTTON)}"
    if number not in ask.draft:
        return ask.step(label, to_tick(number, not_yet=True))
    return ask.step(f"{ask.voice.number(ask.draft.index(number) + 1)} ✓ {label}", to_tick(number, not_yet=False))


def _asked(ask: Ask[RankSpec, RankItem]) -> str:
    go_on = ask.voice.say("Tap them in order, from first to last.")
    if not ask.draft:
        return go_on
    back = ask.voice.say("Tap one that has a place to take it back, with those after it.")
    return back if len(ask.draft) == len(ask.payload.items) else f"{go_on} {back}"


def _sending(ask: Ask[RankSpec, RankItem]) -> Rows:
    if len(ask.draft) < len(ask.payload.items):
        return ()
    return ((ask.send("✅ " + ask.voice.say("Send")),),)


FACE = RankFace()
