"""Receipts: which are to be had, and what one says, as a plain text that is signed."""

import html
import re
from datetime import UTC, datetime

from bot.i18n.tongue import Html, Tongue
from bot.screens import Button, Document, Screen
from bot.views.payout import money, where
from crowd.receipts.desk import ReceiptDesk
from crowd.receipts.period import ALL, Period
from crowd.receipts.receipt import receipt
from crowd.receipts.statement import Amounts, Money, Outcome, PaidOut, Statement

_TAG = re.compile(r"<[^>]+>")


def periods_screen(voice: Tongue, months: list[Period]) -> Screen:
    """What a receipt is, and of which time one is wanted."""
    lines = [
        "🧾 <b>" + voice.say("Receipt") + "</b>",
        "",
        voice.say("A receipt is a small file that says what you earned here and what was paid out to you."),
        voice.say("You can show it to a bank or a landlord. It is signed: they can check that nobody changed it."),
        voice.say("Your name and phone number are not in it."),
        "",
        voice.say("For which time?"),
    ]
    buttons = [(Button(_period(voice, each), f"rc:{each.code}"),) for each in [*months, ALL]]
    back = Button("💰 " + voice.say("Earnings"), "e")
    return Screen("\n".join(lines), (*buttons, (back, Button("▶️ " + voice.say("Work"), "work"))))


def receipt_screen(voice: Tongue, desk: ReceiptDesk, said: Statement, period: Period) -> Screen:
    """The file itself, with a few words below it."""
    file = receipt(desk.key, said, receipt_text(voice, said, period, desk.page))
    name = f"kazi-receipt-{period.code}-{said.issued_at:%Y%m%d}.txt"
    text = "🧾 " + voice.say("Your receipt: {period}", period=Html(_period(voice, period)))
    text += "\n" + voice.say("Pass it on as a file. Whoever changes a letter of it makes it worthless.")
    return Screen(text, document=Document(file, name, "text/plain"))


def receipt_text(voice: Tongue, said: Statement, period: Period, page: str | None) -> str:
    """What a receipt says, in words; plain text."""
    lines = [
        voice.say("Kazi: receipt of what was earned and paid out"),
        "",
        voice.say("Who: {pseudonym}", pseudonym=said.pseudonym),
        voice.say("Time: {period}", period=Html(_period(voice, period))),
        voice.say("Made on: {moment}", moment=_moment(voice, said.issued_at)),
        voice.say("Answers that were paid: {number}", number=said.answers),
    ]
    for each in said.money:
        lines += ["", *_currency(voice, each)]
    if not said.money:
        lines += ["", voice.say("Nothing was earned yet.")]
    if said.payouts:
        lines += ["", voice.say("Payouts"), *(_payout(voice, each) for each in said.payouts)]
    if said.payouts_left_out:
        lines.append(voice.count("… and {number} older one", "… and {number} older ones", said.payouts_left_out))
    lines += ["", voice.say("Dates and times are UTC."), *_how_to_check(voice, page)]
    return html.unescape(_TAG.sub("", "\n".join(lines)))


def _how_to_check(voice: Tongue, page: str | None) -> list[str]:
    last = voice.say("Below is the same for machines, and a signature of the whole text above it.")
    if page is None:
        return [voice.say("To check that it is genuine, ask whoever runs this Kazi."), last]
    return [voice.say("To check that it is genuine, hand this file in here: {page}", page=page), last]


def _currency(voice: Tongue, said: Money) -> list[str]:
    moves = said.moves
    lines = [voice.line + said.currency]
    if said.opening != Amounts(0, 0, 0, 0):
        lines.append(voice.say("Before: {amounts}", amounts=_balances(voice, said.opening, said.currency)))
    for word, amount in (
        (voice.say("Earned"), moves.earned),
        (voice.say("Paid on top"), moves.on_top),
        (voice.say("Released, so no longer on hold"), moves.released),
        (voice.say("Asked for in payouts"), moves.asked_for),
        (voice.say("Came back from payouts"), moves.returned),
        (voice.say("Paid out"), moves.paid_out),
        (voice.say("Fees of payouts"), moves.fees),
        (voice.say("Taken back"), moves.taken_back),
    ):
        if amount:
            value = money(voice, amount, said.currency)
            lines.append(f"{voice.line}  " + voice.say("{word}: {amount}", word=Html(word), amount=value))
    lines.append(voice.say("After: {amounts}", amounts=_balances(voice, said.closing, said.currency)))
    return lines


def _balances(voice: Tongue, said: Amounts, currency: str) -> Html:
    named = (
        (voice.say("on hold"), said.on_hold),
        (voice.say("available"), said.available),
        (voice.say("in payouts under way"), said.asked_for),
        (voice.say("paid out so far"), said.paid_out),
    )
    return Html(" · ".join(f"{word} {money(voice, amount, currency)}" for word, amount in named))


def _payout(voice: Tongue, said: PaidOut) -> str:
    outcome = {
        Outcome.PAID: voice.say("paid"),
        Outcome.RETURNED: voice.say("came back"),
        Outcome.UNDER_WAY: voice.say("under way"),
    }[said.outcome]
    arrives = money(voice, said.amount - said.fee, said.currency)
    when = _moment(voice, said.ended_at or said.asked_at)
    goes = where(voice, said.method, said.masked)
    return f"{voice.line}  KAZI-{said.payout} · {arrives} {voice.arrow} {goes} · {outcome} · {when}"


def _period(voice: Tongue, period: Period) -> str:
    return voice.say("All so far") if period.begin is None else voice.month(period.begin.date())


def _moment(voice: Tongue, when: datetime) -> Html:
    """With the month in words: strangers read it, who write dates another way round."""
    there = when.astimezone(UTC)
    return voice.foreign(f"{voice.day(there.date())}, {voice.time(there)}")
