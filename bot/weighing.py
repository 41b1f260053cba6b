"""What screens weigh on their way to phones, counted beside their work and written down now and then.

A process that is killed forgets the last seconds.
"""

from collections.abc import Mapping

import structlog

from bot.screens import Screen
from crowd.datasaving.usage import Weight, count
from db.database import Database

_log = structlog.get_logger(__name__)

_MESSAGE, _ANSWER, _ENTITY, _TAGS, _BUTTON = 48, 24, 12, 7, 8
"""Bytes of each, about, beside its text: Telegram's own encoding is compact, and no two phones take the same."""


def weigh(screen: Screen) -> int:
    """Bytes of a screen as a new message or an edit, with the answer to the tap that led to it; without its media."""
    text = screen.text  # with its tags, of which the shortest, <b></b>, has seven letters; each answer weighs a screen
    entities = len(text.split("</")) - 1
    size = _MESSAGE + _ANSWER + len(text.encode("utf-8", "surrogatepass")) + (_ENTITY - _TAGS) * entities
    for row in screen.buttons:
        size += sum(_BUTTON + len(button.label.encode()) + len(button.data) for button in row)
    for keys in screen.keys or ():
        size += sum(_BUTTON + len(key.encode()) for key in keys)
    return size


class Scale:
    """The counts of one process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._people: dict[int, Weight] = {}
        self._batches: dict[int, Weight] = {}

    def note(self, person_id: int, screen: Screen, media_bytes: int = 0) -> None:
        """A screen went to somebody, with so many bytes of pictures or sounds that their phone did not have."""
        weight = Weight(1, weigh(screen) + media_bytes, media_bytes)
        self._people[person_id] = self._people.get(person_id, Weight()) + weight
        if screen.about is not None:
            self._batches[screen.about] = self._batches.get(screen.about, Weight()) + weight

    async def write_down(self) -> None:
        """Now. While the database is away, later."""
        people, batches = self._people, self._batches
        if not people:
            return
        self._people, self._batches = {}, {}
        try:
            async with self._database.transaction() as tx:
                await count(tx, people, batches)
        except Exception as error:  # it is about right anyhow, and no reason to stop
            _log.warning("weighing.failed", error=repr(error))
            self._people, self._batches = _sum(people, self._people), _sum(batches, self._batches)


def _sum(some: Mapping[int, Weight], more: Mapping[int, Weight]) -> dict[int, Weight]:
    return {each: some.get(each, Weight()) + more.get(each, Weight()) for each in {**some, **more}}
