from typing import Any

from hypothesis import strategies as st

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from tests.kinds.sample import TEXTS, Cells, any_thing, text_of

_WORDS = ("mvua", "jua", "upepo", "mto", "mlima", "shamba", "njia", "soko")


class TextSample:
    name = "text"

    def fields(self) -> dict[str, Any]:
        return {"most_characters": 500}

    def any_fields(self) -> st.SearchStrategy[dict[str, Any]]:
        return st.just({}) | st.just({"combine": "words"})

    def item(self, number: int) -> Cells:
        return {"text": text_of(number)}

    def right(self, number: int) -> Json:
        return " ".join(_WORDS[(number >> at) % len(_WORDS)] for at in range(0, 9, 2))

    def any_item(self, fields: dict[str, Any]) -> st.SearchStrategy[Cells]:
        return any_thing()

    def said(self, spec: BatchSpec, payload: Json, value: Json) -> Json:
        return value

    def written(self) -> st.SearchStrategy[str]:
        return TEXTS


SAMPLE = TextSample()
