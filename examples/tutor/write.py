"""Write the batches of this folder: `python examples/tutor/write.py`. The same words make the same files.

A pupil asks, and a tutor replies: rightly, or with a known flaw. So what is the better reply, and how helpful one is,
is known exactly. The words of each language are in words/LANG.yaml; numbers and flaws are here, the same for all.
"""

import csv
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
KINDS = ("chat", "compare", "rating")
"""Each has numbers of its own, so that no question is asked in two batches of a language."""

Words = dict[str, Any]


@dataclass(frozen=True)
class Topic:
    """A sort of question."""

    name: str
    numbers: tuple[tuple[int, ...], ...]
    """For each of KINDS, the numbers in it: `a`, and perhaps `b`."""
    right: Callable[..., int]
    wrong: Callable[..., int]
    units: tuple[str, str] = ("", "")
    """The unit of the answer, and one that is wrong."""


TOPICS = (
    Topic("get", ((27, 15), (48, 36), (95, 75)), lambda a, b: a + b, lambda a, b: a + b + 10),
    Topic("left", ((60, 24), (95, 38), (80, 45)), lambda a, b: a - b, lambda a, b: a - b + 10),
    Topic("cost", ((25, 6), (40, 7), (15, 12)), lambda a, b: a * b, lambda a, b: a * b + a),
    Topic("share", ((42, 6), (72, 8), (96, 12)), lambda a, b: a // b, lambda a, b: a // b + 1),
    Topic("cm", ((3,), (7,), (12,)), lambda a: a * 100, lambda a: a * 1000, ("cm", "km")),
    Topic("min", ((3,), (5,), (8,)), lambda a: a * 60, lambda a: a * 100, ("min", "s")),
    Topic("area", ((20, 15), (30, 12), (25, 16)), lambda a, b: a * b, lambda a, b: 2 * (a + b), ("m2", "m")),
    Topic("g", ((2,), (4,), (9,)), lambda a: a * 1000, lambda a: a * 100, ("g", "kg")),
)
FACTS = (
    Topic("boil", ((),) * 3, lambda: 100, lambda: 50),
    Topic("legs", ((),) * 3, lambda: 6, lambda: 8),
    Topic("days", ((),) * 3, lambda: 365, lambda: 300),
)
"""One for each of KINDS."""

SYMBOLS = {"cm": "cm", "km": "km", "min": "min", "s": "s", "m2": "m²", "m": "m", "g": "g", "kg": "kg", "": ""}
"""Units in languages that have no signs of their own for them."""

RIGHT = "right"
PAIRS = {
    "chat": (
        (RIGHT, "number"), ("evade", RIGHT), (RIGHT, "bare"), ("rude", RIGHT), ("unit", RIGHT), (RIGHT, "rude"),
        ("number", "evade"), ("bare", "number"), ("number", RIGHT),
    ),
    "compare": (
        ("bare", RIGHT), (RIGHT, "rude"), ("number", "evade"), (RIGHT, "number"), (RIGHT, "evade"), ("unit", RIGHT),
        (RIGHT, "unit"), ("number", "bare"), (RIGHT, "bare"),
    ),
}  # fmt: skip
"""The two replies to each topic, and to the fact: right, or with a flaw."""

REPLIES = ("bare", RIGHT, "number", "evade", "rude", RIGHT, "unit", "bare", "evade")
"""The one reply that is rated."""

WORTH = {RIGHT: 5, "bare": 4, "rude": 3, "number": 2, "unit": 2, "evade": 1}
BAD = 2
"""A reply of this worth, or less, is no good."""

GOLDS = {"chat": (0, 1, 6, 8), "compare": (2, 3, 5, 8), "rating": (0, 1, 3, 4)}
PRICES = {"chat": "0.25", "compare": "0.03", "rating": "0.02"}


@dataclass(frozen=True)
class Question:
    """One question in one language, and what may be replied to it."""

    words: Words
    topic: Topic
    numbers: tuple[int, ...]

    @property
    def asked(self) -> str:
        """The question."""
        return self._put(0, self.topic.right(*self.numbers), self.topic.units[0])

    @property
    def answer(self) -> str:
        """The right answer, with its unit."""
        return self._with_unit(self.topic.right(*self.numbers), self.words)

    def answer_in(self, words: Words) -> str:
        """The same in another language."""
        return self._with_unit(self.topic.right(*self.numbers), words)

    def reply(self, flaw: str) -> str:
        """What the tutor says, with that flaw or rightly."""
        right = self._put(1, self.topic.right(*self.numbers), self.topic.units[0])
        if flaw == RIGHT:
            return right
        if flaw == "number":
            return self._put(1, self.topic.wrong(*self.numbers), self.topic.units[0])
        if flaw == "unit":
            return self._put(1, self.topic.right(*self.numbers), self.topic.units[1])
        return str(self.words[flaw]).format(c=self.answer, steps=right)

    def _put(self, which: int, c: int, unit: str) -> str:
        values = dict(zip("ab", self.numbers, strict=False))
        text: str = self.words["asks"][self.topic.name][which]
        return text.format(**values, c=c, unit=_sign(self.words, unit))

    def _with_unit(self, c: int, words: Words) -> str:
        unit = self.topic.units[0]
        number = [str(c), _sign(words, unit)]
        return " ".join(number[::-1] if unit in words.get("before", ()) else number).strip()


def _sign(words: Words, unit: str) -> str:
    return str({**SYMBOLS, **words.get("units", {})}[unit])


def words_of(language: str) -> Words:
    """The words of a language. `before` has the units that stand before their number."""
    found: Words = yaml.safe_load((HERE / "words" / f"{language}.yaml").read_text(encoding="utf-8"))
    return found


def languages() -> list[str]:
    """Those there are questions in; English has only what explains them."""
    return sorted(path.stem for path in (HERE / "words").glob("*.yaml") if path.stem != "en")


def questions(words: Words, kind: str) -> list[Question]:
    """Of one batch."""
    at = KINDS.index(kind)
    return [Question(words, topic, topic.numbers[at]) for topic in (*TOPICS, FACTS[at])]


def because(flaws: Sequence[str]) -> str:
    """The name of the sentence that says why one of two is better."""
    if all(WORTH[flaw] <= BAD for flaw in flaws):
        return "both"
    if RIGHT in flaws:
        return next(flaw for flaw in flaws if flaw != RIGHT)
    return "least"


def better(flaws: Sequence[str]) -> str:
    """Which of two is better."""
    if all(WORTH[flaw] <= BAD for flaw in flaws):
        return "both_bad"
    return "a" if WORTH[flaws[0]] > WORTH[flaws[1]] else "b"


def pair_row(question: Question, kind: str, at: int, english: Words) -> tuple[dict[str, str], str, tuple[str, str]]:
    """The cells of an item of two replies, its label, and why that is right, in the language and in English."""
    flaws = PAIRS[kind][at]
    why = because(flaws)
    reasons = (
        question.words["because"][why].format(c=question.answer),
        english["because"][why].format(c=question.answer_in(english)),
    )
    label = better(flaws)
    if kind == "chat":
        said = {"better": label, "why": reasons[0], "ideal": question.reply(RIGHT)}
        label = json.dumps(said, ensure_ascii=False)
    careful = 0 if WORTH[flaws[0]] > WORTH[flaws[1]] else 1
    sources = ["hasty", "hasty"]
    sources[careful] = "careful"
    cells = {
        "text": question.asked,
        "a": question.reply(flaws[0]),
        "b": question.reply(flaws[1]),
        "a_from": sources[0],
        "b_from": sources[1],
    }
    return cells, label, reasons


def rating_row(question: Question, at: int, english: Words) -> tuple[dict[str, str], str, tuple[str, str]]:
    """The same of an item of one reply."""
    worth = WORTH[REPLIES[at]]
    rule = 5 - worth
    text = f"{question.asked}\n\n🤖 {question.reply(REPLIES[at])}"
    return {"text": text}, str(worth), (question.words["rates"][rule], english["rates"][rule])


def batch(words: Words, english: Words, language: str, kind: str) -> dict[str, Any]:
    """What batch.yaml says."""
    told = {language: words, "en": english}
    more = {code: "\n".join(each["rates"]) + "\n" if kind == "rating" else "" for code, each in told.items()}
    own: dict[str, Any] = {"tie": False}
    if kind == "chat":
        own |= {"least_why": 10, "least_ideal": 10, "lease_minutes": 30}
    elif kind == "rating":
        own = {"ends": {end: {code: each[end] for code, each in told.items()} for end in ("low", "high")}}
    return {
        "name": f"Tutor: {kind} in {language}",
        "title": {code: each["title"][kind] for code, each in told.items()},
        "kind": kind,
        "language": language,
        "items": "items.csv",
        "currency": "USD",
        "price": PRICES[kind],
        "instructions": {code: each["do"][kind] + more[code] for code, each in told.items()},
        **own,
        "dont_know": True,
        "overlap": {"least": 2, "most": 3},
        "hold_hours": 0.05,
    }


def write(folder: Path, language: str, kind: str) -> None:
    """The files of one batch."""
    words, english = words_of(language), words_of("en")
    folder.mkdir(parents=True, exist_ok=True)
    told = yaml.dump(batch(words, english, language, kind), Dumper=_Blocks, allow_unicode=True, sort_keys=False,
                     width=1000)  # fmt: skip
    head = (
        f"# Written by examples/tutor/write.py from words/{language}.yaml. hold_hours: so that the demo shows money\n"
    )
    (folder / "batch.yaml").write_text(f"{head}# released; leave it out for three days.\n{told}", encoding="utf-8")
    items, truth = [], []
    for at, question in enumerate(questions(words, kind)):
        if kind == "rating":
            cells, label, reasons = rating_row(question, at, english)
        else:
            cells, label, reasons = pair_row(question, kind, at, english)
        key, gold = f"{language}-{kind}-{at + 1}", at in GOLDS[kind]
        said = (label, *reasons) if gold else ("", "", "")
        names = ("gold", f"explanation_{language}", "explanation_en")
        items.append({"id": key, **cells, **dict(zip(names, said, strict=True))})
        truth.append({"id": key, "label": label})
    for name, rows in (("items.csv", items), ("truth.csv", truth)):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


class _Blocks(yaml.SafeDumper):
    """Writes texts of several lines as they read."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Blocks.add_representer(str, _text)


if __name__ == "__main__":
    into = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    for each in languages():
        for sort in KINDS:
            write(into / f"{each}-{sort}", each, sort)
