"""Results are what was said: every answer once, every label as the answers add up, in each format."""

import csv
import io
import json
from collections import Counter
from datetime import datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from crowd.batches.life import State, set_state
from crowd.exports import format_named, formats
from crowd.exports.cells import harmless
from crowd.labels.results import Rows, export, money
from crowd.loop.answering import DontKnow
from crowd.loop.leases import Way, give_back
from db.database import Database
from tests.database import Clock
from tests.requester.scene import OPTIONS, Item, Worker, batch_file, given, people, posted, requester, work

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "+1+1",
    "-2+3",
    'quotes " and, commas; semicolons',
    "two\nlines",
    "<b>not bold</b> & <script>alert(1)</script>",
    "right \u202eot tfel\u202c and back",
    "zero\u200bwidth\u200d👩\u200d👩\u200d👧",
    "'; DROP TABLE answer; --",
    "\\N \\t \\\\ backslashes",
    "የአማርኛ ጽሑፍ، العربية، 한국어",
    '{"json": [1, 2]}',
    "x" * 3000,
)


async def read(database: Database, batch_id: int, rows: Rows, name: str) -> list[dict[str, Any]]:
    """An export, as its readers read it."""
    async with database.reading() as tx:
        data = b"".join([part.data async for part in export(tx, batch_id, rows, format_named(name))])
    if name == "csv":
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    if name == "jsonl":
        return [json.loads(line) for line in data.decode().split("\n")[:-1]]
    return pl.read_parquet(io.BytesIO(data)).to_dicts()


@pytest.mark.parametrize("name", sorted(formats()))
async def test_every_answer_comes_back_as_it_was_given(
    name: str, database: Database, clock: Clock, tmp_path: Path
) -> None:
    items = [Item(f"k{n}", f"item {n} for {name}", OPTIONS[n % 3] if n % 3 == 0 else "") for n in range(30)]
    keys = {item.text: item.id for item in items}
    batch = await posted(database, batch_file(tmp_path, items))
    crew = await people(database, 4)
    turns = count()

    def opinion(_: Worker, text: str) -> str | DontKnow:
        return DontKnow.DONT_KNOW if next(turns) % 7 == 6 else OPTIONS[len(text) % 3]

    said = await work(database, clock, batch.batch_id, crew, opinion)
    assert len(said) > 40

    rows = await read(database, batch.batch_id, Rows.ANSWERS, name)
    got = Counter((row["task"], row["worker"], row["value"] or None, Decimal(row["paid"])) for row in rows)
    assert got == Counter(
        (keys[each.text], each.pseudonym, each.value, Decimal(each.earned) / 1_000_000) for each in said
    )
    assert {row["currency"] for row in rows} == {"USD"}
    assert {int(row["ms"]) for row in rows} == {2500}
    yes = {"csv": "yes"}.get(name, True)
    assert all((row["dont_know"] == yes) == (not row["value"]) for row in rows)
    golds = {item.id: item.gold for item in items if item.gold}
    for row in rows:
        judged = row["verdict"] not in {None, ""}
        assert judged == (row["task"] in golds and bool(row["value"]))
        if judged:
            assert float(row["verdict"]) == float(row["value"] == golds[row["task"]])


@pytest.mark.parametrize("name", sorted(formats()))
async def test_a_task_has_the_label_that_its_answers_add_up_to(
    name: str, database: Database, clock: Clock, tmp_path: Path
) -> None:
    items = [Item(f"k{n}", f"thing {n} in {name}", "bad" if n < 4 else "") for n in range(20)]
    batch = await posted(database, batch_file(tmp_path, items))
    golds = {item.text: item.gold for item in items if item.gold}
    crew = await people(database, 3)
    said = await work(database, clock, batch.batch_id, crew, lambda _, text: golds.get(text) or _vowel(text))
    rows = {row["id"]: row for row in await read(database, batch.batch_id, Rows.TASKS, name)}
    assert set(rows) == {item.id for item in items}
    for item in items:
        row = rows[item.id]
        answers = [each for each in said if each.text == item.text]
        split = json.loads(row["split"]) if isinstance(row["split"], str) else row["split"]
        assert split == Counter(each.value for each in answers)
        assert int(row["answers"]) == len(answers)
        assert row["item_text"] == item.text
        assert row["gold"] in ({"yes", True} if item.gold else {"no", False})
        assert (row["right"] or "") == item.gold
        assert row["withdrawn"] in {"no", False}
        if item.gold:
            assert not row["label"]
            continue
        assert row["label"] == _vowel(item.text)
        assert 0.5 < float(row["confidence"]) < 1
        settled = row["settled_at"]
        moment = settled if isinstance(settled, datetime) else datetime.fromisoformat(settled)
        assert moment <= clock.now()


