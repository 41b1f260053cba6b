"""The screen of what a worker has earned."""

from bot.i18n.tongue import Html, Tongue
from bot.screens import LONGEST_TEXT, Button, Screen, length_of
from bot.tasks import item_in_words, said_in_words
from bot.tasks.base import shortened
from crowd.earnings import Earnings, Line


def earnings_screen(voice: Tongue, earned: Earnings, time_zone: str | None) -> Screen:
    """Each wallet, then the tasks behind them, newest first."""
    screen = _page(voice, earned, time_zone)
    return screen if length_of(screen.text) <= LONGEST_TEXT else _page(voice, earned, time_zone, longest_why=150)


def _page(voice: Tongue, earned: Earnings, time_zone: str | None, *, longest_why: int = LONGEST_TEXT) -> Screen:
    lines = ["💰 <b>" + voice.say("Your earnings") + "</b>"]
    if not earned.wallets:
        lines.append(voice.say("Nothing yet. Each answer you give is shown here, with what it earned."))
    for wallet in earned.wallets:
        for word, amount in (
            (voice.say("On hold"), wallet.held),
            (voice.say("Available"), wallet.available),
            (voice.say("Paid out"), wallet.paid),
        ):
            lines.append(f"{word}: <b>{voice.foreign(voice.money(amount, wallet.currency))}</b>")
    lines.extend("\n" + line_text(voice, line, time_zone, longest_why=longest_why) for line in earned.lines)
    rows = [(Button("⌄ " + voice.say("Older"), f"e:{earned.more}"),)] if earned.more else []
    return Screen("\n".join(lines), (*rows, (Button("▶️ " + voice.say("Work"), "work"),)))


def line_text(voice: Tongue, line: Line, time_zone: str | None, *, longest_why: int = LONGEST_TEXT) -> str:
    """One answer: the item, what was said, what it earned, until when it is held, and what a check showed."""
    said = said_in_words(line.spec, line.said, voice.locale)
    amount = voice.foreign(voice.money(line.earned, line.spec.currency))
    text = f"• {item_in_words(line.spec, line.payload, voice.locale)}\n  → {said} · <b>{amount}</b>"
    if line.held_until is not None:
        when = voice.moment(line.held_until, time_zone)
        text += " · " + voice.say("on hold until {when}", when=when)
    if line.verdict is not None:
        text += "\n  " + _verdict(voice, line, longest_why)
    return text


def _verdict(voice: Tongue, line: Line, longest_why: int) -> str:
    if line.verdict == 1:
        return "✓ " + voice.say("A check: right.")
    right = Html(said_in_words(line.spec, line.right, voice.locale))
    text = "✗ " + voice.say("A check. The right answer: {right}", right=right)
    if line.explanation:
        text += f" <i>{shortened(voice, voice.pick(line.explanation, line.spec.language), longest_why)}</i>"
    return text
