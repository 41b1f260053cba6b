"""What a simulated worker knows: which answer to which item is right.

Items are found inside whatever the bot's screen says around them, so nothing here depends on how a bot words
its tasks. A screen costs a few dictionary look-ups per word, whether ten items are known or a million.
"""

import html
import random
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sandbox.workers.turns import Turns

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0e\ufe0f\ufeff]")
_QUOTES = "\"'`«»‹›“”„‟‘’‚「」『』()[]*•–—-:> "
_NUMBERING = re.compile(r"^\s*(?:\d+|[A-Za-z])[.)]\s+")
_TICKS = "☐☑☒✅✓✔⬜⬛🔘⚪⚫🔲🔳◻◼▫▪○●•·◦‣➤▶ "
_ORNAMENTS = frozenset({"So", "Sk", "Zs"})
_HEAD_WORDS = 3
"""An item inside a longer line is looked for by this many of its first words."""
_SHORTEST_INSIDE = 12
"""Characters an item needs to be looked for inside a longer line; a shorter one must fill its line."""


def plain(text: str) -> str:
    """`text` without HTML tags, entities, invisible marks and idle white space; line breaks stay."""
    if not text.isascii():  # first, since an invisible mark may stand within what looks like a tag
        text = _INVISIBLE.sub("", text)
    if "<" in text:
        text = _TAG.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def spellings(label: str) -> tuple[str, ...]:
    """What a button's label may stand for, likeliest first: as it is, without ticks, without all decoration.

    `☑ 2. 🙂 Positive` ends as `Positive`; signs that mean something (`-1`, `C++`) and lone emoji stay.
    """
    whole = plain(label)
    unticked = whole.strip(_TICKS)
    start, end = 0, len(unticked)
    numbering = _NUMBERING.match(unticked)
    if numbering is not None:
        start = numbering.end()
    while start < end and unicodedata.category(unticked[start]) in _ORNAMENTS:
        start += 1
    while end > start and unicodedata.category(unticked[end - 1]) in _ORNAMENTS:
        end -= 1
    found = (whole, unticked, unticked[start:end])
    return tuple(dict.fromkeys(spelling for spelling in found if spelling))


def _is_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNM"


@dataclass(frozen=True, slots=True)
class Right:
    """The right answer to one item: buttons to tap, or a text to write, or turns, where no such button is offered."""

    labels: frozenset[str] = frozenset()
    text: str | None = None
    every: bool = False
    """All of `labels` belong to the answer (tapped one after the other), not any one of them."""
    turns: Turns = ()
    """What to do one after the other, in this order, over the screens that show the item."""
    among: str = ""
    """Names the answers of which one may be taken for another: those of one batch, in one language."""

    def __post_init__(self) -> None:
        if not self.labels and self.text is None and not self.turns:
            raise ValueError("a right answer needs labels, turns or a text")
        if self.turns and self.text is not None:
            raise ValueError("a right answer of turns has no text beside them: Say is a turn")


@dataclass(frozen=True, slots=True)
class Known:
    """An item that was found on a screen. `right.labels` are plain."""

    item: str
    right: Right


