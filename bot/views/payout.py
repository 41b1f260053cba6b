"""The screen of payouts: what is available, where it goes, what is under way, and what stands in the way."""

from bot.i18n.tongue import Html, Tongue
from bot.screens import Button, Rows, Screen
from bot.tasks.base import shortened
from bot.views.worth import with_worth, worth_lines
from crowd.money.rates import Worth
from crowd.payouts.details import Details
from crowd.payouts.methods import methods
from crowd.payouts.overview import Overview
from crowd.payouts.requesting import Hindrance, Payout, Prospect, least
from crowd.payouts.states import PayoutState

_LONGEST_REASON = 300


def payout_screen(voice: Tongue, found: Overview, time_zone: str | None, *, above: str = "") -> Screen:
    """Each currency, where the money goes, and the payouts there were."""
    parts = [above] if above else []
    parts.append("💸 <b>" + voice.say("Payout") + "</b>")
    parts += [_prospect(voice, each, found.worths.get(each.currency)) for each in found.prospects]
    if not found.prospects:
        parts.append(voice.say("Nothing can be paid out yet. Money that you earn is on hold first, and then here."))
    parts += worth_lines(voice, found.worths)
    parts.append(_destination(voice, found, time_zone))
    if found.under_way:
        parts.append(_payouts(voice, voice.say("Under way"), found.under_way, time_zone))
    if found.ended:
        parts.append(_payouts(voice, voice.say("The last ones"), found.ended, time_zone))
    return Screen("\n\n".join(parts), _rows(voice, found))


def _rows(voice: Tongue, found: Overview) -> Rows:
    asks = [
        (Button("💸 " + voice.say("Ask for {amount}", amount=money(voice, each.amount, each.currency)),
                f"oa:{each.currency}"),)
        for each in found.prospects if each.hindrance is None
    ]  # fmt: skip
    backs = [
        (Button("↩️ " + voice.say("Take it back: {amount}", amount=money(voice, each.amount, each.currency)),
                f"ot:{each.id}"),)
        for each in found.under_way if each.state is PayoutState.REQUESTED
    ]  # fmt: skip
    change = voice.say("Change where it goes") if found.details else voice.say("Set up where it goes")
    ways = (Button("💰 " + voice.say("Earnings"), "e"), Button("▶️ " + voice.say("Work"), "work"))
    return (*asks, *backs, (Button("📍 " + change, "od"),), ways)


def _prospect(voice: Tongue, found: Prospect, worth: Worth | None) -> str:
    lines = [_amount(voice, voice.say("Available"), found.available, found.currency, worth)]
    if found.terms is not None:
        if found.hindrance in {None, Hindrance.FROZEN}:
            lines.append(_amount(voice, voice.say("To be paid out"), found.amount, found.currency, worth))
            lines += _left_over(voice, found)
        lines += _fee(voice, found.terms.fee, found.currency)
        lines.append(_amount(voice, voice.say("Smallest payout"), least(found.terms, found.currency), found.currency))
    if (why := _hindrance(voice, found)) is not None:
        lines.append("⏳ " + why)
    return "\n".join(lines)


def _hindrance(voice: Tongue, found: Prospect) -> str | None:
    """What stands in the way of one currency, and what to do about it; HTML. What holds for all is said once, below."""
    if found.hindrance is Hindrance.TOO_LITTLE:
        return voice.say(
            "It is too little to be sent. Once {amount} more is available, you can ask for it.",
            amount=money(voice, found.missing, found.currency),
        )
    if found.hindrance is Hindrance.UNDER_WAY:
        return voice.say("A payout is under way. Once it has arrived or come back, you can ask for the next.")
    if found.hindrance is Hindrance.NOT_SERVED:
        return voice.say(
            "The way you chose does not pay this currency in your country. Choose another way with the button below."
        )
    return None


def _destination(voice: Tongue, found: Overview, time_zone: str | None) -> str:
    """Where the money goes, and what about that stands in the way; HTML."""
    if found.details is None:
        return "📍 " + voice.say(
            "Before you can ask for a payout, say where your money is to go: tap the button below."
        )  # fmt: skip
    text = "📍 " + goes_to(voice, found.details)
    if found.rests_until is not None:
        text += "\n⏳ " + voice.say(
            "It was changed, so payouts rest until {when}. This protects you if it was somebody else.",
            when=voice.moment(found.rests_until, time_zone),
        )
    return text


def goes_to(voice: Tongue, details: Details) -> str:
    """Where the money goes; HTML."""
    return voice.say("Your money goes to: {where}", where=where(voice, details.method, details.masked))


