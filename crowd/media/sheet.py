"""A contact sheet: several pictures in one, each with its number."""

import io
import math
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont, ImageOps

from crowd.media.drawing import small_enough
from crowd.media.picture import FULL_BYTES, FULL_SIDE

_GAP = 8
_LABEL = 0.14
"""The height of a number, in parts of a cell."""


def contact_sheet(pictures: Sequence[tuple[str, bytes]]) -> bytes:
    """Pictures that were taken in, with what each is called, row by row, as a JPEG of at most FULL_BYTES."""
    columns = math.ceil(math.sqrt(len(pictures)))
    rows = math.ceil(len(pictures) / columns)
    cell = FULL_SIDE // columns
    sheet = Image.new("RGB", (columns * cell, rows * cell), "white")
    font = ImageFont.load_default(max(16, round(cell * _LABEL)))
    for at, (name, picture) in enumerate(pictures):
        row, column = divmod(at, columns)
        with Image.open(io.BytesIO(picture)) as opened:
            shown = ImageOps.contain(opened.convert("RGB"), (cell - _GAP, cell - _GAP))
        left, top = column * cell + (cell - shown.width) // 2, row * cell + (cell - shown.height) // 2
        sheet.paste(shown, (left, top))
        pen = ImageDraw.Draw(sheet)
        corner = (column * cell + _GAP, row * cell + _GAP)
        box = pen.textbbox(corner, name, font=font)
        pen.rectangle((box[0] - 5, box[1] - 4, box[2] + 5, box[3] + 4), fill="white", outline="black")
        pen.text(corner, name, fill="black", font=font)
    return small_enough(sheet, FULL_SIDE, FULL_BYTES)
