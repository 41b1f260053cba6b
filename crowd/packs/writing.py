"""What a worker writes behind the numbers of a pack whose tasks are answered in writing: a line or more for each."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from crowd.packs.reading import LONGEST

_ENTRY = re.compile(r"\s*(?P<number>\d{1,3})(?:\s*[.:)\]،、．。\-–—]+\s*|\s+)(?P<text>.*)", re.DOTALL)
_BARE = re.compile(r"\s*\d+\s*[.:)\]]*\s*")


@dataclass(frozen=True, slots=True)
class Wrote:
    """What a message says."""

    answers: Mapping[int, str] = field(default_factory=dict)
    """By the number of a task, what was written about it."""
    unclear: tuple[str, ...] = ()
    """Pieces of which it is not sure what they belong to: they are asked about again."""


def read_lines(text: str, numbers: Collection[int]) -> Wrote:
    """Read a message about tasks that are known by these numbers. A line without a number goes on with the one above.

    A line that begins with a number of no task may be either a slip or a part of the answer above: neither is taken.
    """
    entries: list[tuple[int | None, list[str]]] = []
    for line in text[:LONGEST].splitlines():
        if not line.strip():
            continue
        number, said = _entry(line)
        if number is None and entries:
            entries[-1][1].append(line.strip())
        elif number in numbers:
            entries.append((number, [said]))
        elif entries and number is not None:
            entries[-1] = (None, [*entries[-1][1], line.strip()])
        else:
            entries.append((None, [line.strip()]))
    answers: dict[int, str] = {}
    unclear = [text[LONGEST : LONGEST + 20]] if len(text) > LONGEST else []
    twice = {number for number, _ in entries if sum(number == other for other, _ in entries) > 1}
    for number, lines in entries:
        said = "\n".join(lines).strip()
        if number is None or number in twice or not said:
            unclear.append(f"{number or ''} {said}".strip())
        else:
            answers[number] = said
    return Wrote(answers, tuple(unclear))


def _entry(line: str) -> tuple[int | None, str]:
    """The number that a line begins with, and what is behind it; None where it begins with none."""
    plain = "".join(c for c in line if unicodedata.category(c) != "Cf" or c in "\u200c\u200d")
    if _BARE.fullmatch(plain):
        return _value(re.sub(r"\D", "", plain)), ""
    match = _ENTRY.fullmatch(plain)
    return (_value(match["number"]), match["text"].strip()) if match else (None, line)


def _value(digits: str) -> int:
    return int("".join(str(unicodedata.digit(c)) for c in digits[:4]))
