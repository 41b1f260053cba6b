"""Answers that others judge: asked about once each, told of with the reason, replaced where they are rejected."""

import asyncio
import csv
import io
import json
import zipfile
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PIL import Image

from crowd.batches.life import State, set_state
from crowd.batchfile import check
from crowd.exports import format_named
from crowd.fraud.signalling import look_at
from crowd.kinds import kind_named
from crowd.kinds.judging import GOOD, BroughtKind, JudgedKind
from crowd.labels.judged import bring_to_judges
from crowd.labels.results import Rows, export
from crowd.labels.review import decide, undo
from crowd.loop import settling
from crowd.loop.answering import Accepted, Then, answer
from crowd.loop.handing import Dry, Given, next_task
from crowd.loop.offers import Nothing, offers
from crowd.loop.recorded import Refused
from crowd.redos.fixing import Fixed
from db.database import Database
from tests.crowd.scene import check_books, working
from tests.database import Clock
from tests.kinds.sample import Sample, samples, write_batch
from tests.media.sounds import beep
from tests.panel.house import panel, visitor
from tests.requester.scene import Worker, people, posted
from tests.serving import serving

JUDGED = [sample for sample in samples() if isinstance(kind_named(sample.name), JudgedKind)]
BROUGHT = [sample for sample in JUDGED if isinstance(kind_named(sample.name), BroughtKind)]
each = pytest.mark.parametrize("sample", JUDGED, ids=lambda sample: sample.name)
each_brought = pytest.mark.parametrize("sample", BROUGHT, ids=lambda sample: sample.name)
TASKS = 6
BAD = {"speak": "other_words", "photo": "something_else", "chat": "wrong"}
FEE = 100_000
JUDGING = {"price": "0.005", "instructions": {"en": "Judge it."}, "overlap": {"least": 2, "most": 3}}
AT_ONCE = {**JUDGING, "redo": False}
"""What is rejected does not go back to its worker first."""


