"""What tasks about two answers have in common on a phone: the two, in an order that is drawn anew for each worker."""

from bot.i18n.tongue import Html, Tongue
from bot.tasks.base import GLIMPSE, Hand, beginning, shortened
from crowd.kinds.base import Json
from crowd.kinds.pair import SAME, Pair, Side, first_shown, preferred
from crowd.lengths import chat_length

_FIRST, _SECOND = Html("🅰️"), Html("🅱️")
"""Of the two as they are shown, whichever of the item's sides that is: so nobody learns that one of them is better."""

_OPEN = 8
"""A text of more lines is folded by the phone, which shows the rest at a tap, without asking the bot."""

_LINE = 36
"""Characters that a small phone shows in a line, about."""

Heads = dict[Side, Html]
"""What the two are called, in the order they are shown."""

AS_IN_ITEMS: Heads = {"a": _FIRST, "b": _SECOND}


def heads_of(hand: Hand) -> Heads:
    """What the two are called to whom the task is in hands."""
    first = first_shown(hand.named)
    return {first: _FIRST, "b" if first == "a" else "a": _SECOND}


def beside(voice: Tongue, item: Pair, heads: Heads) -> list[str]:
    """Lines with what both answer, if there is that, and the two.

    They are folded both or neither: which is longer must not tell at first sight.
    """
    folds = is_long(item.a) or is_long(item.b)
    lines = [f"{_prompt(voice, item.text)}\n"] if item.text else []
    for side, head in heads.items():
        lines += [f"{voice.line}{head}", quoted(voice, item.side(side), folded=folds)]
    return lines


def quoted(voice: Tongue, text: str, *, folded: bool) -> str:
    """A text in a frame of its own, whole."""
    return f"<blockquote{' expandable' if folded else ''}>{voice.block(text)}</blockquote>"


def is_long(text: str) -> bool:
    """Whether a text is so long that it is folded."""
    return _lines(text) > _OPEN


def in_words(value: Json, voice: Tongue, heads: Heads) -> str:
    """Which one is better."""
    better = preferred(value)
    if better is None:
        return voice.say("About the same") if value == SAME else voice.say("Both are bad")
    return voice.say("{side} is better", side=heads[better])


def glimpse(item: Pair, voice: Tongue) -> str:
    """What both answer; else how each begins."""
    if item.text:
        return shortened(voice, item.text)
    each = (GLIMPSE - 3) // 2
    return f"{voice.foreign(beginning(item.a, each))} / {voice.foreign(beginning(item.b, each))}"


def _prompt(voice: Tongue, text: str) -> str:
    return quoted(voice, text, folded=True) if is_long(text) else voice.block(text)


def _lines(text: str) -> int:
    """How many lines it takes on a small phone, about."""
    return sum(max(1, -(-chat_length(line) // _LINE)) for line in text.split("\n"))
