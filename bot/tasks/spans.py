"""spans: the words of a text have numbers and buttons; the first and last of a span are tapped, then its label."""

from functools import partial
from itertools import groupby

from bot.i18n.tongue import Tongue
from bot.screens import Body, Button, Rows, length_of, rows_of
from bot.tasks.base import WORDS, Ask, Face, beginning, shortened
from bot.tasks.pages import page_of
from crowd.kinds.base import AnswerError, Json
from crowd.kinds.item import Item
from crowd.kinds.spans import SpansSpec
from crowd.kinds.words import Word, words_of
from crowd.lengths import chat_length

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MARKED, _BEGUN = "✖", "●"

_SIGN = 2
"""So many letters of a word such a sign takes the room of."""

_WORD = 8
"""UTF-16 units of a word on its button: with its number and its sign, three stand in a row. The text has the whole."""

_SHORT = 5
"""Of words no longer than this, four."""

_LABEL = 24
"""UTF-16 units of a label within the text; its button has the whole."""

_WIDEST = 45
"""Characters of such a row."""

_ROWS = 6
"""Of words: the labels stand below them."""

_SAID, _CALLED = 40, 30
"""UTF-16 units of a span's text, and of its label, where an answer is told."""


class SpansFace(Face[SpansSpec, Item]):
    """Mark words."""

    name = "spans"

    def show(self, ask: Ask[SpansSpec, Item]) -> Body:
        """See Face."""
        words = words_of(ask.payload.text, ask.spec.language)
        text = f"{_numbered(ask, words)}\n\n👆 <i>{_asked(ask.voice, ask.draft)}</i>"
        return Body(text, (*page_of(ask, _word_rows(ask, words), most=_ROWS), *_below(ask)))

    def read_tap(self, said: str) -> Json:
        """What is to be, and the number of a word or a label."""
        verb, number = said[:1], said[1:]
        return [verb, int(number) if number.isascii() and number.isdigit() else -1]

    def turns(self, spec: SpansSpec, payload: Item, value: Json) -> tuple[str, ...]:  # noqa: ARG002
        """Of each span its first word, its last where that is another, and its label."""
        found = list[str]()
        for span in value:
            found.append(f"f{span['first']}")
            if span["last"] != span["first"]:
                found.append(f"t{span['last']}")
            found.append(f"l{spec.values.index(span['label'])}")
        return tuple(found)

    def words(self, spec: SpansSpec, value: Json, voice: Tongue) -> str:
        """Each span and its label, as many as there is room for."""
        if not value:
            return voice.say("Nothing marked")
        told, room = [], WORDS
        for span in value:
            label = beginning(_label(spec, span["label"], voice), _CALLED)
            each = f"{shortened(voice, span['text'], _SAID)} = {voice.foreign(label)}"
            room -= length_of(each) + 3
            if room < 0:
                told.append("…")
                break
            told.append(each)
        return " · ".join(told)

    def trouble(self, error: AnswerError, voice: Tongue) -> str:
        """What is begun has no label."""
        if error.problem == "unfinished":
            return voice.say("First choose a label for what you began, or cancel it.")
        return super().trouble(error, voice)

    def glimpse(self, payload: Item, voice: Tongue) -> str:
        """See Face."""
        return shortened(voice, payload.text)


def _label(spec: SpansSpec, value: str, voice: Tongue) -> str:
    return next((voice.pick(each.label, spec.language) for each in spec.options if each.value == value), value)


def _asked(voice: Tongue, draft: Json) -> str:
    begun, spans = draft
    if begun is None and not spans:
        return voice.say("Tap the first word of what is to be marked.")
    if begun is None:
        return voice.say("Tap the first word of what else is to be marked, or send. A tap on {sign} takes a mark away.",
                         sign=_MARKED)  # fmt: skip
    if any(first <= begun[1] and begun[0] <= last for first, last, _ in spans):
        return voice.say("Tap the last word, then the label. It takes the place of what is marked there.")
    return voice.say("If it has more words, tap the last one. Then tap the label.")


def _numbered(ask: Ask[SpansSpec, Item], words: tuple[Word, ...]) -> str:
    """The text with a number after each word; what is begun is underlined, what is marked bold, with its label; HTML.

    Words beside each other that look alike are one entity, since a message has no more than a hundred.
    """
    found, at = "", 0
    for (tag, span), numbers in groupby(range(1, len(words) + 1), partial(_look, ask.draft)):
        opened = f"<{tag}>" if tag else ""
        for number in numbers:
            word = words[number - 1]
            gap, shown = _html(ask, at, word)
            found += f"{gap}{opened}{shown}{_raised(number)}"
            opened, at = "", word.end
        found += f"</{tag}>" if tag else ""
        if span and number == span[1]:
            label = beginning(ask.voice.pick(ask.spec.options[span[2]].label, ask.spec.language), _LABEL)
            found += f" {ask.voice.foreign(f'[{label}]')}"
    return found + ask.voice.block(ask.payload.text[at:])


def _look(draft: Json, number: int) -> tuple[str, Json]:
    """The tag of a word, and the span that it is in."""
    begun, spans = draft
    span = next((span for span in spans if span[0] <= number <= span[1]), None)
    if begun is not None and begun[0] <= number <= begun[1]:
        return "u", span
    return "b" if span else "", span


def _html(ask: Ask[SpansSpec, Item], at: int, word: Word) -> tuple[str, str]:
    """What stands before a word, and the word. Both are looked at together: a slash and a word can be a command."""
    shown = ask.payload.text[word.start : word.end]
    return ask.voice.block(ask.payload.text[at : word.end]).removesuffix(shown), shown


def _raised(number: int) -> str:
    return str(number).translate(_RAISED)


def _word_rows(ask: Ask[SpansSpec, Item], words: tuple[Word, ...]) -> Rows:
    """A button for each word, at the same place whatever is marked: a second tap must not hit another word."""
    texts = [ask.payload.text[word.start : word.end] for word in words]
    buttons = [_word_button(ask, number, text) for number, text in enumerate(texts, 1)]
    return rows_of(buttons, widest=_WIDEST, most=4 if max(map(chat_length, texts)) <= _SHORT else 3)


def _word_button(ask: Ask[SpansSpec, Item], number: int, text: str) -> Button:
    tag, span = _look(ask.draft, number)
    begun, _ = ask.draft
    if begun is not None:
        return ask.step(_on_button(number, text, _BEGUN * (tag == "u")), f"{'f' if number < begun[0] else 't'}{number}")
    return ask.step(_on_button(number, text, _MARKED * bool(span)), f"d{span[0]}" if span else f"f{number}")


def _on_button(number: int, text: str, sign: str) -> str:
    return sign + beginning(text, _WORD - _SIGN * bool(sign)) + _raised(number)


def _below(ask: Ask[SpansSpec, Item]) -> Rows:
    voice, (begun, spans) = ask.voice, ask.draft
    if begun is not None:
        labels = [
            ask.step(f"🏷 {voice.pick(option.label, ask.spec.language)}", f"l{number}")
            for number, option in enumerate(ask.spec.options)
        ]
        return (*rows_of(labels), (ask.step("↩️ " + voice.say("Cancel"), "x0"),))
    if spans:
        return ((ask.send(f"✅ {voice.say('Send')} ({voice.number(len(spans))})"),),)
    return ((ask.send("∅ " + voice.say("Nothing to mark")),),)


FACE = SpansFace()
