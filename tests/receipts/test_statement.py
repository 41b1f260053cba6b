"""A receipt says what the ledger says, to the last micro-unit, and no byte of it can be changed unseen."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crowd.payouts.details import enter
from crowd.payouts.method import Asked, Terms
from crowd.payouts.methods import methods
from crowd.payouts.methods.manual import Manual
from crowd.payouts.requesting import cancel
from crowd.payouts.results import Outcome as Answered
from crowd.payouts.sending import make_file
from crowd.receipts.keys import KeyTextError, KnownKeys, PublicKey, SigningKey, new_key
from crowd.receipts.period import ALL, Period, latest_months, month, period_of
from crowd.receipts.receipt import Verdict, check, receipt
from crowd.receipts.statement import MOST_PAYOUTS, Amounts, AsOf, Money, Moves, Outcome, PaidOut, Statement, statement
from db.database import Database
from tests.crowd.scene import Batch, Worker, people, working
from tests.database import Clock
from tests.payouts.test_paying_out import EARNED, HOUSE, VAULT, approved, asked, earned, results

KEY = SigningKey(new_key())
KNOWN = KnownKeys([KEY.public])
TEXT = "Kazi: a receipt\n\nWho: w_1234 · \u2068٣٫٥ US$\u2069\nያገኙት"


class Pigeon(Manual):
    """Takes its feed."""

    name = "pigeon"

    def terms(self, currency: str) -> Terms:
        return Terms(least=1_000_000, fee=30_000)


async def said(database: Database, worker: Worker, period: Period = ALL) -> Statement:
    async with database.reading() as tx:
        return await statement(tx, worker.id, period)


async def test_a_worker_with_nothing_gets_a_receipt_of_nothing(database: Database) -> None:
    (worker,) = await people(database, 1)
    found = await said(database, worker)
    assert (found.pseudonym, found.answers, found.as_of, found.money) == (worker.pseudonym, 0, None, ())


async def test_it_adds_up_as_worked_by_hand(
    database: Database, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a dollar each: five answers released and paid out less a fee of 0.03, two more that are on hold."""
    monkeypatch.setitem(methods(), "pigeon", Pigeon())
    (worker,) = await people(database, 1)
    await earned(database, clock, tmp_path, [worker])
    async with working(database, worker) as tx:
        await enter(tx, VAULT, worker.id, methods()["pigeon"], {Asked.WORDS: "the loft", Asked.NAME: "Amina"})
    first = await asked(database, worker)
    async with working(database, worker) as tx:
        await cancel(tx, worker.id, first.id)
    payout = await asked(database, worker)
    await approved(database, payout)
    async with database.transaction() as tx:
        file = await make_file(tx, VAULT, HOUSE, "pigeon", "USD", key=f"s{payout.id}", by="test")
    assert file is not None
    await results(database, file.id, Answered(payout.id, paid=True, reference="x", reason=""))
    halfway = clock.now()
    clock.advance(40 * 86_400)
    batch = await Batch.post(database, tmp_path / "more", tasks=2, price="0.50")
    for _ in range(2):
        await batch.accepted(worker, (await batch.given(worker)).lease_id)

    found = await said(database, worker)
    assert found.answers == 7
    assert found.money == (
        Money(
            "USD",
            opening=Amounts(0, 0, 0, 0),
            moves=Moves(
                earned=3_500_000, on_top=0, released=EARNED, asked_for=2 * EARNED, returned=EARNED, paid_out=2_470_000,
                fees=30_000, taken_back=0,
            ),
            closing=Amounts(on_hold=1_000_000, available=0, asked_for=0, paid_out=2_470_000),
        ),
    )  # fmt: skip
    assert [(each.payout, each.amount, each.fee, each.outcome) for each in found.payouts] == [
        (payout.id, EARNED, 30_000, Outcome.PAID), (first.id, EARNED, 0, Outcome.RETURNED),
    ]  # fmt: skip
    assert found.payouts[0].masked == payout.masked
    async with database.reading() as tx:
        last = await tx.value("SELECT max(id) FROM transfer")
    assert found.as_of == AsOf(last, clock.now())

    now = clock.now()
    later = await said(database, worker, month(now.year, now.month))
    assert (later.answers, later.payouts) == (2, ())
    assert later.money == (
        Money(
            "USD",
            opening=Amounts(0, 0, 0, 2_470_000),
            moves=Moves(1_000_000, 0, 0, 0, 0, 0, 0, 0),
            closing=Amounts(1_000_000, 0, 0, 2_470_000),
        ),
    )
    before = await said(database, worker, month(halfway.year, halfway.month))
    assert before.money[0].closing == Amounts(0, 0, 0, 2_470_000)
    assert before.as_of is not None
    assert before.as_of.transfer < last


