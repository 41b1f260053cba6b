"""What items name, packed in one archive: unpacked beside the batch, and nowhere else."""

import io
import zipfile
from pathlib import Path

import pytest

from crowd.batchfile import check
from crowd.batchfile.archive import LARGEST_FILE
from tests.kinds.sample import write_batch
from tests.kinds.samples.grid import SAMPLE


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    """A batch of pictures without its pictures, which lie packed beside its folder."""
    path = write_batch(tmp_path / "batch", SAMPLE, tasks=2, golds=0)
    with zipfile.ZipFile(tmp_path / "files.zip", "w") as packed:
        for picture in sorted((path.parent / "pictures").iterdir()):
            packed.write(picture, f"pictures/{picture.name}")
            picture.unlink()
    (path.parent / "pictures").rmdir()
    return path


def said(batch: Path) -> str:
    checked = check(batch, archive=batch.parent.parent / "files.zip")
    checked.close()
    return "\n".join(each for each in checked.said() if "error" in each)


def pack(batch: Path, *names: str, content: bytes = b"x", **how: object) -> None:
    with zipfile.ZipFile(batch.parent.parent / "files.zip", "a") as packed:
        for name in names:
            packed.writestr(name, content, **how)  # type: ignore[arg-type]


def test_pictures_come_out_of_the_archive(batch: Path) -> None:
    pack(batch, "__MACOSX/pictures/._0.png", ".DS_Store", "pictures/")
    assert said(batch) == ""
    assert sorted(path.name for path in (batch.parent / "pictures").iterdir()) == ["0.png", "1.png", "2.png"]
    assert not (batch.parent / "__MACOSX").exists()


@pytest.mark.parametrize(
    "name", ["../outside.png", "/etc/outside.png", "a/../../outside.png", "C:outside.png", "a\\b.png"]
)
def test_nothing_leaves_the_folder(batch: Path, name: str) -> None:
    pack(batch, name)
    assert "would leave the batch's folder" in said(batch)
    assert not list(batch.parent.parent.rglob("outside.png"))


def test_nothing_takes_the_place_of_what_is_there(batch: Path) -> None:
    pack(batch, "items.csv", content=b"id,picture\n")
    before = (batch.parent / "items.csv").read_bytes()
    assert "is there already" in said(batch)
    assert (batch.parent / "items.csv").read_bytes() == before


def test_a_link_is_left_out(batch: Path) -> None:
    link = zipfile.ZipInfo("pictures/link.png")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(batch.parent.parent / "files.zip", "a") as packed:
        packed.writestr(link, "/etc/passwd")
    assert said(batch) == ""
    assert not (batch.parent / "pictures" / "link.png").exists()


def test_a_bomb_is_stopped_by_what_comes_out_of_it(batch: Path) -> None:
    pack(batch, "bomb.png", content=b"\0" * (LARGEST_FILE + 1), compress_type=zipfile.ZIP_DEFLATED)
    assert (batch.parent.parent / "files.zip").stat().st_size < 200_000
    assert "bomb.png” is too large" in said(batch)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 cut"])
def test_what_is_no_archive_is_said_to_be_none(batch: Path, content: bytes) -> None:
    (batch.parent.parent / "files.zip").write_bytes(content)
    assert "is no .zip that can be unpacked" in said(batch)
    assert "is not there" in said(batch), "the rest is checked all the same"


def test_an_archive_with_a_password_is_refused(batch: Path) -> None:
    data = bytearray((batch.parent.parent / "files.zip").read_bytes())
    for start in _all(data, b"PK\x03\x04"):
        data[start + 6] |= 1
    for start in _all(data, b"PK\x01\x02"):
        data[start + 8] |= 1
    assert zipfile.is_zipfile(io.BytesIO(data))
    (batch.parent.parent / "files.zip").write_bytes(data)
    assert "without a password" in said(batch)


def _all(data: bytearray, mark: bytes) -> list[int]:
    return [at for at in range(len(data)) if data[at : at + 4] == mark]
