"""`kazi` on the command line: what it prints, what it writes, and the code it ends with."""

import asyncio
import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import Result
from typer.testing import CliRunner

from crowd.kinds import spec_schema
from crowd.requesters import requester_of
from db.database import Database
from db.migrate import downgrade
from tests.database import Clock, Server, as_app
from tests.requester.scene import Item, batch_file, people, work

Kazi = Callable[..., Awaitable[Result]]


@pytest.fixture
def kazi(dsn: str, tmp_path: Path) -> Kazi:
    """The command, against the module's database."""
    from kazi.main import app

    environment = {
        "DATABASE_URL": as_app(dsn), "KAZI_DATA": str(tmp_path / "data"), "KAZI_FEE_PPM": "100000", "COLUMNS": "120",
        "LC_ALL": "C.UTF-8",
    }  # fmt: skip

    async def invoke(*arguments: str, code: int = 0, **changed: str | None) -> Result:
        result: Any = await asyncio.to_thread(CliRunner().invoke, app, arguments, env={**environment, **changed})
        assert result.exit_code == code, (result.output, result.exception)
        return result  # type: ignore[no-any-return]

    return invoke


def main_app() -> Any:
    from kazi.main import app

    return app


def some(folder: Path, about: str, **changed: Any) -> str:
    return str(batch_file(folder, [Item(f"k{n}", f"{about} {n}") for n in range(6)], **changed))


async def posted(kazi: Kazi, folder: Path, about: str, **changed: Any) -> int:
    said = json.loads((await kazi("batch", "post", some(folder, about, **changed), "--json")).stdout)
    number: int = said["batch"]["id"]
    return number


async def test_a_check_shows_the_cost_and_the_phone(kazi: Kazi, tmp_path: Path) -> None:
    said = (await kazi("batch", "check", some(tmp_path, "how it looks"), "--locale", "en")).stdout
    assert "how it looks 0" in said
    for button in ("Good", "Bad", "Neither"):
        assert re.search(rf"│ +{button} +│", said)
    assert re.search(r"title +Feelings", said)
    assert re.search(r"instructions en +Say what it is\.", said)
    assert re.search(r"answers +12 to 12\b", said)
    assert re.search(r"workers earn +0\.24 to 0\.24 USD", said)
    assert re.search(r"fee +0\.024 USD", said)
    assert re.search(r"to put in +0\.264 USD", said)


async def test_a_check_names_file_line_column_and_how_to_mend_it(kazi: Kazi, tmp_path: Path) -> None:
    path = batch_file(tmp_path, [Item("a", "one", "goood"), Item("a", "[red]two[/red]")])
    said = (await kazi("batch", "check", str(path), code=1)).stdout
    assert re.search(r"^items\.csv:2:gold: error: .*goood", said, re.MULTILINE)
    assert re.search(r"^items\.csv:3:id: error: .*\n    Give each row an id of its own", said, re.MULTILINE)
    assert "2 errors" in said
    assert "to put in" not in said
    broken = json.loads((await kazi("batch", "check", str(path), "--json", code=1)).stdout)
    assert (broken["good"], broken["errors"], broken["problems"][0]["line"]) == (False, 2, 2)
    missing = (await kazi("batch", "check", str(tmp_path / "none.yaml"), code=1)).stdout
    assert "none.yaml: error: is not there" in missing


