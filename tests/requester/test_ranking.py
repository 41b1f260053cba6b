"""What made the answers that a batch compares is ranked: by REST, on the command line and in the panel."""

import csv
import json
import math
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from itertools import count
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from crowd.agreement.ranking import MOST_SOURCES, Obstacle, of_answers, ranked, ranking_of
from crowd.batches.life import BatchError
from crowd.consensus.pairs import strengths
from crowd.kinds.pair import first_shown
from crowd.loop.answering import Accepted, Said, answer
from crowd.loop.handing import Given
from db.database import Database
from tests.database import Clock
from tests.panel.house import panel, visitor
from tests.requester.panel import client, served, token
from tests.requester.scene import Item, batch_file, given, people, posted
from tests.requester.test_commands import Kazi, kazi
from tests.serving import serving

__all__ = ["kazi"]

NOBODY = of_answers(0, 0)
_batches = count(1)

Row = dict[str, str]


def saying(value: str, kind: str) -> Said:
    draft = {"at": "all", "better": value, "why": "That is why.", "ideal": "The ideal."}
    return lambda _: draft if kind == "chat" else value


async def compared(
    database: Database, clock: Clock, folder: Path, rows: Sequence[Row], kind: str = "compare"
) -> tuple[int, list[int]]:
    """A batch whose tasks two people answer, both as `says` of its row has it; and the ids of their answers."""
    number = next(_batches)
    told = {"name": f"Pairs {number}", "kind": kind, "options": None, "overlap": {"least": 2, "most": 2}, "seconds": 3}
    path = batch_file(folder / str(number), [Item("x", "x")], **told)
    columns = ["id", "a", "b", *(["a_from", "b_from"] if "a_from" in rows[0] else [])]
    with (path.parent / "items.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows([{"id": f"k{at}", "a": f"a{at}", "b": f"b{at}", **row} for at, row in enumerate(rows)])
    batch = (await posted(database, path)).batch_id
    answers = []
    for worker in await people(database, 2):
        task, luck = await given(database, worker, batch), random.Random(worker.id)
        while task is not None:
            says = rows[int(task.payload["a"][1:])]["says"]
            clock.advance(3)
            async with database.transaction() as tx:
                await tx.row("SELECT FROM worker WHERE id = $1 FOR UPDATE", worker.id)
                done = await answer(tx, worker.person_id, task.lease_id, saying(says, kind), luck)
            assert isinstance(done, Accepted)
            answers.append(task.lease_id)
            task = done.next if isinstance(done.next, Given) else None
    assert len(answers) == 2 * len(rows)
    return batch, answers


def rows_of(*outcomes: tuple[str, str, str, int]) -> list[Row]:
    return [
        {"a_from": one, "b_from": two, "says": says} for one, two, says, times in outcomes for _ in range(times)
    ]  # fmt: skip


OUTCOMES = (
    ("big", "old", "a", 7), ("old", "big", "b", 3), ("big", "old", "b", 2), ("big", "new", "same", 4),
    ("new", "old", "a", 3), ("old", "new", "a", 2), ("big", "new", "both_bad", 2), ("new", "new", "a", 1),
)  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with served(database) as address, client(address, await token(database, "house")) as opened:
        yield opened


@pytest.mark.parametrize("kind", ["compare", "chat"])
async def test_sources_are_ranked_by_their_labels_everywhere_the_same(
    kind: str, api: httpx.AsyncClient, kazi: Kazi, database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, answers = await compared(database, clock, tmp_path, rows_of(*OUTCOMES), kind)
    said = (await api.get(f"/batches/{batch}/ranking")).json()
    assert (said["batch"], said["obstacle"], said["groups"], said["tasks"], said["unnamed"]) == (batch, None, [], 23, 0)
    by_name = {source["name"]: source for source in said["sources"]}
    assert {name: [each[what] for what in ("won", "lost", "even", "both_bad")] for name, each in by_name.items()} == {
        "big": [10, 2, 4, 2], "old": [4, 13, 0, 0], "new": [3, 2, 4, 2],
    }  # fmt: skip
    found = strengths([0, 0, 2], [1, 2, 1], [10, 0, 3], [2, 0, 2], [0, 4, 0], sources=3, ties=True)
    assert [by_name[name]["strength"] for name in ("big", "old", "new")] == pytest.approx(found.logs.tolist())
    assert [by_name[name]["score"] for name in ("big", "old", "new")] == pytest.approx(found.scores().tolist())
    assert said["tie"] == pytest.approx(found.tie)
    assert [source["name"] for source in said["sources"]] == ["big", "new", "old"]
    assert all(source["low"] < source["score"] < source["high"] for source in said["sources"])

    assert json.loads((await kazi("batch", "ranking", str(batch), "--json")).stdout) == said
    shown = (await kazi("batch", "ranking", str(batch))).stdout
    assert [line.split()[0] for line in shown.splitlines()[1:4]] == ["big", "new", "old"]
    assert f"{by_name['big']['score']:.1%}" in shown
    async with serving(panel(database)) as address, visitor(address, database, "house", f"rank {batch}") as browser:
        page = (await browser.get(f"/batches/{batch}/agreement")).text
        assert page.index("<bdi>big</bdi>") < page.index("<bdi>new</bdi>") < page.index("<bdi>old</bdi>")
        assert "the one shown first" in page
        assert (await browser.get(f"/batches/{batch}/ranking.json")).json() == said
        labels = (await browser.get(f"/batches/{batch}/tasks")).text
        assert "🅰️ <bdi>a" in labels
        assert "big" not in labels, "nobody who looks at labels is told what made the two"

    sides = [row["says"] for row in rows_of(*OUTCOMES) if row["says"] in {"a", "b"} for _ in range(2)]
    assert said["first_shown"]["answers"] == len(sides)
    async with database.reading() as tx:
        values = {
            row["id"]: row["value"]["better"] if kind == "chat" else row["value"]
            for row in await tx.rows("SELECT id, value FROM answer WHERE batch_id = $1", batch)
        }
    assert values.keys() == set(answers)
    first = sum(first_shown(lease) == value for lease, value in values.items())
    assert said["first_shown"]["share"] == pytest.approx(first / len(sides))


async def test_without_sources_it_is_said_that_there_are_none(
    api: httpx.AsyncClient, kazi: Kazi, database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch, _ = await compared(database, clock, tmp_path, [{"says": "a"}, {"says": "same"}, {"says": "b"}])
    said = (await api.get(f"/batches/{batch}/ranking")).json()
    assert (said["obstacle"], said["sources"], said["unnamed"], said["tie"]) == ("unnamed", [], 3, None)
    assert said["first_shown"]["answers"] == 4
    assert "fill in the columns a_from and b_from" in (await kazi("batch", "ranking", str(batch))).stdout
    async with serving(panel(database)) as address, visitor(address, database, "house", f"rank {batch}") as browser:
        assert "No item says what made the two" in (await browser.get(f"/batches/{batch}/agreement")).text


async def test_groups_that_no_comparison_joins_are_told_and_not_ranked(
    api: httpx.AsyncClient, kazi: Kazi, database: Database, clock: Clock, tmp_path: Path
) -> None:
    rows = rows_of(("p", "q", "a", 2), ("x", "y", "b", 2), ("q", "x", "both_bad", 1), ("z", "y", "same", 1))
    batch, _ = await compared(database, clock, tmp_path, rows)
    said = (await api.get(f"/batches/{batch}/ranking")).json()
    assert (said["obstacle"], said["groups"]) == ("apart", [["x", "y", "z"], ["p", "q"]])
    assert {source["score"] for source in said["sources"]} == {None}
    shown = (await kazi("batch", "ranking", str(batch))).stdout
    assert "p, q\n" in shown
    assert "score" not in shown
    async with serving(panel(database)) as address, visitor(address, database, "house", f"rank {batch}") as browser:
        assert "These cannot be ranked" in (await browser.get(f"/batches/{batch}/agreement")).text


async def test_a_batch_that_compares_nothing_has_no_ranking(
    api: httpx.AsyncClient, kazi: Kazi, database: Database, tmp_path: Path
) -> None:
    batch = (await posted(database, batch_file(tmp_path, [Item("k", "text")], name=f"None {next(_batches)}"))).batch_id
    refused = await api.get(f"/batches/{batch}/ranking")
    assert refused.status_code == 409
    assert "only batches of kind `compare`" in refused.json()["detail"]
    with pytest.raises(BatchError):
        await ranking_of(database, batch)
    failed = await kazi("batch", "ranking", str(batch), code=1)
    assert "compares nothing" in failed.output
    assert (await api.get("/batches/999999/ranking")).status_code == 404
    async with serving(panel(database)) as address, visitor(address, database, "house", f"rank {batch}") as browser:
        page = await browser.get(f"/batches/{batch}/agreement")
        assert page.status_code == 200
        assert "Ranking" not in page.text
        assert (await browser.get(f"/batches/{batch}/ranking.json")).status_code == 404


@pytest.mark.unit
def test_what_cannot_be_ranked_is_told_by_name() -> None:
    assert ranked([], NOBODY, ties=True).obstacle is Obstacle.UNNAMED
    assert ranked([("p", "q", "both_bad", 3)], NOBODY, ties=True).obstacle is Obstacle.UNDECIDED
    assert ranked([("p", "p", "a", 3)], NOBODY, ties=True).obstacle is Obstacle.UNDECIDED
    many = [(f"s{at}", f"s{at + 1}", "a", 1) for at in range(MOST_SOURCES)]
    assert ranked(many, NOBODY, ties=True).obstacle is Obstacle.MANY
    assert ranked(many[1:], NOBODY, ties=True).obstacle is None
    degrees = ranked([("p", "q", "a+++", 3), ("q", "p", "b+", 2), ("p", "q", "b++", 1)], NOBODY, ties=False)
    assert [(source.name, source.won, source.lost) for source in degrees.sources] == [("p", 5, 1), ("q", 1, 5)]
    assert degrees.tie == 0


@pytest.mark.unit
def test_the_range_of_a_share_is_that_which_a_test_would_not_refuse() -> None:
    """Wilson's bounds are where the share that was seen lies 1.96 standard errors away."""
    for first, answers in ((7, 10), (0, 5), (5, 5), (260, 500)):
        told = of_answers(first, answers)
        assert told.share == first / answers
        for bound in (told.low, told.high):
            assert bound is not None
            error = math.sqrt(max(0.0, bound * (1 - bound)) / answers)
            assert abs(told.share - bound) == pytest.approx(1.959964 * error, abs=1e-6)
    assert NOBODY.share is None


async def test_who_always_prefers_the_first_is_seen(database: Database, clock: Clock, tmp_path: Path) -> None:
    """The database counts by the same rule as the phone shows."""
    batch, answers = await compared(database, clock, tmp_path, [{"says": "ab"[at % 2]} for at in range(40)])
    async with database.transaction() as tx:
        for lease in answers:
            await tx.run("UPDATE answer SET value = $2 WHERE id = $1", lease, first_shown(lease))
    assert Counter(map(first_shown, answers)).keys() == {"a", "b"}
    told = (await ranking_of(database, batch)).first_shown
    assert (told.answers, told.share) == (80, 1.0)
    assert told.high == pytest.approx(1)
    assert told.low is not None
    assert told.low > 0.9
