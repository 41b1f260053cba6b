from typing import Any

from hypothesis import strategies as st

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from crowd.kinds.judge import WORDS
from tests.kinds.sample import Cells, any_thing, text_of


class JudgeSample:
    name = "judge"

    def fields(self) -> dict[str, Any]:
        return {"about": "photo"}

    def any_fields(self) -> st.SearchStrategy[dict[str, Any]]:
        return st.sampled_from(sorted(WORDS)).map(lambda about: {"about": about})

    def item(self, number: int) -> Cells:
        return {"text": text_of(number)}

    def right(self, number: int) -> Json:
        return WORDS["photo"][number % 4]

    def any_item(self, fields: dict[str, Any]) -> st.SearchStrategy[Cells]:
        return any_thing()

    def said(self, spec: BatchSpec, payload: Json, value: Json) -> Json:
        return value

    def written(self) -> st.SearchStrategy[str]:
        return st.nothing()


SAMPLE = JudgeSample()
