from typing import Any, ClassVar

from hypothesis import strategies as st

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from crowd.kinds.chat import ALL
from crowd.kinds.item import LONGEST_TEXT
from tests.kinds.sample import TEXTS, Cells, text_of

_BETTER = ("a", "b", "same", "both_bad")


class ChatSample:
    name: ClassVar[str] = "chat"

    def fields(self) -> dict[str, Any]:
        return {"least_why": 3}

    def any_fields(self) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries(
            {
                "tie": st.booleans(),
                "both_bad": st.booleans(),
                "near_enough": st.none() | st.floats(0.1, 1),
                "least_why": st.integers(1, 12),
                "most_why": st.integers(40, 2000),
                "least_ideal": st.integers(1, 8),
                "most_ideal": st.integers(40, 1000),
            }
        )

    def item(self, number: int) -> Cells:
        made_by = {"a_from": f"m{number % 3}", "b_from": f"m{(number + 1) % 3}"}
        return {"text": text_of(number), "a": f"this of {number}", "b": f"that of {number}", **made_by}

    def right(self, number: int) -> Json:
        better = _BETTER[number % 4]
        ideal = f"this of {number}" if better == "a" else f"what is ideal of {number}"
        return {"better": better, "why": f"for the reason {number}", "ideal": ideal}

    def any_item(self, fields: dict[str, Any]) -> st.SearchStrategy[Cells]:
        most = LONGEST_TEXT - fields["most_why"]
        lines = st.lists(TEXTS, min_size=1, max_size=12).map("\n".join).filter(lambda text: 2 * len(text) <= most)
        pairs = st.tuples(lines, lines).filter(lambda pair: pair[0] != pair[1])
        return st.tuples(st.just("") | lines, pairs).map(
            lambda all_: {"text": all_[0], "a": all_[1][0], "b": all_[1][1]}
        )

    def said(self, spec: BatchSpec, payload: Json, value: Json) -> Json:
        return {**value, "at": ALL}

    def written(self) -> st.SearchStrategy[str]:
        return st.nothing()


SAMPLE = ChatSample()
