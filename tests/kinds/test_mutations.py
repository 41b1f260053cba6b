"""Golds made of changed items: nobody knows them again, and their right answers are known all the same."""

import io
import random
import re
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps, ImageStat

from crowd.batches.cards import batch_spec
from crowd.exports.base import value_text
from crowd.golds.making import Made, MakingError, Obstacle, make_gold
from crowd.golds.next_batch import next_golds
from crowd.kinds import kind_named
from crowd.kinds.base import Json
from crowd.kinds.mutation import MutableKind, Mutation
from crowd.labels.review import decide
from crowd.loop.handing import Given, next_task
from crowd.media.mirroring import mirror
from crowd.media.picture import Picture
from crowd.media.taking import take_in
from db.database import Database
from tests.crowd.scene import working
from tests.database import Clock
from tests.kinds.sample import Sample, samples, write_batch
from tests.kinds.test_every_kind import answer, batch
from tests.kinds.test_through_the_house import said
from tests.panel.house import mark_of, panel, visitor
from tests.requester.scene import people, posted
from tests.serving import serving

MUTABLE = [sample for sample in samples() if isinstance(kind_named(sample.name), MutableKind)]
each = pytest.mark.parametrize("sample", MUTABLE, ids=lambda sample: sample.name)
OTHER = ["1" * 64, 800, 600, ""]
LUCK = random.Random(3)


def test_these_kinds_have_mutations() -> None:
    assert {sample.name: kind_named(sample.name).mutation for sample in MUTABLE} == {  # type: ignore[attr-defined]
        "chat": Mutation.SWAPPED, "compare": Mutation.SWAPPED, "grid": Mutation.MIRRORED, "point": Mutation.MIRRORED,
        "rank": Mutation.REVERSED,
    }  # fmt: skip


@pytest.mark.unit
@each
@given(data=st.data())
@settings(max_examples=20)
def test_what_is_changed_twice_is_as_it_was_and_verdicts_stay_the_same(sample: Sample, data: st.DataObject) -> None:
    spec, payload = batch(sample, data)
    kind = kind_named(sample.name)
    assert isinstance(kind, MutableKind)
    right, other = (answer(sample, spec, payload, data) for _ in range(2))
    assume(right is not None and other is not None)
    changed = kind.mutated(spec, payload, OTHER)
    assert changed != payload or kind.mutation is Mutation.SWAPPED, "two sides may say the same"
    assert kind.mutated(spec, changed, payload.get("picture")) == payload
    item, new = kind.payload(payload), kind.payload(changed)
    right_there, other_there = (kind.mutated_answer(spec, item, each) for each in (right, other))
    assert kind.mutated_answer(spec, new, right_there) == right
    assert kind.read_answer(spec, new, sample.said(spec, changed, right_there)) == right_there
    assert kind.verdict(spec, right_there, other_there) == pytest.approx(kind.verdict(spec, right, other))


async def right(database: Database, sample: Sample, task: int) -> Json:
    async with database.reading() as tx:
        key: str = await tx.value("SELECT key FROM task WHERE id = $1", task)
    return sample.right(int(key.removeprefix("k")))


async def decided(database: Database, folder: Path, sample: Sample) -> tuple[int, int, Json]:
    """A batch of which half is answered by two, with a task that somebody decided: both, and what was decided."""
    overlap = {"least": 2, "most": 5, "confidence": 0.5}
    file = write_batch(folder, sample, tasks=8, golds=2, practice=0, overlap=overlap)
    number = (await posted(database, file)).batch_id
    for worker in await people(database, 2):
        async with working(database, worker) as tx:
            task = await next_task(tx, worker.id, number, LUCK)
        for _ in range(5):
            assert isinstance(task, Given)
            task = await said(database, sample, worker, task, await right(database, sample, task.task_id), LUCK)
    async with database.transaction() as tx:
        chosen = await tx.value(
            "SELECT id FROM task WHERE batch_id = $1 AND gold IS NULL AND settled_at IS NOT NULL ORDER BY id LIMIT 1",
            number,
        )
        label = await right(database, sample, chosen)
        await decide(tx, number, chosen, value_text(label), note=None, reviewer="test")
    return number, chosen, label


