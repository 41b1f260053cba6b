"""Bot and staff's commands are killed while payouts are asked for, sent and paid: each is paid once, or comes back."""

import asyncio
import csv
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.i18n.tongue import tongue
from bot.views.notices import notice_screen
from crowd.money.holds import release_holds
from crowd.outbox import Notice
from crowd.payouts.details import enter
from crowd.payouts.method import MICRO, Asked
from crowd.payouts.methods.manual import METHOD as MANUAL
from crowd.payouts.methods.webhook import METHOD as WEBHOOK
from crowd.payouts.vault import Vault, new_key
from db.database import Database, connected
from tests.crowd.scene import Batch, Worker, people, working
from tests.database import as_app
from tests.payouts.provider import SECRET, running_provider
from tests.whole.house import TOKEN, Bot, SandboxProcess, begun, ended, environment, running_bot, running_sandbox
from tests.whole.paying import MoodyProvider, Phone, can_be_paid
from tests.whole.promises import the_books_are_right

PEOPLE = 8
CURRENCIES = {"USD": "2.00", "KES": "250.00"}
KILLS_OF_THE_BOT = 8
HITS = 8
SEED = "payouts"


@dataclass
class House:
    """Kazi's processes, each of which is killed now and then."""

    database: Database
    """The tables' owner's: to look at all of it, and to let time pass."""
    sandbox: SandboxProcess
    provider: MoodyProvider
    bot: Bot
    settings: dict[str, str]
    folder: Path
    luck: random.Random
    phones: list[Phone]
    killing: bool = True
    hits: Counter[str] = field(default_factory=Counter)
    """Kills of what had something in hands, by what it was."""
    usual_s: float = 0.5
    """How long a command took the last time."""

    async def rows(self, query: str, *arguments: object) -> list[Any]:
        async with self.database.reading() as tx:
            return await tx.rows(query, *arguments)

    async def kill_the_bot(self) -> None:
        """While it posts, mostly; it is started again after a minute, in which it held what it had in hands."""
        for _ in range(KILLS_OF_THE_BOT):
            if not await self.rows(_OPEN):
                return
            await self.bot.started()
            await asyncio.sleep(self.luck.uniform(0, 1.5))
            if self.luck.random() < 0.6 and await self._posts_once_more():
                await asyncio.sleep(self.luck.uniform(0, 0.1))
            posts, taps = self.provider.answering > 0, any(phone.waiting for phone in self.phones)
            await self.bot.kill()
            self.hits["bot that posts" if posts else "bot that answers" if taps else "idle bot"] += 1
            await the_books_are_right(self.database)
            await self.run("UPDATE payout_post SET due_at = now() WHERE due_at > now()")
            await self.run("UPDATE outbox SET due_at = now() WHERE subject = 'payout' AND due_at > now()")
            await self.run("UPDATE duty SET held_until = now()")
            await self.bot.start()

    async def _posts_once_more(self) -> bool:
        """Wait until the provider is posted to; False when no payout is left."""
        self.provider.reached.clear()
        while await self.rows(_OPEN):
            try:
                await asyncio.wait_for(self.provider.reached.wait(), 0.2)
            except TimeoutError:
                await self.some_time_passes()
            else:
                return True
        return False

    async def run(self, query: str) -> None:
        async with self.database.transaction() as tx:
            await tx.run(query)

    async def some_time_passes(self) -> None:
        """What is to be tried again later is due; but what somebody has in hands stays with them."""
        await self.run("UPDATE payout_post SET due_at = now() WHERE due_at > now() AND taken_until IS NULL")

    async def through(self, *arguments: str) -> None:
        """`kazi payouts …`, killed now and then and run again, until it is through."""
        while not await self.command(*arguments):
            pass

    async def command(self, *arguments: str) -> bool:
        """`kazi payouts …`, killed now and then; whether it came through."""
        begins = asyncio.get_running_loop().time()
        process = begun(["payouts", *arguments], self.settings, self.folder / "payouts.log")
        if self.killing and self.luck.random() < 0.5:
            end = begins + self.luck.uniform(0.2, 1) * self.usual_s
            while process.exitcode is None and asyncio.get_running_loop().time() < end:
                await asyncio.sleep(0.01)
            process.kill()
        code = await ended(process)
        assert code in {0, -signal.SIGKILL}, (arguments, code)
        if code == 0:
            self.usual_s = asyncio.get_running_loop().time() - begins
        else:
            self.hits[arguments[0]] += 1
            await the_books_are_right(self.database)
        return code == 0


_OPEN = "SELECT FROM account WHERE kind IN ('available', 'requested') AND balance > 0"
"""Money that is not paid yet."""


async def _asks(house: House, phone: Phone) -> None:
    while await house.rows(f"{_OPEN} AND owner = $1", phone.worker.id):
        await phone.ask()
        await asyncio.sleep(house.luck.uniform(0, 0.5))