@pytest.mark.parametrize(
    ("terminal", "severity", "message", "mend", "tally"),
    [
        ({"LC_ALL": "sw_KE.UTF-8"}, "kosa", "ni “goood”, ambayo", "Rekebisha seli hii", "kosa 1, maonyo 4"),
        ({"LC_ALL": "", "LC_MESSAGES": "fr", "LANG": "sw"}, "erreur", "est «\xa0goood\xa0»", "Corrigez", "1 erreur, 4"),
        ({"LC_ALL": None, "LC_MESSAGES": "", "LANG": "ar_EG"}, "خطأ", "القيمة «", "صحّحوا", "الأخطاء: 1"),
        ({"LC_ALL": "POSIX", "LANG": "sw"}, "error", "is “goood”, which", "Mend this cell", "1 error, 4 warnings"),
        ({"LC_ALL": "xx_YY@odd.é"}, "error", "is “goood”, which", "Mend this cell", "1 error, 4 warnings"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_said_in_the_terminals_language_at_the_same_place(
    kazi: Kazi, tmp_path: Path, terminal: dict[str, str | None], severity: str, message: str, mend: str, tally: str
) -> None:
    path = str(batch_file(tmp_path, [Item("a", "one", "goood"), Item("b", "two", "good")]))
    said = (await kazi("batch", "check", path, code=1, **terminal)).stdout
    assert re.search(rf"^items\.csv:2:gold: {severity}: {message}.*\n    {mend}", said, re.MULTILINE), said
    assert tally in said
    posting = (await kazi("batch", "post", path, code=1, **terminal)).stderr
    assert message in posting
    assert ("nothing was posted" in posting) == (severity == "error")


async def test_programs_are_told_in_english_whatever_the_terminal_is_set_to(kazi: Kazi, tmp_path: Path) -> None:
    path = str(batch_file(tmp_path, [Item("a", "one", "goood")]))
    told = json.loads((await kazi("batch", "check", path, "--json", code=1, LC_ALL="sw_KE.UTF-8")).stdout)
    assert told["problems"][0]["message"].startswith("is “goood”, which is none of the options")
    assert told["problems"][0]["severity"] == "error"


async def test_the_same_file_posted_twice_is_one_batch(kazi: Kazi, tmp_path: Path) -> None:
    file = some(tmp_path, "twice")
    first = (await kazi("batch", "post", file)).stdout
    again = (await kazi("batch", "post", file)).stdout
    assert "is open for work" in first
    assert "was posted before" in again
    assert re.findall(r"batch (\d+)", first)[:1] == re.findall(r"batch (\d+)", again)[:1]


async def test_a_bad_file_posts_nothing(kazi: Kazi, tmp_path: Path) -> None:
    before = (await kazi("batch", "list", "--json")).stdout
    failed = await kazi("batch", "post", some(tmp_path, "bad", kind="choise"), code=1)
    assert "Did you mean “choice”?" in failed.stderr
    assert "nothing was posted" in failed.stderr
    assert failed.stdout == ""
    assert (await kazi("batch", "list", "--json")).stdout == before


async def test_a_bad_file_is_told_to_programs_too(kazi: Kazi, tmp_path: Path) -> None:
    failed = await kazi("batch", "post", some(tmp_path, "bad", kind="choise"), "--json", code=1)
    told = json.loads(failed.stdout)
    assert (told["good"], told["errors"]) == (False, 1)
    assert "nothing was posted" in failed.stderr


async def test_money_has_its_thousands_apart_like_counts(kazi: Kazi, tmp_path: Path) -> None:
    said = (await kazi("batch", "check", some(tmp_path, "dear", price="1000"))).stdout
    assert re.search(r"workers earn +12,000\.00 to 12,000\.00 USD", said)


async def test_who_reads_no_more_of_the_results_ends_them_quietly(kazi: Kazi, dsn: str, tmp_path: Path) -> None:
    batch = await posted(kazi, tmp_path, "unread")
    reading, writing = os.pipe()
    os.close(reading)
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "kazi", "batch", "results", str(batch),
            env={**os.environ, "DATABASE_URL": dsn}, stdout=writing, stderr=subprocess.PIPE,
        )  # fmt: skip
    finally:
        os.close(writing)
    _, said = await process.communicate()
    assert (process.returncode, said.decode().strip()) == (0, "")


async def test_batches_are_listed_shown_paused_resumed_and_closed(kazi: Kazi, tmp_path: Path) -> None:
    batch = str(await posted(kazi, tmp_path, "life", name="Life [bold]of[/bold] a batch"))
    assert "Life [bold]of[/bold] a batch" in (await kazi("batch", "list")).stdout
    assert "paused (lunch)" in (await kazi("batch", "pause", batch, "--reason", "lunch")).stdout
    (paused,) = json.loads((await kazi("batch", "list", "--state", "paused", "--json")).stdout)["batches"]
    assert paused["id"] == int(batch)
    assert re.search(r"state +open", (await kazi("batch", "resume", batch)).stdout)
    closed = json.loads((await kazi("batch", "close", batch, "--json")).stdout)
    assert (closed["state"], closed["left"], closed["spent"]) == ("closed", "0.00", "0.00")
    assert "cannot become" in (await kazi("batch", "resume", batch, code=1)).stderr
    assert json.loads((await kazi("batch", "show", batch, "--json")).stdout) == closed
    assert await posted(kazi, tmp_path, "life", name="Life [bold]of[/bold] a batch") != int(batch), "posted anew"


async def test_a_batch_with_a_budget_shows_what_of_it_is_spent(kazi: Kazi, tmp_path: Path) -> None:
    batch = await posted(kazi, tmp_path, "budgeted", overlap={"least": 2, "most": 4}, budget="0.30")
    shown = await kazi("batch", "show", str(batch))
    assert "0.0% of 0.30 spent; no label yet" in shown.stdout
    told = json.loads((await kazi("batch", "show", str(batch), "--json")).stdout)
    assert (told["budget"], told["confidence"], told["funded"]) == ("0.30", None, "0.33")


async def test_a_requester_looks_after_batches_of_their_own(kazi: Kazi, tmp_path: Path) -> None:
    batch = str(await posted(kazi, tmp_path, "own"))
    await kazi("token", "create", "theirs", "--requester", "someone else")
    for command in ("show", "pause", "resume", "close", "results"):
        failed = await kazi("batch", command, batch, "--requester", "someone else", code=1)
        assert "no batch" in failed.stderr
    assert "There are none" in (await kazi("batch", "list", "--requester", "someone else")).stdout
    listed = await kazi("batch", "list", "--requester", "somebody", code=1)
    assert "there is no requester 'somebody'" in " ".join(listed.stderr.split())


async def test_results_are_written_in_each_format(kazi: Kazi, database: Database, clock: Clock, tmp_path: Path) -> None:
    batch = await posted(kazi, tmp_path, "results")
    said = await work(database, clock, batch, await people(database, 2), lambda *_: "neither")
    texts = {f"k{n}": f"results {n}" for n in range(6)}
    shown = (await kazi("batch", "results", str(batch), "--rows", "answers")).stdout_bytes.decode("utf-8-sig")
    got = [(texts[row["task"]], row["worker"], row["value"]) for row in csv.DictReader(io.StringIO(shown))]
    assert sorted(got) == sorted((each.text, each.pseudonym, each.value) for each in said)
    for name in ("csv", "jsonl", "parquet"):
        file = tmp_path / f"results.{name}"
        told = await kazi("batch", "results", str(batch), "--format", name, "--rows", "tasks", "-o", str(file))
        assert "6 tasks" in told.stdout
        assert file.stat().st_size > 100
    assert set(pl.read_parquet(tmp_path / "results.parquet")["label"]) == {"neither"}
    assert names_in(tmp_path) == {
        "batch.yaml",
        "items.csv",
        *(f"results.{name}" for name in ("csv", "jsonl", "parquet")),
    }


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_results_that_cannot_be_written_say_why(kazi: Kazi, tmp_path: Path) -> None:
    batch = str(await posted(kazi, tmp_path, "unwritten"))
    nowhere = await kazi("batch", "results", batch, "-o", str(tmp_path / "none" / "x.csv"), code=1)
    assert "cannot be written" in nowhere.stderr
    unknown = await kazi("batch", "results", batch, "--format", "pdf", code=1)
    assert "csv, jsonl, parquet" in unknown.stderr


async def test_the_schema_is_that_of_the_kinds(kazi: Kazi) -> None:
    assert json.loads((await kazi("batch", "schema")).stdout) == json.loads(json.dumps(spec_schema()))


async def test_before_is_the_id_of_a_batch(kazi: Kazi) -> None:
    await kazi("batch", "list", "--before", "0", code=2)


async def test_a_token_is_made_listed_and_revoked(kazi: Kazi, database: Database) -> None:
    token = (await kazi("token", "create", "ci")).stdout.strip()
    async with database.reading() as tx:
        owner = await requester_of(tx, token)
    assert owner is not None
    assert owner.name == "house"
    assert "already" in (await kazi("token", "create", "ci", code=1)).stderr
    assert [each["name"] for each in json.loads((await kazi("token", "list", "--json")).stdout)] == ["ci"]
    listed = (await kazi("token", "list")).stdout
    assert "ci" in listed
    assert token not in listed
    await kazi("token", "revoke", "ci")
    assert "There are none" in (await kazi("token", "list")).stdout
    assert "no token" in (await kazi("token", "revoke", "ci", code=1)).stderr
    async with database.reading() as tx:
        assert await requester_of(tx, token) is None


async def test_a_database_without_tables_is_migrated_and_until_then_says_so(kazi: Kazi, server: Server) -> None:
    with server.bare_database() as bare:
        assert "kazi migrate" in (await kazi("batch", "list", code=1, DATABASE_URL=bare)).stderr
        assert "newest schema" in (await kazi("migrate", DATABASE_URL=bare)).stdout
        await kazi("migrate", DATABASE_URL=f"{bare}{'&' if '?' in bare else '?'}sslmode=disable")
        assert "There are none" in (await kazi("batch", "list", DATABASE_URL=bare)).stdout


async def test_tables_of_another_version_are_refused_before_any_work(kazi: Kazi, server: Server) -> None:
    with server.fresh_database() as old:
        await asyncio.to_thread(downgrade, old, "0002")
        assert "kazi migrate" in (await kazi("batch", "list", code=1, DATABASE_URL=old)).stderr


async def test_a_token_that_is_none_is_told_in_a_sentence(dsn: str) -> None:
    environment = {**os.environ, "DATABASE_URL": dsn, "KAZI_BOT_TOKEN": "not a token"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "kazi", "bot", env=environment, stderr=subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 1
    assert "KAZI_BOT_TOKEN is no bot token" in said.decode()
    assert "not a token" not in said.decode()


async def test_settings_and_databases_that_are_wrong_are_told_in_a_sentence(kazi: Kazi) -> None:
    assert "KAZI_FEE_PPM" in (await kazi("batch", "list", code=1, KAZI_FEE_PPM="a tenth")).stderr
    for nowhere in ("postgresql://127.0.0.1:1/none", "postgresql://no-such-host.invalid/none"):
        nobody = await kazi("batch", "list", code=1, DATABASE_URL=nowhere)
        assert "DATABASE_URL" in nobody.stderr


async def test_without_a_database_url_the_embedded_server_keeps_what_was_posted(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"KAZI_DATA": str(tmp_path / "data")}

    def run(*arguments: str) -> Any:
        command = [sys.executable, "-c", "from kazi.main import run; run()", *arguments, "--json"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    made = await asyncio.to_thread(run, "batch", "post", some(tmp_path, "embedded"))
    listed = await asyncio.to_thread(run, "batch", "list")
    assert listed["batches"] == [{**made["batch"], "gold_supply": None}]
    assert not (tmp_path / "data" / "postgres" / "postmaster.pid").exists()


async def test_help_is_quick_for_it_loads_nothing_heavy() -> None:
    heavy = "{'polars', 'fastapi', 'sqlalchemy', 'aiogram'} & set(sys.modules)"
    code = f"import sys, kazi.main; sys.exit(str({heavy}) if {heavy} else 0)"
    done = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


async def test_a_folder_of_data_sets_is_replayed_and_reported(tmp_path: Path) -> None:
    for name in ("one", "two"):
        folder = tmp_path / "sets" / name
        folder.mkdir(parents=True)
        said = [f"t{task},w{worker},{'up' if task % 2 else 'down'}" for task in range(8) for worker in range(4)]
        (folder / "answers.csv").write_text("\n".join(["task,worker,label", *said]), encoding="utf-8")
        right = [f"t{task},{'up' if task % 2 else 'down'}" for task in range(8)]
        (folder / "truth.csv").write_text("\n".join(["task,label", *right]), encoding="utf-8")
    done = await asyncio.to_thread(
        CliRunner().invoke, main_app(), ["replay", "--all", str(tmp_path / "sets"), "--golds", "2", "--json"]
    )
    assert done.exit_code == 0, done.output
    reports = json.loads(done.stdout)
    assert [report["name"] for report in reports] == ["one", "two"]
    assert all((report["accuracy"], report["golds"], report["evaluated"]) == (1.0, 2, 6) for report in reports)
    missing = await asyncio.to_thread(CliRunner().invoke, main_app(), ["replay", "--all", str(tmp_path)])
    assert missing.exit_code == 1
    assert "answers.csv" in missing.stderr


async def test_golds_of_a_batch_and_decided_tasks_are_items_of_the_next(kazi: Kazi, tmp_path: Path) -> None:
    """With the same batch file, whatever its columns are called."""
    items = [Item(f"k{n}", f"=text {n}") for n in range(6)] + [Item(f"g{n}", f"known {n}", "good") for n in range(3)]
    number = json.loads((await kazi("batch", "post", str(batch_file(tmp_path, items)), "--json")).stdout)["batch"]["id"]
    out = tmp_path / "next.jsonl"
    said = (await kazi("batch", "golds", str(number), "-o", str(out))).stdout
    assert "3 golds" in said
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(row["id"], row["text"], row["gold"]) for row in rows] == [
        (f"g{n}", f"known {n}", "good") for n in range(3)
    ]
    shown = json.loads((await kazi("batch", "show", str(number), "--json")).stdout)
    assert shown["gold_supply"]["left"] == 6
    assert "csv, jsonl" in (await kazi("batch", "golds", str(number), "-f", "excel", code=1)).output
