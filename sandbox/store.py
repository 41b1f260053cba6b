"""Keeps the state of a sandbox in a file, so that it outlives a restart."""

import asyncio
import logging
import os
from collections.abc import Callable
from pathlib import Path

import orjson
from pydantic import TypeAdapter, ValidationError

from sandbox.records import Snapshot

SAVE_EVERY_S = 1.0
_adapter = TypeAdapter(Snapshot)
_log = logging.getLogger("sandbox")


class Store:
    """Writes the state soon after it changed, whole or not at all."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._timer: asyncio.TimerHandle | None = None
        self.source: Callable[[], Snapshot] | None = None
        """Where the state comes from."""

    @property
    def files_folder(self) -> Path | None:
        """Where the bytes of files are kept."""
        return None if self._path is None else self._path.with_suffix(".files")

    def load(self) -> Snapshot:
        """The state as it was last written; empty if there is none. Raises ValueError if it cannot be read."""
        if self._path is None or not self._path.exists():
            return Snapshot()
        try:
            return _adapter.validate_json(self._path.read_bytes())
        except ValidationError as error:
            raise ValueError(f"{self._path} is no state of this sandbox; move it away to start afresh") from error

    def touch(self) -> None:
        """The state has changed: write it within a second or so."""
        if self._path is not None and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SAVE_EVERY_S, self._save_soon)

    def save(self) -> None:
        """Write the state now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._path is None or self.source is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_name(self._path.name + ".new")
        with draft.open("wb") as file:
            file.write(orjson.dumps(self.source(), option=orjson.OPT_NON_STR_KEYS))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)

    def _save_soon(self) -> None:
        self._timer = None
        try:
            self.save()
        except OSError:
            _log.exception("the state could not be written to %s", self._path)
