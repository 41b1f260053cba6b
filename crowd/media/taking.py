"""Pictures that somebody brought: what is taken in of a file, and nothing else of it."""

import io
import warnings
from hashlib import sha256

from PIL import Image, ImageOps, UnidentifiedImageError

from crowd.media.drawing import small_enough
from crowd.media.picture import FULL_BYTES, FULL_SIDE, Picture
from crowd.sentences import Sentence, SentenceError, say

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
"""As Pillow names them. Of those that move, the first picture is taken."""

LARGEST_FILE = 40 * 1024 * 1024
"""Bytes."""

MOST_PIXELS = 50_000_000
"""A picture of more is refused before any of it is unpacked: a small file may hold gigabytes."""

SMALLEST_SIDE = 64
LONGEST_RATIO = 10


class PictureError(SentenceError):
    """A file is no picture that can be taken in."""


def take_in(file: bytes) -> tuple[Picture, bytes]:
    """A picture out of a file, and what is kept of it. Raises PictureError.

    The file is hostile until shown otherwise: its size is looked at first, then what it says of itself, and only what
    Pillow can draw is kept, drawn anew. Nothing else of the file survives: no place, no time, no camera, no text.
    """
    try:
        if len(file) > LARGEST_FILE:
            raise PictureError(say("is larger than {most} MB: save it smaller", most=LARGEST_FILE // 1024 // 1024))
        image, width, height = _opened(file)
    except PictureError:
        raise
    except Image.DecompressionBombError:
        raise PictureError(
            say("has far more than {most} million pixels: save it smaller", most=MOST_PIXELS // 1_000_000)
        ) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise PictureError(say("is no picture that can be read, or is damaged: save it as JPEG or PNG")) from None
    data = small_enough(image, FULL_SIDE, FULL_BYTES)
    return Picture(sha256(data).hexdigest(), width, height), data


def _opened(file: bytes) -> tuple[Image.Image, int, int]:
    """The picture upright, in the size that is needed; and its own width and height."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # sizes are looked at below
        opened = Image.open(io.BytesIO(file), formats=FORMATS)
    with opened:
        wrong = _wrong_size(*opened.size)
        if wrong is not None:
            raise PictureError(wrong)
        turned = opened.getexif().get(0x0112, 1) in {5, 6, 7, 8}
        width, height = opened.size[::-1] if turned else opened.size
        opened.draft("RGB", (2 * FULL_SIDE, 2 * FULL_SIDE))  # a JPEG is unpacked no larger than that
        upright = ImageOps.exif_transpose(opened)
        if upright.mode in {"RGBA", "LA", "PA", "P"}:
            upright = upright.convert("RGBA")
            white = Image.new("RGBA", upright.size, (255, 255, 255, 255))
            upright = Image.alpha_composite(white, upright)
        return upright.convert("RGB"), width, height


def _wrong_size(width: int, height: int) -> Sentence | None:
    if width * height > MOST_PIXELS:
        return say(
            "has {width} × {height} pixels; {most} million at most: save it smaller",
            width=width, height=height, most=MOST_PIXELS // 1_000_000,
        )  # fmt: skip
    if min(width, height) < SMALLEST_SIDE:
        return say(
            "has {width} × {height} pixels; each side needs {least} at least", width=width, height=height,
            least=SMALLEST_SIDE,
        )  # fmt: skip
    if max(width, height) > LONGEST_RATIO * min(width, height):
        return say("has {width} × {height} pixels: too long for a phone; cut it in parts", width=width, height=height)
    return None
