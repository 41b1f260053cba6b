"""choice: the options are buttons, and one tap answers."""

from bot.i18n.tongue import Tongue
from bot.screens import Body, rows_of
from bot.tasks.base import WHOLE, WORDS, Ask, Face, Lettered, Packed, shortened
from bot.tasks.item import glimpse, of_item, packed
from bot.tasks.pages import page_of
from crowd.kinds.base import Json
from crowd.kinds.choice import ChoiceSpec
from crowd.kinds.item import Item


class ChoiceFace(Face[ChoiceSpec, Item]):
    """Tap one of the options."""

    name = "choice"

    def show(self, ask: Ask[ChoiceSpec, Item]) -> Body:
        """See Face."""
        buttons = [
            ask.answer(ask.voice.pick(option.label, ask.spec.language), number)
            for number, option in enumerate(ask.spec.options)
        ]
        return of_item(ask, "", page_of(ask, rows_of(buttons)))

    def read_tap(self, said: str) -> Json:
        """The number of the option."""
        return int(said) if said.isascii() and said.isdigit() else -1

    def turns(self, spec: ChoiceSpec, payload: Item, value: Json) -> tuple[str, ...]:  # noqa: ARG002
        """The option."""
        return (str(spec.values.index(value)),)

    def words(self, spec: ChoiceSpec, value: Json, voice: Tongue) -> str:
        """The option's label."""
        return shortened(voice, _label(spec, value, voice), WORDS)

    def echo(self, spec: ChoiceSpec, value: Json, voice: Tongue) -> str:
        """The same, whole."""
        return shortened(voice, _label(spec, value, voice), WHOLE)

    def glimpse(self, payload: Item, voice: Tongue) -> str:
        """See Face."""
        return glimpse(payload, voice)

    def lettered(self, spec: ChoiceSpec, voice: Tongue) -> Lettered:
        """The options."""
        return Lettered(tuple(self.words(spec, value, voice) for value in spec.values))

    def chosen(self, ask: Ask[ChoiceSpec, Item], places: tuple[int, ...]) -> Json:  # noqa: ARG002
        """The option's number."""
        return places[0]

    def packed(self, ask: Ask[ChoiceSpec, Item]) -> Packed | None:
        """See Face."""
        return packed(ask)


def _label(spec: ChoiceSpec, value: Json, voice: Tongue) -> str:
    labels = next((option.label for option in spec.options if option.value == value), {"en": str(value)})
    return voice.pick(labels, spec.language)


FACE = ChoiceFace()
