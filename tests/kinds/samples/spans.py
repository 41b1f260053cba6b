from typing import Any

from hypothesis import strategies as st

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from crowd.kinds.marking import span_of
from crowd.kinds.spans import SpansSpec
from crowd.kinds.words import words_of
from tests.kinds.sample import Cells, options

_WORDS = (
    "Amina", "went", "to", "Nairobi", "don't", "Jean-Pierre", "1,000.50", "نيروبي", "سافرتْ", "צה\"ל", "می‌خواهم",
    "नमस्ते", "กรุงเทพ", "ເມືອງ", "မြန်မာ", "ភ្នំពេញ", "東京へ", "བོད་སྐད", "ሰላም፡ለዓለም",
    "e\u0301te\u0301", "👩‍👩‍👧", "1️⃣", "𞤀𞤣𞤤𞤢𞤥",
    "(&<b>", "/start", "…", "a" * 40,
)  # fmt: skip
_BLANKS = st.sampled_from([" ", " ", ", ", "\n", "/", "", "—"])


@st.composite
def texts(draw: st.DrawFn, most: int = 6) -> str:
    """Words of many scripts, with what may stand between them."""
    words = draw(st.lists(st.sampled_from(_WORDS), min_size=0, max_size=most))
    return draw(_BLANKS) + "".join(word + draw(_BLANKS) for word in [*words, "end"])


class SpansSample:
    name = "spans"

    def fields(self) -> dict[str, Any]:
        return {"options": options(3)}

    def any_fields(self) -> st.SearchStrategy[dict[str, Any]]:
        return st.integers(1, 8).map(lambda count: {"options": options(count)})

    def item(self, number: int) -> Cells:
        return {"text": f"Item number {number}: some words, and more of them."}

    def right(self, number: int) -> Json:
        """The words whose bits are set, of which those beside each other are one span or two."""
        text = self.item(number)["text"]
        words = words_of(text, "sw")
        runs = [(1, 1 + number % 3, "v0"), (5, 5, "v1"), (6, 6 + number % 2, f"v{number % 3}"), (8, 9, "v2")]
        return [span_of(text, words, *run) for at, run in enumerate(runs) if (number >> at) & 1]

    def any_item(self, fields: dict[str, Any]) -> st.SearchStrategy[Cells]:
        return texts().map(lambda text: {"text": text})

    def said(self, spec: BatchSpec, payload: Json, value: Json) -> Json:
        assert isinstance(spec, SpansSpec)
        return [None, [[span["first"], span["last"], spec.values.index(span["label"])] for span in value]]

    def written(self) -> st.SearchStrategy[str]:
        return st.nothing()


SAMPLE = SpansSample()
