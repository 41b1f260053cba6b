"""What a worker writes about the tasks of a pack: `1a 2c 3?`, in any script, and never read as what it does not say."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from crowd.packs.letters import LATIN, places

LONGEST = 4096
"""Characters that are read of one message."""

DONT_KNOW = "?"
_QUESTIONS = "?؟？⸮՞፧"
_BETWEEN = " \t\n\r\f\v\u00a0.,:;-–—−‐‑‒―/|()[]{}<>=+*#'\"`~_•·،؛。、；：・।۔።፣፤፥፦→«»“”‘’"
"""What may stand before, within and after an answer and says nothing."""

_INVISIBLE = {"Cf", "Cc", "Mn", "Me"}
_TOKEN = re.compile(r"(?P<number>\d+)|(?P<letters>[^\W\d_]+)|(?P<asked>\?+)|(?P<other>.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Slot:
    """How one task of a pack can be answered."""

    answers: int
    """So many to choose from."""
    several: bool = False
    """More than one may be chosen."""
    dont_know: bool = False
    letters: str = LATIN
    """That name the answers, in their order."""
    alone: int | None = None
    """The place of the answer that goes with no other, where several may be chosen: “none of these”."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says."""

    answers: Mapping[int, tuple[int, ...] | None] = field(default_factory=dict)
    """By the number of a task, the places of the answers chosen, from 0, in rising order; None: not known."""
    unclear: tuple[str, ...] = ()
    """Pieces that cannot be read for sure, as they were written: they are asked about again."""


def read(text: str, slots: Mapping[int, Slot]) -> Said:
    """Read a message about tasks that are known by numbers, 1 to 999.

    A piece that could be read in two ways is unclear, and so is all that it touches: a number that is answered in two
    ways, letters without a number, two numbers in a row, more letters than may be chosen.
    """
    entries, unclear = _entries(_tokens(text[:LONGEST]))
    if len(text) > LONGEST:
        unclear.append(text[LONGEST : LONGEST + 20])
    told: dict[int, list[_Entry]] = {}
    for entry in entries:
        number = _number(entry.number, slots)
        if number is None:
            unclear.append(entry.text)
        else:
            told.setdefault(number, []).append(entry)
    found: dict[int, tuple[int, ...] | None] = {}
    for number, alike in sorted(told.items()):
        answers = {_answer(entry, slots[number]) for entry in alike}
        answer = answers.pop()
        if answers or isinstance(answer, _Unclear):
            unclear += [entry.text for entry in alike]
        else:
            found[number] = answer
    return Said(found, tuple(unclear))


def write(answers: Mapping[int, tuple[int, ...] | None], slots: Mapping[int, Slot]) -> str:
    """The same as a worker would write it."""
    return " ".join(
        f"{number}{DONT_KNOW if chosen is None else ''.join(slots[number].letters[place] for place in chosen)}"
        for number, chosen in sorted(answers.items())
    )


@dataclass(frozen=True, slots=True)
class _Token:
    sort: str
    text: str


@dataclass(frozen=True, slots=True)
class _Entry:
    number: str
    said: tuple[str, ...]
    """Runs of letters, or question marks."""
    text: str


class _Unclear:
    pass


_UNCLEAR = _Unclear()


def _tokens(text: str) -> list[_Token]:
    """What a message is made of, in one alphabet of digits, small letters, and without what is not seen."""
    plain = "".join(_plain(c) for c in unicodedata.normalize("NFKC", text).casefold())
    found = []
    for match in _TOKEN.finditer(plain):
        sort = str(match.lastgroup)
        found.append(_Token("between" if sort == "other" and match[0] in _BETWEEN else sort, match[0]))
    return found


def _plain(character: str) -> str:
    if character in _QUESTIONS:
        return "?"
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category in _INVISIBLE and character not in "\n\t\r":
        return ""
    return " " if category == "Zs" else character


def _entries(tokens: list[_Token]) -> tuple[list[_Entry], list[str]]:
    """Numbers with what follows each, and what belongs to none."""
    entries: list[_Entry] = []
    unclear: list[str] = []
    at = 0
    while at < len(tokens):
        if tokens[at].sort != "number":
            begin = at
            while at < len(tokens) and tokens[at].sort != "number":
                at += 1
            stray = "".join(token.text for token in tokens[begin:at] if token.sort != "between")
            if stray:
                unclear.append(stray)
            continue
        numbers, at = _run_of_numbers(tokens, at)
        begin = at
        while at < len(tokens) and tokens[at].sort != "number":
            at += 1
        said = tuple(token.text for token in tokens[begin:at] if token.sort != "between")
        text = "".join(token.text for token in tokens[begin:at]).strip(_BETWEEN)
        if len(numbers) > 1:  # 1 2 a: is it 12, or is 1 without an answer?
            unclear.append(f"{' '.join(numbers)} {text}".strip())
        else:
            entries.append(_Entry(numbers[0], said, f"{numbers[0]}{' ' if len(said) > 1 else ''}{text}"))
    return entries, unclear


def _run_of_numbers(tokens: list[_Token], at: int) -> tuple[list[str], int]:
    numbers = []
    while at < len(tokens) and tokens[at].sort in {"number", "between"}:
        if tokens[at].sort == "number":
            numbers.append(tokens[at].text)
        elif all(token.sort == "between" for token in tokens[at:]):
            break
        at += 1
    return numbers, at


def _number(text: str, slots: Mapping[int, Slot]) -> int | None:
    return int(text) if len(text) < 4 and not text.startswith("0") and int(text) in slots else None


def _answer(entry: _Entry, slot: Slot) -> tuple[int, ...] | _Unclear | None:
    if len(entry.said) == 1 and set(entry.said[0]) == {"?"}:
        return None if slot.dont_know else _UNCLEAR
    known = places(slot.letters, slot.answers)
    chosen = [known.get(letter) for run in entry.said for letter in run]
    if not chosen or any(place is None for place in chosen):
        return _UNCLEAR
    told = sorted({place for place in chosen if place is not None})
    if len(told) != len(chosen) or (len(told) > 1 and (not slot.several or slot.alone in told)):
        return _UNCLEAR
    return tuple(told)
