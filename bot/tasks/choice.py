"""choice: the options are buttons, and one tap answers."""

from bot.i18n.tongue import Tongue
from bot.screens import Body, Button, rows_of
from bot.tasks.base import WORDS, Face, shortened
from crowd.kinds.base import Json
from crowd.kinds.choice import ChoiceSpec
from crowd.kinds.textitem import TextItem


class ChoiceFace(Face[ChoiceSpec, TextItem]):
    """Tap one of the options."""

    name = "choice"

    def show(self, spec: ChoiceSpec, payload: TextItem, lease_id: int, voice: Tongue) -> Body:
        """See Face."""
        buttons = [
            Button(voice.pick(option.label, spec.language), f"a:{lease_id}:{number}")
            for number, option in enumerate(spec.options)
        ]
        return Body(voice.block(payload.text), rows_of(buttons))

    def read_tap(self, said: str) -> Json:
        """The number of the option."""
        return int(said) if said.isascii() and said.isdigit() else -1

    def words(self, spec: ChoiceSpec, value: Json, voice: Tongue) -> str:
        """The option's label."""
        labels = next((option.label for option in spec.options if option.value == value), {"en": str(value)})
        return shortened(voice, voice.pick(labels, spec.language), WORDS)

    def glimpse(self, payload: TextItem, voice: Tongue) -> str:
        """See Face."""
        return shortened(voice, payload.text)


FACE = ChoiceFace()
