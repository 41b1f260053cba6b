"""The screen by which workers invite others."""

from bot.i18n.tongue import Html, Tongue
from bot.screens import Button, Screen
from bot.views.payout import money
from crowd.referrals.inviting import Invites
from crowd.referrals.terms import ReferralTerms


def invite_screen(voice: Tongue, found: Invites, link: str | None) -> Screen:
    """The link, what it pays and for what, and how many came; `link` is None while it is not known yet."""
    parts = ["🤝 <b>" + voice.say("Invite somebody") + "</b>", _pays(voice, found.terms)]
    if link is None:
        parts.append("⏳ " + voice.say("Your link is being made. Please try again in a minute."))
    else:
        line = voice.say("Your link. Tap it to copy, and send it to whom you like:")
        parts.append(f"🔗 {line}\n{voice.line}<code>{voice.foreign(link)}</code>")
    if found.came:
        parts.append("\n".join(_stand(voice, found)))
    again = [Button("🔄 " + voice.say("Try again"), "inv")] if link is None else []
    return Screen("\n\n".join(parts), ((*again, Button("▶️ " + voice.say("Work"), "work")),))


def _pays(voice: Tongue, terms: ReferralTerms | None) -> str:
    if terms is None:
        return voice.say("There is no reward for it now. Whoever comes by your link is welcome all the same.")
    amount = Html(f"<b>{money(voice, terms.per_invited, terms.currency)}</b>")
    what = voice.count(
        "You get {amount} once a person whom you invited has given {number} good answer.",
        "You get {amount} once a person whom you invited has given {number} good answers.",
        terms.good_answers, amount=amount,
    )  # fmt: skip
    rules = voice.say(
        "It is for people who are new here, and who are paid to an account of their own. "
        "Answers are good when their hold is over and their checks are mostly right."
    )
    return f"{what}\n{rules}"


def _stand(voice: Tongue, found: Invites) -> list[str]:
    rows = [(voice.say("Came by your link"), found.came), (voice.say("On the way"), found.under_way)]
    rows += [(voice.say("Earned, not paid yet"), found.earned)] if found.earned else []
    rows += [(voice.say("Paid for"), found.paid)] if found.paid or found.terms else []
    lines = [_line(voice, word, voice.number(number)) for word, number in rows]
    lines += [_line(voice, voice.say("You got"), money(voice, micros, currency)) for currency, micros in found.sums]
    return lines


def _line(voice: Tongue, word: str, figure: str) -> str:
    return voice.say("{word}: {amount}", word=Html(word), amount=Html(f"<b>{figure}</b>"))
