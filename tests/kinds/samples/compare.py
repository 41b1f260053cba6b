from typing import Any, ClassVar

from hypothesis import strategies as st

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from crowd.kinds.compare import CompareSpec
from tests.kinds.sample import TEXTS, Cells, text_of


class CompareSample:
    name: ClassVar[str] = "compare"

    def fields(self) -> dict[str, Any]:
        return {"degrees": 2}

    def any_fields(self) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries({"degrees": st.integers(1, 3), "tie": st.booleans(), "both_bad": st.booleans()})

    def item(self, number: int) -> Cells:
        made_by = {"a_from": f"m{number % 3}", "b_from": f"m{(number + 1) % 3}"}
        return {"text": text_of(number), "a": f"this of {number}", "b": f"that of {number}", **made_by}

    def right(self, number: int) -> Json:
        return ("a++", "a+", "same", "b+", "b++", "both_bad")[number % 6]

    def any_item(self, fields: dict[str, Any]) -> st.SearchStrategy[Cells]:
        lines = st.lists(TEXTS, min_size=1, max_size=12).map("\n".join)
        pairs = st.tuples(lines, lines).filter(lambda pair: pair[0] != pair[1])
        return st.tuples(st.just("") | lines, pairs).map(
            lambda all_: {"text": all_[0], "a": all_[1][0], "b": all_[1][1]}
        )

    def said(self, spec: BatchSpec, payload: Json, value: Json) -> Json:
        assert isinstance(spec, CompareSpec)
        return value

    def written(self) -> st.SearchStrategy[str]:
        return st.nothing()


SAMPLE = CompareSample()
