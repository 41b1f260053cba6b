"""Answers that are written: tidied, compared by their characters, and added up as texts that are near each other."""

import math
import unicodedata
from collections.abc import Collection, Sequence
from typing import Literal, TypeVar

from pydantic import Field, ValidationInfo, field_validator
from rapidfuzz.distance import Levenshtein

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import AnswerError, Difference, ItemError, Json, Takes
from crowd.kinds.grades import Steps
from crowd.kinds.item import LONGEST_TEXT
from crowd.kinds.near import Near, NearKind, Ranked, weight
from crowd.kinds.rover import combined
from crowd.lengths import chat_length
from crowd.sentences import SentenceError, say

_RIGHT_ENOUGH = 0.8
"""A text this similar to a gold's counts as right; golds of free text are never matched to the letter."""


WORDS_METHOD = "closeness-rover-1"

_KEPT = "\n\u200c\u200d"
"""Of control and format characters, these make a difference to words: joiners do in Persian and Hindi."""

_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols that look like nothing."""


class WrittenSpec(BatchSpec):
    """A batch of texts to be written."""

    least_characters: int = Field(default=1, ge=1, le=1000)
    most_characters: int = Field(default=1000, ge=1, le=3000)
    combine: Literal["whole", "words"] = Field(
        default="whole",
        description="whole: one of the answers is the label; words: it is put together word by word from all of them",
    )

    @field_validator("most_characters")
    @classmethod
    def _ordered(cls, most: int, info: ValidationInfo) -> int:
        least = info.data.get("least_characters", 0)
        if most < least:
            what = say(
                "{most} must not be smaller than {name} ({least})", most=most, name="least_characters", least=least
            )
            raise SentenceError(what)
        return most


S = TypeVar("S", bound=WrittenSpec)
P = TypeVar("P")


def fold(text: str) -> str:
    """A text as it is compared: NFKC, case folded, one space between words, no format characters."""
    if text.isascii():  # the same, in a tenth of the time
        return " ".join(text.casefold().split())
    shown = "".join(c for c in text if unicodedata.category(c) != "Cf" or c in _KEPT)
    # Unicode's compatibility caseless matching (D146): folding can undo a normal form, and the other way round.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFD", shown).casefold()).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def similarity(first: str, second: str) -> float:
    """1 for equal texts, 0 for texts with nothing in common: 1 - character error rate over the longer one.

    That is Levenshtein's distance in characters (Unicode code points), over the length of the longer one.
    """
    return Levenshtein.normalized_similarity(fold(first), fold(second))


def tidied(text: str) -> str:
    """What was written without control characters and runs of blanks, its words left alone."""
    spaced = (" " if c.isspace() and c != "\n" else c for c in text.replace("\r\n", "\n"))
    kept = (c for c in spaced if c in _KEPT or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})
    lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", "".join(kept)).split("\n"))
    return "\n".join(lines).strip()


def is_seen(text: str) -> bool:
    """Whether a reader sees any of it."""
    return any(c not in _BLANK and unicodedata.category(c)[0] in "LNPS" for c in text)


class WrittenKind(NearKind[S, P]):
    """A kind whose answer is a text that is written."""

    def read_gold(self, spec: S, payload: P, cell: str) -> Json:  # noqa: ARG002
        """See Kind."""
        if not spec.least_characters <= len(cell.strip()) <= spec.most_characters:
            what = say(
                "has {length} characters; answers have {least} to {most}",
                length=len(cell.strip()),
                least=spec.least_characters,
                most=spec.most_characters,
            )
            raise ItemError("gold", what)
        return cell.strip()

    def takes(self, spec: S, payload: P, draft: Json) -> Takes:  # noqa: ARG002
        """It is written."""
        return Takes.TEXT

    def read_answer(self, spec: S, payload: P, said: Json) -> Json:  # noqa: ARG002
        """`said` is the text, which is `tidied`."""
        text = tidied(str(said))
        if len(text) < spec.least_characters or not is_seen(text):
            raise AnswerError(self.name, "answer_too_short", least=spec.least_characters)
        if len(text) > spec.most_characters:
            raise AnswerError(self.name, "answer_too_long", most=spec.most_characters, length=len(text))
        if chat_length(text) > LONGEST_TEXT:  # of emoji, it could not be shown
            raise AnswerError(self.name, "answer_too_long", most=LONGEST_TEXT, length=chat_length(text))
        return text

    def verdict(self, spec: S, right: Json, said: Json) -> float:  # noqa: ARG002
        """1 when similar enough."""
        return float(similarity(right, said) >= _RIGHT_ENOUGH)

    def steps(self, spec: S) -> Steps:  # noqa: ARG002
        """Half from 0.6 of the characters, all from where it counts as right."""
        return Steps(0.6, _RIGHT_ENOUGH)

    def score(self, spec: S, right: Json, said: Json) -> float:  # noqa: ARG002
        """See `similarity`."""
        return similarity(right, said)

    def difference(self, spec: S, counts: Sequence[tuple[Json, int]]) -> Difference:  # noqa: ARG002
        """The share of characters to be changed from one to the other: 1 - `similarity`."""
        folded = {text: fold(text) for text, _ in counts}

        def apart(one: Json, other: Json) -> float:
            return 1 - Levenshtein.normalized_similarity(folded[one], folded[other])

        return apart

    def chance(self, spec: S) -> float:  # noqa: ARG002
        """Nobody guesses a text."""
        return 0.0

    def near(self, spec: S, one: Json, other: Json) -> float:  # noqa: ARG002
        """See NearKind."""
        return similarity(one, other)

    def prepared(self, spec: S, values: Collection[Json]) -> Near:  # noqa: ARG002
        """See NearKind."""
        folded = {text: fold(text) for text in set(values)}
        return lambda one, other: Levenshtein.normalized_similarity(folded[one], folded[other])

    def joined(self, spec: S, ranked: Ranked) -> tuple[Json, float]:
        """See NearKind. Where the batch says `combine: words`, put together word by word: see `crowd.kinds.rover`."""
        agreement, text, accuracy = ranked[0]
        if spec.combine == "words" and len(ranked) > 1:
            put = combined([(each, weight(skill)) for _, each, skill in ranked], fold)
            if put is not None:
                own = weight(accuracy) / math.fsum(weight(skill) for *_, skill in ranked)
                return put.text, round(put.agreement * (1 - own) + accuracy * own, 9)
        return text, agreement

    def method(self, spec: S) -> str:
        """See NearKind."""
        return WORDS_METHOD if spec.combine == "words" else super().method(spec)
