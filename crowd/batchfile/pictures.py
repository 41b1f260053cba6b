"""Pictures that items name: found beside the batch file, taken in, and ready to be kept once the batch is posted."""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from crowd.batchfile.problem import shown
from crowd.kinds.base import ItemError
from crowd.media.picture import Picture
from crowd.sentences import Sentence, SentenceError, say

_AHEAD = 4 * (os.cpu_count() or 1)


class Pictures:
    """The pictures of one batch file. What is kept of each waits in a folder of its own until `close`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: TemporaryDirectory[str] | None = None
        self._pool = ThreadPoolExecutor(max_workers=os.cpu_count(), thread_name_prefix="pictures")
        self._under_way: dict[str, Future[Picture]] = {}

    def ahead(
        self, rows: Iterable[tuple[int, Sequence[str]]], places: Sequence[int]
    ) -> Iterator[tuple[int, Sequence[str]]]:
        """The same rows, a little later: pictures in the cells at those places are taken in by the way."""
        waiting: deque[tuple[int, Sequence[str]]] = deque()
        for row in rows:
            for place in places:
                if place < len(row[1]) and row[1][place].strip():
                    self._begin(row[1][place].strip())
            waiting.append(row)
            if len(waiting) > _AHEAD:
                yield waiting.popleft()
        yield from waiting

    def take(self, column: str, name: str) -> Picture:
        """The picture of that name. Raises ItemError with the column."""
        try:
            return replace(self._begin(name).result(), brought=name)
        except SentenceError as error:
            raise ItemError(column, say("{name} {problem}", name=shown(name), problem=error.sentence)) from None

    def _begin(self, name: str) -> "Future[Picture]":
        found = self._under_way.get(name)
        if self._kept is None:
            self._kept = TemporaryDirectory(prefix="kazi-pictures-")
        if found is None:
            found = self._under_way[name] = self._pool.submit(self._taken, name, Path(self._kept.name))
        return found

    def _taken(self, name: str, folder: Path) -> Picture:
        from crowd.media.taking import take_in  # Pillow, which few batches need

        path = self._path(name)
        picture, data = take_in(path)
        kept = folder / picture.name
        if not kept.exists():
            part = kept.with_name(f"{picture.name}.{hash(name):x}")
            part.write_bytes(data)
            part.replace(kept)
        return picture

    def _path(self, name: str) -> Path:
        wanted = Path(name)
        if wanted.is_absolute() or ".." in wanted.parts or "\\" in name or name[1:2] == ":" or not name.isprintable():
            raise SentenceError(_leaves())
        try:
            path = (self._folder / wanted).resolve()
            inside, there = path.is_relative_to(self._folder.resolve()), path.is_file()
        except (OSError, ValueError, RuntimeError):
            raise SentenceError(say("cannot be looked at: give it a plain name")) from None
        if not inside:
            raise SentenceError(_leaves())
        if not there:
            raise SentenceError(say("is not there: put it beside the batch file, or into a folder there"))
        return path

    def kept(self) -> Iterator[bytes]:
        """What is to be kept, each once."""
        for path in sorted(Path(self._kept.name).iterdir()) if self._kept is not None else ():
            yield path.read_bytes()

    def close(self) -> None:
        """Let go of all of it."""
        self._pool.shutdown(cancel_futures=True)
        if self._kept is not None:
            self._kept.cleanup()


def _leaves() -> Sentence:
    return say("leaves the batch file's folder: name a file beside it, such as pictures/1.jpg")
