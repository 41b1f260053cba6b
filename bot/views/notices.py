"""What a worker is told without having asked."""

from bot.i18n.tongue import Html, Tongue
from bot.screens import Button, Screen
from bot.tasks import face_of
from bot.tasks.judge import in_words
from bot.views.work import in_review_text
from crowd.kinds import kind_named
from crowd.outbox import Notice


def notice_screen(voice: Tongue, notice: Notice) -> Screen:
    """A notice from the outbox, by its subject."""
    if notice.subject == "expired":
        text = "⌛ " + voice.say("Time for your last task ran out, so somebody else gets it. It costs you nothing.")
        return Screen(text, ((Button("▶️ " + voice.say("Go on"), "work"),),))
    if notice.subject == "review":
        return Screen("⏸ " + in_review_text(voice), ((Button("📋 " + voice.say("Other work"), "work"),),))
    if notice.subject == "reviewed":
        text = "▶️ " + voice.say(
            "A person has looked at your answers, and your work is open again. Thank you for waiting."
        )
        return Screen(text, ((Button("▶️ " + voice.say("Go on"), "work"),),))
    if notice.subject == "rejected":
        text = "👎 " + voice.say(
            "Others looked at what you sent, and found: {word}. It stays paid. It was for: {item}",
            word=Html(in_words(notice.content["word"], voice)),
            item=_item(voice, notice),
        )
        return Screen(text, ((Button("▶️ " + voice.say("Go on"), "work"),),))
    if notice.subject == "restored":
        text = "👍 " + voice.say(
            "Somebody has looked again at what you sent. It is good, and counts. It was for: {item}",
            item=_item(voice, notice),
        )
        return Screen(text, ((Button("▶️ " + voice.say("Go on"), "work"),),))
    if notice.subject == "check_mistaken":
        text = "✓ " + voice.say(
            "A check that counted against you seems to be mistaken itself, so it no longer counts: {item}",
            item=_item(voice, notice),
        )
        if notice.content["cleared"]:
            text += "\n\n▶️ " + voice.say("Your work is open again.")
        return Screen(text, ((Button("▶️ " + voice.say("Go on"), "work"),),))
    if notice.subject == "check_decided":
        text = "✗ " + voice.say(
            "A person has looked at a check again. Your answer to it differs from the right one, so it counts: {item}",
            item=_item(voice, notice),
        )
        return Screen(text, ((Button("✗ " + voice.say("Checks you answered differently"), "ef"),),))
    raise ValueError(f"no such notice: {notice.subject}")


def _item(voice: Tongue, notice: Notice) -> Html:
    """The item that a notice is about."""
    kind = notice.content["kind"]
    return Html(face_of(kind).glimpse(kind_named(kind).payload(notice.content["payload"]), voice))
