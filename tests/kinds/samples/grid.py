from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from PIL import Image, ImageDraw

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from crowd.kinds.grid import GridSpec
from tests.kinds.sample import SOME_MEDIA, Cells

_SIDE = 240


class GridSample:
    name = "grid"

    def fields(self) -> dict[str, Any]:
        return {"rows": 3, "columns_across": 3, "question": {"en": "Where are red spots?"}}

    def any_fields(self) -> st.SearchStrategy[dict[str, Any]]:
        sides = st.integers(3, 6)
        return st.builds(
            lambda rows, across, words: {"rows": rows, "columns_across": across, "question": {"en": words}},
            sides,
            sides,
            st.text("abc ", min_size=1, max_size=200).filter(str.strip),
        )

    def item(self, number: int) -> Cells:
        return {"picture": f"pictures/{number}.png", "text": f"field {number}"}

    def right(self, number: int) -> Json:
        cells = [f"{letter}{row}" for row in "123" for letter in "ABC"]
        return [cell for at, cell in enumerate(cells) if (number * 37 >> at) & 1]

    def put_files(self, folder: Path, numbers: range) -> None:
        """No two pictures are the same."""
        (folder / "pictures").mkdir()
        for number in numbers:
            image = Image.new("RGB", (_SIDE, _SIDE), (number // 256 % 256, number % 256, 60))
            pen = ImageDraw.Draw(image)
            for cell in self.right(number):
                x, y = "ABC".index(cell[0]) * 80 + 40, (int(cell[1]) - 1) * 80 + 40
                pen.ellipse((x - 9, y - 9, x + 9, y + 9), fill=(200, 30, 30))
            image.save(folder / "pictures" / f"{number}.png")

    def any_item(self, fields: dict[str, Any]) -> st.SearchStrategy[Cells]:
        return any_picture()

    def said(self, spec: BatchSpec, payload: Json, value: Json) -> Json:
        assert isinstance(spec, GridSpec)
        return [spec.grid.numbered(name) for name in value]

    def written(self) -> st.SearchStrategy[str]:
        return st.nothing()


def any_picture() -> st.SearchStrategy[Cells]:
    """An item that is a picture, as kinds read it."""
    return st.text("ab<&é😀", max_size=200).map(lambda text: {"picture": SOME_MEDIA["picture"], "text": text})


SAMPLE = GridSample()
