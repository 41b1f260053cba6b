"""Bot and staff's commands are killed while payouts are asked for, sent and paid: each is paid once, or comes back."""

import asyncio
import csv
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from crowd.payouts.method import MICRO
from crowd.payouts.methods.manual import METHOD as MANUAL
from crowd.payouts.methods.webhook import METHOD as WEBHOOK
from crowd.payouts.vault import Vault, new_key
from db.database import Database, connected
from tests.database import as_app
from tests.payouts.provider import SECRET, running_provider
from tests.whole.house import TOKEN, Bot, SandboxProcess, begun, ended, environment, running_bot, running_sandbox
from tests.whole.paying import MoodyProvider, Phone, can_be_paid, rich_people
from tests.whole.promises import payouts_are_as_phones_saw, the_books_are_right

PEOPLE = 8
KILLS_OF_THE_BOT = 8
BUSY = 4
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
    phones: list[Phone]
    killing: bool = True
    kills: Counter[str] = field(default_factory=Counter)
    """By what was killed."""
    usual_s: float = 0.5
    """How long a command took the last time."""

    @property
    def log(self) -> Path:
        """What commands wrote."""
        return self.folder / "payouts.log"

    async def rows(self, query: str, *arguments: object) -> list[Any]:
        async with self.database.reading() as tx:
            return await tx.rows(query, *arguments)

    async def kill_the_bot(self) -> None:
        """While it posts, mostly; it is started again when what it had in hands is taken up again."""
        luck = random.Random(f"{SEED} bot")
        while (self.kills["bot"] < KILLS_OF_THE_BOT or self.kills["bot, busy"] < BUSY) and await self.rows(_OPEN):
            await self.bot.started()
            await asyncio.sleep(luck.uniform(0, 1.5))
            if luck.random() < 0.7:
                await self._posts()
                await asyncio.sleep(luck.uniform(0, 0.1))
            self.kills["bot, busy"] += self.provider.answering > 0 or any(phone.waiting for phone in self.phones)
            self.kills["bot"] += 1
            await self.bot.kill()
            await the_books_are_right(self.database)
            await self.run("UPDATE payout_post SET due_at = now() WHERE due_at > now()")
            await self.run("UPDATE outbox SET due_at = now() WHERE subject = 'payout' AND due_at > now()")
            await self.run("UPDATE duty SET held_until = now()")
            await self.bot.start()

    async def _posts(self) -> None:
        """Wait until it posts, or no payout is left."""
        self.provider.reached.clear()
        while not self.provider.reached.is_set() and await self.rows(_OPEN):
            with suppress(TimeoutError):
                await asyncio.wait_for(self.provider.reached.wait(), 0.2)

    async def told_all(self) -> None:
        """Wait until every notice of a payout was sent."""
        while True:
            if not await self.rows("SELECT FROM outbox WHERE subject = 'payout' AND sent_at IS NULL"):
                return
            await asyncio.sleep(0.1)

    async def run(self, query: str) -> None:
        async with self.database.transaction() as tx:
            await tx.run(query)

    async def through(self, luck: random.Random, *arguments: str) -> None:
        """`kazi payouts …`, killed now and then and run again, until it is through."""
        while not await self.command(luck, *arguments):
            pass

    async def command(self, luck: random.Random, *arguments: str) -> bool:
        """`kazi payouts …`, killed now and then; whether it came through."""
        begins, before = asyncio.get_running_loop().time(), await self.rows(_DONE)
        process = begun(["payouts", *arguments], self.settings, self.log)
        fate = luck.choice(["spared", "killed", "killed when done"]) if self.killing else "spared"
        if fate == "killed":
            with suppress(TimeoutError):
                await asyncio.wait_for(ended(process), luck.uniform(0.2, 1) * self.usual_s)
        while fate == "killed when done" and process.exitcode is None and await self.rows(_DONE) == before:
            pass
        if fate != "spared":
            process.kill()
        code = await ended(process)
        assert code in {0, -signal.SIGKILL}, (arguments, code)
        if code == 0:
            self.usual_s = asyncio.get_running_loop().time() - begins
        else:
            self.kills[arguments[0]] += 1
            await the_books_are_right(self.database)
        return code == 0


_DONE = "SELECT max(id) FROM audit WHERE actor LIKE '%(command)'"
"""Changes when a command has committed."""
_OPEN = "SELECT FROM account WHERE kind IN ('available', 'requested') AND balance > 0"
"""Money that is not paid yet."""


async def _asks(house: House, phone: Phone) -> None:
    while await house.rows(f"{_OPEN} AND owner = $1", phone.worker.id):
        await phone.ask()
        await asyncio.sleep(phone.luck.uniform(0, 0.5))


async def _approves(house: House) -> None:
    """Two people look at what was asked for; of large ones, one is not enough."""
    luck = random.Random(f"{SEED} approves")
    query = "SELECT id FROM payout WHERE state = 'requested' AND approved_by IS DISTINCT FROM $1"
    while await house.rows(_OPEN):
        for by in ("amina", "juma"):
            if asked := await house.rows(query, f"{by} (command)"):
                await house.command(luck, "approve", *(str(row["id"]) for row in asked), "--by", by)
        await asyncio.sleep(0.1)


