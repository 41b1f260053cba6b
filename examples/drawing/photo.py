"""What a cheap camera makes of a scene, and the JPEG that is kept."""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from drawing.camera import HEIGHT, WIDTH, Camera, Light
from drawing.mesh import Things
from drawing.noise import Array, Random

LARGEST = 31_000
"""Bytes of a picture: one that is shown first may have 40,000 with a grid on it."""


@dataclass(frozen=True)
class Look:
    """How a picture came out."""

    exposure: float = 1.0
    contrast: float = 1.0
    warmth: float = 0.0
    """Above 0: yellower."""
    blur: float = 0.5
    """Pixels."""
    motion: float = 0.0
    """Pixels that the hand moved."""
    noise: float = 0.006
    smear: float = 0.036
    """Detail fainter than this is lost, as phones take it for noise."""
    vignette: float = 0.2


def on_ground(
    sky: Array, sun: Array, things: Things, camera: Camera, light: Light, *, soft: float = 1.5
) -> Image.Image:
    """The lit ground with the shadows of the things on it, and then the things."""
    shadow = _soft(things.shadow(camera, light) * (light.flash == 0), soft * camera.scale)
    dark = _soft(things.dark(camera), 5 * camera.scale)
    ground = sky * (1 - 0.45 * dark)[..., None] + sun * (1 - shadow)[..., None]
    image = Image.fromarray(np.clip(ground * 255, 0, 255).astype(np.uint8))
    things.draw(image, camera, light)
    return image


def _soft(field: Array, radius: float) -> Array:
    image = Image.fromarray((field * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(image, dtype=np.float64) / 255


def finished(image: Image.Image, look: Look, rng: Random, *, grey: bool = False) -> Image.Image:
    """The picture in its size, as the camera made it."""
    small = image.resize((WIDTH, HEIGHT), Image.Resampling.BOX)
    if look.blur:
        small = small.filter(ImageFilter.GaussianBlur(look.blur))
    field = np.asarray(small, dtype=np.float64) / 255
    if look.motion:
        angle = rng.uniform(0, np.pi)
        steps = [step * look.motion for step in np.linspace(-0.5, 0.5, 5)]
        moves = [(round(step * np.sin(angle)), round(step * np.cos(angle))) for step in steps]
        field = np.mean([np.roll(field, move, (0, 1)) for move in moves], axis=0)
    y, x = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    field = field * (1 - look.vignette * (x * x + y * y) / 2)[..., None] * look.exposure
    field *= np.array([1 + look.warmth, 1.0, 1 - look.warmth])
    field = 1 - np.exp(-1.55 * np.maximum(field, 0))  # bright parts wash out slowly, as on film
    field = 0.45 + (field - 0.45) * look.contrast
    field = _smeared(field, look.smear)
    if grey:
        leafy = np.maximum(0, field[..., 1] - (field[..., 0] + field[..., 2]) / 2)  # leaves are bright in infrared
        field = np.repeat((field @ np.array([0.45, 0.35, 0.2]) + 0.7 * leafy)[..., None], 3, axis=-1)
    grain = rng.standard_normal((HEIGHT, WIDTH, 1)) * look.noise
    field = field + grain * (1.15 - np.clip(field, 0, 1))
    return Image.fromarray(np.clip(field * 255, 0, 255).astype(np.uint8))


def _smeared(field: Array, faint: float) -> Array:
    image = Image.fromarray(np.clip(field * 255, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1.6))
    soft = np.asarray(image, dtype=np.float64) / 255
    detail = field - soft
    strong = detail**2
    return np.asarray(soft + detail * strong / (strong + faint**2))


def saved(image: Image.Image, most: int = LARGEST) -> bytes:
    """A JPEG of so many bytes at most, as good as that allows."""
    least, best = 20, 88
    data = _jpeg(image, least)
    while least < best:
        middle = (least + best + 1) // 2
        tried = _jpeg(image, middle)
        if len(tried) <= most:
            least, data = middle, tried
        else:
            best = middle - 1
    return data


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
