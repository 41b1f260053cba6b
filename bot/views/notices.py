"""What a worker is told without having asked."""

from collections.abc import Callable, Mapping

from bot.i18n.tongue import Html, Tongue
from bot.screens import Button, Screen
from bot.tasks import face_of
from bot.tasks.judge import in_words
from bot.views.appeal import appeal_notice, graded_notice, voided_notice
from bot.views.payout import money, reason_line, where
from bot.views.payout_entry import rest_ahead
from bot.views.redo import redo_notice, redo_over_notice
from bot.views.rhythm import offer_screen
from bot.views.work import in_review_text, titled
from crowd.appeals.states import APPEAL, GRADES, VOIDED
from crowd.kinds import kind_named
from crowd.outbox import Notice
from crowd.parity.lifting import LIFTED
from crowd.payouts.details import CHANGED
from crowd.payouts.states import PayoutState
from crowd.redos.states import REDO, REDO_OVER, REJECTED


def notice_screen(voice: Tongue, notice: Notice) -> Screen:
    """A notice from the outbox, by its subject. Raises KeyError where there is no such subject."""
    return SUBJECTS[notice.subject](voice, notice)


def _expired(voice: Tongue, notice: Notice) -> Screen:
    if notice.content.get("pack"):
        text = voice.say(
            "The day for your pack is over, so others get what you did not answer. It costs you nothing. Answers that"
            " you still send are paid where nobody else has the task."
        )
        return _onward(voice, f"⌛ {text}")
    return _onward(
        voice, "⌛ " + voice.say("Time for your last task ran out, so somebody else gets it. It costs you nothing.")
    )


def _back(voice: Tongue, notice: Notice) -> Screen:
    text = voice.count(
        "Kazi was away for about {number} minute. Taps did not reach us meanwhile; all that was recorded before is"
        " safe. Your task waits, with more time.",
        "Kazi was away for about {number} minutes. Taps did not reach us meanwhile; all that was recorded before is"
        " safe. Your task waits, with more time.",
        notice.content["minutes"],
    )
    on = Button("▶️ " + voice.say("Back to the task"), f"b:{notice.content['lease']}")
    return Screen(f"🔌 {text}", ((on,),))


def _review(voice: Tongue, notice: Notice) -> Screen:  # noqa: ARG001
    return Screen("⏸ " + in_review_text(voice), ((Button("📋 " + voice.say("Other work"), "work"),),))


def _reviewed(voice: Tongue, notice: Notice) -> Screen:  # noqa: ARG001
    text = voice.say("A person has looked at your answers, and your work is open again. Thank you for waiting.")
    return _onward(voice, f"▶️ {text}")


def _rejected(voice: Tongue, notice: Notice) -> Screen:
    text = voice.say(
        "Others looked at what you sent, and found: {word}. It stays paid. It was for: {item}",
        word=Html(in_words(notice.content["word"], voice)),
        item=_item(voice, notice),
    )
    return _onward(voice, f"👎 {text}")


def _restored(voice: Tongue, notice: Notice) -> Screen:
    text = voice.say(
        "Somebody has looked again at what you sent. It is good, and counts. It was for: {item}",
        item=_item(voice, notice),
    )
    return _onward(voice, f"👍 {text}")


def _check_mistaken(voice: Tongue, notice: Notice) -> Screen:
    text = voice.say(
        "A check that counted against you seems to be mistaken itself, so it no longer counts: {item}",
        item=_item(voice, notice),
    )
    opened = f"\n\n▶️ {voice.say('Your work is open again.')}" if notice.content["cleared"] else ""
    return _onward(voice, f"✓ {text}{opened}")


def _check_decided(voice: Tongue, notice: Notice) -> Screen:
    text = voice.say(
        "A person has looked at a check again. Your answer to it differs from the right one, so it counts: {item}",
        item=_item(voice, notice),
    )
    return Screen(f"✗ {text}", ((Button("✗ " + voice.say("Checks you missed"), "ef"),),))


def _payout(voice: Tongue, notice: Notice) -> Screen:
    about = notice.content
    put_in = {"amount": money(voice, about["amount"], about["currency"]), "where": about["masked"]}
    text = {
        PayoutState.APPROVED: "👍 " + voice.say("Your payout of {amount} is approved. It is sent next.", **put_in),
        PayoutState.SENT: "📤 " + voice.say("Your payout of {amount} is on its way to {where}.", **put_in),
        PayoutState.PAID: "✅ " + voice.say("Your payout of {amount} was paid to {where}.", **put_in),
        PayoutState.FAILED: "⚠️ " + voice.say(
            "Your payout of {amount} to {where} could not be paid. The money is available again.", **put_in
        ),
        PayoutState.REFUSED: "✕ " + voice.say(
            "Your payout of {amount} to {where} was not sent. The money is available again.", **put_in
        ),
    }[PayoutState(about["state"])]  # fmt: skip
    if about["reason"]:
        text += f"\n{reason_line(voice, about['reason'])}"
    return Screen(text, ((Button("💸 " + voice.say("Payout"), "out"),),))