async def _approves(house: House) -> None:
    """Two people look at what was asked for; of large ones, one is not enough."""
    query = "SELECT id FROM payout WHERE state = 'requested' AND approved_by IS DISTINCT FROM $1"
    while await house.rows(_OPEN):
        for by in ("amina", "juma"):
            if asked := await house.rows(query, f"{by} (command)"):
                await house.command("approve", *(str(row["id"]) for row in asked), "--by", by)
        await asyncio.sleep(0.1)


async def _hands_files_in(house: House, files: dict[str, bytes]) -> None:
    """Makes a file of what waits for one, and hands the provider's answer back, twice."""
    while await house.rows(_OPEN):
        for row in await house.rows("SELECT DISTINCT currency FROM payout WHERE state = 'approved' AND method = 'manual'"):
            key = f"file {len(files)}"
            path, answer = house.folder / f"{key}.csv", house.folder / f"{key} answer.csv"
            await house.through("file", MANUAL.name, row["currency"], "--key", key, "-o", str(path))
            files[key] = path.read_bytes()
            lines = ["reference,status,reason"]
            for reference in _references(files[key]):
                good = can_be_paid(int(reference.removeprefix("KAZI-")))
                lines.append(f"{reference},{'paid,' if good else f'failed,no {reference}'}")
            answer.write_text("\n".join(lines))
            for _ in range(2):
                await house.through("results", key, str(answer))
        await asyncio.sleep(0.1)


async def _asks_the_provider(house: House) -> None:
    """Of what the provider has accepted, how it ended."""
    query = "SELECT id FROM payout JOIN payout_post ON payout_id = id WHERE state = 'sent' AND accepted_at IS NOT NULL"
    while await house.rows(_OPEN):
        for row in await house.rows(query):
            number = row["id"]
            said = ("paid", "R-1") if can_be_paid(number) else ("failed", f"no KAZI-{number}")
            await house.through("settle", str(number), *said)
        await house.some_time_passes()
        await asyncio.sleep(0.1)


def _references(file: bytes) -> list[str]:
    return [row["reference"] for row in csv.DictReader(file.decode().splitlines())]


async def _crew(database: Database, folder: Path, vault: Vault) -> list[Worker]:
    """People who have money available in two currencies; half of them are paid by the provider."""
    crew = await people(database, PEOPLE)
    for number, who in enumerate(crew):
        async with working(database, who) as tx:
            await tx.run("UPDATE worker SET country = 'KE' WHERE id = $1", who.id)
            if number % 2:
                await enter(tx, vault, who.id, MANUAL, {Asked.WORDS: f"by hand {number}", Asked.NAME: "Amina"})
            else:
                await enter(tx, vault, who.id, WEBHOOK, {Asked.ACCOUNT: f"MW-{number}", Asked.NAME: "Amina"})
    for currency, price in CURRENCIES.items():
        overlap = {"least": PEOPLE, "most": PEOPLE}
        batch = await Batch.post(database, folder, tasks=1, price=price, currency=currency, overlap=overlap)
        for who in crew:
            await batch.accepted(who, (await batch.given(who)).lease_id)
    async with database.transaction() as tx:
        await tx.run("UPDATE hold SET due_at = $1", tx.now)
    await release_holds(database)
    return crew


@asynccontextmanager
async def _house(dsn: str, folder: Path) -> AsyncIterator[House]:
    key, luck = new_key(), random.Random(SEED)
    async with (
        connected(dsn, name="test") as database,
        running_sandbox() as sandbox,
        running_provider(MoodyProvider(luck=luck)) as provider,
    ):
        crew = await _crew(database, folder, Vault([key]))
        for who in crew:
            person = {"id": who.person_id, "first_name": "A", "language_code": "en"}
            (await sandbox.http.post("/sandbox/users", json=person)).raise_for_status()
        paying = {
            "KAZI_DATA": str(folder / "data"), "KAZI_PAYOUT_KEYS": key, "KAZI_PAYOUT_WEBHOOK_URL": provider.url,
            "KAZI_PAYOUT_WEBHOOK_SECRET": SECRET, "KAZI_PAYOUT_WEBHOOK_LABEL": "M-Wallet",
            "KAZI_PAYOUT_WEBHOOK_LEAST": '{"USD": 1, "KES": 100}',
        }  # fmt: skip
        settings = environment(KAZI_BOT_TOKEN=TOKEN, DATABASE_URL=as_app(dsn), **paying)
        phones = [Phone(sandbox.http, who, luck) for who in crew]
        async with running_bot(sandbox, dsn, folder / "bot.log", webhook=False, **paying) as bot:
            house = House(database, sandbox, provider, bot, settings, folder, luck, phones)
            try:
                yield house
            except BaseException as error:
                log = folder / "payouts.log"
                error.add_note(str(await house.rows("SELECT p.*, q.* FROM payout p LEFT JOIN payout_post q ON q.payout_id = p.id")))
                error.add_note(str(await house.rows("SELECT kind, owner, currency, balance FROM account")))
                error.add_note(str([(await ph.sees_all())[-3:] for ph in house.phones[:2]]))
                error.add_note(str(len(provider.posts)))
                error.add_note(f"Seed: {SEED}. Kills: {house.hits}. Commands wrote:\n{log.read_text() if log.exists() else ''}")
                raise


