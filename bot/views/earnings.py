"""The screen of what a worker has earned."""

import math
from collections.abc import Mapping, Sequence

from bot.i18n.tongue import Html, Tongue
from bot.screens import LONGEST_TEXT, Button, Rows, Screen, length_of, rows_of
from bot.tasks import item_in_words, said_in_words
from bot.tasks.base import of_lease, shortened
from bot.views.appeal import appeal_button, voided_text
from bot.views.contest import contest_button, contested_line
from bot.views.work import titled
from bot.views.worth import Worths, with_worth, worth_lines
from crowd.appeals.states import GIVEN_BACK, Ground
from crowd.kinds.base import Json
from crowd.money.earnings import Checks, Earnings, Given, Line, OnTop

_LONGEST_REASON = 80
"""The notice said it in full."""

_NONE: Worths = {}


def earnings_screen(
    voice: Tongue,
    earned: Earnings,
    time_zone: str | None,
    *,
    older: bool = False,
    failed_only: bool = False,
    before: int | None = None,
    above: str = "",
    worths: Worths = _NONE,
) -> Screen:
    """Each wallet, then the tasks behind them, newest first; `older` where it is not the first page.

    `failed_only`: the lines are those of checks that were not answered right, and stand alone. `before` is the page, as
    it was asked for.
    """
    head = _failed_head(voice, earned) if failed_only else _head(voice, earned, worths)
    head = [above, "", *head] if above else head
    numbers = numbered(earned.lines)
    text = _text(voice, earned, time_zone, head, numbers)
    if length_of(text) > LONGEST_TEXT:
        text = _text(voice, earned, time_zone, head, numbers, longest_why=100)
    verb = "ef" if failed_only else "e"
    turns = [Button("‹ " + voice.say("Newest"), verb)] if older else []
    turns += [Button("⌄ " + voice.say("Older"), f"{verb}:{earned.more}")] if earned.more else []
    ways = [Button("💰 " + voice.say("Earnings"), "e") if failed_only else Button("💸 " + voice.say("Payout"), "out")]
    ways.append(Button("▶️ " + voice.say("Work"), "work"))
    where = f"{verb}:{before}" if before else verb
    rows = (*_appeals(voice, earned.lines), *contests(voice, earned.lines, where), *rows_of(turns), tuple(ways))
    return Screen(text, rows)


def numbered(lines: Sequence[Line]) -> dict[int, int | None]:
    """The answers of which something can be said, with the numbers by which a page tells them apart.

    That is: that a check is wrong which counts against the worker, or an appeal. All of one voiding have one number.
    """
    found: dict[int, int] = {}
    firsts: dict[int, int] = {}
    for line in lines:
        contested, voiding = _contestable(line), _appealable(line)
        if voiding is not None and not contested and voiding in firsts:
            found[line.answer_id] = firsts[voiding]
        elif contested or voiding is not None:
            found[line.answer_id] = max(found.values(), default=0) + 1
            if voiding is not None:
                firsts.setdefault(voiding, found[line.answer_id])
    several = len(set(found.values())) > 1
    return {answer: number if several else None for answer, number in found.items()}


def contests(voice: Tongue, lines: Sequence[Line], where: str) -> Rows:
    """To say of these that the check is wrong."""
    numbers, wrong = numbered(lines), [line.answer_id for line in lines if _contestable(line)]
    several = len(wrong) > 1
    return rows_of([contest_button(voice, each, where, number=numbers[each] if several else None) for each in wrong])


def _contestable(line: Line) -> bool:
    return line.verdict is not None and line.verdict < 1 and not line.contested


def _appealable(line: Line) -> int | None:
    """The voiding that can be appealed against."""
    return line.voided.id if line.voided is not None and line.voided.appeal_until is not None else None