def _details_changed(voice: Tongue, notice: Notice) -> Screen:
    about = notice.content
    text = "🔐 " + voice.say(
        "Where your money goes was changed. It now goes to: {where}",
        where=where(voice, about["method"], about["masked"]),
    )
    text += "\n⏳ " + rest_ahead(voice)
    text += "\n\n" + voice.say("If it was not you, enter your own details again now, and send /help.")
    return Screen(text, ((Button("📍 " + voice.say("Change where it goes"), "od"),),))


def _released(voice: Tongue, notice: Notice) -> Screen:
    amount = Html(f"<b>{money(voice, notice.content['amount'], notice.content['currency'])}</b>")
    text = voice.say("{amount} of what you earned is no longer on hold: you can have it paid out.", amount=amount)
    rows = (Button("💸 " + voice.say("Payout"), "out"), Button("💰 " + voice.say("Earnings"), "e"))
    return Screen(f"🔓 {text}", (rows,))


def _top_up(voice: Tongue, notice: Notice) -> Screen:
    about = notice.content
    amount = Html(f"<b>{money(voice, about['amount'], about['currency'])}</b>")
    title = titled(voice, about["title"], about["name"])
    if about["raised"]:
        text = voice.say(
            "“{title}” takes longer than was thought, so it now pays more. "
            "For what you have done already you get {amount} on top. It is available now.",
            title=title, amount=amount,
        )  # fmt: skip
    else:
        text = voice.say(
            "“{title}” took you longer than its pay was meant for, so you get {amount} on top. It is available now.",
            title=title, amount=amount,
        )  # fmt: skip
    return Screen(f"➕ {text}", ((Button("💰 " + voice.say("Earnings"), "e"),),))


def _check_stands(voice: Tongue, notice: Notice) -> Screen:
    text = voice.say(
        "You said that a check is wrong. A person has looked at it, and it is right: {item}", item=_item(voice, notice)
    )
    if notice.content["why"]:
        text += f"\n{reason_line(voice, notice.content['why'])}"
    return Screen(f"🎯 {text}", ((Button("✗ " + voice.say("Checks you missed"), "ef"),),))


def _bonus(voice: Tongue, notice: Notice) -> Screen:
    about = notice.content
    amount = Html(f"<b>{money(voice, about['amount'], about['currency'])}</b>")
    if about["reason"] is None:
        text = "🤝 " + voice.say(
            "Somebody you invited has done good work, so you get {amount}. It is available now. Thank you!",
            amount=amount,
        )
    else:
        text = "🎁 " + voice.say("You get a bonus of {amount}. It is available now.", amount=amount)
        text += f"\n{reason_line(voice, about['reason'])}"
    return Screen(text, ((Button("💰 " + voice.say("Earnings"), "e"),),))


def _parity(voice: Tongue, notice: Notice) -> Screen:
    text = voice.say(
        "The instructions of “{title}” may be unclear in your language, so its checks no longer count against you. "
        "Your work is open again.",
        title=titled(voice, notice.content["title"], notice.content["name"]),
    )
    return _onward(voice, f"▶️ {text}")


SUBJECTS: Mapping[str, Callable[[Tongue, Notice], Screen]] = {
    "expired": _expired,
    "offered": offer_screen,
    "back": _back,
    "review": _review,
    "reviewed": _reviewed,
    REDO: redo_notice,
    REDO_OVER: redo_over_notice,
    REJECTED: _rejected,
    "restored": _restored,
    "check_mistaken": _check_mistaken,
    "check_decided": _check_decided,
    "check_stands": _check_stands,
    "payout": _payout,
    CHANGED: _details_changed,
    "released": _released,
    "top_up": _top_up,
    VOIDED: voided_notice,
    APPEAL: appeal_notice,
    GRADES: graded_notice,
    "bonus": _bonus,
    LIFTED: _parity,
}


def _onward(voice: Tongue, text: str) -> Screen:
    return Screen(text, ((Button("▶️ " + voice.say("Go on"), "work"),),))


def _item(voice: Tongue, notice: Notice) -> Html:
    """The item that a notice is about."""
    kind = notice.content["kind"]
    return Html(face_of(kind).glimpse(kind_named(kind).payload(notice.content["payload"]), voice))
