"""The screen of what a worker has earned."""

import math

from bot.i18n.tongue import Html, Tongue
from bot.screens import LONGEST_TEXT, Button, Screen, length_of, rows_of
from bot.tasks import item_in_words, said_in_words
from bot.tasks.base import of_lease, shortened
from bot.views.work import titled
from crowd.money.earnings import Checks, Earnings, Given, Line, OnTop

_LONGEST_REASON = 80
"""The notice said it in full."""


def earnings_screen(
    voice: Tongue, earned: Earnings, time_zone: str | None, *, older: bool = False, failed_only: bool = False
) -> Screen:
    """Each wallet, then the tasks behind them, newest first; `older` where it is not the first page.

    `failed_only`: the lines are those of checks that were not answered right, and stand alone.
    """
    head = _failed_head(voice, earned) if failed_only else _head(voice, earned)
    text = _text(voice, earned, time_zone, head)
    if length_of(text) > LONGEST_TEXT:
        text = _text(voice, earned, time_zone, head, longest_why=150)
    verb = "ef" if failed_only else "e"
    turns = [Button("‹ " + voice.say("Newest"), verb)] if older else []
    turns += [Button("⌄ " + voice.say("Older"), f"{verb}:{earned.more}")] if earned.more else []
    ways = [Button("💰 " + voice.say("Earnings"), "e") if failed_only else Button("💸 " + voice.say("Payout"), "out")]
    ways.append(Button("▶️ " + voice.say("Work"), "work"))
    return Screen(text, (*rows_of(turns), tuple(ways)))


def _text(
    voice: Tongue, earned: Earnings, time_zone: str | None, head: list[str], *, longest_why: int = LONGEST_TEXT
) -> str:
    return "\n".join(
        [*head, *("\n" + line_text(voice, line, time_zone, longest_why=longest_why) for line in earned.lines)]
    )


def _failed_head(voice: Tongue, earned: Earnings) -> list[str]:
    lines = ["✗ <b>" + voice.say("Checks you answered differently") + "</b>"]
    return (
        lines
        if earned.lines
        else [*lines, "", voice.say("There are none. Answers that differ from those of others count too.")]
    )


def _head(voice: Tongue, earned: Earnings) -> list[str]:
    lines = ["💰 <b>" + voice.say("Your earnings") + "</b>", ""]
    if not earned.wallets:
        lines.append(voice.say("Nothing yet. Each answer you give is shown here, with what it earned."))
    for number, wallet in enumerate(earned.wallets):
        lines += [""] if number else []
        for word, amount in (
            (voice.say("On hold"), wallet.held),
            (voice.say("Available"), wallet.available),
            *([(voice.say("On its way"), wallet.requested)] if wallet.requested else []),
            (voice.say("Paid out"), wallet.paid),
        ):
            bold = Html(f"<b>{voice.foreign(voice.money(amount, wallet.currency))}</b>")
            lines.append(voice.say("{word}: {amount}", word=Html(word), amount=bold))
    on_top = [_on_top(voice, each) for each in earned.on_top] + [_bonus(voice, each) for each in earned.bonuses]
    if on_top:
        lines += ["", *("➕ " + each for each in on_top)]
    if earned.checks is not None:
        lines += ["", "🎯 " + _checks(voice, earned.checks)]
    return lines


def _on_top(voice: Tongue, each: OnTop) -> str:
    return voice.say(
        "{amount} on top for “{title}”, {day}",
        amount=Html(f"<b>{voice.foreign(voice.money(each.amount, each.currency))}</b>"),
        title=titled(voice, each.title, each.name),
        day=voice.day(each.at.date()),
    )


def _bonus(voice: Tongue, each: Given) -> str:
    amount = Html(f"<b>{voice.foreign(voice.money(each.amount, each.currency))}</b>")
    day = voice.day(each.at.date())
    if each.reason is None:
        return voice.say("{amount} for somebody you invited, {day}", amount=amount, day=day)
    return voice.say(
        "{amount} bonus, {day}: “{reason}”",
        amount=amount,
        day=day,
        reason=shortened(voice, each.reason, _LONGEST_REASON),
    )


def _checks(voice: Tongue, checks: Checks) -> str:
    right, golds = voice.number(math.floor(checks.right)), voice.number(checks.golds)
    return voice.say(
        "Your checks of {day}: {right} of {golds} right. Those of today follow tomorrow.",
        day=voice.day(checks.day), right=right, golds=golds,
    )  # fmt: skip


def line_text(voice: Tongue, line: Line, time_zone: str | None, *, longest_why: int = LONGEST_TEXT) -> str:
    """One answer: the item, what was said, what it earned, until when it is held, and what a check showed."""
    said = said_in_words(line.spec, line.payload, line.said, voice.locale, of_lease(line.answer_id))
    amount = voice.foreign(voice.money(line.earned, line.spec.currency))
    item = item_in_words(line.spec, line.payload, voice.locale)
    text = f"{voice.line}• {item}\n{voice.line}  {voice.arrow} {said} · <b>{amount}</b>"
    if line.held_until is not None:
        when = voice.moment(line.held_until, time_zone)
        text += " · " + voice.say("on hold until {when}", when=when)
    if line.verdict is not None:
        text += "\n  " + _verdict(voice, line, longest_why)
    return text


def _verdict(voice: Tongue, line: Line, longest_why: int) -> str:
    if line.verdict == 1:
        return "✓ " + voice.say("A check: right.")
    right = Html(said_in_words(line.spec, line.payload, line.right, voice.locale, of_lease(line.answer_id)))
    text = "✗ " + voice.say("A check. The right answer: {right}", right=right)
    if line.explanation:
        text += f" <i>{shortened(voice, voice.pick(line.explanation, line.spec.language), longest_why)}</i>"
    return text