@pytest.fixture(autouse=True)
def no_task_gets_full_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one in fifty does, by its id."""
    monkeypatch.setattr(settling, "SAMPLED", 2**62)


def write(folder: Path, sample: Sample, **changed: Any) -> Path:
    """A batch whose answers are judged."""
    spec = {"judging": JUDGING, "overlap": {"least": 1, "most": 3}, **changed}
    if sample not in BROUGHT:  # one answer is enough
        spec["overlap"] = {**spec["overlap"], "confidence": 0.05}
    kept = {name: value for name, value in spec.items() if value is not None}
    return write_batch(folder, sample, tasks=TASKS, golds=0, practice=0, **kept)


class House:
    """A batch and that of its judges."""

    def __init__(self, database: Database, sample: Sample, batch_id: int, judges_id: int) -> None:
        self.database, self.sample, self.id, self.judges_id = database, sample, batch_id, judges_id
        self.brought = 0

    @classmethod
    async def post(cls, database: Database, sample: Sample, folder: Path, **changed: Any) -> "House":
        done = await posted(database, write(folder, sample, **changed), fee_ppm=FEE)
        async with database.reading() as tx:
            judges = await tx.value("SELECT id FROM batch WHERE judges = $1", done.batch_id)
        return cls(database, sample, done.batch_id, judges)

    async def bring(
        self, worker: Worker, task: Given, *, value: Any = None, onward: bool = True
    ) -> Accepted | Fixed | Refused:
        """Answer a task by something that nobody brought before."""
        self.brought += 1
        said = value or self.sample.right(self.brought)
        async with working(self.database, worker) as tx:
            return await answer(
                tx,
                worker.person_id,
                task.lease_id,
                lambda _: said,
                Random(1),
                then=Then.NEXT if onward else Then.CHOSEN,
            )

    async def next(self, worker: Worker, batch_id: int | None = None) -> Given | Dry:
        async with working(self.database, worker) as tx:
            return await next_task(tx, worker.id, batch_id or self.id, Random(1))

    async def fill(self, worker: Worker) -> int:
        """Bring something for all that there is."""
        done, task = 0, await self.next(worker)
        while isinstance(task, Given):
            given = await self.bring(worker, task)
            assert isinstance(given, Accepted)
            done, task = done + 1, given.next
        return done

    async def judge(self, worker: Worker, *, bad: set[str] | None = None) -> int:
        """Judge all that there is: what is for the tasks of these keys is not as it should be."""
        done, task = 0, await self.next(worker, self.judges_id)
        while isinstance(task, Given):
            is_bad = any(task.payload["text"].split("\n")[0] == each for each in bad or ())
            said = BAD[self.sample.name] if is_bad else GOOD
            async with working(self.database, worker) as tx:
                given = await answer(tx, worker.person_id, task.lease_id, lambda _, said=said: said, Random(1))  # type: ignore[misc]
            assert isinstance(given, Accepted)
            done, task = done + 1, given.next
        return done

    async def told(self, rows: Rows) -> list[dict[str, Any]]:
        async with self.database.reading() as tx:
            parts = [part.data async for part in export(tx, self.id, rows, format_named("jsonl"))]
        return [json.loads(line) for line in b"".join(parts).splitlines()]

    async def rejected(self) -> set[str]:
        """The tasks whose answers are."""
        return {row["task"] for row in await self.told(Rows.ANSWERS) if row["judged"] in BAD.values()}

    async def labels(self) -> dict[str | None, int]:
        """How many tasks have one, and none."""
        found = [row["label"] for row in await self.told(Rows.TASKS)]
        return {None: found.count(None), "some": len(found) - found.count(None)}

    async def judged(self, key: str) -> int:
        """The judges' task about the answer to a task."""
        async with self.database.reading() as tx:
            found: int = await tx.value(_JUDGED, self.id, key)
            return found

    async def news(self, worker: Worker) -> list[str]:
        """What they were told, in order."""
        async with self.database.reading() as tx:
            rows = await tx.rows("SELECT subject FROM outbox WHERE person_id = $1 ORDER BY id", worker.person_id)
            return [row["subject"] for row in rows]

    async def settled(self) -> int:
        """How many tasks are."""
        async with self.database.reading() as tx:
            done: int = await tx.value("SELECT sum(settled)::int FROM tally WHERE batch_id = $1", self.id)
            found = await tx.row(_SETTLED, self.id)
            assert found is not None
            assert tuple(found["tally"]) == tuple(found["tasks"])
            return done


_SETTLED = """
SELECT (SELECT ARRAY[sum(settled), sum(saved)] FROM tally WHERE batch_id = $1) AS tally, (
    SELECT ARRAY[count(*), sum((b.spec -> 'overlap' ->> 'most')::int - t.answers)]
    FROM task t JOIN batch b ON b.id = t.batch_id WHERE t.batch_id = $1 AND t.settled_at IS NOT NULL
) AS tasks
"""

_JUDGED = """
SELECT j.task_id FROM judged_answer j JOIN answer a ON a.id = j.answer_id JOIN task t ON t.id = a.task_id
WHERE j.batch_id = $1 AND t.key = $2
"""


