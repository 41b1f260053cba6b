"""Pictures that somebody brings: taken in safely, small enough for a phone, and with nothing else in them."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from crowd.media.drawing import drawn
from crowd.media.picture import FIRST_BYTES, FIRST_SIDE, FULL_BYTES, FULL_SIDE, Grid, Picture, View
from crowd.media.taking import take_in
from crowd.sentences import ENGLISH, SentenceError

pytestmark = pytest.mark.unit


def saved(path: Path, image: Image.Image, **how: object) -> bytes:
    image.save(path, **how)  # type: ignore[arg-type]
    return path.read_bytes()


def refusal(file: bytes) -> str:
    with pytest.raises(SentenceError) as raised:
        take_in(file)
    return ENGLISH.put(raised.value.sentence)


def pixel(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    found = image.convert("RGB").getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def noise(width: int, height: int) -> Image.Image:
    """What compresses worst."""
    return Image.effect_noise((width, height), 90).convert("RGB")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_common_formats_become_a_plain_jpeg(form: str, tmp_path: Path) -> None:
    picture, data = take_in(saved(tmp_path / "x", Image.new("RGB", (300, 200), "teal"), format=form))
    assert (picture.width, picture.height) == (300, 200)
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (300, 200))
        assert image.info.get("progressive")


@pytest.mark.parametrize("size", [(64, 64), (4000, 3000), (640, 6400), (1280, 1280)])
def test_even_noise_becomes_small_enough(size: tuple[int, int], tmp_path: Path) -> None:
    picture, data = take_in(saved(tmp_path / "x.jpg", noise(*size), quality=95))
    assert len(data) <= FULL_BYTES
    assert (picture.width, picture.height) == size
    for view in (View(), View(grid=Grid(6, 6)), View(within=(Grid(4, 4), 7), grid=Grid(3, 3))):
        small = drawn(data, view)
        assert len(small) <= FIRST_BYTES
        assert max(Image.open(io.BytesIO(small)).size) <= FIRST_SIDE
    full = drawn(data, View(full=True, grid=Grid(6, 6)))
    assert len(full) <= FULL_BYTES
    assert max(Image.open(io.BytesIO(full)).size) <= FULL_SIDE


def test_nothing_of_the_camera_is_kept_and_a_turned_picture_stands_upright(tmp_path: Path) -> None:
    image = Image.new("RGB", (400, 200), "black")
    ImageDraw.Draw(image).rectangle((0, 0, 199, 199), fill="white")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010F] = "A camera of Amina's"
    picture, data = take_in(
        saved(tmp_path / "x.jpg", image, exif=exif, comment=b"secret place", icc_profile=b"profile " * 20)
    )
    assert (picture.width, picture.height) == (200, 400)
    with Image.open(io.BytesIO(data)) as kept:
        assert kept.size == (200, 400)
        assert not kept.getexif()
        assert "comment" not in kept.info
        assert "icc_profile" not in kept.info
        assert pixel(kept, 100, 50) > (200, 200, 200)
        assert pixel(kept, 100, 350) < (50, 50, 50)
    assert b"Amina" not in data


def test_what_can_be_seen_through_is_white(tmp_path: Path) -> None:
    _, data = take_in(saved(tmp_path / "x.png", Image.new("RGBA", (100, 100), (255, 0, 0, 0))))
    assert pixel(Image.open(io.BytesIO(data)), 50, 50) >= (250, 250, 250)


def test_the_same_picture_has_the_same_name_and_another_has_another(tmp_path: Path) -> None:
    one, other = Image.new("RGB", (99, 99), "red"), Image.new("RGB", (99, 99), "blue")
    names = [take_in(saved(tmp_path / f"{at}.png", image))[0].name for at, image in enumerate((one, one, other))]
    assert names[0] == names[1] != names[2]


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.4", b"\xff\xd8\xff\xe0 cut",
                b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"],
)  # fmt: skip
def test_what_is_no_picture_is_refused_with_a_reason(content: bytes) -> None:
    assert "no picture that can be read" in refusal(content)


def test_a_cut_picture_is_refused(tmp_path: Path) -> None:
    whole = saved(tmp_path / "x.jpg", noise(800, 800))
    assert "damaged" in refusal(whole[: len(whole) // 2])


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it has that many pixels: a few kilobytes, however many they are."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    assert "far more than 50 million pixels" in refusal(png_of(60_000, 60_000))
    assert "8000 × 7000" in refusal(png_of(8_000, 7_000))


def test_a_picture_that_no_phone_can_show_is_refused(tmp_path: Path) -> None:
    assert "each side needs 64" in refusal(saved(tmp_path / "x.png", Image.new("RGB", (63, 500))))
    assert "too long for a phone" in refusal(saved(tmp_path / "y.png", Image.new("RGB", (3000, 100))))


@given(st.binary(max_size=2000))
@settings(max_examples=200, deadline=None)
def test_no_bytes_do_any_harm(content: bytes) -> None:
    refusal(content)


@given(st.integers(3, 6), st.integers(3, 6), st.integers(64, 5000), st.integers(64, 5000))
def test_cells_have_names_and_cover_a_picture_without_a_gap(rows: int, columns: int, width: int, height: int) -> None:
    grid = Grid(rows, columns)
    cells = range(rows * columns)
    assert [grid.numbered(grid.named(cell)) for cell in cells] == list(cells)
    boxes = [grid.box(cell, width, height) for cell in cells]
    assert sum((right - left) * (bottom - top) for left, top, right, bottom in boxes) == width * height
    assert boxes[0][:2] == (0, 0)
    assert boxes[-1][2:] == (width, height)


@pytest.mark.parametrize("name", ["", "A", "A0", "A7", "G1", "1A", "A01x", "A-1", "AA", "A١"])
def test_what_is_no_cell_is_none(name: str) -> None:
    with pytest.raises(ValueError, match="is no cell"):
        Grid(6, 6).numbered(name)


def test_a_grid_is_drawn_where_its_cells_are() -> None:
    plain = io.BytesIO()
    Image.new("RGB", (400, 400), (90, 90, 90)).save(plain, "JPEG", quality=95)
    with Image.open(io.BytesIO(drawn(plain.getvalue(), View(grid=Grid(4, 4))))) as image:
        assert pixel(image, 150, 150) == pytest.approx((90, 90, 90), abs=6)
        line = [pixel(image, x, 150) for x in range(95, 106)]
        assert max(pixel[0] for pixel in line) - min(pixel[0] for pixel in line) > 60


def test_a_cell_enlarged_shows_that_cell() -> None:
    image = Image.new("RGB", (400, 400), "black")
    ImageDraw.Draw(image).rectangle((200, 100, 299, 199), fill="red")  # C2
    plain = io.BytesIO()
    image.save(plain, "JPEG", quality=95)
    grid = Grid(4, 4)
    with Image.open(io.BytesIO(drawn(plain.getvalue(), View(within=(grid, grid.numbered("C2")))))) as shown:
        assert shown.size[0] > 400
        red, green, _ = pixel(shown, shown.width // 2, shown.height // 2)
        assert red > 200
        assert green < 60


def test_views_have_names_of_their_own() -> None:
    views = [
        View(), View(full=True), View(grid=Grid(4, 4)), View(grid=Grid(4, 5)), View(full=True, grid=Grid(4, 4)),
        View(within=(Grid(4, 4), 1)), View(within=(Grid(4, 4), 2)), View(within=(Grid(4, 4), 1), grid=Grid(4, 4)),
    ]  # fmt: skip
    assert len({view.name for view in views}) == len(views)


def test_a_picture_is_stored_as_json() -> None:
    picture = Picture("ab" * 32, 400, 300)
    assert Picture.of(picture.stored) == picture