def _appeals(voice: Tongue, lines: Sequence[Line]) -> Rows:
    """To the appeal against each voiding of which there are lines."""
    numbers, firsts = numbered(lines), dict[int, int | None]()
    for line in lines:
        if (voiding := _appealable(line)) is not None:
            firsts.setdefault(voiding, numbers[line.answer_id])
    several = len(firsts) > 1
    return rows_of([appeal_button(voice, each, number if several else None) for each, number in firsts.items()])


def _text(
    voice: Tongue,
    earned: Earnings,
    time_zone: str | None,
    head: list[str],
    numbers: Mapping[int, int | None],
    *,
    longest_why: int = LONGEST_TEXT,
) -> str:
    lines = [
        line_text(voice, line, time_zone, longest_why=longest_why, number=numbers.get(line.answer_id))
        for line in earned.lines
    ]
    return "\n".join([*head, *("\n" + line for line in lines)])


def _failed_head(voice: Tongue, earned: Earnings) -> list[str]:
    lines = ["✗ <b>" + voice.say("Checks you missed") + "</b>"]
    return (
        lines
        if earned.lines
        else [*lines, "", voice.say("There are none. Answers that differ from those of others count too.")]
    )


def _head(voice: Tongue, earned: Earnings, worths: Worths) -> list[str]:
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
            *([(voice.say("Taken back, can be appealed"), wallet.voided)] if wallet.voided else []),
        ):
            bold = Html(f"<b>{voice.foreign(voice.money(amount, wallet.currency))}</b>")
            shown = with_worth(voice, bold, amount, worths.get(wallet.currency))
            lines.append(voice.say("{word}: {amount}", word=Html(word), amount=shown))
    lines += worth_lines(voice, worths)
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


def line_text(
    voice: Tongue, line: Line, time_zone: str | None, *, longest_why: int = LONGEST_TEXT, number: int | None = None
) -> str:
    """One answer: the item, what was said, what it earned, until when it is held or why not, and what a check showed.

    `number` tells the check from others on the screen.
    """
    said = _in_words(voice, line, line.said)
    item = item_in_words(line.spec, line.payload, voice.locale)
    text = f"{voice.line}• {item}\n{voice.line}  {voice.arrow} {said} · {_amount(voice, line)}"
    if line.held_until is not None:
        when = voice.moment(line.held_until, time_zone)
        text += " · " + voice.say("on hold until {when}", when=when)
    if line.voided is not None:
        text += "\n  " + voided_text(voice, line.voided, time_zone, longest=longest_why, number=number)
    if line.verdict is not None:
        text += "\n  " + _verdict(voice, line, longest_why, number)
    return text


def _amount(voice: Tongue, line: Line) -> str:
    """What an answer earned; struck out what was taken back of it, before what is left."""
    amount = voice.foreign(voice.money(line.earned, line.spec.currency))
    if line.voided is None or line.voided.outcome in GIVEN_BACK:
        return f"<b>{amount}</b>"
    left = line.earned - line.voided.amount if line.voided.ground is Ground.GRADED else 0
    return f"<s>{amount}</s>" + (f" <b>{voice.foreign(voice.money(left, line.spec.currency))}</b>" if left else "")


def _in_words(voice: Tongue, line: Line, value: Json) -> Html:
    """An answer to the task of a line."""
    return Html(said_in_words(line.spec, line.payload, value, voice.locale, of_lease(line.answer_id)))


def _verdict(voice: Tongue, line: Line, longest_why: int, number: int | None) -> str:
    if line.verdict == 1:
        return "✓ " + voice.say("A check: right.")
    right = _in_words(voice, line, line.right)
    mark = "✗" if number is None else f"✗ {voice.number(number)}."
    text = f"{mark} " + voice.say("A check. The right answer: {right}", right=right)
    if line.explanation:
        text += f" <i>{shortened(voice, voice.pick(line.explanation, line.spec.language), longest_why)}</i>"
    return f"{text}\n  {contested_line(voice)}" if line.contested else text
