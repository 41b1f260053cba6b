"""Views of pictures, drawn."""

import io
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFont

from crowd.media.picture import FIRST_BYTES, FIRST_SIDE, FULL_BYTES, FULL_SIDE, SMALL_BYTES, SMALL_SIDE, Grid, View

_QUALITIES = (82, 74, 66, 58, 50, 42, 34, 26)
_SMALLER = (1.0, 0.8, 0.64, 0.5, 0.4, 0.32)
_AROUND = 0.15
"""So much of its neighbours is shown around a cell that is enlarged."""


def drawn(picture: bytes, view: View) -> bytes:
    """A view of a picture, a JPEG. The picture is one that was taken in, so it is what it says."""
    with Image.open(io.BytesIO(picture)) as opened:
        image: Image.Image = opened.convert("RGB")
    field = (0, 0, *image.size)
    if view.within is not None:
        image, field = _enlarged(image, *view.within)
    side, most = FIRST_SIDE, FIRST_BYTES
    if view.full:
        side, most = FULL_SIDE, FULL_BYTES
    elif view.small:
        side, most = SMALL_SIDE, SMALL_BYTES
    return small_enough(image, side, most, lambda scaled: _with_grid(scaled, view.grid, field, image.size))


Finish = Callable[[Image.Image], Image.Image]


def small_enough(image: Image.Image, side: int, most: int, finish: Finish | None = None) -> bytes:
    """A picture as a JPEG, progressive and without anything else in it, of so many bytes and pixels at most.

    First it is compressed more, to where it begins to look poor, and then made smaller. `finish` draws on it before
    that, at its final size.
    """
    data = b""
    for share in _SMALLER:
        scaled = _scaled(image, round(side * share))
        if finish is not None:
            scaled = finish(scaled)
        scaled.info.clear()  # comments and the like would be saved along
        for quality in _QUALITIES if share == _SMALLER[-1] else _QUALITIES[:-2]:
            out = io.BytesIO()
            scaled.save(out, "JPEG", quality=quality, progressive=True, optimize=True)
            data = out.getvalue()
            if len(data) <= most:
                return data
    return data


def _scaled(image: Image.Image, side: int) -> Image.Image:
    longest = max(image.size)
    if longest <= side:
        return image.copy()
    width, height = (max(1, round(each * side / longest)) for each in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _enlarged(image: Image.Image, grid: Grid, cell: int) -> tuple[Image.Image, tuple[int, int, int, int]]:
    """A cell with what is around it, enlarged; and where the cell itself is in that, pixels."""
    left, top, right, bottom = grid.box(cell, *image.size)
    across, down = round((right - left) * _AROUND), round((bottom - top) * _AROUND)
    frame = (
        max(0, left - across), max(0, top - down), min(image.width, right + across), min(image.height, bottom + down),
    )  # fmt: skip
    cut = image.crop(frame)
    factor = max(1, FIRST_SIDE / max(cut.size))
    size = (max(1, round(cut.width * factor)), max(1, round(cut.height * factor)))
    field = tuple(round((edge - frame[at % 2]) * factor) for at, edge in enumerate((left, top, right, bottom)))
    return cut.resize(size, Image.Resampling.BICUBIC), (field[0], field[1], field[2], field[3])


def _with_grid(
    image: Image.Image, grid: Grid | None, field: tuple[int, int, int, int], size: tuple[int, int]
) -> Image.Image:
    """The picture with a grid over `field` of it (pixels of a picture of that `size`), its cells named."""
    if grid is None:
        return image
    across, down = image.width / size[0], image.height / size[1]
    left, top, right, bottom = (
        round(field[0] * across), round(field[1] * down), round(field[2] * across), round(field[3] * down),
    )  # fmt: skip
    over = Image.new("RGBA", image.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(over)
    line = max(1, round(max(image.size) / 400))
    for cell in range(grid.rows * grid.columns):
        a, b, c, d = grid.box(cell, right - left, bottom - top)
        box = (left + a, top + b, left + c - 1, top + d - 1)
        pen.rectangle(box, outline=(0, 0, 0, 150), width=line + 2)
        pen.rectangle(box, outline=(255, 255, 255, 210), width=line)
    font = ImageFont.load_default(max(12, min((right - left) // grid.columns, (bottom - top) // grid.rows) // 5))
    for cell in range(grid.rows * grid.columns):
        a, b, _, _ = grid.box(cell, right - left, bottom - top)
        place = (left + a + 2 * line + 2, top + b + line + 1)
        pen.text(
            place, grid.named(cell), font=font, fill=(255, 255, 255, 235), stroke_width=2, stroke_fill=(0, 0, 0, 200)
        )  # fmt: skip
    return Image.alpha_composite(image.convert("RGBA"), over).convert("RGB")
