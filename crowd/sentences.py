"""Sentences for people, in no language yet: whoever shows one has a speaker put it into words.

The text of a sentence is the English one, with named placeholders as `str.format` has them: `{rows:,}` is a number
with its thousands apart. Catalogs are extracted by the calls of `say` and `count` (see scripts/catalogs).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Union

Value = Union[str, int, "Sentence", "Listed", "Language", "Country"]
"""What stands for a placeholder. A text is no word of a catalog's: a piece of a file, or code to be typed."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Several values, one after the other."""

    entries: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """What a language is called."""

    code: str


@dataclass(frozen=True, slots=True)
class Country:
    """What a country is called."""

    code: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text of the catalogs and its values. Its `str` is English, for logs and tests."""

    text: str
    many: str = ""
    """The text for more than one, where it has a plural."""
    number: int = 1
    values: tuple[tuple[str, Value], ...] = ()

    def __str__(self) -> str:
        return ENGLISH.put(self)


def say(text: str, /, **values: Value) -> Sentence:
    """A sentence."""
    return Sentence(text, values=tuple(values.items()))


def count(one: str, many: str, number: int, /, **values: Value) -> Sentence:
    """A sentence with a plural; `{number}` is put in."""
    return Sentence(one, many, number, (("number", number), *values.items()))


def together(*sentences: Sentence) -> Sentence:
    """One sentence after the other."""
    names = [f"_{place}" for place, _ in enumerate(sentences)]
    return Sentence(" ".join(f"{{{name}}}" for name in names), values=tuple(zip(names, sentences, strict=True)))


def parts(sentence: Sentence) -> Iterable[Sentence]:
    """A sentence and all that are put into it, but for those that only hold others `together`."""
    if not sentence.text.startswith("{_0}"):
        yield sentence
    for _, value in sentence.values:
        for each in value.entries if isinstance(value, Listed) else (value,):
            if isinstance(each, Sentence):
                yield from parts(each)


class SentenceError(ValueError):
    """Something is not as it must be, said in a sentence."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Speaker:
    """Puts sentences into words: this one into the English that they are written in."""

    def put(self, sentence: Sentence) -> str:
        """The sentence, with its values put in."""
        text = self.translated(sentence.text, sentence.many, sentence.number)
        values = {name: self._word(value) for name, value in sentence.values}
        return text.format_map(values) if values else text

    def translated(self, text: str, many: str, number: int) -> str:
        """A text of the catalogs, with its placeholders; `many` is empty where there is no plural."""
        return text if number == 1 or not many else many

    def number(self, number: int) -> str:
        """A number with its thousands apart."""
        return f"{number:,}"

    def foreign(self, text: str) -> str:
        """A text that is not the catalog's, such that its direction turns nothing around it."""
        return text

    def listed(self, entries: Sequence[str]) -> str:
        """Several, one after the other."""
        return ", ".join(entries)

    def language(self, code: str) -> str:
        """What a language is called."""
        from babel import Locale  # few sentences name a language, and every model of a batch is imported with this

        return str(Locale("en").languages.get(code, code))

    def country(self, code: str) -> str:
        """What a country is called."""
        from babel import Locale

        return str(Locale("en").territories.get(code, code))

    def _word(self, value: Value) -> object:
        if isinstance(value, Sentence):
            return self.put(value)
        if isinstance(value, Listed):
            return self.listed([str(self._word(each)) for each in value.entries])
        if isinstance(value, Language):
            return self.language(value.code)
        if isinstance(value, Country):
            return self.country(value.code)
        return self.foreign(value) if isinstance(value, str) else _Figure(value, self)


class _Figure:
    """A number within a text, where `,` asks for its thousands apart."""

    def __init__(self, number: int, speaker: Speaker) -> None:
        self._number = number
        self._speaker = speaker

    def __format__(self, form: str) -> str:
        return self._speaker.number(self._number) if form == "," else format(self._number, form)


ENGLISH = Speaker()
