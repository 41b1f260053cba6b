from typing import Any

from hypothesis import strategies as st

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from crowd.kinds.choices import ChoicesSpec
from tests.kinds.sample import Cells, any_thing, options, text_of


class ChoicesSample:
    name = "choices"

    def fields(self) -> dict[str, Any]:
        return {"options": options(4)}

    def any_fields(self) -> st.SearchStrategy[dict[str, Any]]:
        @st.composite
        def made(draw: st.DrawFn) -> dict[str, Any]:
            count = draw(st.integers(2, 20))
            fewest = draw(st.integers(0, count - 1))
            most = draw(st.none() | st.integers(max(2, fewest), 20))
            return {"options": options(count), "fewest": fewest, "most": most}

        return made()

    def item(self, number: int) -> Cells:
        return {"text": text_of(number)}

    def right(self, number: int) -> Json:
        return [f"v{at}" for at in range(4) if (number >> at) & 1]

    def any_item(self, fields: dict[str, Any]) -> st.SearchStrategy[Cells]:
        return any_thing()

    def said(self, spec: BatchSpec, payload: Json, value: Json) -> Json:
        assert isinstance(spec, ChoicesSpec)
        return [spec.values.index(each) for each in value]

    def written(self) -> st.SearchStrategy[str]:
        return st.nothing()


SAMPLE = ChoicesSample()
