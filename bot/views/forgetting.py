"""Screens of /forget: what goes and what stays, what is lost, and that it is done."""

from datetime import datetime

from bot.i18n.tongue import Html, Tongue
from bot.screens import Button, Screen
from bot.views.payout import money
from crowd.workers.forgetting import Leaving


def forget_screen(voice: Tongue, found: Leaving) -> Screen:
    """What it means; nothing is done yet."""
    lines = [
        "🗑 <b>" + voice.say("Erase me") + "</b>",
        "",
        voice.say("Gone for ever:"),
        "• " + voice.say("who you are in Telegram, your language, country and time zone"),
        "• " + voice.say("your languages, skills and practice"),
        "• " + voice.say("where your money was to go, and all that waits to be sent to you"),
        "",
        voice.say("What stays, without you:"),
        "• " + voice.say("your answers, voices and pictures too: requesters have paid for them"),
        "• " + voice.say("amounts in our books; what was sent to a bank or provider is in their records too"),
        "",
        voice.say("It cannot be undone. You may join again later, as somebody new."),
        *_lost(voice, found),
    ]
    if found.under_way:
        why = voice.say("A payout is under way. Once it has arrived or come back, you can erase yourself.")
        return Screen("\n".join([*lines, "", "⏳ " + why]), (_payout(voice), _away(voice)))
    rows = [_payout(voice)] if found.money else []
    return Screen("\n".join(lines), (*rows, (Button("🗑 " + voice.say("Erase me…"), "fc"),), _away(voice)))


def confirm_screen(voice: Tongue, found: Leaving, now: datetime, *, above: str = "") -> Screen:
    """The last question. Its button names what is lost, and is good for a short time only."""
    lines = [above, ""] if above else []
    lines += ["⚠️ <b>" + voice.say("Erase you for ever?") + "</b>", *_lost(voice, found)]
    yes = Button("🗑 " + voice.say("Yes, erase me"), f"fy:{found.mark}:{int(now.timestamp())}")
    return Screen("\n".join(lines), (_away(voice), (yes,)))


def gone_screen(voice: Tongue) -> Screen:
    """It is done, said in the language that was theirs."""
    lines = [
        "✅ <b>" + voice.say("You are erased.") + "</b>",
        "",
        voice.say("What stands in this chat is on your phone and with Telegram: delete the chat there."),
        voice.say("Thank you for your work. /start begins anew, as somebody whom we do not know."),
    ]
    return Screen("\n".join(lines))


def _lost(voice: Tongue, found: Leaving) -> list[str]:
    """The money that nobody could claim any more; HTML."""
    return _lost_for_sure(voice, found) + _lost_perhaps(voice, found)


def _lost_perhaps(voice: Tongue, found: Leaving) -> list[str]:
    if not found.voided:
        return []
    amounts = Html(" + ".join(money(voice, amount, currency) for currency, amount in found.voided))
    lost = voice.say("{amounts} was taken back and might still be yours again. Not any more, then.", amounts=amounts)
    return ["", "⚖️ " + lost]


def _lost_for_sure(voice: Tongue, found: Leaving) -> list[str]:
    if not found.money:
        return []
    amounts = Html(" + ".join(money(voice, each.held + each.available, each.currency) for each in found.money))
    lost = voice.say("You would lose {amounts}. Nobody can pay it to you afterwards: it falls to whoever runs Kazi.",
                     amounts=amounts)  # fmt: skip
    lines = ["", "💰 " + lost]
    if any(each.available for each in found.money):
        lines.append(voice.say("To have it, ask for a payout first: /payout"))
    if any(each.held for each in found.money):
        lines.append(voice.say("What is on hold can be paid out when its hold ends: /earnings shows when."))
    return lines


def _payout(voice: Tongue) -> tuple[Button, ...]:
    return (Button("💸 " + voice.say("Payout"), "out"), Button("💰 " + voice.say("Earnings"), "e"))


def _away(voice: Tongue) -> tuple[Button, ...]:
    return (Button("‹ " + voice.say("No, go back"), "work"),)
