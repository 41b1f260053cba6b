"""What was checked is what is posted: all of it once, or nothing."""

import asyncio
import csv
import io
import re
from dataclasses import replace
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crowd.batches.posting import Posted, after_post, post
from crowd.batchfile import Checked, Progress, check
from crowd.batchfile.shuffled import Buckets
from db.database import Database
from tests.batchfile.files import GOOD_ITEMS, SPEC, checked, write

FEE = 200_000
_numbers = count()


async def requester(database: Database) -> int:
    async with database.transaction() as tx:
        made = await tx.value(
            "INSERT INTO requester (name, created_at) VALUES ($1, $2) RETURNING id", f"r{next(_numbers)}", tx.now
        )
    assert isinstance(made, int)
    return made


async def posted(database: Database, who: int, what: Checked, *, fee_ppm: int = FEE) -> Posted:
    async with database.transaction() as tx:
        return await post(tx, who, what, fee_ppm=fee_ppm, actor="test", no_pilot="a test", owner=True)


async def everything(database: Database) -> dict[str, int]:
    """How many rows each table that a post writes to has."""
    tables = ("batch", "task", "tally", "account", "transfer", "audit")
    async with database.reading() as tx:
        return {table: await tx.value(f"SELECT count(*) FROM {table}") for table in tables}


def many(folder: Path, tasks: int, golds: int = 20) -> Checked:
    rows = [f"k{n},text {n},{'good' if n < golds else ''}\n" for n in range(tasks + golds)]
    return checked(folder, "id,text,gold\n" + "".join(rows))


async def test_a_posted_batch_holds_what_its_files_say(database: Database, tmp_path: Path) -> None:
    who, what = await requester(database), checked(tmp_path)
    done = await posted(database, who, what)
    assert re.fullmatch("[a-hj-km-np-z2-9]{8}", done.slug)
    async with database.reading() as tx:
        batch = await tx.row("SELECT * FROM batch WHERE id = $1", done.batch_id)
        tasks = await tx.rows("SELECT * FROM task WHERE batch_id = $1 ORDER BY key", done.batch_id)
        audit = await tx.row("SELECT * FROM audit WHERE subject = $1", str(done.batch_id))
    assert batch is not None
    assert audit is not None
    assert what.spec is not None
    assert (batch["requester_id"], batch["digest"], batch["slug"]) == (who, what.digest, done.slug)
    assert (batch["name"], batch["kind"], batch["language"], batch["currency"]) == ("Feelings", "choice", "sw", "USD")
    assert (batch["price"], batch["tasks"], batch["golds"], batch["state"]) == (20_000, 2, 2, "open")
    assert batch["spec"] == what.spec.model_dump(mode="json")
    assert batch["front"] == batch["first_task"] == min(task["id"] for task in tasks)
    assert batch["last_task"] - batch["first_task"] == 3
    assert [(t["key"], t["payload"], t["gold"], t["open"], t["seats"]) for t in tasks] == [
        ("1", {"text": "habari"}, None, True, 2),
        ("2", {"text": "nzuri sana"}, {"value": "good", "explanation": {"en": "It is said so"}}, True, 2),
        ("3", {"text": "mbaya"}, {"value": "bad", "explanation": {}}, True, 2),
        ("4", {"text": "sijui"}, None, True, 2),
    ]
    assert (audit["actor"], audit["action"], audit["detail"]["tasks"]) == ("test", "batch.post", 2)


async def test_ids_are_contiguous_and_their_order_is_not_the_files(database: Database, tmp_path: Path) -> None:
    who, what = await requester(database), many(tmp_path, 2980)
    orders = []
    for _ in range(2):
        done = await posted(database, who, replace(what, digest=f"another {next(_numbers)}".encode()))
        async with database.reading() as tx:
            rows = await tx.rows("SELECT id, key FROM task WHERE batch_id = $1 ORDER BY id", done.batch_id)
            batch = await tx.row("SELECT first_task, last_task FROM batch WHERE id = $1", done.batch_id)
        assert batch is not None
        assert [row["id"] for row in rows] == list(range(batch["first_task"], batch["last_task"] + 1))
        orders.append([int(row["key"][1:]) for row in rows])
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(3000))
    assert orders[0] != orders[1]
    # The mean distance of a row from its place in the file is n/3 in a random order, 0 in the file's own.
    for order in orders:
        assert 900 < sum(abs(place - row) for place, row in enumerate(order)) / 3000 < 1100


