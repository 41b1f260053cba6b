"""Pictures and sounds that a batch names: found beside its file, taken in, and kept once the batch is posted."""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from crowd.batchfile.problem import shown
from crowd.kinds.base import Holds, ItemError
from crowd.media.picture import Picture
from crowd.media.sound import Sound
from crowd.sentences import Sentence, SentenceError, say

Media = Picture | Sound

LARGEST_FILE = 40 * 1024 * 1024

_AHEAD = 4 * (os.cpu_count() or 1)


class MediaFiles:
    """The files that a batch file and its items name. What is kept of them waits in a folder until `close`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: TemporaryDirectory[str] | None = None
        self._pool = ThreadPoolExecutor(max_workers=os.cpu_count(), thread_name_prefix="media")
        self._under_way: dict[tuple[Holds, str], Future[Media]] = {}

    def ahead(
        self, rows: Iterable[tuple[int, Sequence[str]]], places: Mapping[int, Holds]
    ) -> Iterator[tuple[int, Sequence[str]]]:
        """The same rows, a little later: what the cells at those places name is taken in by the way."""
        waiting: deque[tuple[int, Sequence[str]]] = deque()
        for row in rows:
            for place, holds in places.items():
                if place < len(row[1]) and row[1][place].strip():
                    self._begin(holds, row[1][place].strip())
            waiting.append(row)
            if len(waiting) > _AHEAD:
                yield waiting.popleft()
        yield from waiting

    def take(self, holds: Holds, column: str, name: str) -> Media:
        """The picture or sound of that name. Raises ItemError with the column."""
        try:
            return replace(self._begin(holds, name).result(), brought=name)
        except SentenceError as error:
            raise ItemError(column, say("{name} {problem}", name=shown(name), problem=error.sentence)) from None

    def size(self, media: Media) -> int:
        """Bytes of what is kept of one that was taken."""
        assert self._kept is not None
        return Path(self._kept.name, media.name).stat().st_size

    def _begin(self, holds: Holds, name: str) -> "Future[Media]":
        found = self._under_way.get((holds, name))
        if self._kept is None:
            self._kept = TemporaryDirectory(prefix="kazi-media-")
        if found is None:
            found = self._under_way[holds, name] = self._pool.submit(self._taken, holds, name, Path(self._kept.name))
        return found

    def _taken(self, holds: Holds, name: str, folder: Path) -> Media:
        media, data = _take_in(holds, _read(self._path(name)))
        kept = folder / media.name
        if not kept.exists():
            part = kept.with_name(f"{media.name}.{hash(name):x}")
            part.write_bytes(data)
            part.replace(kept)
        return media

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


def _read(path: Path) -> bytes:
    if path.stat().st_size > LARGEST_FILE:
        raise SentenceError(say("is larger than {most} MB: save it smaller", most=LARGEST_FILE // 1024 // 1024))
    return path.read_bytes()


def _take_in(holds: Holds, data: bytes) -> tuple[Media, bytes]:
    """What a file holds, and what is kept of it. The libraries are loaded here, as few batches need them."""
    if holds is Holds.SOUND:
        from crowd.media import listening

        return listening.take_in(data)
    from crowd.media import taking

    return taking.take_in(data)


def _leaves() -> Sentence:
    return say("leaves the batch file's folder: name a file beside it, such as pictures/1.jpg")