async def test_what_is_taken_back_is_said_and_nothing_of_others_is_counted(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    worker, other = await people(database, 2)
    await earned(database, clock, tmp_path, [worker, other])
    async with database.transaction() as tx:
        await tx.run(
            """
            INSERT INTO transfer (reason, ref, debit, credit, amount, at)
            SELECT 'correction', a.id, a.id, w.id, 400000, $2
            FROM account a JOIN account w ON w.kind = 'world' AND w.currency = a.currency
            WHERE a.kind = 'available' AND a.owner = $1
            """,
            worker.id, tx.now,
        )  # fmt: skip
    (money,) = (await said(database, worker)).money
    assert (money.moves.earned, money.moves.taken_back) == (EARNED, 400_000)
    assert money.closing == Amounts(0, EARNED - 400_000, 0, 0)
    assert (await said(database, other)).money[0].closing == Amounts(0, EARNED, 0, 0)


# The file


def a_statement(payouts: int = 2) -> Statement:
    at = datetime(2030, 1, 7, 9, 30, tzinfo=UTC)
    listed = tuple(
        PaidOut(10**9 - n, "USD", 9_999_999_990_000, 30_000, "mobile_money", "•••• 5678", at, Outcome.PAID, at)
        for n in range(payouts)
    )
    money = tuple(
        Money(code, Amounts(1, 2, 3, 4), Moves(10**13, 2, 3, 4, 5, 6, 7, 8), Amounts(5, 6, 7, 8))
        for code in ("KES", "USD")
    )
    return Statement("w_0123456789ab", at, None, None, AsOf(12, at), 70_000, money, listed, 4)


FILE = receipt(KEY, a_statement(), TEXT)


@pytest.mark.unit
def test_it_is_genuine_and_says_what_was_said() -> None:
    checked = check(KNOWN, FILE)
    assert checked.verdict is Verdict.GENUINE
    assert checked.key == KEY.public.name
    assert checked.statement == a_statement()
    assert TEXT in FILE.decode()


@pytest.mark.unit
def test_no_byte_can_be_changed_left_out_or_added() -> None:
    luck = random.Random(1)
    for at, byte in enumerate(FILE[:-1]):
        changed = bytearray(FILE)
        changed[at] = byte ^ (1 << luck.randrange(8))
        assert check(KNOWN, bytes(changed)).verdict is not Verdict.GENUINE, at
    for at in range(1, len(FILE) - 1):
        assert check(KNOWN, FILE[:at] + FILE[at + 1 :]).verdict is not Verdict.GENUINE or FILE[at] == FILE[at - 1], at
        assert check(KNOWN, FILE[:at] + b"0" + FILE[at:]).verdict is not Verdict.GENUINE, at


@pytest.mark.unit
def test_a_receipt_within_another_text_and_two_in_one_are_none() -> None:
    for forged in (b"You owe me more\n" + FILE, FILE + FILE, FILE + b"and more", b"", b"\xff\xfe", FILE * 1000):
        assert check(KNOWN, forged).verdict is Verdict.NO_RECEIPT, forged[:40]


@pytest.mark.unit
def test_a_receipt_that_went_through_a_form_is_genuine_still() -> None:
    for pasted in (FILE.replace(b"\n", b"\r\n"), b"\n  " + FILE.strip() + b" \n", b"\xef\xbb\xbf" + FILE):
        assert check(KNOWN, pasted).verdict is Verdict.GENUINE


@pytest.mark.unit
def test_keys_change_and_old_receipts_stay_genuine_while_the_key_is_known() -> None:
    new = SigningKey(new_key())
    assert check(KnownKeys([new.public]), FILE).verdict is Verdict.UNKNOWN_KEY
    both = KnownKeys([new.public, PublicKey(KEY.public.text)])
    assert check(both, FILE).verdict is Verdict.GENUINE
    assert check(both, receipt(new, a_statement(), TEXT)).key == new.public.name
    assert [key.name for key in both] == [new.public.name, KEY.public.name]
    swapped = FILE.replace(KEY.public.name.encode(), new.public.name.encode())
    assert check(both, swapped).verdict is Verdict.NOT_GENUINE
    for wrong in ("", "short", KEY.public.text + "A", "ü" * 44, "!" * 44):
        with pytest.raises(KeyTextError):
            PublicKey(wrong)


@pytest.mark.unit
def test_a_text_cannot_end_the_part_that_is_signed() -> None:
    with pytest.raises(ValueError, match="line of the format"):
        receipt(KEY, a_statement(), "hello\n-----BEGIN KAZI SIGNATURE-----\nhello")


@pytest.mark.unit
def test_the_longest_is_small() -> None:
    assert len(receipt(KEY, replace(a_statement(MOST_PAYOUTS)), "ያ" * 1500)) < 20_000


@pytest.mark.unit
def test_periods_have_codes_and_begin_where_the_one_before_ends() -> None:
    now = datetime(2030, 1, 31, 23, 59, tzinfo=UTC)
    january, december, november = latest_months(now, 3)
    assert [each.code for each in (january, december, november, ALL)] == ["2030-01", "2029-12", "2029-11", "all"]
    assert november.end == december.begin
    assert december.end == january.begin == datetime(2030, 1, 1, tzinfo=UTC)
    assert [period_of(each.code) for each in (december, ALL)] == [december, ALL]
    assert [period_of(code) for code in ("", "2030-13", "2030-1", "1999-01", "2030-01 ", "٢٠٣٠-٠١")] == [None] * 6