class Knowledge:
    """Right answers by item text, and the labels of all answers that the batch knows.

    `items` maps an item's text, as the requester wrote it (HTML and white space do not matter), to its right
    answer: a `Right`, one label, or several labels of which any is right.
    """

    def __init__(self, items: Mapping[str, Right | str | Iterable[str]], answers: Iterable[str] = ()) -> None:
        self._by_line: dict[str, list[tuple[str, Known]]] = {}
        self._by_head: dict[str, list[tuple[str, Known]]] = {}
        self._first_words: set[str] = set()
        self._meant: dict[str, str | None] = {}
        self._turns: dict[str, list[Turns]] = {}
        labels = {plain(label) for label in answers} - {""}
        for item, answer in items.items():
            right = _right(answer)
            labels |= right.labels
            if right.turns:
                self._turns.setdefault(right.among, []).append(right.turns)
            self._learn(item, right)
        self.answers = frozenset(labels)
        self._undecorated = _undecorated(self.answers)
        for index in (self._by_line, self._by_head):
            for found in index.values():
                if len(found) > 1:
                    found.sort(key=lambda pair: -len(pair[0]))

    def _learn(self, item: str, right: Right) -> None:
        text = plain(item)
        if not text:
            raise ValueError("an item without text cannot be known")
        known = Known(item, right)
        first_line, _, _ = text.partition("\n")
        self._by_line.setdefault(first_line.strip(_QUOTES) or first_line, []).append((text, known))
        if len(text) >= _SHORTEST_INSIDE:
            words = first_line.split()
            self._by_head.setdefault(_head(words), []).append((text, known))
            self._first_words.add(words[0].strip(_QUOTES))

    def meant(self, label: str) -> str | None:
        """The answer that a button with this label stands for; None if it is no answer at all."""
        if label not in self._meant:
            if len(self._meant) > 10_000:
                self._meant.clear()
            self._meant[label] = self._mean(label)
        return self._meant[label]

    def another(self, among: str, chance: random.Random) -> Turns:
        """The turns of some answer of these (see `Right`); none where no answer has any."""
        return chance.choice(self._turns[among]) if among in self._turns else ()

    def _mean(self, label: str) -> str | None:
        found = spellings(label)
        for spelling in found:
            if spelling in self.answers:
                return spelling
        return self._undecorated.get(found[-1]) if found else None

    def find(self, screen: str) -> Known | None:
        """The longest known item that `screen` (the text of a message) shows, if any."""
        text = plain(screen)
        best: Known | None = None
        longest = 0
        start = 0
        for line in text.split("\n"):
            for item, known in self._by_line.get(line.strip(_QUOTES) or line, ()):
                if len(item) <= longest:
                    break
                if _is_whole(text, start, line, item):
                    best, longest = known, len(item)
                    break
            start += len(line) + 1
        inside = self._inside(text)
        if inside is not None and inside[0] > longest:
            return inside[1]
        return best

    def _inside(self, text: str) -> tuple[int, Known] | None:
        """The longest item that stands within a line, or begins there, and its length."""
        best: tuple[int, Known] | None = None
        start = 0
        for line in text.split("\n"):
            words = line.split(" ")
            at = start
            for i, word in enumerate(words):
                if word.strip(_QUOTES) in self._first_words:
                    for item, known in self._beginning(words, i):
                        if (best is None or len(item) > best[0]) and _stands_in(text, at, word, item):
                            best = (len(item), known)
                at += len(word) + 1
            start += len(line) + 1
        return best

    def _beginning(self, words: list[str], at: int) -> Iterable[tuple[str, Known]]:
        """Items whose first line begins with the words from `at` on, with or without a quote before them."""
        head = words[at : at + _HEAD_WORDS]
        for first in {head[0], head[0].lstrip(_QUOTES)}:
            for length in range(len(head), 0, -1):
                yield from self._by_head.get(_head([first, *head[1:length]]), ())


def _head(words: list[str]) -> str:
    """The key of a line's beginning; marks at its end depend on what follows and do not count."""
    return " ".join(words[:_HEAD_WORDS]).rstrip(_QUOTES + ".,;!?…")


def _is_whole(text: str, start: int, line: str, item: str) -> bool:
    """Does `item`, whose first line is `line` but for quotes, go on in `text` as far as it should?"""
    if "\n" not in item:
        return True
    return _stands_at(text, start + max(0, line.find(item.partition("\n")[0])), item)


def _stands_in(text: str, at: int, word: str, item: str) -> bool:
    """Does `item` stand at the word `word` of `text`, or behind the quotes that the word begins with?"""
    lead = len(word) - len(word.lstrip(_QUOTES))
    return _stands_at(text, at, item) or (lead > 0 and _stands_at(text, at + lead, item))


def _stands_at(text: str, at: int, item: str) -> bool:
    end = at + len(item)
    return text.startswith(item, at) and (end == len(text) or not _is_word(text[end]))


def _undecorated(answers: Iterable[str]) -> dict[str, str]:
    """Answers by their barest spelling, without those that share one."""
    by_barest: dict[str, list[str]] = {}
    for answer in answers:
        by_barest.setdefault(spellings(answer)[-1], []).append(answer)
    return {barest: found[0] for barest, found in by_barest.items() if len(found) == 1}


def _right(answer: Right | str | Iterable[str]) -> Right:
    if isinstance(answer, Right):
        return Right(frozenset(map(plain, answer.labels)), answer.text, answer.every, answer.turns, answer.among)
    return Right(frozenset({plain(answer)} if isinstance(answer, str) else map(plain, answer)))
