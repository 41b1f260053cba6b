"""Files, kept by what they hold: in a folder, or in any store that speaks S3."""

from collections.abc import Callable
from hashlib import sha256

import obstore
from obstore.store import MemoryStore, ObjectStore, from_url


class FilesError(OSError):
    """The store cannot be used. The message says why."""


class Files:
    """A store of files. A file's name is the SHA-256 of its bytes, so it is never changed, and kept once."""

    def __init__(self, store: ObjectStore | Callable[[], ObjectStore]) -> None:
        """A store, or what opens it once it is needed."""
        self._opened = store

    async def keep(self, data: bytes) -> str:
        """Keep a file; its name. It is whole, or not there. Raises FilesError."""
        name = sha256(data).hexdigest()
        try:
            await obstore.put_async(self._store(), _path(name), data, mode="overwrite")
        except Exception as error:
            raise FilesError(f"a file cannot be kept: {_first_line(error)}") from error
        return name

    async def get(self, name: str) -> bytes:
        """The bytes of a file. Raises FileNotFoundError when there is none of that name, FilesError else."""
        try:
            found = await obstore.get_async(self._store(), _path(name))
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            raise FileNotFoundError(f"there is no file {name} in the store") from None
        except Exception as error:
            raise FilesError(f"a file cannot be read: {_first_line(error)}") from error

    def _store(self) -> ObjectStore:
        if callable(self._opened):
            self._opened = self._opened()
        return self._opened


def no_files() -> Files:
    """A store for work in which no file is: it keeps nothing, and says so."""
    return _NoFiles(MemoryStore())


class _NoFiles(Files):
    async def keep(self, data: bytes) -> str:
        raise FilesError(f"a file of {len(data)} bytes cannot be kept: no store of files was opened")


def open_files(address: str) -> Files:
    """A store by its address: `file:///folder`, or `s3://bucket/prefix`, whose keys are in the environment as usual.

    The variables are those of AWS's own tools, such as AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, and
    AWS_ENDPOINT for other services that speak S3. Raises FilesError.
    """
    try:
        if address.startswith("file:"):
            return Files(lambda: from_url(address, mkdir=True))  # most commands need no folder
        return Files(from_url(address))
    except Exception as error:
        raise FilesError(f"{address.split('?', maxsplit=1)[0]} is no store of files: {_first_line(error)}") from error


def _path(name: str) -> str:
    return f"{name[:2]}/{name}"


def _first_line(error: Exception) -> str:
    return str(error).split("\n", maxsplit=1)[0]
