"""What Telegram makes of a picture: a JPEG in a few sizes."""

import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from sandbox.errors import bad_request

BOXES = (90, 320, 800, 1280)
"""The longest side of each size, in pixels; the largest that is kept is the last."""
PHOTO_LIMIT = 10 * 1024 * 1024
SIDES_LIMIT = 10_000
RATIO_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Size:
    """One size of a photo."""

    width: int
    height: int
    content: bytes


def photo_sizes(content: bytes) -> list[Size]:
    """The sizes of a picture, smallest first. Raises ApiError 400 for what Telegram would not take."""
    if len(content) > PHOTO_LIMIT:
        raise bad_request("file is too big")
    try:
        picture = Image.open(io.BytesIO(content))
        width, height = picture.size
        if width + height > SIDES_LIMIT or max(width, height) > RATIO_LIMIT * min(width, height):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        kept_as_is = picture.format == "JPEG" and max(width, height) <= BOXES[-1]
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error
    longest = max(upright.size)
    sizes = [_scaled(upright, box) for box in BOXES if box < longest]
    if longest <= BOXES[-1]:
        sizes.append(Size(*upright.size, content if kept_as_is else _jpeg(upright)))
    return sizes


def _scaled(picture: Image.Image, box: int) -> Size:
    factor = box / max(picture.size)
    width, height = (max(1, round(side * factor)) for side in picture.size)
    return Size(width, height, _jpeg(picture.resize((width, height), Image.Resampling.LANCZOS)))


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=87)
    return out.getvalue()
