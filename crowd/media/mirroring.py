"""A picture with left and right changed."""

import io
from hashlib import sha256

from PIL import Image, ImageOps

from crowd.media.drawing import small_enough
from crowd.media.picture import FULL_BYTES, FULL_SIDE, Picture


def mirror(picture: Picture, kept: bytes) -> tuple[Picture, bytes]:
    """Of a picture that was taken in, and what was kept of it: the same of its mirror image.

    Nobody brought that one, so it has no name of their file.
    """
    with Image.open(io.BytesIO(kept)) as opened:
        data = small_enough(ImageOps.mirror(opened.convert("RGB")), FULL_SIDE, FULL_BYTES)
    return Picture(sha256(data).hexdigest(), picture.width, picture.height), data
