"""Whatever happens to a batch's money, in whatever order: it is all there, and nobody has more than was put in."""

import asyncio
import random
import secrets
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import asyncpg
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from crowd.appeals import filing
from crowd.appeals.deciding import decide
from crowd.appeals.settling import settle_voidings
from crowd.appeals.states import TO_FILE, Ground
from crowd.appeals.voiding import void, voidings_of
from crowd.batches.cards import batch_card
from crowd.batches.life import State, set_state
from crowd.bonuses.paying import pay_bonus
from crowd.bonuses.pot import put_in
from crowd.fairpay.adding import add_money
from crowd.fairpay.floors import set_floor
from crowd.fairpay.raising import Raised, Reason, raise_price
from crowd.loop.answering import Accepted, DontKnow
from crowd.loop.handing import Given
from crowd.loop.leases import Way, expire_leases
from crowd.loop.recorded import Refused
from crowd.money.budgeting import keep_to_budgets
from crowd.money.earnings import Wallet, earnings
from crowd.money.holds import release_holds
from crowd.payouts.details import enter
from crowd.payouts.method import Asked, Payer, smallest_unit
from crowd.payouts.methods.manual import METHOD as MANUAL
from crowd.payouts.queue import approve, waiting
from crowd.payouts.requesting import Payout, RequestError, cancel, payouts_of, request
from crowd.payouts.results import Outcome, Results
from crowd.payouts.sending import make_file, take_results
from crowd.payouts.vault import Vault, new_key
from crowd.redos import taking
from crowd.redos.asking import send_back
from crowd.redos.ending import leave
from crowd.redos.fixing import Fixed
from crowd.redos.states import RedoError
from db.database import Database, connected
from tests.crowd.scene import Batch, Worker, check_books, people, working
from tests.database import Clock, as_app

T = TypeVar("T")
PRICE = 20_000
VAULT = Vault([new_key()])
whose = st.integers(0, 2)


