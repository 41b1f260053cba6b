"""Pictures that a batch's items name: each mistake is found at its row, and nothing leaves the folder."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from PIL import Image

from crowd.batchfile import Checked, check
from db.database import Database
from tests.kinds.sample import write_batch
from tests.kinds.samples.grid import SAMPLE
from tests.requester.scene import posted


@contextmanager
def checked(folder: Path, rows: Sequence[str], head: str = "id,picture,text,gold") -> Iterator[Checked]:
    folder.mkdir(exist_ok=True)
    spec = {
        "name": "Spots", "kind": "grid", "language": "sw", "items": "items.csv", "currency": "USD", "price": "0.02",
        "instructions": {"en": "Mark the spots."}, **SAMPLE.fields(),
    }  # fmt: skip
    (folder / "batch.yaml").write_text(yaml.safe_dump(spec), encoding="utf-8")
    (folder / "items.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    found = check(folder / "batch.yaml")
    try:
        yield found
    finally:
        found.close()


def said(folder: Path, *rows: str) -> list[str]:
    """The errors, in English."""
    with checked(folder, rows) as found:
        return [each for each in found.said() if "error" in each]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "batch").mkdir()
    SAMPLE.put_files(tmp_path / "batch", range(3))
    return tmp_path / "batch"


def test_good_pictures_are_taken_in_each_once(folder: Path) -> None:
    rows = ["a,pictures/0.png,,", "b,pictures/1.png,below,A1", "c,pictures/0.png,,"]
    with checked(folder, rows) as found:
        assert found.good, list(found.said())
        assert found.files is not None
        assert len(list(found.files.kept())) == 2
        assert found.first["picture"][1:] == [240, 240, "pictures/0.png"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "is empty"), ("pictures/9.png", "is not there"), ("pictures", "is not there"), ("/etc/passwd", "leaves"),
        ("../outside.png", "leaves"), ("pictures\\0.png", "leaves"), ("C:x.png", "leaves"), ("link.png", "leaves"),
        ("items.csv", "no picture that can be read"), ("x" * 300, "is not there|cannot be looked at"),
    ],
)  # fmt: skip
def test_a_picture_that_cannot_be_had_is_refused_at_its_row(folder: Path, name: str, why: str) -> None:
    Image.new("RGB", (99, 99)).save(folder.parent / "outside.png")
    (folder / "link.png").symlink_to(folder.parent / "outside.png")
    found = said(folder, "a,pictures/0.png,,", f"b,{name},,")
    assert len(found) == 1, found
    assert "items.csv, line 3, column “picture”" in found[0]
    assert "picture" in found[0]
    assert re.search(why, found[0]), found


def test_each_bad_row_is_told(folder: Path) -> None:
    found = said(folder, "a,no.png,,", "b,pictures/0.png,,Z9", f"c,pictures/1.png,{'x' * 401},", "d,pictures/2.png,,")
    assert len(found) == 3
    assert "A1 to C3" in "".join(found)


def test_a_grid_that_no_phone_can_show_is_refused(folder: Path) -> None:
    with checked(folder, ["a,pictures/0.png,,"]) as found:
        assert found.good
    path = folder / "batch.yaml"
    path.write_text(path.read_text().replace("columns_across: 3", "columns_across: 9"), encoding="utf-8")
    wrong = check(path)
    assert "less than or equal to 6" in "".join(wrong.said())


async def test_pictures_are_in_the_store_once_the_batch_is_posted(database: Database, tmp_path: Path) -> None:
    path = write_batch(tmp_path / "batch", SAMPLE, tasks=3, golds=0)
    batch = await posted(database, path)
    async with database.reading() as tx:
        rows = await tx.rows("SELECT payload FROM task WHERE batch_id = $1", batch.batch_id)
    names = {row["payload"]["picture"][0] for row in rows}
    assert len(names) == 3
    for name in names:
        assert (await database.files.get(name)).startswith(b"\xff\xd8")
    assert (await posted(database, path)).already
