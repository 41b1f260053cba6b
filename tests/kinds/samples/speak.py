from typing import Any

from hypothesis import strategies as st

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from tests.kinds.sample import TEXTS, Cells, text_of


class SpeakSample:
    name = "speak"

    def fields(self) -> dict[str, Any]:
        return {"most_seconds": 20}

    def any_fields(self) -> st.SearchStrategy[dict[str, Any]]:
        return st.integers(21, 120).map(lambda most: {"most_seconds": most})

    def item(self, number: int) -> Cells:
        return {"text": text_of(number)}

    def right(self, number: int) -> Json:
        return {"sound": f"{number:064x}", "ms": 3000 + number, "voice_ms": 2500, "level": -24.0, "clipped": 0.0}

    def any_item(self, fields: dict[str, Any]) -> st.SearchStrategy[Cells]:
        return TEXTS.map(lambda text: {"text": text})

    def said(self, spec: BatchSpec, payload: Json, value: Json) -> Json:
        return value

    def written(self) -> st.SearchStrategy[str]:
        return st.nothing()


SAMPLE = SpeakSample()