async def _hands_files_in(house: House, files: dict[str, bytes]) -> None:
    """Makes a file of what waits for one, and hands the provider's answer back, twice."""
    luck = random.Random(f"{SEED} files")
    while await house.rows(_OPEN):
        for row in await house.rows(
            "SELECT DISTINCT currency FROM payout WHERE state = 'approved' AND method = 'manual'"
        ):
            key = f"file {len(files)}"
            path, answer = house.folder / f"{key}.csv", house.folder / f"{key} answer.csv"
            await house.through(luck, "file", MANUAL.name, row["currency"], "--key", key, "-o", str(path))
            files[key] = path.read_bytes()
            lines = ["reference,status,reason"]
            for reference in _references(files[key]):
                good = can_be_paid(int(reference.removeprefix("KAZI-")))
                lines.append(f"{reference},{'paid,' if good else f'failed,no {reference}'}")
            answer.write_text("\n".join(lines))
            for _ in range(2):
                await house.through(luck, "results", key, str(answer))
        await asyncio.sleep(0.1)


async def _asks_the_provider(house: House) -> None:
    """Of what the provider has accepted, how it ended; and time passes for what is to be posted again."""
    luck = random.Random(f"{SEED} settles")
    query = "SELECT id FROM payout JOIN payout_post ON payout_id = id WHERE state = 'sent' AND accepted_at IS NOT NULL"
    while await house.rows(_OPEN):
        for row in await house.rows(query):
            number = row["id"]
            said = ("paid", "R-1") if can_be_paid(number) else ("failed", f"no KAZI-{number}")
            await house.through(luck, "settle", str(number), *said)
        await house.run("UPDATE payout_post SET due_at = now() WHERE due_at > now() AND taken_until IS NULL")
        await asyncio.sleep(0.1)


def _references(file: bytes) -> list[str]:
    return [row["reference"] for row in csv.DictReader(file.decode().splitlines())]


@asynccontextmanager
async def _house(dsn: str, folder: Path) -> AsyncIterator[House]:
    key = new_key()
    async with (
        connected(dsn, name="test") as database,
        running_sandbox() as sandbox,
        running_provider(MoodyProvider(luck=random.Random(f"{SEED} provider"))) as provider,
    ):
        crew = await rich_people(database, folder, Vault([key]), PEOPLE)
        for who in crew:
            person = {"id": who.person_id, "first_name": "A", "language_code": "en"}
            (await sandbox.http.post("/sandbox/users", json=person)).raise_for_status()
        paying = {
            "KAZI_DATA": str(folder / "data"), "KAZI_PAYOUT_KEYS": key, "KAZI_PAYOUT_WEBHOOK_URL": provider.url,
            "KAZI_PAYOUT_WEBHOOK_SECRET": SECRET, "KAZI_PAYOUT_WEBHOOK_LABEL": "M-Wallet",
            "KAZI_PAYOUT_WEBHOOK_LEAST": '{"USD": 1, "KES": 100}',
        }  # fmt: skip
        settings = environment(KAZI_BOT_TOKEN=TOKEN, DATABASE_URL=as_app(dsn), **paying)
        phones = [Phone(sandbox.http, who, random.Random(f"{SEED} {number}")) for number, who in enumerate(crew)]
        async with running_bot(sandbox, dsn, folder / "bot.log", webhook=False, **paying) as bot:
            house = House(database, sandbox, provider, bot, settings, folder, phones)
            house.log.touch()
            await sandbox.slow_down("sendMessage", 0.1)
            try:
                yield house
            except BaseException as error:
                error.add_note(f"The seed is {SEED!r}; kills: {house.kills}. Commands wrote:\n{house.log.read_text()}")
                raise


async def test_killed_at_any_moment_each_payout_is_paid_once_or_comes_back_and_is_told(
    dsn: str, tmp_path: Path
) -> None:
    async with asyncio.timeout(240), _house(dsn, tmp_path) as house:
        before = await _balances(house)
        files: dict[str, bytes] = {}
        async with asyncio.TaskGroup() as at_once:
            for phone in house.phones:
                at_once.create_task(_asks(house, phone))
            for work in (_approves(house), _hands_files_in(house, files), _asks_the_provider(house)):
                at_once.create_task(work)
            await house.kill_the_bot()
            house.killing = house.provider.moody = False
            await house.sandbox.no_more_faults()
        await house.told_all()

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
        calls = (await house.sandbox.http.get("/sandbox/calls")).json()["calls"]
        await payouts_are_as_phones_saw(house.database, calls, kills=house.kills["bot"])
        assert house.kills["bot, busy"] >= BUSY, house.kills
        assert sum(house.kills[command] for command in ("approve", "file", "results", "settle")) >= BUSY, house.kills


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
