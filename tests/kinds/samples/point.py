from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from PIL import Image, ImageDraw

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from crowd.kinds.point import PointSpec
from tests.kinds.sample import Cells
from tests.kinds.samples.grid import any_picture

_SIDE = 450


class PointSample:
    name = "point"

    def fields(self) -> dict[str, Any]:
        return {"lines": 3, "question": {"en": "Where is the red spot?"}}

    def any_fields(self) -> st.SearchStrategy[dict[str, Any]]:
        return st.builds(
            lambda lines, within, nothing: {
                "lines": lines,
                "within": within,
                "nothing": nothing,
                "question": {"en": "Where?"},
            },
            st.integers(3, 6),
            st.none() | st.floats(0.01, 0.3),
            st.booleans(),
        )

    def item(self, number: int) -> Cells:
        return {"picture": f"pictures/{number}.png", "text": f"field {number}"}

    def right(self, number: int) -> Json:
        if number % 5 == 0:
            return []
        return [round((each % 9 + 0.5) / 9, 4) for each in (number * 7, number * 11)]

    def put_files(self, folder: Path, numbers: range) -> None:
        (folder / "pictures").mkdir()
        for number in numbers:
            image = Image.new("RGB", (_SIDE, _SIDE), (number // 256 % 256, number % 256, 90))
            if place := self.right(number):
                x, y = (round(share * _SIDE) for share in place)
                ImageDraw.Draw(image).ellipse((x - 9, y - 9, x + 9, y + 9), fill=(200, 30, 30))
            image.save(folder / "pictures" / f"{number}.png")

    def any_item(self, fields: dict[str, Any]) -> st.SearchStrategy[Cells]:
        return any_picture()

    def said(self, spec: BatchSpec, payload: Json, value: Json) -> Json:
        assert isinstance(spec, PointSpec)
        return list(spec.cells_at(*value)) if value else []

    def written(self) -> st.SearchStrategy[str]:
        return st.nothing()


SAMPLE = PointSample()