@each
async def test_what_judges_reject_is_brought_once_more_by_somebody_else_and_told_with_the_reason(
    sample: Sample, database: Database, clock: Clock, tmp_path: Path
) -> None:
    house = await House.post(database, sample, tmp_path / "b", judging=AT_ONCE)
    first, second, *judges = await people(database, 5)
    assert await house.fill(first) == TASKS
    assert await house.settled() == TASKS
    assert await bring_to_judges(database) == TASKS
    assert await bring_to_judges(database) == 0, "each is asked about once"
    bad = sample.item(2)["text"]
    for judge in judges:
        await house.judge(judge, bad={bad})
        clock.advance(60)
    assert await bring_to_judges(database) == TASKS
    assert await house.settled() == TASKS - 1

    clock.advance(60)
    assert await house.next(first) is Dry.DONE, "who was rejected does not get the task again"
    assert await house.fill(second) == 1
    assert await house.settled() == TASKS
    await bring_to_judges(database)
    clock.advance(60)
    for judge in judges:
        assert await house.judge(judge) <= 1
        clock.advance(60)
    await bring_to_judges(database)
    assert await house.settled() == TASKS

    answers = await house.told(Rows.ANSWERS)
    assert sorted(row["judged"] for row in answers) == sorted([GOOD] * TASKS + [BAD[sample.name]])
    rejected = next(row for row in answers if row["judged"] != GOOD)
    assert rejected["paid"] == "0.02"
    labels = {row["id"]: row["label"] for row in await house.told(Rows.TASKS)}
    assert set(labels) == {f"k{number}" for number in range(TASKS)}
    assert rejected["value"] not in labels.values()
    async with database.reading() as tx:
        notices = await tx.rows("SELECT person_id, content FROM outbox WHERE subject = 'rejected'")
    mine = [row["content"] for row in notices if row["person_id"] == first.person_id]
    assert [(each["word"], each["payload"]["text"]) for each in mine] == [(BAD[sample.name], bad)]
    await check_books(database)


@each
async def test_who_brings_judges_what_others_bring_and_never_their_own(
    sample: Sample, database: Database, clock: Clock, tmp_path: Path
) -> None:
    house = await House.post(database, sample, tmp_path / "b")
    *crew, onlooker = await people(database, 4)
    for worker in crew:  # each brings two
        for _ in range(2):
            task = await house.next(worker)
            assert isinstance(task, Given)
            await house.bring(worker, task, onward=False)
    await bring_to_judges(database)
    for worker in crew:
        judged = 0
        task = await house.next(worker, house.judges_id)
        while isinstance(task, Given):
            async with database.reading() as tx:
                author = await tx.value(_AUTHOR, task.task_id)
            assert author != worker.id
            async with working(database, worker) as tx:
                given = await answer(tx, worker.person_id, task.lease_id, lambda _: GOOD, Random(1))
            assert isinstance(given, Accepted)
            judged, task = judged + 1, given.next
        assert judged == 4
        clock.advance(60)
        async with database.reading() as tx:
            offered = await offers(tx, worker.id)
        assert isinstance(offered, Nothing) or house.judges_id not in {offer.batch_id for offer in offered}
    await house.judge(onlooker)
    await bring_to_judges(database)
    assert {row["judged"] for row in await house.told(Rows.ANSWERS)} == {GOOD}
    await check_books(database)


_AUTHOR = "SELECT worker_id FROM answer WHERE id = (SELECT answer_id FROM judged_answer WHERE task_id = $1)"


@each
async def test_a_task_that_had_its_most_answers_is_left_without_a_label_where_all_are_rejected(
    sample: Sample, database: Database, clock: Clock, tmp_path: Path
) -> None:
    house = await House.post(database, sample, tmp_path / "b", judging=AT_ONCE, overlap={"least": 1, "most": 2})
    one, two, three, *judges = await people(database, 6)
    for worker in (one, two):
        assert await house.fill(worker) == TASKS
        await bring_to_judges(database)
        clock.advance(60)
        for judge in judges:
            await house.judge(judge, bad={sample.item(number)["text"] for number in range(TASKS)})
        await bring_to_judges(database)
        clock.advance(60)
    assert await house.next(three) is Dry.DONE
    assert await house.settled() == TASKS
    assert [row["label"] for row in await house.told(Rows.TASKS)] == [None] * TASKS