def _vowel(text: str) -> str:
    return OPTIONS[sum(map(ord, text)) % 3]


async def test_hostile_texts_survive_and_only_csv_changes_what_a_spreadsheet_would_run(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    items = [Item(f"=k{n}", text) for n, text in enumerate(HOSTILE)]
    path = batch_file(tmp_path, items, kind="text", options=None, most_characters=3000, overlap={"least": 1, "most": 1})
    batch = await posted(database, path)
    said = await work(database, clock, batch.batch_id, await people(database, 1), lambda _, text: text)
    assert {each.text for each in said} == set(HOSTILE)
    async with database.reading() as tx:
        kept = {row["value"] for row in await tx.rows("SELECT value FROM answer WHERE batch_id = $1", batch.batch_id)}

    for name in ("jsonl", "parquet"):
        tasks = await read(database, batch.batch_id, Rows.TASKS, name)
        assert {row["id"]: row["item_text"] for row in tasks} == {item.id: item.text for item in items}
        assert {row["value"] for row in await read(database, batch.batch_id, Rows.ANSWERS, name)} == kept
    tasks = await read(database, batch.batch_id, Rows.TASKS, "csv")
    assert {row["id"]: row["item_text"] for row in tasks} == {f"'{item.id}": harmless(item.text) for item in items}
    answers = await read(database, batch.batch_id, Rows.ANSWERS, "csv")
    assert {row["value"] for row in answers} == {harmless(value) for value in kept}
    assert any(row["value"].startswith("'=cmd") for row in answers)


@pytest.mark.parametrize("name", sorted(formats()))
async def test_a_batch_without_answers_has_results_too(name: str, database: Database, tmp_path: Path) -> None:
    batch = await posted(database, batch_file(tmp_path, [Item("a", f"nobody answered {name}")]))
    assert await read(database, batch.batch_id, Rows.ANSWERS, name) == []
    (row,) = await read(database, batch.batch_id, Rows.TASKS, name)
    assert row["id"] == "a"
    assert not any(row[column] for column in ("label", "confidence", "right", "settled_at"))
    if name == "parquet":
        async with database.reading() as tx:
            parts = [part.data async for part in export(tx, batch.batch_id, Rows.ANSWERS, format_named(name))]
        assert pl.read_parquet(io.BytesIO(b"".join(parts))).schema["answered_at"] == pl.Datetime("us", "UTC")


async def test_there_are_no_results_of_a_batch_that_is_not_there(database: Database) -> None:
    async with database.reading() as tx:
        with pytest.raises(LookupError, match="no batch 999"):
            await anext(export(tx, 999, Rows.TASKS, format_named("csv")))


async def test_a_task_that_two_reported_is_withdrawn_and_has_no_label(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    path = batch_file(tmp_path, [Item("a", "broken item")], overlap={"least": 3, "most": 3})
    batch = await posted(database, path)
    first, second, third = await people(database, 3)
    await work(database, clock, batch.batch_id, [first], lambda *_: "good")
    for worker in (second, third):
        task = await given(database, worker, batch.batch_id)
        assert task is not None
        (row,) = await read(database, batch.batch_id, Rows.TASKS, "jsonl")
        assert (row["label"], row["withdrawn"]) == ("good", False)
        clock.advance(5)
        async with database.transaction() as tx:
            await give_back(tx, worker.person_id, task.lease_id, Way.REPORTED, "cut off")
    (row,) = await read(database, batch.batch_id, Rows.TASKS, "jsonl")
    assert (row["label"], row["confidence"], row["withdrawn"], row["reports"]) == (None, None, True, 2)
    assert row["split"] == {"good": 1}
    assert row["settled_at"] is not None


async def test_a_task_that_nobody_knows_has_no_label_and_was_not_withdrawn(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    path = batch_file(tmp_path, [Item("a", "riddle")], overlap={"least": 2, "most": 2})
    batch = await posted(database, path)
    first, second, third = await people(database, 3)
    await work(database, clock, batch.batch_id, [first, second], lambda *_: DontKnow.DONT_KNOW)
    assert await given(database, third, batch.batch_id) is None
    (row,) = await read(database, batch.batch_id, Rows.TASKS, "jsonl")
    assert (row["label"], row["withdrawn"], row["answers"]) == (None, False, 2)
    assert row["settled_at"] is not None


async def test_rows_are_in_the_order_of_tasks_and_the_same_each_time(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    batch = await posted(database, batch_file(tmp_path, [Item(f"k{n}", f"order {n}") for n in range(25)]))
    await work(database, clock, batch.batch_id, await people(database, 2), lambda *_: "bad")
    async with database.reading() as tx:
        keys = [
            row["key"] for row in await tx.rows("SELECT key FROM task WHERE batch_id = $1 ORDER BY id", batch.batch_id)
        ]
    assert [row["id"] for row in await read(database, batch.batch_id, Rows.TASKS, "jsonl")] == keys
    answers = await read(database, batch.batch_id, Rows.ANSWERS, "jsonl")
    assert [row["task"] for row in answers] == [key for key in keys for _ in range(2)]
    assert await read(database, batch.batch_id, Rows.ANSWERS, "jsonl") == answers


async def test_an_export_is_of_one_moment_while_work_goes_on(database: Database, clock: Clock, tmp_path: Path) -> None:
    batch = await posted(database, batch_file(tmp_path, [Item(f"k{n}", f"moment {n}") for n in range(10)]))
    crew = await people(database, 2)
    await work(database, clock, batch.batch_id, crew[:1], lambda *_: "bad", most=5)
    async with database.reading() as tx:
        parts = export(tx, batch.batch_id, Rows.ANSWERS, format_named("jsonl"))
        begun = await anext(parts)
        await work(database, clock, batch.batch_id, crew[1:], lambda *_: "good")
        data = begun.data + b"".join([part.data async for part in parts])
    assert len(data.splitlines()) == 5


async def test_closing_returns_the_money_that_was_not_earned(database: Database, clock: Clock, tmp_path: Path) -> None:
    path = batch_file(tmp_path, [Item(f"k{n}", f"money {n}") for n in range(10)], currency="KES", price="2.5")
    batch = await posted(database, path, owner="closer", fee_ppm=200_000)
    said = await work(database, clock, batch.batch_id, await people(database, 1), lambda *_: "bad", most=4)
    async with database.transaction() as tx:
        await set_state(tx, batch.batch_id, State.CLOSED, actor="test", reason="enough")
    earned = sum(each.earned for each in said)
    assert earned == 4 * 2_500_000
    async with database.reading() as tx:
        rows = await tx.rows("SELECT kind, sum(balance)::bigint AS sum FROM account WHERE currency = 'KES' GROUP BY 1")
        reserved = await tx.value("SELECT sum(reserved)::bigint FROM account WHERE currency = 'KES'")
        leases = await tx.value("SELECT count(*) FROM lease WHERE batch_id = $1", batch.batch_id)
    balance = {row["kind"]: row["sum"] for row in rows}
    fee = earned * 200_000 // 1_000_000
    assert balance == {"world": -earned - fee, "escrow": 0, "hold": earned, "available": 0, "fee": fee}
    assert (reserved, leases) == (0, 0)
    assert len(await read(database, batch.batch_id, Rows.ANSWERS, "jsonl")) == 4


async def test_each_requester_has_batches_of_their_own(database: Database) -> None:
    first, again, other = [await requester(database, name) for name in ("own 1", " own  1 ", "own 2")]
    assert first == again != other


@pytest.mark.unit
def test_money_is_exact_with_two_decimals_at_least() -> None:
    assert [money(micros) for micros in (0, 1, 20_000, 1_500_000, -250_001, 10**15)] == [
        "0.00", "0.000001", "0.02", "1.50", "-0.250001", "1000000000.00",
    ]  # fmt: skip
