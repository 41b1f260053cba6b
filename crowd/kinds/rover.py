"""Several answers put together word by word: ROVER (Fiscus 1997), for texts in which nobody is right in every word.

The answers are aligned one after the other with a network of slots. A slot holds what was said at one place, with the
weights of those who said it; nothing is a thing to say, too. Each answer takes the path of the least edit distance: a
word that is in a slot costs nothing, nor does to pass a slot that somebody passed before. The heaviest of each slot is
the result. Strings only; what counts as the same word is for the caller to say.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

MOST_CELLS = 100_000
"""Slots times words, over all answers of a task: more are not put together. Five answers of 140 words are fewer."""

_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")
"""Scripts whose words have no spaces between them, as Unicode names their letters."""

_WORDS = re.compile(r"\n|[^\s]+")

Same = Callable[[str], str]
"""The form in which two words are compared."""


@dataclass(slots=True)
class _Slot:
    said: dict[str, float] = field(default_factory=dict)
    """Weight of each word, in the form it is compared in; "" is nothing."""
    forms: dict[str, dict[str, float]] = field(default_factory=dict)
    """Of each word, the weights of the ways in which it was written."""

    def add(self, key: str, word: str, weight: float) -> None:
        self.said[key] = self.said.get(key, 0.0) + weight
        forms = self.forms.setdefault(key, {})
        forms[word] = forms.get(word, 0.0) + weight

    def heaviest(self) -> str:
        """Of equals what was said by the answer that was put in first."""
        key = max(self.said, key=lambda each: round(self.said[each], 9))
        return max(self.forms[key], key=lambda form: round(self.forms[key][form], 9))


def by_characters(texts: Sequence[str]) -> bool:
    """Whether texts are cut into characters: most of their letters are of scripts that leave no spaces."""
    if all(text.isascii() for text in texts):
        return False
    letters = [letter for text in texts for letter in text if letter.isalpha()]
    unspaced = sum(unicodedata.name(letter, "").startswith(_UNSPACED) for letter in letters)
    return 2 * unspaced > len(letters)


@dataclass(frozen=True, slots=True)
class Combined:
    """Answers put together."""

    text: str
    agreement: float
    """The share of weight that the result has of a slot, 0..1: the mean over slots."""


def combined(answers: Sequence[tuple[str, float]], same: Same) -> Combined | None:
    """What answers, with their weights, add up to; None where they are too long for it, or nothing is left of them.

    The first one has the casting vote, and the network begins with it: so the caller sorts them, the best first, and
    the result does not depend on the order in which they came.
    """
    whole = by_characters([text for text, _ in answers])
    cut = [list(text) if whole else _WORDS.findall(text) for text, _ in answers]
    if max(map(len, cut)) * sum(map(len, cut)) > MOST_CELLS:
        return None
    keys = {word: same(word) or word for words in cut for word in words}
    network: list[_Slot] = []
    before = 0.0
    for words, (_, weight) in zip(cut, answers, strict=True):
        _put_in(network, [(keys[word], word) for word in words], weight, before)
        before += weight
    found = [word for slot in network if (word := slot.heaviest())]
    text = "".join(found).strip() if whole else re.sub(" ?\n ?", "\n", " ".join(found)).strip()
    shares = sum(max(slot.said.values()) for slot in network) / before
    return Combined(text, shares / len(network)) if text else None


def _put_in(network: list[_Slot], words: Sequence[tuple[str, str]], weight: float, before: float) -> None:
    """Add one more answer; `before` is the weight of those that are in the network already."""
    taken = iter(words)
    for at, step in enumerate(_path(network, [key for key, _ in words])):
        if step == "new":
            slot = _Slot()
            if before:
                slot.add("", "", before)
            network.insert(at, slot)
        network[at].add(*(("", "") if step == "pass" else next(taken)), weight)


def _path(network: Sequence[_Slot], keys: Sequence[str]) -> list[str]:
    """The steps of the least distance: "take" a slot for the next word, "pass" a slot by, or a "new" slot for it."""
    passing = [float("" not in slot.said) for slot in network]
    costs = [[float(at) for at in range(len(keys) + 1)]]
    for slot, skip in zip(network, passing, strict=True):
        above, said = costs[-1], slot.said
        row = [above[0] + skip]
        for at, key in enumerate(keys, 1):
            taken, passed, new = above[at - 1] + (key not in said), above[at] + skip, row[-1] + 1
            row.append(min(taken, passed, new))
        costs.append(row)
    steps = []
    place, at = len(network), len(keys)
    while place or at:
        here = costs[place][at]
        if place and at and here == costs[place - 1][at - 1] + (keys[at - 1] not in network[place - 1].said):
            steps.append("take")
            place, at = place - 1, at - 1
        elif place and here == costs[place - 1][at] + passing[place - 1]:
            steps.append("pass")
            place -= 1
        else:
            steps.append("new")
            at -= 1
    return steps[::-1]