@pytest.mark.parametrize(("tasks", "purses"), [(999, 1), (1000, 8)])
async def test_the_money_is_all_there_and_sums_to_zero(
    database: Database, tmp_path: Path, tasks: int, purses: int
) -> None:
    done = await posted(database, await requester(database), many(tmp_path, tasks))
    async with database.reading() as tx:
        accounts = await tx.rows(
            "SELECT * FROM account WHERE kind = 'escrow' AND owner = $1 ORDER BY slot", done.batch_id
        )
        transfers = await tx.rows(
            "SELECT * FROM transfer WHERE reason = 'fund' AND ref = ANY($1)", [row["id"] for row in accounts]
        )
        slots = await tx.rows("SELECT slot FROM tally WHERE batch_id = $1 ORDER BY slot", done.batch_id)
        total = await tx.value("SELECT sum(balance) FROM account")
    labour = (tasks + 20) * 5 * 20_000
    assert [row["slot"] for row in accounts] == [*range(purses), 1000]
    assert sum(row["balance"] for row in accounts[:-1]) == labour
    assert all(row["balance"] % 20_000 == 0 for row in accounts[:-1])
    assert max(row["balance"] for row in accounts[:-1]) - min(row["balance"] for row in accounts[:-1]) <= 20_000
    assert accounts[-1]["balance"] == labour * FEE // 1_000_000
    assert {row["credit"]: row["amount"] for row in transfers} == {row["id"]: row["balance"] for row in accounts}
    assert [row["slot"] for row in slots] == list(range(purses))
    assert total == 0


async def test_without_a_fee_there_is_no_account_for_it(database: Database, tmp_path: Path) -> None:
    done = await posted(database, await requester(database), checked(tmp_path), fee_ppm=0)
    async with database.reading() as tx:
        assert await tx.value("SELECT max(slot) FROM account WHERE owner = $1", done.batch_id) == 0


async def test_the_same_file_posts_once_for_each_requester(database: Database, tmp_path: Path) -> None:
    who, other = await requester(database), await requester(database)
    first = await posted(database, who, checked(tmp_path))
    before = await everything(database)
    again = await posted(database, who, checked(tmp_path))
    assert (again.batch_id, again.slug, again.already) == (first.batch_id, first.slug, True)
    assert await everything(database) == before
    assert not (await posted(database, other, checked(tmp_path))).already


async def test_of_two_posts_of_one_file_at_once_one_wins(database: Database, tmp_path: Path) -> None:
    who, what = await requester(database), many(tmp_path, 2000)
    both = await asyncio.gather(posted(database, who, what), posted(database, who, check(tmp_path / "batch.yaml")))
    assert sorted(each.already for each in both) == [False, True]
    assert len({each.batch_id for each in both}) == 1
    async with database.reading() as tx:
        assert await tx.value("SELECT count(*) FROM task WHERE batch_id = $1", both[0].batch_id) == 2020


async def test_a_second_post_takes_over_when_the_first_is_rolled_back(database: Database, tmp_path: Path) -> None:
    who, what = await requester(database), checked(tmp_path)
    async with database.transaction() as tx:
        first = await post(tx, who, what, fee_ppm=FEE, actor="test", no_pilot="a test", owner=True)
        second = asyncio.create_task(posted(database, who, what))
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        while not await tx.value(waiting):
            await tx.run("SELECT pg_stat_clear_snapshot()")
        await tx.run("ROLLBACK AND CHAIN")
    done = await second
    assert not done.already
    assert done.batch_id != first.batch_id
    async with database.reading() as tx:
        assert await tx.value("SELECT count(*) FROM task WHERE batch_id = $1", first.batch_id) == 0
        assert await tx.value("SELECT count(*) FROM task WHERE batch_id = $1", done.batch_id) == 4


async def test_posts_of_a_new_currency_at_once_share_its_account(database: Database, tmp_path: Path) -> None:
    who = await requester(database)
    files = [
        checked(
            tmp_path / str(n),
            spec=SPEC.replace("USD", "XAF").replace("price: 0.02", "price: 20").replace("Feelings", f"batch {n}"),
        )
        for n in range(6)
    ]
    done = await asyncio.gather(*(posted(database, who, each) for each in files))
    assert len({each.batch_id for each in done}) == 6
    async with database.reading() as tx:
        assert await tx.value("SELECT count(*) FROM account WHERE kind = 'world' AND currency = 'XAF'") == 1
        assert await tx.value("SELECT sum(balance) FROM account WHERE currency = 'XAF'") == 0