class Money(RuleBasedStateMachine):
    """Three workers, one batch, and a model of who should have what."""

    loop: ClassVar[asyncio.AbstractEventLoop]
    database: ClassVar[Database]
    clock: ClassVar[Clock]
    folder: ClassVar[Path]
    batch: Batch
    crew: list[Worker]

    def now(self, doing: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(doing)

    @initialize(
        fee_ppm=st.sampled_from([0, 100_000, 333_333]),
        price=st.sampled_from(["0.02", "0.000001", "9.999999"]),
        answers=st.sampled_from([None, 12, 13, 16, 100]),
    )
    def post(self, fee_ppm: int, price: str, answers: int | None) -> None:
        """Some have a budget of so many answers: the least are 12, the most 18 beside 9 to golds."""
        self.now(self._without_floors())
        self.batch = self.now(
            Batch.post(
                self.database, self.folder, tasks=6, golds=3, fee_ppm=fee_ppm, price=price,
                overlap={"least": 2, "most": 3} | ({"confidence": 0.9} if answers is None else {}),
                budget=None if answers is None else str(answers * Decimal(price)),
            )
        )  # fmt: skip
        self.crew = self.now(people(self.database, 3))
        self.hands: dict[int, Given] = {}
        self.lapsed: dict[int, list[Given]] = {0: [], 1: [], 2: []}
        self.held: dict[int, Counter[int]] = {0: Counter(), 1: Counter(), 2: Counter()}
        self.available: Counter[int] = Counter()
        self.requested: Counter[int] = Counter()
        self.paid: Counter[int] = Counter()
        self.voided: Counter[int] = Counter()
        self.turned_down: Counter[int] = Counter()
        self.given_back = 0
        self.files = 0
        for worker in self.crew:
            self.now(self._enter(worker))
        self.topped_up = self.bonuses = 0
        self.price, self.answered = int(Decimal(price) * 1_000_000), Counter[int]()
        self.out: Counter[int] = Counter()
        """Answers whose money waits, voided."""
        self.extra: Counter[int] = Counter()
        """What each was paid beyond the price of their answers; less than nothing where something is owed."""
        self.put_in = self.escrow()
        self.closed = False

    def teardown(self) -> None:
        """Leave nothing that comes due in the next run."""
        self.clock.advance(73 * 3600)
        self.now(expire_leases(self.database))
        self.now(release_holds(self.database))
        self.send(arrives=True)

    async def _without_floors(self) -> None:
        async with self.database.transaction() as tx:
            await set_floor(tx, "*", "USD", 0, "a test", by="test")

    async def _enter(self, worker: Worker) -> None:
        async with working(self.database, worker) as tx:
            await enter(tx, VAULT, worker.id, MANUAL, {Asked.WORDS: f"by hand, {worker.id}", Asked.NAME: "A B"})

    def escrow(self) -> int:
        query = "SELECT sum(balance)::bigint FROM account WHERE kind = 'escrow' AND owner = $1"
        return int(self.now(self.batch.value(query, self.batch.id)))

    @rule()
    def keep_to_the_budget(self) -> None:
        self.now(keep_to_budgets(self.database))

    @rule(who=whose, seed=st.integers(0, 1000))
    def lease(self, who: int, seed: int) -> None:
        got = self.now(self.batch.next(self.crew[who], seed))
        assert not (self.closed and isinstance(got, Given))
        if isinstance(got, Given):
            assert self.hands.setdefault(who, got).lease_id == got.lease_id

    @rule(who=whose, said=st.integers(0, 2) | st.just(DontKnow.DONT_KNOW), seed=st.integers(0, 1000))
    def earn(self, who: int, said: int | DontKnow, seed: int) -> None:
        task = self.hands.get(who)
        if task is not None:
            self._answered(
                who, task, self.now(self.batch.say(self.crew[who], task.lease_id, said, random.Random(seed)))
            )

    @rule(who=whose, said=st.integers(0, 2))
    def answer_late(self, who: int, said: int) -> None:
        if self.lapsed[who]:
            task = self.lapsed[who].pop()
            done = self.now(self.batch.say(self.crew[who], task.lease_id, said))
            if isinstance(done, Accepted):
                self._answered(who, task, done)
            else:
                assert done in {Refused.EXPIRED, Refused.WITHDRAWN}

    def _answered(self, who: int, task: Given, done: Accepted | Fixed | Refused) -> None:
        assert isinstance(done, Accepted)
        assert done.earned in {0, self.price}
        if done.earned:
            self.answered[who] += 1
            self.held[who][task.lease_id] = done.earned
        self.hands.pop(who, None)
        if isinstance(done.next, Given):
            self.hands[who] = done.next

    @rule(who=whose)
    def tap_again(self, who: int) -> None:
        for lease_id in list(self.held[who])[:1]:
            assert self.now(self.batch.say(self.crew[who], lease_id, 0)) is Refused.ANSWERED

    @rule(who=whose, way=st.sampled_from([Way.SKIPPED, Way.REPORTED]))
    def pass_on(self, who: int, way: Way) -> None:
        task = self.hands.pop(who, None)
        if task is not None:
            assert self.now(self.batch.pass_on(self.crew[who], task.lease_id, way)) is not None

    @rule()
    def leases_run_out(self) -> None:
        self.clock.advance(601)
        assert self.now(expire_leases(self.database)) == len(self.hands)
        for who, task in self.hands.items():
            self.lapsed[who].append(task)
        self.hands.clear()

    @rule()
    def release(self) -> None:
        self.clock.advance(72 * 3600)
        due = sum(len(held) for held in self.held.values())
        assert self.now(release_holds(self.database)) == due
        for who, held in self.held.items():
            self.available[who] += held.total()
            held.clear()

    @rule(who=whose)
    def ask(self, who: int) -> None:
        """For all that is available, in whole cents; a unit at least, and one at a time."""
        amount = self.available[who] - self.available[who] % smallest_unit("USD")
        refused = self.requested[who] > 0 or amount < MANUAL.terms("USD").least
        try:
            payout = self.now(self._ask(self.crew[who]))
        except RequestError:
            assert refused
            return
        assert not refused
        assert payout.amount == amount
        self.available[who] -= amount
        self.requested[who] += amount

    async def _ask(self, worker: Worker) -> Payout:
        async with working(self.database, worker) as tx:
            return await request(tx, worker.id, "KE", "USD")

    @rule(who=whose)
    def take_back(self, who: int) -> None:
        async def back() -> bool:
            async with working(self.database, self.crew[who]) as tx:
                latest = await payouts_of(tx, self.crew[who].id, 1)
                return bool(latest) and await cancel(tx, self.crew[who].id, latest[0].id) is not None

        taken = self.now(back())
        assert taken or not self.requested[who]
        self.available[who] += self.requested.pop(who, 0)

    @rule(arrives=st.booleans())
    def send(self, *, arrives: bool) -> None:
        """All that was asked for is approved and sent, and the provider's answer comes twice."""
        self.files += 1
        self.now(self._send(arrives=arrives))
        for who, amount in self.requested.items():
            (self.paid if arrives else self.available)[who] += amount
        self.requested.clear()

    async def _send(self, *, arrives: bool) -> None:
        async with self.database.transaction() as tx:
            asked = [each.id for each in await waiting(tx)]
            assert len(asked) == len(self.requested)
            await approve(tx, asked, by="test", four_eyes={"USD": 2**62})
        async with self.database.transaction() as tx:
            key = f"{self.batch.id}/{self.files}"
            file = await make_file(tx, VAULT, Payer(), MANUAL.name, "USD", key=key, by="test")
        assert (file is None) == (not asked)
        for _ in range(2 if file is not None else 0):
            assert file is not None
            async with self.database.transaction() as tx:
                said = [Outcome(each, paid=arrives, reference="", reason="" if arrives else "no") for each in asked]
                await take_results(tx, file.id, Results(tuple(said)), by="test")

    @rule(who=whose)
    def void(self, who: int) -> None:
        """Earned money is taken back, while it is on hold."""
        for lease_id in list(self.held[who])[:1]:
            self.now(self._void(who, lease_id))
            amount = self.held[who].pop(lease_id)
            self.voided[who] += amount
            self.answered[who] -= 1
            self.out[who] += 1
            self.extra[who] += self.price - amount

    async def _void(self, who: int, lease_id: int) -> None:
        async with self.database.transaction() as tx:
            worker, ground = self.crew[who], Ground.FINDING
            await void(tx, worker.id, self.batch.id, answer_id=lease_id, reason="a test", ground=ground, by="one")

    @rule(who=whose)
    def send_back(self, who: int) -> None:
        """What is on hold goes back to be mended, once: nothing moves."""
        for lease_id in list(self.held[who])[:1]:
            with suppress(RedoError):  # it was before, or is a gold
                self.now(self._send_back(self.crew[who], lease_id))

    async def _send_back(self, worker: Worker, answer_id: int) -> None:
        async with self.database.transaction() as tx:
            await send_back(tx, worker.id, answer_id, reason="a test", by="one")

    @rule(who=whose, said=st.integers(0, 2) | st.just(DontKnow.DONT_KNOW), mends=st.booleans())
    def mend(self, who: int, said: int | DontKnow, *, mends: bool) -> None:
        """What went back is mended, or left: nobody is paid for it."""
        query = "SELECT id FROM lease WHERE worker_id = $1 AND redo_of IS NOT NULL ORDER BY id LIMIT 1"
        lease_id = self.now(self.batch.value(query, self.crew[who].id))
        if lease_id is not None:
            self.now(self._mend(self.crew[who], lease_id, said if mends else None))

    async def _mend(self, worker: Worker, lease_id: int, said: int | DontKnow | None) -> None:
        async with working(self.database, worker) as tx:
            if said is None:
                assert await leave(tx, worker.id, lease_id)
                return
            assert await taking.take(tx, worker.id, lease_id) is None
        self.clock.advance(5)
        assert isinstance(await self.batch.say(worker, lease_id, said), Fixed)

    @rule(who=whose, granted=st.booleans())
    def appeal(self, who: int, *, granted: bool) -> None:
        """Against all that was taken back; what is turned down goes back to the batch in time."""
        self.now(self._appeal(self.crew[who], granted=granted))
        amount, answers = self.voided.pop(who, 0), self.out.pop(who, 0)
        (self.available if granted else self.turned_down)[who] += amount
        if granted:
            self.answered[who] += answers
            self.extra[who] += amount - answers * self.price

    async def _appeal(self, worker: Worker, *, granted: bool) -> None:
        async with working(self.database, worker) as tx:
            for each in await voidings_of(tx, worker.id):
                if each.outcome is None and (entry := await filing.begin(tx, worker.id, each.id)) is not None:
                    await filing.file(tx, worker.id, entry.mark)
                    await decide(tx, each.id, grant=granted, reason="a test", by="another")

    @rule()
    def time_to_appeal_is_over(self) -> None:
        self.clock.advance(TO_FILE.total_seconds())
        self.now(settle_voidings(self.database))
        if self.closed:
            self.given_back += self.voided.total() + self.turned_down.total()
        self.voided.clear()
        self.out.clear()
        self.turned_down.clear()

    @precondition(lambda self: not self.closed)
    @rule(amount=st.integers(1, 10**9))
    def top_up(self, amount: int) -> None:
        self.topped_up += 1
        self.put_in += amount
        self.now(self._top_up(amount))

    async def _top_up(self, amount: int) -> None:
        async with self.database.transaction() as tx:
            for _ in range(2):
                await add_money(tx, self.batch.id, amount, key=str(self.topped_up), fee_ppm=0, by="test")

    @precondition(lambda self: not self.closed)
    @rule(times=st.sampled_from([1.5, 2, 3]))
    def raise_the_price(self, times: float) -> None:
        """Who answered before is paid the difference; where there is no money for it, nothing happens."""
        before = self.price
        price = max(before + 1, round(before * times))
        if isinstance(self.now(self._raise(price)), Raised):
            self.price = price
            for who, answers in self.answered.items():
                owed = answers * (price - before) - self.extra[who]
                if answers:
                    self.available[who] += max(0, owed)
                    self.extra[who] = max(0, -owed)
            self.hands = {who: replace(task, price=price) for who, task in self.hands.items()}

    async def _raise(self, price: int) -> object:
        async with self.database.transaction() as tx:
            return await raise_price(tx, self.batch.id, Reason(price, 60_000, "KE", 1))

    @rule()
    def post_the_same_transfer_again(self) -> None:
        async def again() -> None:
            async with self.database.transaction() as tx:
                await tx.run(
                    "INSERT INTO transfer (reason, ref, debit, credit, amount, at) "
                    "SELECT reason, ref, debit, credit, 1, at FROM transfer ORDER BY id DESC LIMIT 1"
                )

        try:
            self.now(again())
        except (asyncpg.UniqueViolationError, asyncpg.CheckViolationError):
            return
        raise AssertionError("a transfer was repeated")

    @rule(who=whose, amount=st.integers(1, 3_000_000), again=st.booleans())
    def pay_a_bonus(self, who: int, amount: int, again: bool) -> None:
        key = secrets.token_hex(8)
        for first in [True, False][: 1 + again]:
            assert self.now(self._bonus(self.crew[who], amount, key)) == first
        self.available[who] += amount
        self.bonuses += amount

    async def _bonus(self, worker: Worker, amount: int, key: str) -> bool:
        async with self.database.transaction() as tx:
            await put_in(tx, amount, "USD", key=key, by="test")
            return await pay_bonus(tx, worker.id, amount, "USD", "a test", key=key, by="test")

    @precondition(lambda self: not self.closed)
    @rule()
    def close(self) -> None:
        async def closing() -> None:
            async with self.database.transaction() as tx:
                await set_state(tx, self.batch.id, State.CLOSED, actor="test")

        self.now(closing())
        for who, amount in enumerate(self.now(self._on_top())):
            assert amount <= max(0, -self.extra[who]), "only what was owed, as far as there was money"
            self.available[who] += amount
        self.closed = True
        self.hands.clear()
        assert self.escrow() == 0

    async def _on_top(self) -> list[int]:
        """What each was paid on top, but for raises."""
        query = "SELECT coalesce(sum(amount), 0)::bigint FROM top_up WHERE worker_id = $1 AND raise_id IS NULL"
        async with self.database.reading() as tx:
            return [int(await tx.value(query, worker.id)) for worker in self.crew]

    @invariant()
    def the_books_are_in_order(self) -> None:
        self.now(check_books(self.database))

    @invariant()
    def everybody_has_what_is_theirs(self) -> None:
        self.now(self._wallets())

    async def _wallets(self) -> None:
        total = 0
        async with self.database.reading() as tx:
            for who, worker in enumerate(self.crew):
                wallets = (await earnings(tx, worker.id)).wallets
                wallet = wallets[0] if wallets else Wallet("USD", 0, 0, 0, 0)
                has = (wallet.held, wallet.available, wallet.requested, wallet.paid)
                assert wallet.voided == self.voided[who]
                assert has == (
                    self.held[who].total(), self.available[who], self.requested[who], self.paid[who],
                )  # fmt: skip
                total += sum(has)
            total += self.voided.total() + self.turned_down.total()
            card = await batch_card(tx, self.batch.id)
            assert card is not None
            total -= self.bonuses
            assert card.spent == total
            assert card.funded == self.put_in
            fee = await tx.value("SELECT amount FROM transfer WHERE reason = 'fee' AND ref = $1", self.batch.id) or 0
            back = await tx.value(
                "SELECT coalesce(sum(t.amount), 0) FROM transfer t JOIN account a ON a.id = t.debit "
                "WHERE reason = 'refund' AND a.owner = $1",
                self.batch.id,
            )
            escrow = await tx.value(
                "SELECT sum(balance)::bigint FROM account WHERE kind = 'escrow' AND owner = $1", self.batch.id
            )
            assert self.put_in == total + escrow + fee + back + self.given_back


def test_money_is_conserved_whatever_happens(dsn: str, tmp_path: Path) -> None:
    loop = asyncio.new_event_loop()
    clock = Clock()

    async def opened() -> Any:
        context = connected(as_app(dsn), name="machine", clock=clock.now, connections=2)
        return context, await context.__aenter__()

    context, Money.database = loop.run_until_complete(opened())
    Money.loop, Money.clock, Money.folder = loop, clock, tmp_path
    try:
        run_state_machine_as_test(
            Money,
            settings=settings(
                max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
    finally:
        loop.run_until_complete(context.__aexit__(None, None, None))
        loop.close()
