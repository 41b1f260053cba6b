"""What a worker sees of money that was taken back, and of their appeal."""

from datetime import datetime

from bot.i18n.tongue import Html, Tongue
from bot.screens import Button, Screen
from bot.tasks import item_in_words, said_in_words
from bot.tasks.base import of_lease, shortened
from bot.views.payout import money
from bot.views.work import title_of
from crowd.appeals.filing import Entry, Only
from crowd.appeals.states import GIVEN_BACK, LONGEST_REASON, LONGEST_SAID, TO_ANSWER, TO_FILE, Ground, Outcome
from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from crowd.money.earnings import Voided
from crowd.outbox import Notice

_LONGEST_NAME = 100


def voided_text(
    voice: Tongue,
    voided: Voided,
    time_zone: str | None,
    *,
    longest: int = LONGEST_REASON,
    number: int | None = None,
) -> str:
    """Below a line that is not paid: why, and what can be done about it or came of it; HTML.

    The number tells its voiding from others on the screen.
    """
    longest = min(longest, LONGEST_REASON)
    lines = [_why(voice, voided, longest)]
    if voided.appeal_until is not None:
        when = voice.moment(voided.appeal_until, time_zone)
        mark = "⚖️ " if number is None else f"⚖️ {voice.number(number)}. "
        lines.append(mark + voice.say("You can appeal until {when}.", when=when))
    elif voided.answer_by is not None:
        when = voice.moment(voided.answer_by, time_zone)
        lines.append("⏳ " + voice.say("Your appeal is answered by {when}.", when=when))
    elif voided.outcome in GIVEN_BACK:
        lines.append("↩️ " + voice.say("It was given back to you."))
    elif voided.outcome is Outcome.REFUSED:
        lines.append("✕ " + _turned_down(voice, voided.decision, longest))
    elif voided.outcome is Outcome.UNAPPEALED:
        lines.append("⌛ " + voice.say("The time to appeal is over."))
    return "\n  ".join(lines)


def _why(voice: Tongue, voided: Voided, longest: int) -> str:
    if voided.ground is Ground.GRADED:
        return grade_line(voice, voided.reason)
    return "⛔ " + voice.say("Taken back: “{reason}”", reason=shortened(voice, voided.reason, longest))


def grade_line(voice: Tongue, grade: str) -> str:
    """What a grade pays, and why; HTML."""
    if grade == "half":
        return "½ " + voice.say("Half right, so half of it is paid.")
    return "✗ " + voice.say("Not right, so it is not paid.")


def _turned_down(voice: Tongue, decision: str | None, longest: int = LONGEST_REASON) -> str:
    return voice.say("Your appeal was turned down: “{reason}”", reason=shortened(voice, decision or "", longest))


def appeal_button(voice: Tongue, voiding_id: int, number: int | None = None) -> Button:
    """To the appeal against a voiding; the number tells it from others on the screen."""
    label = "⚖️ " + ("" if number is None else f"{voice.number(number)}. ") + voice.say("Appeal")
    return Button(label, f"ap:{voiding_id}")


def entry_screen(voice: Tongue, entry: Entry, time_zone: str | None, *, above: str = "") -> Screen:
    """An appeal before it is sent: what it is about, and what was written so far."""
    lines = [above, ""] if above else []
    lines += [
        "⚖️ <b>" + voice.say("Your appeal") + "</b>",
        "",
        _taken_back(voice, entry.answers, entry.amount, entry.currency, title_of(voice, entry.spec)),
        *([_answer(voice, entry.spec, entry.only)] if entry.only is not None else []),
        grade_line(voice, entry.reason) if entry.ground is Ground.GRADED else _reason(voice, entry.reason),
        "",
    ]
    if entry.said is None:
        lines.append(voice.say("Write in one message why the money is yours, or send the appeal without that."))
        send = "⚖️ " + voice.say("Send without")
    else:
        lines += [voice.say("You wrote:"), f"<i>{voice.block(entry.said)}</i>"]
        lines += ["", voice.say("Write again to put it differently.")]
        send = "✅ " + voice.say("Send the appeal")
    until = voice.moment(entry.until, time_zone)
    lines += ["", "⏳ " + voice.say("You can send it until {when}, once.", when=until)]
    rows = ((Button(send, f"ay:{entry.mark}"),), (Button("✕ " + voice.say("Cancel"), "ax"),))
    return Screen("\n".join(lines), rows)


def _answer(voice: Tongue, spec: BatchSpec, only: Only) -> str:
    said = said_in_words(spec, only.payload, only.said, voice.locale, of_lease(only.id))
    return f"{voice.line}• {item_in_words(spec, only.payload, voice.locale)}\n{voice.line}  {voice.arrow} {said}"


def too_long_line(voice: Tongue) -> str:
    """What was written cannot be taken; HTML."""
    return "⚠️ " + voice.say(
        "That was too long, so it was not taken. Write {number} characters at most.", number=voice.number(LONGEST_SAID)
    )


