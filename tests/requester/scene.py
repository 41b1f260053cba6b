"""Batches that are posted and people who work on them, for tests of what requesters see."""

import csv
import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from crowd.batches.posting import Posted, post
from crowd.batchfile import Checked, check
from crowd.loop.answering import Accepted, DontKnow, answer
from crowd.loop.handing import Given, next_task
from crowd.requesters import Requester, create_requester
from crowd.workers.registry import Level, WorkerState, agree, claim_language, set_state, welcome
from db.database import Database
from tests.database import Clock

OPTIONS = ("good", "bad", "neither")
new_person = count(7_000_000)
"""Ids of people whom nobody knows."""


@dataclass(frozen=True)
class Item:
    """A row of the items; a gold when `gold` is not empty."""

    id: str
    text: str
    gold: str = ""
    why: str = ""
    """The explanation, in English."""
    practice: bool = False


@dataclass(frozen=True)
class Worker:
    id: int
    person_id: int
    pseudonym: str


@dataclass(frozen=True)
class Said:
    """What a worker said, as this test knows it."""

    text: str
    pseudonym: str
    value: str | None
    earned: int


def batch_file(folder: Path, items: Sequence[Item], **changed: Any) -> Path:
    """A batch file of choices with its items beside it; `changed` says what is different."""
    spec = {
        "name": "Feelings",
        "kind": "choice",
        "language": "sw",
        "items": "items.csv",
        "currency": "USD",
        "price": "0.02",
        "instructions": {"en": "Say what it is."},
        "options": [{"value": value, "label": {"en": value.title()}} for value in OPTIONS],
        "dont_know": True,
        "overlap": {"least": 2, "most": 2, "confidence": 0.99},
    }
    kept = {name: value for name, value in {**spec, **changed}.items() if value is not None}
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "items.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if any(item.practice for item in items):
            writer.writerow(["id", "text", "gold", "explanation_en", "practice"])
            writer.writerows([item.id, item.text, item.gold, item.why, "yes" * item.practice] for item in items)
        else:
            writer.writerow(["id", "text", "gold"])
            writer.writerows([item.id, item.text, item.gold] for item in items)
    path = folder / "batch.yaml"
    path.write_text(yaml.safe_dump(kept, allow_unicode=True), encoding="utf-8")
    return path


async def requester(database: Database, name: str = "house") -> Requester:
    async with database.transaction() as tx:
        return await create_requester(tx, name)


def checked_for_tests(path: Path, fee_ppm: int) -> Checked:
    """The check of a batch file, and only then what no requester can ask for: skills, and languages of no people.

    Workers can be given skills by SQL, and ISO 639's codes for private use keep the batches of tests apart.
    """
    spec = yaml.safe_load(path.read_text(encoding="utf-8"))
    apart = {"language": spec["language"], "skills": tuple(spec.pop("skills", ()))}
    if apart["language"].startswith("q"):
        spec["language"] = "sw"
    path.write_text(yaml.safe_dump(spec, allow_unicode=True), encoding="utf-8")
    checked = check(path, fee_ppm=fee_ppm)
    if checked.spec is None:
        return checked
    digest = hashlib.sha256(checked.digest + repr(apart).encode()).digest()
    return replace(checked, spec=checked.spec.model_copy(update=apart), digest=digest)


async def posted(
    database: Database, path: Path, *, owner: str = "house", fee_ppm: int = 0, no_pilot: str | None = "a test"
) -> Posted:
    who = await requester(database, owner)
    checked = checked_for_tests(path, fee_ppm)
    assert checked.good, list(checked.said())
    async with database.transaction() as tx:
        done = await post(tx, who.id, checked, fee_ppm=fee_ppm, actor="test", no_pilot=no_pilot, owner=True)
    checked.close()
    return done


async def people(database: Database, how_many: int, language: str = "sw") -> list[Worker]:
    made = []
    for _ in range(how_many):
        person_id = next(new_person)
        async with database.transaction() as tx:
            worker = await welcome(tx, person_id, locale="en", country=None, time_zone=None, slug=None)
            await agree(tx, worker.id)
            await claim_language(tx, worker.id, language, Level.NATIVE)
            await set_state(tx, worker.id, WorkerState.ACTIVE)
            pseudonym = await tx.value("SELECT pseudonym FROM worker WHERE id = $1", worker.id)
        made.append(Worker(worker.id, person_id, pseudonym))
    return made


async def given(database: Database, worker: Worker, batch_id: int) -> Given | None:
    """The task that the worker gets now."""
    async with database.transaction() as tx:
        await tx.row("SELECT FROM worker WHERE id = $1 FOR UPDATE", worker.id)
        got = await next_task(tx, worker.id, batch_id, random.Random(worker.person_id))
    return got if isinstance(got, Given) else None


async def work(
    database: Database,
    clock: Clock,
    batch_id: int,
    crew: Sequence[Worker],
    opinion: Callable[[Worker, str], str | DontKnow],
    *,
    most: int = 10_000,
) -> list[Said]:
    """Everybody answers until there is nothing left for them, or `most` in all are in."""
    said: list[Said] = []
    for worker in crew:
        luck = random.Random(worker.person_id)
        task = await given(database, worker, batch_id)
        while task is not None and len(said) < most:
            text = task.payload["text"]
            thinks = opinion(worker, text)
            clock.advance(2.5)
            async with database.transaction() as tx:
                await tx.row("SELECT FROM worker WHERE id = $1 FOR UPDATE", worker.id)
                done = await answer(tx, worker.person_id, task.lease_id, _form(thinks), luck)
            assert isinstance(done, Accepted)
            value = thinks if isinstance(thinks, str) else None
            said.append(Said(text, worker.pseudonym, value, done.earned))
            task = done.next if isinstance(done.next, Given) else None
    return said


def _form(thinks: str | DontKnow) -> Callable[[str], Any] | DontKnow:
    if isinstance(thinks, DontKnow):
        return thinks
    return lambda kind: OPTIONS.index(thinks) if kind == "choice" else thinks
