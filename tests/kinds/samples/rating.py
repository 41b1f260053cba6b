from typing import Any, ClassVar

from hypothesis import strategies as st

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from crowd.kinds.scale import most_tolerance
from tests.kinds.sample import TEXTS, Cells, any_thing, text_of

ENDS = {"low": {"en": "bad"}, "high": {"en": "very good"}}


class RatingSample:
    name: ClassVar[str] = "rating"

    def fields(self) -> dict[str, Any]:
        return {"ends": ENDS}

    def any_fields(self) -> st.SearchStrategy[dict[str, Any]]:
        @st.composite
        def made(draw: st.DrawFn) -> dict[str, Any]:
            steps, first = draw(st.integers(2, 10)), draw(st.integers(0, 1))
            return {
                "steps": steps,
                "first": first,
                "stars": bool(first) and draw(st.booleans()),
                "tolerance": draw(st.integers(0, most_tolerance(steps))),
                "ends": {"low": {"en": draw(TEXTS)}, "high": {"sw": draw(TEXTS), "ar": draw(TEXTS)}},
            }

        return made()

    def item(self, number: int) -> Cells:
        return {"text": text_of(number)}

    def right(self, number: int) -> Json:
        return 1 + number % 5

    def any_item(self, fields: dict[str, Any]) -> st.SearchStrategy[Cells]:
        return any_thing()

    def said(self, spec: BatchSpec, payload: Json, value: Json) -> Json:
        return value

    def written(self) -> st.SearchStrategy[str]:
        return st.nothing()


SAMPLE = RatingSample()