def filed_line(voice: Tongue, answer_by: datetime, time_zone: str | None) -> str:
    """An appeal was sent just now; HTML."""
    return "✅ " + voice.say(
        "Your appeal is sent. Another person answers it by {when}; if nobody does, the money is yours.",
        when=voice.moment(answer_by, time_zone),
    )


def not_filed_line(voice: Tongue) -> str:
    """There is nothing to appeal against, or no more; HTML."""
    return "💬 " + voice.say("There is nothing to appeal against here any more. This is how it stands:")


def voided_notice(voice: Tongue, notice: Notice) -> Screen:
    """Money was taken back."""
    about = notice.content
    days = TO_FILE.days
    lines = [
        "⛔ " + _taken_back(voice, about["answers"], about["amount"], about["currency"], _title(voice, about)),
        _reason(voice, about["reason"]),
        "",
        voice.count(
            "If that is not right, you can appeal for {number} day.",
            "If that is not right, you can appeal for {number} days.",
            days,
        ),
        _promise(voice),
    ]
    ways = Button("💰 " + voice.say("Earnings"), "e")
    return Screen("\n".join(lines), ((appeal_button(voice, about["voiding"]),), (ways,)))


def graded_notice(voice: Tongue, notice: Notice) -> Screen:
    """Answers were graded, and some earned less than their price."""
    about = notice.content
    amount = Html(f"<b>{money(voice, about['amount'], about['currency'])}</b>")
    batch = _title(voice, about)
    lines = ["📏 " + voice.say(
        "Some of your answers in {batch} were checked. What they earned is {amount} less:", batch=batch, amount=amount
    )]  # fmt: skip
    if about["half"]:
        lines.append("½ " + voice.count(
            "{number} answer was half right: half is paid.", "{number} answers were half right: half is paid.",
            about["half"],
        ))  # fmt: skip
    if about["nothing"]:
        lines.append("✗ " + voice.count(
            "{number} answer was not right: it is not paid.", "{number} answers were not right: they are not paid.",
            about["nothing"],
        ))  # fmt: skip
    days = TO_FILE.days
    lines += ["", voice.count(
        "Your earnings show the right answers. If one is wrong, you can appeal for {number} day.",
        "Your earnings show the right answers. If one is wrong, you can appeal for {number} days.",
        days,
    ), _promise(voice)]  # fmt: skip
    return Screen("\n".join(lines), ((Button("💰 " + voice.say("Earnings"), "e"),),))


def appeal_notice(voice: Tongue, notice: Notice) -> Screen:
    """How it ended: the money is back, or not."""
    about, outcome = notice.content, Outcome(notice.content["outcome"])
    put_in = {"amount": money(voice, about["amount"], about["currency"]), "batch": _title(voice, about)}
    text = {
        Outcome.GRANTED: "✅ " + voice.say(
            "You won your appeal: {amount} for {batch} is yours again, and available.", **put_in
        ),
        Outcome.SILENCE: "✅ " + voice.say(
            "Nobody answered your appeal in time, so you won it: {amount} for {batch} is yours again, and available.",
            **put_in,
        ),
        Outcome.MISTAKEN: "↩️ " + voice.say(
            "A check was mistaken, so what was taken back because of it is yours again, and available:"
            " {amount} for {batch}.",
            **put_in,
        ),
        Outcome.REFUSED: "✕ " + voice.say(
            "Another person looked at your appeal, and turned it down: {amount} for {batch} stays taken back.",
            **put_in,
        ),
        Outcome.UNAPPEALED: "⌛ " + voice.say(
            "The time to appeal is over: {amount} for {batch} stays taken back.", **put_in
        ),
    }[outcome]  # fmt: skip
    if about["decision"] and outcome is not Outcome.MISTAKEN:
        text += "\n" + _reason(voice, about["decision"])
    return Screen(text, ((Button("💰 " + voice.say("Earnings"), "e"), Button("▶️ " + voice.say("Work"), "work")),))


def _taken_back(voice: Tongue, answers: int, micros: int, currency: str, batch: str) -> str:
    return voice.count(
        "{amount} for {number} answer in {batch}, which was on hold, was taken back.",
        "{amount} for {number} answers in {batch}, which was on hold, was taken back.",
        answers,
        amount=Html(f"<b>{money(voice, micros, currency)}</b>"),
        batch=batch,
    )


def _reason(voice: Tongue, reason: str) -> str:
    return voice.say("The reason: “{reason}”", reason=shortened(voice, reason, LONGEST_REASON))


def _promise(voice: Tongue) -> str:
    hours = int(TO_ANSWER.total_seconds()) // 3600
    return voice.count(
        "Another person answers within {number} hour; if nobody does, the money is yours.",
        "Another person answers within {number} hours; if nobody does, the money is yours.",
        hours,
    )


def _title(voice: Tongue, about: Json) -> str:
    """What the batch of a notice is called."""
    titles = about["titles"]
    name = voice.pick(titles, about["language"]) if titles else about["batch"]
    return " ".join(name.split())[:_LONGEST_NAME]