async def test_a_copy_that_fails_in_the_middle_leaves_nothing(database: Database, tmp_path: Path) -> None:
    what = many(tmp_path, 30_000)
    assert what.lines is not None
    what.lines.extend([b'bad\t{"text": \t\\N\tt\t3\n'], bytes([255]))  # comes with the last bucket
    before = await everything(database)
    with pytest.raises(asyncpg.InvalidTextRepresentationError):
        await posted(database, await requester(database), replace(what, tasks=what.tasks + 1))
    assert await everything(database) == before


async def test_a_post_that_is_called_off_leaves_nothing(database: Database, tmp_path: Path) -> None:
    who, what, before = await requester(database), many(tmp_path, 30_000), await everything(database)
    posting: asyncio.Task[Posted]

    def call_off(_: Progress) -> None:
        posting.cancel()

    async def begin() -> Posted:
        async with database.transaction() as tx:
            return await post(
                tx, who, what, fee_ppm=FEE, actor="test", no_pilot="a test", owner=True, progress=call_off
            )

    posting = asyncio.create_task(begin())
    with pytest.raises(asyncio.CancelledError):
        await posting
    assert await everything(database) == before
    assert not (await posted(database, who, what)).already


async def test_what_has_errors_or_was_closed_is_not_posted(database: Database, tmp_path: Path) -> None:
    who, before = await requester(database), await everything(database)
    with pytest.raises(ValueError, match="1 errors cannot be posted"):
        await posted(database, who, checked(tmp_path / "bad", GOOD_ITEMS + "1,again,,\n"))
    closed = checked(tmp_path / "closed")
    closed.close()
    with pytest.raises(ValueError, match="closed"):
        await posted(database, who, closed)
    assert await everything(database) == before


async def test_progress_and_statistics_come_with_a_large_batch(database: Database, tmp_path: Path) -> None:
    what = many(tmp_path, 12_000)
    steps: list[Progress] = []
    async with database.transaction() as tx:
        who = await requester(database)
        done = await post(tx, who, what, fee_ppm=0, actor="test", no_pilot="a test", owner=True, progress=steps.append)
    assert [step.rows for step in steps] == sorted(step.rows for step in steps)
    assert steps[-1].rows == 12_020
    await after_post(database, what)
    async with database.reading() as tx:
        found = await tx.rows("EXPLAIN SELECT FROM task WHERE batch_id = $1".replace("$1", str(done.batch_id)))
    rows = re.search(r"rows=(\d+)", found[0][0])
    assert rows is not None
    assert 6_000 < int(rows[1]) < 24_000


TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), min_size=1, max_size=40
).filter(lambda text: any(c.isprintable() and not c.isspace() for c in text))
ID = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).filter(
    lambda text: any(c.isprintable() and not c.isspace() for c in text)
)
ROW = st.tuples(ID, TEXT, st.sampled_from(["", "good", "bad"]), st.just("") | TEXT)


@given(rows=st.lists(ROW, min_size=1, max_size=12, unique_by=lambda row: row[0].strip()), spilled=st.booleans())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_good_table_comes_back_as_it_was(
    database: Database, tmp_path: Path, rows: list[tuple[str, str, str, str]], spilled: bool
) -> None:
    rows = [*rows, ("\\N the ordinary one \\.", "back\\slash\\t \\N", "", "")]
    text = io.StringIO()
    csv.writer(text).writerows([("id", "text", "gold", "explanation_en"), *rows])
    what = check(write(tmp_path, text.getvalue()))
    assert what.good, list(what.said())
    if spilled:
        assert what.lines is not None
        small = Buckets(0)
        small.extend(list(what.lines.shuffled()), bytes(what.lines.count))
        what = replace(what, lines=small)
    done = await posted(database, await requester(database), what)
    async with database.reading() as tx:
        tasks = await tx.rows("SELECT key, payload, gold, seats FROM task WHERE batch_id = $1", done.batch_id)
    assert {task["key"]: (task["payload"], task["gold"], task["seats"]) for task in tasks} == {
        key.strip(): (
            {"text": text.strip()},
            {"value": gold, "explanation": {"en": why.strip()} if why.strip() else {}} if gold else None,
            2,
        )
        for key, text, gold, why in rows
    }
