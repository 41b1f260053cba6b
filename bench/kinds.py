"""Bytes of each kind: a session of somebody who knows, at a phone, through the real bot."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bench.batches import post_to
from bench.hands import Hands
from bench.house import House
from bench.result import Result, at_most, told
from crowd.batches.life import State, set_state
from crowd.kinds import kind_named
from crowd.kinds.base import Holds, SteppedKind, Takes
from db.database import Database, connected
from db.files import open_files
from sandbox.meter import Traffic
from sandbox.workers import Phone
from sandbox.workers.turns import Sort
from tests.kinds.sample import Cells, Sample, samples, spec_of, write_batch
from tests.media.sounds import voice_note

TEXT_BYTES = 600
"""Of a screen, beyond the item's own text, at most."""

FIRST_BYTES = 45_000
"""Of the first view of a picture, at most."""

_PICTURES = Path(__file__).parent.parent / "examples" / "weeds" / "pictures"
"""Of the size and detail that requesters' pictures have."""

_TWICE = 2
"""So many tasks have the same picture."""


@dataclass
class Session:
    """What a phone took from the network and gave to it, from the first task on the screen to the last answer."""

    tasks: int = 0
    own: int = 0
    """Bytes of the texts of items, as often as they were shown: in a task that goes by steps, with each."""
    traffic: Traffic = field(default_factory=Traffic)
    first: list[int] = field(default_factory=list)
    """Media bytes of each task whose picture or sound was new to the phone, as it came."""
    again: list[int] = field(default_factory=list)
    """The same of those it had seen before."""

    @property
    def screens(self) -> int:
        """How often the phone got a screen."""
        return self.traffic.edits + self.traffic.messages

    def add(self, more: Traffic) -> None:
        """What came and went meanwhile."""
        for name in Traffic.__slots__:
            setattr(self.traffic, name, getattr(self.traffic, name) + getattr(more, name))


async def measured(house: House, answers: int, advance: Callable[[], None]) -> list[Result]:
    """Every kind, as texts, or sounds, and as pictures where it has them."""
    results = []
    files = open_files((house.folder / "files").absolute().as_uri())
    async with connected(house.server.dsn, name="bench", files=files) as database, aiohttp.ClientSession() as http:
        for sample, pictures in variants():
            found = await _session(house, database, http, sample, answers, advance, pictures=pictures)
            assert found.tasks == answers
            results += _told(f"{sample.name}{'_picture' * pictures}", found)
    return results


def variants() -> list[tuple[Sample, bool]]:
    """The kinds, as what they need at least, and once more with pictures where items can be some."""
    return [(sample, pictures) for sample in samples() for pictures in (False, True) if _is(sample, pictures=pictures)]


def _is(sample: Sample, *, pictures: bool) -> bool:
    """Whether items of a kind can be pictures; or, if not asked for these, anything else."""
    columns = kind_named(sample.name).columns(spec_of(sample, sample.fields()))
    seen = [column for column in columns if column.holds is Holds.PICTURE]
    return bool(seen) if pictures else not any(column.required for column in seen)


def _told(name: str, found: Session) -> list[Result]:
    tasks, traffic = found.tasks, found.traffic
    beyond = (traffic.down_bytes - found.own) / found.screens
    each = f"payload beyond the item's own UTF-8; {tasks} tasks, {found.screens / tasks:.1f} screens each"
    rows = [
        at_most(f"bytes.{name}_overhead", beyond, "bytes down a screen", TEXT_BYTES, each),
        told(
            f"bytes.{name}_down", traffic.down_bytes / tasks, "bytes down a task", "of all its screens, without media"
        ),
        told(f"bytes.{name}_up", traffic.up_bytes / tasks, "bytes up a task", "with what is sent as an answer"),
        told(f"bytes.{name}_edits", traffic.edits / tasks, "edits a task"),
        told(f"bytes.{name}_messages", traffic.messages / tasks, "new messages a task"),
    ]
    if traffic.media_bytes:
        all_views = "pictures and sounds, in all views that the answers took"
        rows.append(told(f"bytes.{name}_media", traffic.media_bytes / tasks, "bytes of media a task", all_views))
    if found.again:
        largest = f"the largest of {len(found.first)}, as tasks bring them"
        seen = f"the same of {len(found.again)} tasks whose picture the phone has seen"
        rows.append(at_most(f"bytes.{name}_first", max(found.first), "bytes of a picture", FIRST_BYTES, largest))
        rows.append(at_most(f"bytes.{name}_again", max(found.again), "bytes of a picture", 0, seen))
    return rows


