"""The store of files: by what they hold, in a folder, or in what speaks S3."""

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from db.files import Files, FilesError, no_files, open_files
from tests.serving import serving

HELLO = b"hello" * 1000


@pytest.fixture
async def bucket(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[dict[str, bytes]]:
    """What a server holds that speaks as much of S3 as is needed here."""
    held: dict[str, bytes] = {}

    async def take(request: Request) -> Response:
        path = request.url.path
        if "AWS4-HMAC-SHA256 Credential=somebody/" not in request.headers.get("authorization", ""):
            return Response("<Error><Code>AccessDenied</Code></Error>", 403)
        if request.method == "PUT":
            held[path] = await request.body()
            return Response(headers={"etag": '"1"'})
        if path not in held:
            return Response("<Error><Code>NoSuchKey</Code></Error>", 404)
        moment = "Mon, 07 Jan 2030 09:00:00 GMT"
        return Response(held[path], headers={"etag": '"1"', "last-modified": moment})

    async with serving(Starlette(routes=[Route("/{path:path}", take, methods=["GET", "PUT"])])) as address:
        for name, value in {
            "AWS_ACCESS_KEY_ID": "somebody", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "here",
            "AWS_ENDPOINT": address, "AWS_ALLOW_HTTP": "true",
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        yield held


async def check(files: Files) -> None:
    name = await files.keep(HELLO)
    assert name == sha256(HELLO).hexdigest()
    assert await files.get(name) == HELLO
    assert await files.keep(HELLO) == name
    with pytest.raises(FileNotFoundError):
        await files.get("ff" * 32)


def _held_in(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


async def test_a_folder_keeps_each_file_once(tmp_path: Path) -> None:
    await check(open_files((tmp_path / "new" / "files with a space").as_uri()))
    assert _held_in(tmp_path) == [HELLO]


async def test_what_speaks_s3_keeps_each_file_once(bucket: dict[str, bytes]) -> None:
    await check(open_files("s3://kazi/some/prefix"))
    name = sha256(HELLO).hexdigest()
    assert bucket == {f"/kazi/some/prefix/{name[:2]}/{name}": HELLO}


async def test_a_store_that_cannot_be_used_says_so_and_no_secret(bucket: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    for address in ("nowhere://x", "", (tmp_path / "taken").as_uri()):
        with pytest.raises(FilesError):
            await open_files(address).keep(HELLO)
    with pytest.raises(FilesError, match="no store of files was opened"):
        await no_files().keep(HELLO)


async def test_a_store_that_refuses_says_so(bucket: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "another")
    files = open_files("s3://kazi/some/prefix")
    with pytest.raises(FilesError) as raised:
        await files.keep(HELLO)
    assert "secret" not in str(raised.value)
    with pytest.raises(OSError, match=r"cannot be read|no file"):
        await files.get("ab" * 32)
