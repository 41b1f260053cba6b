from typing import Any

from hypothesis import strategies as st

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from crowd.kinds.choice import ChoiceSpec
from tests.kinds.sample import Cells, any_thing, options, text_of


class ChoiceSample:
    name = "choice"

    def fields(self) -> dict[str, Any]:
        return {"options": options(3)}

    def any_fields(self) -> st.SearchStrategy[dict[str, Any]]:
        return st.integers(2, 20).map(lambda count: {"options": options(count)})

    def item(self, number: int) -> Cells:
        return {"text": text_of(number)}

    def right(self, number: int) -> Json:
        return f"v{number % 3}"

    def any_item(self, fields: dict[str, Any]) -> st.SearchStrategy[Cells]:
        return any_thing()

    def said(self, spec: BatchSpec, payload: Json, value: Json) -> Json:
        assert isinstance(spec, ChoiceSpec)
        return spec.values.index(value)

    def written(self) -> st.SearchStrategy[str]:
        return st.nothing()


SAMPLE = ChoiceSample()
