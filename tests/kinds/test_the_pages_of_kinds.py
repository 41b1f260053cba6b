"""The page that shows all kinds shows each, with a picture, and leads to the page that it has."""

import re
from pathlib import Path

import pytest
from PIL import Image

from crowd.kinds import kinds

DOCS = Path(__file__).parent.parent.parent / "docs"
PICTURES = DOCS / "pictures" / "kinds"
PAGE = (DOCS / "kinds.md").read_text(encoding="utf-8")
LARGEST = 60_000

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("name", sorted(kinds()))
def test_a_kind_is_shown_with_its_picture_and_has_a_page(name: str) -> None:
    parts = re.split(r"^## (\w+)$", PAGE, flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert name in sections, f"docs/kinds.md has no section “## {name}”"
    assert f'<img src="pictures/kinds/{name}.png"' in sections[name], "`make pictures` takes it"
    assert f"(kinds/{name}.md)" in sections[name]
    assert f"[{name}](#{name})" in parts[0], "it stands in no row of what to take for what"
    page = (DOCS / "kinds" / f"{name}.md").read_text(encoding="utf-8")
    assert re.match(rf"# {name}\b", page)


def test_pictures_of_kinds_are_small_shown_and_told_in_words() -> None:
    shown = re.findall(r'<img src="pictures/kinds/(\S+)" width="\d+" alt="[^"]{10,}">', PAGE)
    files = sorted(path.name for path in PICTURES.iterdir())
    assert sorted(shown) == files
    assert {name.split(".")[0] for name in files} >= set(kinds())
    for name in files:
        path = PICTURES / name
        assert path.stat().st_size <= LARGEST, name
        with Image.open(path) as image:
            assert image.format == "PNG"
            assert image.width == 450, name


def test_some_are_shown_in_other_scripts() -> None:
    for locale in ("ar", "am"):
        assert len(list(PICTURES.glob(f"*.{locale}.png"))) >= 3
