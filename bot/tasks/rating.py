"""rating: the numbers are buttons, and one tap answers; what the ends mean stands above."""

from bot.i18n.tongue import Tongue
from bot.screens import Body, Rows
from bot.tasks.base import Ask, Face, Lettered, Packed, shortened
from bot.tasks.item import glimpse, of_item, packed
from crowd.kinds.base import Json
from crowd.kinds.item import Item
from crowd.kinds.rating import RatingSpec

_STAR = "★"
_MOST_STARS = 5
"""On a scale that is longer nobody counts stars, and a number stands beside one."""

_ACROSS, _WIDE = 6, 16
"""So many buttons, with so many characters, have room in one row of a small phone."""


class RatingFace(Face[RatingSpec, Item]):
    """Tap a number."""

    name = "rating"

    def show(self, ask: Ask[RatingSpec, Item]) -> Body:
        """See Face."""
        spec, voice = ask.spec, ask.voice
        ends = [
            f"{voice.line}<b>{label(spec, number, voice)}</b> = {voice.foreign(voice.pick(meaning, spec.language))}"
            for number, meaning in ((spec.numbers[0], spec.ends.low), (spec.numbers[-1], spec.ends.high))
        ]
        labels = [(label(spec, number, voice), number) for number in spec.numbers]
        return of_item(ask, "\n".join(ends), _rows(ask, labels))

    def read_tap(self, said: str) -> Json:
        """The number."""
        return int(said) if said.isascii() and said.isdigit() else -1

    def turns(self, spec: RatingSpec, payload: Item, value: Json) -> tuple[str, ...]:  # noqa: ARG002
        """The number."""
        return (str(value),)

    def words(self, spec: RatingSpec, value: Json, voice: Tongue) -> str:
        """What stood on the button."""
        return label(spec, value, voice)

    def glimpse(self, payload: Item, voice: Tongue) -> str:
        """See Face."""
        return glimpse(payload, voice)

    def lettered(self, spec: RatingSpec, voice: Tongue) -> Lettered:
        """The numbers; beside the first and the last, what they mean."""
        meanings = {
            number: shortened(voice, voice.pick(meaning, spec.language))
            for number, meaning in ((spec.numbers[0], spec.ends.low), (spec.numbers[-1], spec.ends.high))
        }
        words = [(label(spec, number, voice), meanings.get(number)) for number in spec.numbers]
        return Lettered(tuple(f"{number} ({meaning})" if meaning else number for number, meaning in words))

    def chosen(self, ask: Ask[RatingSpec, Item], places: tuple[int, ...]) -> Json:
        """The number."""
        return ask.spec.numbers[places[0]]

    def packed(self, ask: Ask[RatingSpec, Item]) -> Packed | None:
        """See Face."""
        return packed(ask)


def label(spec: RatingSpec, number: int, voice: Tongue) -> str:
    """What the button of a number says."""
    if not spec.stars:
        return voice.number(number)
    return _STAR * number if spec.steps <= _MOST_STARS else f"{voice.number(number)}{_STAR}"


def _rows(ask: Ask[RatingSpec, Item], labels: list[tuple[str, int]]) -> Rows:
    """One row where there is room for it, else two."""
    buttons = [ask.answer(text, number) for text, number in labels]
    widest = max(len(text) for text, _ in labels)
    narrow = len(buttons) <= _ACROSS and len(buttons) * widest <= _WIDE
    across = len(buttons) if narrow else -(-len(buttons) // 2)
    return tuple(tuple(buttons[at : at + across]) for at in range(0, len(buttons), across))


FACE = RatingFace()