@each
async def test_a_person_who_decides_about_judges_has_the_last_word_and_its_worker_is_told(
    sample: Sample, database: Database, clock: Clock, tmp_path: Path
) -> None:
    house = await House.post(database, sample, tmp_path / "b", judging=AT_ONCE, overlap={"least": 1, "most": 1})
    one, *judges = await people(database, 4)
    await house.fill(one)
    await bring_to_judges(database)
    for judge in judges:
        await house.judge(judge, bad={sample.item(0)["text"], sample.item(1)["text"]})
    await bring_to_judges(database)
    async with database.transaction() as tx:
        for batch in (house.id, house.judges_id):
            await set_state(tx, batch, State.CLOSED, actor="test")
    assert await house.rejected() == {"k0", "k1"}
    assert await house.news(one) == ["rejected", "rejected"]
    assert await house.labels() == {None: 2, "some": TASKS - 2}

    wrong, right = await house.judged("k0"), await house.judged("k2")
    clock.advance(60)
    async with database.transaction() as tx:
        await decide(tx, house.judges_id, wrong, GOOD, note=None, reviewer="house/amina")
        taken_back = await decide(tx, house.judges_id, right, BAD[sample.name], note=None, reviewer="house/amina")
    await bring_to_judges(database)
    assert await house.rejected() == {"k1", "k2"}
    assert sorted((await house.news(one))[2:]) == ["rejected", "restored"]
    assert await house.labels() == {None: 2, "some": TASKS - 2}

    clock.advance(60)
    async with database.transaction() as tx:
        await undo(tx, house.judges_id, right, taken_back.id, by="house/amina")
    await bring_to_judges(database)
    await bring_to_judges(database)
    assert await house.rejected() == {"k1"}
    assert (await house.news(one))[-1] == "restored"
    assert await house.settled() == TASKS
    await check_books(database)


@each
async def test_when_a_batch_is_closed_its_judges_go_on_to_the_end_and_are_closed_too(
    sample: Sample, database: Database, clock: Clock, tmp_path: Path
) -> None:
    house = await House.post(database, sample, tmp_path / "b")
    one, *judges = await people(database, 4)
    await house.fill(one)
    async with database.transaction() as tx:
        await set_state(tx, house.id, State.CLOSED, actor="test")
    await bring_to_judges(database)
    for judge in judges:
        await house.judge(judge, bad={sample.item(0)["text"]})
    await bring_to_judges(database)
    await bring_to_judges(database)
    async with database.reading() as tx:
        assert await tx.value("SELECT state FROM batch WHERE id = $1", house.judges_id) == "closed"
        left = await tx.value(
            "SELECT sum(balance) FROM account WHERE kind = 'escrow' AND owner = ANY($1)", [house.id, house.judges_id]
        )
    assert left == 0
    assert await house.settled() == TASKS
    await check_books(database)


def test_the_check_says_what_judging_costs_and_refuses_golds(tmp_path: Path) -> None:
    for sample in BROUGHT:
        found = check(write(tmp_path / sample.name, sample), fee_ppm=FEE)
        assert found.errors == 0
        assert found.quote is not None
        assert found.quote.labour == TASKS * 3 * 20_000
        assert found.quote.judging == 2 * TASKS * 3 * 3 * 5_500, "each answer may be mended, and judged twice"
        assert found.quote.to_fund == TASKS * 3 * 22_000 + found.quote.judging
        once = check(write(tmp_path / f"{sample.name}-once", sample, judging=AT_ONCE), fee_ppm=FEE)
        assert once.quote is not None
        assert once.quote.judging == TASKS * 3 * 3 * 5_500
        gold = {"gold": "good"}
        path = write_batch(tmp_path / f"{sample.name}-golds", sample, tasks=3, golds=0, cells=lambda _: gold)  # noqa: B023
        assert "nobody knows these answers before" in "\n".join(check(path).said())


def test_judging_and_a_budget_exclude_each_other(tmp_path: Path) -> None:
    path = write(tmp_path / "b", BROUGHT[0], budget="1.00")
    assert "cannot stand beside" in "\n".join(check(path).said())


async def test_a_picture_that_was_sent_before_is_refused_also_when_it_was_scaled(
    database: Database, tmp_path: Path
) -> None:
    sample = next(sample for sample in JUDGED if sample.name == "photo")
    house = await House.post(database, sample, tmp_path / "b", judging=None)
    one, two = await people(database, 2)
    task = await house.next(one)
    assert isinstance(task, Given)
    picture = sample.right(77)
    given = await house.bring(one, task, value=picture)
    assert isinstance(given, Accepted)
    again = {**picture, "picture": "9" * 64, "mark": f"{int(picture['mark'], 16) ^ 0b101:016x}"}
    for worker in (one, two):
        task = await house.next(worker)
        assert isinstance(task, Given)
        with pytest.raises(Exception, match="seen_before"):
            await house.bring(worker, task, value=again)
        other = sample.right(78 + worker.id)
        assert isinstance(await house.bring(worker, task, value=other), Accepted)