def apart(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of their brightness, 0..255."""
    return ImageStat.Stat(ImageChops.difference(one.convert("L"), other.convert("L"))).mean[0]


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.unit
def test_a_mirrored_picture_is_as_large_and_shows_left_on_the_right() -> None:
    out = io.BytesIO()
    Image.linear_gradient("L").rotate(90).resize((900, 600)).save(out, "PNG")
    picture, kept = take_in(out.getvalue())
    mirrored, data = mirror(picture, kept)
    assert (mirrored.width, mirrored.height) == (900, 600)
    assert mirrored.name != picture.name
    assert apart(ImageOps.mirror(opened(kept)), opened(data)) < 2
    assert apart(opened(kept), opened(data)) > 100


async def made(database: Database, batch_id: int, task: int) -> Made:
    async with database.transaction() as tx:
        return await make_gold(tx, batch_id, task, {}, by="test", mutated=True)


@each
async def test_a_gold_of_a_changed_item_is_met_and_the_next_batch_has_the_item_as_it_was(
    sample: Sample, database: Database, clock: Clock, tmp_path: Path
) -> None:
    number, task, label = await decided(database, tmp_path / "b", sample)
    gold = await made(database, number, task)
    assert (await made(database, number, task)).task_id == gold.task_id, "once"
    async with database.reading() as tx:
        spec = await batch_spec(tx, number)
        kind = kind_named(spec.kind)
        assert isinstance(kind, MutableKind)
        source = await tx.row("SELECT key, payload FROM task WHERE id = $1", task)
        assert source is not None
        key, before = source["key"], source["payload"]
        row = await tx.row("SELECT payload, gold FROM task WHERE id = $1", gold.task_id)
        assert row is not None
        columns, golds = await next_golds(tx, number, spec)
        if kind.mutation is Mutation.MIRRORED:
            pictures = [Picture.of(each["picture"]).name for each in (before, row["payload"])]
            brought, shown = [await tx.files.get(each) for each in pictures]
            assert apart(ImageOps.mirror(opened(brought)), opened(shown)) < 2
    there = kind.mutated(spec, before, row["payload"].get("picture"))
    assert row["payload"] == there != before
    changed = kind.mutated_answer(spec, kind.payload(before), label)
    assert row["gold"] == {"value": changed, "explanation": {}, "mutation": kind.mutation}
    names = [column.name for column in columns]
    told = {each[0]: dict(zip(names, each, strict=True)) for each in golds}[key]
    assert told["gold"] == label
    if "picture" in before:
        assert told["picture"] == before["picture"][3], "as the requester's file is called"

    clock.advance(60)
    (newcomer,) = await people(database, 1)
    met = set()
    async with working(database, newcomer) as tx:
        given = await next_task(tx, newcomer.id, number, LUCK)
    while isinstance(given, Given):
        met.add(given.task_id)
        known = changed if given.task_id == gold.task_id else await right(database, sample, given.task_id)
        given = await said(database, sample, newcomer, given, known, LUCK)
    assert gold.task_id in met
    assert task not in met
    async with database.reading() as tx:
        assert await tx.value("SELECT verdict FROM answer WHERE task_id = $1", gold.task_id) == 1


@each
async def test_a_tick_in_the_panel_makes_the_gold_a_changed_one(
    sample: Sample, database: Database, tmp_path: Path
) -> None:
    number, task, _ = await decided(database, tmp_path / "b", sample)
    kind = kind_named(sample.name)
    assert isinstance(kind, MutableKind)
    page = f"/batches/{number}/review/{task}"
    async with (
        serving(panel(database)) as address,
        visitor(address, database, "house", f"ticks {sample.name}") as client,
    ):
        shown = await client.get(page)
        ticked = 'name="mutated" value="1" checked' in shown.text
        assert ticked == (kind.mutation is not Mutation.MIRRORED), "a picture may have words, or a left and a right"
        review = re.search(r'name="review" value="(\d+)"', shown.text)
        assert review is not None
        form = {"mark": mark_of(shown), "review": review[1], "mutated": "1"}
        done = await client.post(f"{page}/gold", data=form)
        assert done.headers["location"].endswith("gold=made")
    async with database.reading() as tx:
        gold = await tx.value(
            "SELECT gold FROM task WHERE id = (SELECT task_id FROM made_gold WHERE source_id = $1)", task
        )
    assert gold["mutation"] == kind.mutation


async def test_where_nothing_can_be_changed_it_is_said_and_no_gold_is_made(database: Database, tmp_path: Path) -> None:
    sample = next(each for each in samples() if each.name == "choice")
    number, task, _ = await decided(database, tmp_path / "b", sample)
    with pytest.raises(MakingError) as raised:
        await made(database, number, task)
    assert raised.value.obstacle is Obstacle.MUTATION
