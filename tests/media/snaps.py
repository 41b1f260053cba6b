"""Pictures for tests, as a phone's camera takes them; made as they are needed."""

import io

from PIL import Image, ImageDraw


def photo(number: int = 0, *, side: int = 800, light: int = 120) -> bytes:
    """Something to see, different for each number."""
    image = Image.new("RGB", (side, side * 3 // 4), (light, light, light))
    pen = ImageDraw.Draw(image)
    for at in range(0, side, 20):
        tall = (at * (number * 7 + 3)) % (side // 2) + 10
        pen.rectangle((at, 20, at + 9, 20 + tall), fill=(min(255, light * 2), light // 3, light // 4))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()
