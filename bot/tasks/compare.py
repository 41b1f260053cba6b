"""compare: two texts, in an order that is drawn anew for each worker, and one tap says which is better."""

from bot.i18n.tongue import Html, Tongue
from bot.screens import Body, Button, Rows, rows_of
from bot.tasks import pair
from bot.tasks.base import Ask, Face, Lettered, Packed
from bot.tasks.pages import page_of
from bot.tasks.pair import AS_IN_ITEMS, Heads, heads_of
from crowd.kinds.base import Json
from crowd.kinds.compare import CompareSpec
from crowd.kinds.pair import BOTH_BAD, SAME, Pair, Side, preferred


class CompareFace(Face[CompareSpec, Pair]):
    """Tap the better one."""

    name = "compare"

    def show(self, ask: Ask[CompareSpec, Pair]) -> Body:
        """See Face."""
        heads = heads_of(ask.hand)
        lines = [*pair.beside(ask.voice, ask.payload, heads), f"<i>{_asked(ask.voice, ask.spec)}</i>"]
        return Body("\n".join(lines), page_of(ask, _rows(ask, heads)))

    def read_tap(self, said: str) -> Json:
        """The answer itself."""
        return said

    def turns(self, spec: CompareSpec, payload: Pair, value: Json) -> tuple[str, ...]:  # noqa: ARG002
        """The answer itself."""
        return (str(value),)

    def words(self, spec: CompareSpec, value: Json, voice: Tongue) -> str:
        """The sides by the names that the items have for them."""
        return _in_words(spec, value, voice, AS_IN_ITEMS)

    def told(self, ask: Ask[CompareSpec, Pair], value: Json) -> str:
        """The sides as this worker saw them."""
        return _in_words(ask.spec, value, ask.voice, heads_of(ask.hand))

    def glimpse(self, payload: Pair, voice: Tongue) -> str:
        """What both answer; else how each begins."""
        return pair.glimpse(payload, voice)

    def lettered(self, spec: CompareSpec, voice: Tongue) -> Lettered:
        """The sides in the order they are shown, which is each task's own."""
        return Lettered(tuple(_in_words(spec, value, voice, AS_IN_ITEMS) for value in _in_order(spec, "a", "b")))

    def chosen(self, ask: Ask[CompareSpec, Pair], places: tuple[int, ...]) -> Json:
        """The answer that stands there for who saw the sides in that order."""
        first, second = heads_of(ask.hand)
        return _in_order(ask.spec, first, second)[places[0]]

    def packed(self, ask: Ask[CompareSpec, Pair]) -> Packed:
        """Both, one below the other."""
        item = ask.payload
        lines = [f"{head} {ask.voice.foreign(item.side(side))}" for side, head in heads_of(ask.hand).items()]
        return Packed("\n".join([*([ask.voice.block(item.text)] if item.text else []), *lines]))


def _in_order(spec: CompareSpec, first: Side, second: Side) -> list[str]:
    """The answers as letters name them: for one side, for the other, and then for none."""
    same, bad = [SAME] if spec.tie else [], [BOTH_BAD] if spec.both_bad else []
    return [*reversed(spec.better(first)), *reversed(spec.better(second)), *same, *bad]


def _asked(voice: Tongue, spec: CompareSpec) -> str:
    if spec.degrees == 1:
        return voice.say("Which is better?")
    return voice.say("Which is better, and by how much?")


def _rows(ask: Ask[CompareSpec, Pair], heads: Heads) -> Rows:
    """Each side has a column of its own, the strongest above; where words are long, all stand in one, as a scale."""
    spec, voice = ask.spec, ask.voice
    one, other = (_buttons(ask, side, head) for side, head in heads.items())
    same = [ask.answer(f"≈ {voice.say('Same')}", SAME)] if spec.tie else []
    bad = [ask.answer(f"👎 {voice.say('Both bad')}", BOTH_BAD)] if spec.both_bad else []
    beside = rows_of([button for both in zip(one, other, strict=True) for button in both], most=2)
    if len(beside) == spec.degrees:
        return (*beside, *rows_of([*same, *bad]))
    return tuple((button,) for button in (*one, *same, *reversed(other), *bad))


def _buttons(ask: Ask[CompareSpec, Pair], side: Side, head: Html) -> list[Button]:
    """Of one side, the strongest first."""
    degrees = ask.spec.degrees
    answers = enumerate(ask.spec.better(side), 1)
    return [ask.answer(_short(ask.voice, head, much, degrees), value) for much, value in answers][::-1]


def _short(voice: Tongue, side: Html, much: int, degrees: int) -> str:
    """A button under the question by how much which one is better: 11 characters leave room for two in a row."""
    if degrees == 1:
        return voice.say("{side} better", side=side)
    if much == 1:
        return voice.say("{side} a little", side=side)
    if much == degrees:
        return voice.say("{side} much", side=side)
    return voice.say("{side} clearly", side=side)


def _in_words(spec: CompareSpec, value: Json, voice: Tongue, heads: Heads) -> str:
    better = preferred(value)
    if better is None or spec.degrees == 1:
        return pair.in_words(value, voice, heads)
    side, much = heads[better], spec.better(better).index(value) + 1
    if much == 1:
        return voice.say("{side} is a little better", side=side)
    if much == spec.degrees:
        return voice.say("{side} is much better", side=side)
    return voice.say("{side} is clearly better", side=side)


FACE = CompareFace()
