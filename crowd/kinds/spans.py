"""spans: mark words in a text, each span of them with a label: people, places, what is said in another language."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal

from pydantic import Field, field_validator

from crowd.kinds import spanodds
from crowd.kinds.base import AnswerError, Column, Difference, ItemError, Json, SteppedKind
from crowd.kinds.grades import Steps
from crowd.kinds.item import Item, OfItem, read_text
from crowd.kinds.marking import f1, joined, span_of, spans_in
from crowd.kinds.options import Option, OptionsSpec
from crowd.kinds.parted import Marks, PartedKind
from crowd.kinds.spangold import BETWEEN, GIVES, read_spans
from crowd.kinds.words import words_of
from crowd.lengths import chat_length
from crowd.sentences import SentenceError, say

MOST_WORDS = 60
"""Each has a button, on some pages of a phone."""

MOST_LABELS = 8

LONGEST_TEXT = 1500
"""UTF-16 units of an item: with a number at each word, and a label at each, it must fit one message of 4096."""


class SpansSpec(OptionsSpec):
    """A batch of texts in which words are to be marked."""

    kind: Literal["spans"]
    options: tuple[Option, ...] = Field(min_length=1, max_length=MOST_LABELS)
    most_words: int = Field(default=MOST_WORDS, ge=1, le=MOST_WORDS, description="so many words an item has at most")

    @field_validator("options")
    @classmethod
    def _can_be_typed(cls, options: tuple[Any, ...]) -> tuple[Any, ...]:
        for option in options:
            for sign in (BETWEEN, GIVES):
                if sign in option.value:
                    what = say(
                        "the value “{value}” has a {sign}, by which golds are read", value=option.value, sign=sign
                    )
                    raise SentenceError(what)
        return options


class Spans(OfItem[SpansSpec], SteppedKind[SpansSpec, Item], PartedKind[SpansSpec, Item]):
    """Mark spans of words. An answer is the list of them, in order; see `crowd.kinds.marking`.

    Parts are the words, by two numbers each: 2n is word n, whose class is its label, and 2n + 1 is marked where a span
    begins with it though the word before has the same label.
    """

    name = "spans"
    called = say("marking words")
    takes_s = 25
    spec = SpansSpec

    def columns(self, spec: SpansSpec) -> tuple[Column, ...]:  # noqa: ARG002
        """The text."""
        return (Column("text", "what it is about"),)

    def read_item(self, spec: SpansSpec, cells: Mapping[str, str]) -> Json:
        """See Kind. Blanks around the text stay there: places are counted in the text as it was posted."""
        text = cells["text"]
        if 2 * len(text) > LONGEST_TEXT and (length := chat_length(text)) > LONGEST_TEXT:
            what = say(
                "has {length} characters; with what is marked in it, a chat message holds {most}: cut it in parts",
                length=length,
                most=LONGEST_TEXT,
            )
            raise ItemError("text", what)
        read_text(cells)
        words = len(words_of(text, spec.language))
        if not words:
            raise ItemError("text", say("has no words: there is nothing to mark"))
        if words > spec.most_words:
            what = say(
                "has {words} words; an item has at most {most}: cut the text in parts",
                words=words,
                most=spec.most_words,
            )
            raise ItemError("text", what)
        return {"text": text}

    def read_gold(self, spec: SpansSpec, payload: Item, cell: str) -> Json:
        """`text=label; text=label`, or a JSON list such as exports have; `[]` where nothing is to be marked."""
        return read_spans(spec, payload.text, cell.strip())

    def begin(self, spec: SpansSpec, payload: Item) -> Json:  # noqa: ARG002
        """Nothing is marked. A draft is [what is begun, spans]: [first, last], or None; and [first, last, label] each.

        Words are numbered from 1, labels from 0.
        """
        return [None, []]

    def step(self, spec: SpansSpec, payload: Item, draft: Json, said: Json) -> Json:
        """`said` is [verb, number]: a span is begun `f`rom a word, goes `t`hrough one, is given a `l`abel.

        The span that begins with a word is `d`ropped; what is begun is given up (`x`).
        """
        verb, number = said
        numbers = {"x": range(1), "l": range(len(spec.options))}
        words = range(1, len(words_of(payload.text, spec.language)) + 1)
        if verb not in {*"ftldx"} or number not in numbers.get(verb, words):
            raise AnswerError(self.name, "no_such_step")
        begun, spans = draft
        if verb == "l":
            return [None, spans if begun is None else _with(spans, [*begun, number])]
        if verb == "d":
            return [begun, [each for each in spans if each[0] != number]]
        if verb == "f":
            return [_begun(begun, spans, number), spans]
        return [_through(begun, number) if verb == "t" else None, spans]

    def read_answer(self, spec: SpansSpec, payload: Item, said: Json) -> Json:
        """`said` is a draft."""
        begun, spans = said
        if begun is not None:
            raise AnswerError(self.name, "unfinished")
        words = words_of(payload.text, spec.language)
        return [span_of(payload.text, words, first, last, spec.values[label]) for first, last, label in spans]

    def verdict(self, spec: SpansSpec, right: Json, said: Json) -> float:  # noqa: ARG002
        """F1 by words with their labels."""
        return f1(right, said)

    def steps(self, spec: SpansSpec) -> Steps:  # noqa: ARG002
        """Half from F1 0.5, all from 0.9."""
        return Steps(0.5, 0.9)

    def telling(self, spec: SpansSpec, right: Json, said: Json) -> float:
        """Each span by itself, right but for slips; see `crowd.kinds.spanodds`."""
        return spanodds.telling(right, said, spec.most_words, len(spec.options))

    def blindly(self, spec: SpansSpec, said: Json) -> float:
        """Half mark nothing, the others anything."""
        return spanodds.blindly(said, spec.most_words, len(spec.options))

    def chance(self, spec: SpansSpec) -> float:
        """As if one item in four had nothing to mark; see `crowd.kinds.spanodds`."""
        return spanodds.chance(len(spec.options))

    def difference(self, spec: SpansSpec, counts: Sequence[tuple[Json, int]]) -> Difference:  # noqa: ARG002
        """1 - F1 by words with their labels."""
        return lambda one, other: 1 - f1(one, other)

    def classes(self, spec: SpansSpec) -> int:
        """A word has one of the labels, or none."""
        return len(spec.options) + 1

    def many(self, spec: SpansSpec) -> None:  # noqa: ARG002
        """Each text has its own number of words."""
        return

    def marks(self, spec: SpansSpec, said: Json) -> Marks:
        """See PartedKind."""
        label = {value: number for number, value in enumerate(spec.values, 1)}
        marks = {2 * word: label[span["label"]] for span in said for word in range(span["first"], span["last"] + 1)}
        for one, other in pairwise(said):
            if other["first"] == one["last"] + 1 and one["label"] == other["label"]:
                marks[2 * other["first"] + 1] = label[other["label"]]
        return marks

    def marked(self, spec: SpansSpec, marks: Marks) -> Json:
        """See PartedKind. Without any text nothing can be written."""
        return self.written(spec, marks, None)

    def keep(self, spec: SpansSpec, kept: Json, said: Json) -> Json:  # noqa: ARG002
        """The pieces of the text that anybody marked."""
        return joined(kept, said)

    def written(self, spec: SpansSpec, marks: Marks, kept: Json) -> Json:
        """See PartedKind: words beside each other that have one label are one span, unless one begins between them."""
        labels = {part // 2: spec.values[label - 1] for part, label in marks.items() if part % 2 == 0}
        return list(spans_in(kept, spec.language, labels, {part // 2 for part in marks if part % 2}))

    def right(self, gold: Json, label: Json) -> float:
        """F1 by words: to be right in every word is more than people are."""
        return f1(gold, label)


Begun = list[int] | None


def _begun(begun: Begun, spans: list[list[int]], word: int) -> Begun:
    """Begin at a word.

    What is begun already then begins there if it began later. Else the tap came before the screen had changed, and is
    the second of two: it ends there. And where the word is marked, the tap is late: such a word is not to be begun at.
    """
    if begun is None:
        return None if any(first <= word <= last for first, last, _ in spans) else [word, word]
    return [begun[0], word] if word > begun[0] else [word, begun[1]]


def _through(begun: Begun, word: int) -> Begun:
    """Go on through a word. Before the first one, or with nothing begun, the tap is late."""
    return begun if begun is None or word < begun[0] else [begun[0], word]


def _with(spans: list[list[int]], new: list[int]) -> list[list[int]]:
    """With one more span, which takes the place of those that it overlaps."""
    return sorted([new, *(each for each in spans if each[1] < new[0] or each[0] > new[1])])


KIND = Spans()