@each_brought
async def test_what_was_brought_can_be_taken_away_seen_and_heard(
    sample: Sample, database: Database, clock: Clock, tmp_path: Path
) -> None:
    house = await House.post(database, sample, tmp_path / "b")
    one, *judges = await people(database, 4)
    file = beep(form="OGG", kind="OPUS") if sample.name == "speak" else jpeg()
    name = await database.files.keep(file)
    sort = "sound" if sample.name == "speak" else "picture"
    task = await house.next(one)
    assert isinstance(task, Given)
    await house.bring(one, task, value={**sample.right(1), sort: name})
    await bring_to_judges(database)
    for judge in judges:
        await house.judge(judge)
        clock.advance(60)
    await bring_to_judges(database)
    await look_at(database, house.id)
    async with (
        serving(panel(database)) as address,
        visitor(address, database, "house", f"them of {house.id}") as client,
    ):
        for batch, page in ((house.id, ""), (house.id, "/tasks"), (house.judges_id, ""), (house.judges_id, "/tasks")):
            shown = await client.get(f"/batches/{batch}{page}")
            assert shown.status_code == 200, shown.text[:500]
        assert f"/batches/{house.id}/{sort}s/{name}" in (await client.get(f"/batches/{house.id}/tasks")).text
        assert (await client.get(f"/batches/{house.id}/{sort}s/{name}")).status_code == 200
        packed = await client.get(f"/batches/{house.id}/files.zip")
        with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
            table = list(csv.DictReader(io.StringIO(archive.read("index.csv").decode())))
            assert [(row["judged"], archive.read(row["file"])) for row in table] == [(GOOD, file)]
        assert (await client.get(f"/batches/{house.judges_id}/files.zip")).status_code == 409


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 140, 60)).save(out, "JPEG")
    return out.getvalue()


async def test_of_two_who_send_the_same_picture_at_once_one_is_taken(database: Database, tmp_path: Path) -> None:
    sample = next(sample for sample in BROUGHT if sample.name == "photo")
    house = await House.post(database, sample, tmp_path / "b", judging=None)
    picture, tasks = sample.right(5), []
    crew = await people(database, 4)
    for worker in crew:
        task = await house.next(worker)
        assert isinstance(task, Given)
        tasks.append(task)
    done = await asyncio.gather(
        *(house.bring(worker, task, value=picture, onward=False) for worker, task in zip(crew, tasks, strict=True)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == ["Accepted", *["AnswerError"] * 3]


async def test_answers_to_golds_are_checked_by_these_and_not_judged(database: Database, tmp_path: Path) -> None:
    sample = next(sample for sample in JUDGED if sample.name == "chat")
    overlap = {"least": 1, "most": 3, "confidence": 0.05}
    path = write_batch(tmp_path / "b", sample, tasks=TASKS, golds=4, practice=0, judging=JUDGING, overlap=overlap)
    done = await posted(database, path, fee_ppm=FEE)
    async with database.reading() as tx:
        judges = await tx.value("SELECT id FROM batch WHERE judges = $1", done.batch_id)
    house = House(database, sample, done.batch_id, judges)
    [worker] = await people(database, 1)
    answered = await house.fill(worker)
    await bring_to_judges(database)
    async with database.reading() as tx:
        golds = await tx.value("SELECT sum(gold_answers)::int FROM tally WHERE batch_id = $1", house.id)
        asked = await tx.value("SELECT tasks FROM batch WHERE id = $1", judges)
    assert golds >= 1
    assert (answered, asked) == (TASKS + golds, TASKS)