def _payouts(voice: Tongue, head: str, payouts: tuple[Payout, ...], time_zone: str | None) -> str:
    return "\n".join([f"<b>{head}</b>", *(_payout(voice, each, time_zone) for each in payouts)])


def _payout(voice: Tongue, payout: Payout, time_zone: str | None) -> str:
    amount = money(voice, payout.amount - payout.fee, payout.currency)
    when = voice.foreign(voice.moment(payout.ended_at or payout.requested_at, time_zone))
    text = f"{voice.line}• <b>{amount}</b> {voice.arrow} {where(voice, payout.method, payout.masked)}\n"
    text += f"{voice.line}  {state_words(voice, payout.state)} · {when}"
    return text + (f"\n  {reason_line(voice, payout.reason)}" if payout.reason else "")


def state_words(voice: Tongue, state: PayoutState) -> str:
    """Where a payout stands, in words."""
    return {
        PayoutState.REQUESTED: "⏳ " + voice.say("asked for; somebody will look at it"),
        PayoutState.APPROVED: "👍 " + voice.say("looked at; it is sent next"),
        PayoutState.SENT: "📤 " + voice.say("sent; it arrives soon"),
        PayoutState.PAID: "✅ " + voice.say("paid"),
        PayoutState.FAILED: "⚠️ " + voice.say("could not be paid; the money is available again"),
        PayoutState.REFUSED: "✕ " + voice.say("not sent; the money is available again"),
        PayoutState.CANCELLED: "↩️ " + voice.say("taken back"),
    }[state]


def reason_line(voice: Tongue, reason: str) -> str:
    """Why a payout did not arrive, as staff or the provider said it; HTML."""
    return voice.say("The reason: “{reason}”", reason=shortened(voice, reason, _LONGEST_REASON))


def ask_screen(voice: Tongue, prospect: Prospect, details: Details) -> Screen:
    """What is about to be asked for. The button names all of it, so that nothing else is asked for by it."""
    assert prospect.terms is not None
    currency, fee = prospect.currency, prospect.terms.fee
    lines = [
        "💸 <b>" + voice.say("Is that right?") + "</b>",
        "",
        _amount(voice, voice.say("Taken from your money"), prospect.amount, currency),
        *_fee(voice, fee, currency),
        _amount(voice, voice.say("Arrives"), prospect.amount - fee, currency),
        *_left_over(voice, prospect),
        "",
        "📍 " + goes_to(voice, details),
    ]
    yes = Button("✅ " + voice.say("Yes, pay it out"), f"oy:{currency}:{prospect.amount}:{details.id}")
    return Screen("\n".join(lines), ((yes,), (Button("‹ " + voice.say("Back"), "out"),)))


def asked_line(voice: Tongue, payout: Payout) -> str:
    """What was asked for just now; HTML."""
    return "✅ " + voice.say(
        "You asked for {amount}. Somebody looks at it, and you are told of each step.",
        amount=money(voice, payout.amount, payout.currency),
    )


def taken_back_line(voice: Tongue, payout: Payout | None) -> str:
    """That a payout was taken back, or could not be any more; HTML."""
    if payout is None:
        return "💬 " + voice.say("That payout cannot be taken back any more. This is how it stands:")
    amount = money(voice, payout.amount, payout.currency)
    return "↩️ " + voice.say("Taken back: {amount} is available again.", amount=amount)


def money(voice: Tongue, micros: int, currency: str) -> Html:
    """An amount; HTML."""
    return voice.foreign(voice.money(micros, currency))


def where(voice: Tongue, method: str, masked: str) -> Html:
    """Where money goes, as it is shown once it is kept; HTML."""
    return Html(f"{method_name(voice, method)} {voice.foreign(masked)}")


def method_name(voice: Tongue, name: str) -> str:
    """What a way to pay is called; HTML."""
    known = methods().get(name)
    if known is None or known.label:
        return voice.foreign(known.label if known else name)
    return voice.named(known.called)


def _fee(voice: Tongue, fee: int, currency: str) -> list[str]:
    """A fee, where there is one."""
    return [_amount(voice, voice.say("Fee, taken from it"), fee, currency)] if fee else []


def _left_over(voice: Tongue, found: Prospect) -> list[str]:
    """What is too little to be sent, where there is such; HTML."""
    if not found.left_over:
        return []
    text = voice.say(
        "{amount} stays available: nobody can send so little.", amount=money(voice, found.left_over, found.currency)
    )
    return [f"🪙 {text}"]


def _amount(voice: Tongue, word: str, micros: int, currency: str, worth: Worth | None = None) -> str:
    bold = Html(f"<b>{money(voice, micros, currency)}</b>")
    return voice.say("{word}: {amount}", word=Html(word), amount=with_worth(voice, bold, micros, worth))
