import random
from typing import Any, ClassVar

from hypothesis import strategies as st

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from crowd.kinds.written import fold
from tests.kinds.sample import TEXTS, Cells


class RankSample:
    name: ClassVar[str] = "rank"

    def fields(self) -> dict[str, Any]:
        return {}

    def any_fields(self) -> st.SearchStrategy[dict[str, Any]]:
        return st.just({})

    def item(self, number: int) -> Cells:
        return {
            **{f"item{at}": f"answer {at} to {number}" for at in range(1, 4)},
            "item4": f"answer 4 to {number}" if number % 2 else "",
            "text": f"question {number}",
        }

    def right(self, number: int) -> Json:
        return random.Random(number).sample(range(1, 4 + number % 2), 3 + number % 2)

    def any_item(self, fields: dict[str, Any]) -> st.SearchStrategy[Cells]:
        items = st.lists(TEXTS, min_size=3, max_size=8, unique_by=fold)
        return st.builds(
            lambda items, text: {f"item{at}": each for at, each in enumerate(items, 1)} | text,
            items,
            st.just({}) | TEXTS.map(lambda text: {"text": text}),
        )

    def said(self, spec: BatchSpec, payload: Json, value: Json) -> Json:
        return value

    def written(self) -> st.SearchStrategy[str]:
        return st.nothing()


SAMPLE = RankSample()
