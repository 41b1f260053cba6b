"""compare: two texts, in an order that is drawn anew for each worker, and one tap says which is better."""

from bot.i18n.tongue import Html, Tongue
from bot.screens import Body, Button, Rows, rows_of
from bot.tasks.base import GLIMPSE, Ask, Face, Hand, beginning, shortened
from bot.tasks.pages import page_of
from crowd.kinds.base import Json
from crowd.kinds.compare import BOTH_BAD, SAME, CompareSpec, Pair, Side, first_shown, preferred
from crowd.lengths import chat_length

_FIRST, _SECOND = Html("🅰️"), Html("🅱️")
"""Of the two as they are shown, whichever of the item's sides that is: so nobody learns that one of them is better."""

_OPEN = 8
"""A text of more lines is folded by the phone, which shows the rest at a tap, without asking the bot."""

_LINE = 36
"""Characters that a small phone shows in a line, about."""


class CompareFace(Face[CompareSpec, Pair]):
    """Tap the better one."""

    name = "compare"

    def show(self, ask: Ask[CompareSpec, Pair]) -> Body:
        """See Face. The two are folded both or neither: which is longer must not tell at first sight."""
        voice, item = ask.voice, ask.payload
        texts = {"a": item.a, "b": item.b}
        heads = _heads(ask.hand)
        folded = max(map(_lines, texts.values())) > _OPEN
        lines = [f"{_prompt(voice, item.text)}\n"] if item.text else []
        for side, head in heads.items():
            lines += [f"{voice.line}{head}", _quoted(voice, texts[side], folded=folded)]
        return Body("\n".join([*lines, f"<i>{_asked(voice, ask.spec)}</i>"]), page_of(ask, _rows(ask, heads)))

    def read_tap(self, said: str) -> Json:
        """The answer itself."""
        return said

    def turns(self, spec: CompareSpec, payload: Pair, value: Json) -> tuple[str, ...]:  # noqa: ARG002
        """The answer itself."""
        return (str(value),)

    def words(self, spec: CompareSpec, value: Json, voice: Tongue) -> str:
        """The sides by the names that the items have for them."""
        return _in_words(spec, value, voice, {"a": _FIRST, "b": _SECOND})

    def told(self, ask: Ask[CompareSpec, Pair], value: Json) -> str:
        """The sides as this worker saw them."""
        return _in_words(ask.spec, value, ask.voice, _heads(ask.hand))

    def glimpse(self, payload: Pair, voice: Tongue) -> str:
        """What both answer; else how each begins."""
        if payload.text:
            return shortened(voice, payload.text)
        each = (GLIMPSE - 3) // 2
        return f"{voice.foreign(beginning(payload.a, each))} / {voice.foreign(beginning(payload.b, each))}"


_Heads = dict[Side, Html]


def _heads(hand: Hand) -> _Heads:
    """What the two are called, in the order they are shown."""
    first = first_shown(hand.named)
    return {first: _FIRST, "b" if first == "a" else "a": _SECOND}


def _prompt(voice: Tongue, text: str) -> str:
    return _quoted(voice, text, folded=True) if _lines(text) > _OPEN else voice.block(text)


def _quoted(voice: Tongue, text: str, *, folded: bool) -> str:
    return f"<blockquote{' expandable' if folded else ''}>{voice.block(text)}</blockquote>"


def _lines(text: str) -> int:
    """How many lines it takes on a small phone, about."""
    return sum(max(1, -(-chat_length(line) // _LINE)) for line in text.split("\n"))


def _asked(voice: Tongue, spec: CompareSpec) -> str:
    if spec.degrees == 1:
        return voice.say("Which is better?")
    return voice.say("Which is better, and by how much?")


def _rows(ask: Ask[CompareSpec, Pair], heads: _Heads) -> Rows:
    """Each side has a column of its own, the strongest above; where words are long, all stand in one, as a scale."""
    spec, voice = ask.spec, ask.voice
    one, other = (_buttons(ask, side, head) for side, head in heads.items())
    same = [ask.answer(f"≈ {voice.say('Same')}", SAME)] if spec.tie else []
    bad = [ask.answer(f"👎 {voice.say('Both bad')}", BOTH_BAD)] if spec.both_bad else []
    beside = rows_of([button for pair in zip(one, other, strict=True) for button in pair], most=2)
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


def _in_words(spec: CompareSpec, value: Json, voice: Tongue, heads: _Heads) -> str:
    better = preferred(value)
    if better is None:
        return voice.say("About the same") if value == SAME else voice.say("Both are bad")
    side, much = heads[better], spec.better(better).index(value) + 1
    if spec.degrees == 1:
        return voice.say("{side} is better", side=side)
    if much == 1:
        return voice.say("{side} is a little better", side=side)
    if much == spec.degrees:
        return voice.say("{side} is much better", side=side)
    return voice.say("{side} is clearly better", side=side)


FACE = CompareFace()
