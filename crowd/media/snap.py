"""A picture that somebody took and sent, and what can be told of it at once."""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from crowd.kinds.base import Json
from crowd.media.picture import Picture
from crowd.media.taking import take_in

_SIDE = 640
"""Sharpness is measured at this size, pixels of the longer side, so that it means the same for every phone."""

_HASHED = (9, 8)


@dataclass(frozen=True, slots=True)
class Snap:
    """A picture that was taken in, and measured."""

    picture: Picture
    sharpness: float
    """The variance of its Laplacian (Pech-Pacheco and others 2000), brightness counting from 0 to 255: a sharp picture
    of things has hundreds, one out of focus less than ten."""
    light: float
    """The mean of its brightness, 0..255."""
    mark: str
    """A difference hash, 64 bits as 16 hexadecimal digits: pictures that look the same have nearly the same."""

    @property
    def stored(self) -> Json:
        """As JSON."""
        return {
            "picture": self.picture.name,
            "width": self.picture.width,
            "height": self.picture.height,
            "sharpness": self.sharpness,
            "light": self.light,
            "mark": self.mark,
        }


def snap(file: bytes) -> tuple[Snap, bytes]:
    """A picture out of a file that somebody sent, and what is kept of it. Raises PictureError."""
    picture, kept = take_in(file)
    with Image.open(io.BytesIO(kept)) as opened:
        grey = opened.convert("L")
    small = grey.copy()
    small.thumbnail((_SIDE, _SIDE))
    pixels = np.asarray(small, dtype=np.float32)
    return Snap(picture, _sharpness(pixels), round(float(pixels.mean()), 1), _mark(grey)), kept


def _sharpness(pixels: NDArray[np.float32]) -> float:
    middle = pixels[1:-1, 1:-1]
    around = pixels[:-2, 1:-1] + pixels[2:, 1:-1] + pixels[1:-1, :-2] + pixels[1:-1, 2:]
    return round(float(np.var(around - 4 * middle)), 1)


def _mark(grey: Image.Image) -> str:
    """Whether each pixel of a tiny picture is darker than the one to its right."""
    tiny = np.asarray(grey.resize(_HASHED, Image.Resampling.LANCZOS), dtype=np.int16)
    return np.packbits(tiny[:, :-1] < tiny[:, 1:]).tobytes().hex()