async def _session(
    house: House,
    database: Database,
    http: aiohttp.ClientSession,
    sample: Sample,
    answers: int,
    advance: Callable[[], None],
    *,
    pictures: bool = False,
) -> Session:
    folder = house.folder / "kinds" / f"{sample.name}{'_picture' * pictures}"
    if pictures:
        shutil.copytree(_PICTURES, folder / "seen")
    golds = max(1, answers // 5)
    path = write_batch(
        folder, sample, tasks=answers, golds=golds, practice=0, cells=_with_picture if pictures else None
    )  # fmt: skip
    batch_id = (await post_to(database, path)).batch_id
    phone = await Phone.buy(http, house.sandbox, first_name="Probe", language_code="en")
    hands = Hands(phone, database, _Brings())
    await hands.join("sw", "en")
    await hands.begin(batch_id)
    meter = _Meter(http, f"{house.sandbox}/sandbox/users/{phone.user_id}/traffic")
    found = await _worked(hands, meter, sample, answers, pictures=pictures, advance=advance)
    async with database.transaction() as tx:
        await set_state(tx, batch_id, State.CLOSED, actor="bench")  # so that it is nobody's next work
    return found


async def _worked(
    hands: Hands, meter: "_Meter", sample: Sample, answers: int, *, pictures: bool, advance: Callable[[], None]
) -> Session:
    found, seen = Session(), set[str]()
    task, came = await hands.task(), (await meter.read()).media_bytes
    while task is not None and found.tasks < answers:
        if pictures:
            name = task.payload["picture"][0]
            (found.again if name in seen else found.first).append(came)
            seen.add(name)
        right = sample.right(int(task.key[1:]))
        await hands.prepare(task, right)
        steps = await meter.read()
        await hands.give(task, right)
        last = await meter.read()
        found.add(steps)
        found.add(last)
        shown = 1 + steps.edits + steps.messages if isinstance(kind_named(sample.name), SteppedKind) else 1
        found.tasks, found.own, came = found.tasks + 1, found.own + shown * task.own_bytes, last.media_bytes
        task = await hands.task()
        advance()
    return found


class _Meter:
    """What came and went since it was last read."""

    def __init__(self, http: aiohttp.ClientSession, address: str) -> None:
        self._http, self._address = http, address

    async def read(self) -> Traffic:
        """It begins anew."""
        async with self._http.get(self._address) as response:
            told_ = await response.json()
        async with self._http.delete(self._address):
            return Traffic(**told_)


class _Brings:
    """Recordings and pictures, no two of the first forty the same."""

    def __init__(self) -> None:
        self._number = 0

    def __call__(self, takes: Takes) -> tuple[Sort, bytes, str]:
        """See `Brought`."""
        self._number += 1
        if takes is Takes.SOUND:
            return "voice", voice_note(hertz=300 + 10 * self._number, ms=3000), "voice.ogg"
        pictures = sorted(_PICTURES.iterdir())
        return "photo", pictures[self._number % len(pictures)].read_bytes(), "photo.jpg"


def _with_picture(number: int) -> Cells:
    pictures = sorted(_PICTURES.iterdir())
    return {"picture": f"seen/{pictures[number // _TWICE % len(pictures)].name}"}
