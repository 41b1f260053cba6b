from typing import Any

from hypothesis import strategies as st

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from tests.kinds.sample import TEXTS, Cells, text_of


class PhotoSample:
    name = "photo"

    def fields(self) -> dict[str, Any]:
        return {"least_side": 200}

    def any_fields(self) -> st.SearchStrategy[dict[str, Any]]:
        return st.integers(64, 1280).map(lambda side: {"least_side": side})

    def item(self, number: int) -> Cells:
        return {"text": text_of(number)}

    def right(self, number: int) -> Json:
        return {
            "picture": f"{number:064x}", "width": 1280, "height": 960, "sharpness": 200.0, "light": 120.0,
            "mark": f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}",
        }  # fmt: skip

    def any_item(self, fields: dict[str, Any]) -> st.SearchStrategy[Cells]:
        return TEXTS.map(lambda text: {"text": text})

    def said(self, spec: BatchSpec, payload: Json, value: Json) -> Json:
        return value

    def written(self) -> st.SearchStrategy[str]:
        return st.nothing()


SAMPLE = PhotoSample()