async def test_killed_at_any_moment_each_payout_is_paid_once_or_comes_back_and_is_told(
    dsn: str, tmp_path: Path
) -> None:
    async with asyncio.timeout(60), _house(dsn, tmp_path) as house:
        before = await _balances(house)
        files: dict[str, bytes] = {}
        async with asyncio.TaskGroup() as at_once:
            for phone in house.phones:
                at_once.create_task(_asks(house, phone))
            for work in (_approves(house), _hands_files_in(house, files), _asks_the_provider(house)):
                at_once.create_task(work)
            await house.kill_the_bot()
            house.killing = house.provider.moody = False
        while await house.rows("SELECT FROM outbox WHERE subject = 'payout' AND sent_at IS NULL"):
            await asyncio.sleep(0.1)

        await the_books_are_right(house.database)
        moved = {(currency, "paid" if kind == "available" else kind): sum_ for (currency, kind), sum_ in before.items()}
        assert await _balances(house) == moved, "all that was available is paid, and nothing else has changed"
        payouts = await house.rows("SELECT p.*, q.key FROM payout p LEFT JOIN payout_post q ON q.payout_id = p.id")
        assert {row["id"]: row["state"] for row in payouts} == {
            row["id"]: "paid" if can_be_paid(row["id"]) else "failed" for row in payouts
        }
        _paid_by_the_provider([row for row in payouts if row["method"] == WEBHOOK.name], house.provider)
        filed = Counter(reference for file in files.values() for reference in _references(file))
        assert filed == Counter(f"KAZI-{row['id']}" for row in payouts if row["method"] == MANUAL.name)
        await _as_phones_saw(house, payouts)
        assert sum(count for what, count in house.hits.items() if what != "idle bot") >= HITS, house.hits
        print(house.usual_s, house.hits, len(payouts), len(house.provider.posts))


async def _balances(house: House) -> dict[tuple[str, str], int]:
    """What lies in accounts of each currency and kind, where that is not nothing."""
    query = "SELECT currency, kind, sum(balance)::bigint AS sum FROM account GROUP BY 1, 2 HAVING sum(balance) <> 0"
    return {(row["currency"], row["kind"]): row["sum"] for row in await house.rows(query)}


def _paid_by_the_provider(payouts: Sequence[Any], provider: MoodyProvider) -> None:
    """Each payout came under one key and in one message, and those were paid that are said to be."""
    paid = {row["key"]: (f"KAZI-{row['id']}", row["amount"]) for row in payouts if row["state"] == "paid"}
    orders = {key: (order["reference"], int(Decimal(order["amount"]) * MICRO)) for key, order in provider.paid.items()}
    assert orders == paid
    assert {key for key, _ in provider.posts} == {row["key"] for row in payouts}
    assert len(set(provider.posts)) == len(payouts) < len(provider.posts), "the same each time, and more than once"


async def _as_phones_saw(house: House, payouts: Sequence[Any]) -> None:
    """What was shown as asked for is there, and each step was told, twice only where a sender may have been killed."""
    calls = (await house.sandbox.http.get("/sandbox/calls")).json()["calls"]
    shown = [each["parameters"] for each in calls if each["status"] == 200 and "text" in each["parameters"]]
    asked = {(each["chat_id"], each["message_id"], "KES" in each["text"].partition("Somebody")[0])
             for each in shown if each["text"].startswith("✅ You asked for")}  # fmt: skip
    there = Counter((row["person_id"], row["currency"] == "KES") for row in await house.rows(
        "SELECT person_id, currency FROM payout JOIN worker w ON w.id = worker_id"))  # fmt: skip
    seen = Counter((person, kes) for person, _, kes in asked)
    assert seen.total() >= PEOPLE
    assert seen <= there

    notices = await house.rows(
        "SELECT o.*, w.locale, true AS wanted FROM outbox o JOIN worker w USING (person_id) WHERE subject = 'payout'"
    )
    keys = {f"payout:{row['id']}:{state}" for row in payouts for state in ("approved", "sent", row["state"])}
    assert {row["key"] for row in notices} == keys
    due, most = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    for row in notices:
        notice = Notice(**{each.name: row[each.name] for each in fields(Notice)})
        what = (notice.person_id, notice_screen(tongue("en"), notice).text)
        due[what] += 1
        most[what] += notice.tries
    told = Counter((each["chat_id"], each["text"]) for each in shown)
    told = Counter({what: told[what] for what in due})
    assert due <= told <= most
    assert told.total() - due.total() <= KILLS_OF_THE_BOT, "a killed bot had sent one more than it had noted"
