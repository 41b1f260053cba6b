"""choices: each option is ticked by a tap, and a button below sends what is ticked."""

from bot.i18n.tongue import Tongue
from bot.screens import Body, Rows, rows_of
from bot.tasks.base import WHOLE, WORDS, Ask, Face, Lettered, Packed, shortened
from bot.tasks.item import glimpse, of_item, packed
from bot.tasks.pages import page_of
from bot.tasks.ticking import read_tick, to_tick
from crowd.kinds.base import AnswerError, Json
from crowd.kinds.choices import ChoicesSpec
from crowd.kinds.item import Item

_TICKED, _NOT = "☑", "☐"


class ChoicesFace(Face[ChoicesSpec, Item]):
    """Tick the options that hold."""

    name = "choices"

    def show(self, ask: Ask[ChoicesSpec, Item]) -> Body:
        """See Face."""
        ticked = set(ask.draft)
        buttons = [
            ask.step(
                f"{_TICKED if number in ticked else _NOT} {ask.voice.pick(option.label, ask.spec.language)}",
                to_tick(number, not_yet=number not in ticked),
            )
            for number, option in enumerate(ask.spec.options)
        ]
        asked = f"☑️ <i>{_asked(ask.voice, ask.spec)}</i>"
        return of_item(ask, asked, (*page_of(ask, rows_of(buttons)), *_sending(ask, len(ticked))))

    def read_tap(self, said: str) -> Json:
        """The number of an option, and whether it is to be ticked."""
        return read_tick(said)

    def turns(self, spec: ChoicesSpec, payload: Item, value: Json) -> tuple[str, ...]:  # noqa: ARG002
        """The options."""
        return tuple(to_tick(spec.values.index(each), not_yet=True) for each in value)

    def words(self, spec: ChoicesSpec, value: Json, voice: Tongue) -> str:
        """The labels of the options."""
        if not value:
            return voice.say("None of these")
        return shortened(voice, _labels(spec, value, voice), WORDS)

    def echo(self, spec: ChoicesSpec, value: Json, voice: Tongue) -> str:
        """All labels of the options."""
        return shortened(voice, _labels(spec, value, voice), WHOLE) if value else self.words(spec, value, voice)

    def trouble(self, error: AnswerError, voice: Tongue) -> str:
        """Too few or too many."""
        if error.problem == "too_few":
            return voice.count("Tick at least {number}.", "Tick at least {number}.", error.values["least"])
        if error.problem == "too_many":
            return voice.count("Tick at most {number}.", "Tick at most {number}.", error.values["most"])
        return super().trouble(error, voice)

    def glimpse(self, payload: Item, voice: Tongue) -> str:
        """See Face."""
        return glimpse(payload, voice)

    def lettered(self, spec: ChoicesSpec, voice: Tongue) -> Lettered:
        """The options, and behind them that there is none."""
        words = tuple(self.words(spec, [value], voice) for value in spec.values)
        if spec.fewest:
            return Lettered(words, several=True)
        return Lettered((*words, voice.say("None of these")), several=True, alone=len(words))

    def chosen(self, ask: Ask[ChoicesSpec, Item], places: tuple[int, ...]) -> Json:
        """The options' numbers."""
        return [place for place in places if place < len(ask.spec.options)]

    def packed(self, ask: Ask[ChoicesSpec, Item]) -> Packed | None:
        """See Face."""
        return packed(ask)


def _labels(spec: ChoicesSpec, value: Json, voice: Tongue) -> str:
    return " · ".join(voice.pick(option.label, spec.language) for option in spec.options if option.value in value)


def _asked(voice: Tongue, spec: ChoicesSpec) -> str:
    fewest, most = spec.sizes[0], spec.sizes[-1]
    if most == len(spec.options):
        return voice.say("Tick all that apply.")
    if fewest == most:
        return voice.count("Tick {number}.", "Tick {number}.", most)
    return voice.count("Tick up to {number}.", "Tick up to {number}.", most)


def _sending(ask: Ask[ChoicesSpec, Item], ticked: int) -> Rows:
    if ticked:
        return ((ask.send(f"✅ {ask.sends} ({ask.voice.number(ticked)})"),),)
    return ((ask.send("∅ " + ask.voice.say("None of these")),),) if not ask.spec.fewest else ()


FACE = ChoicesFace()
