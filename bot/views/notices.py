"""What a worker is told without having asked."""

from bot.i18n.tongue import Tongue
from bot.screens import Button, Screen
from bot.views.work import in_review_text
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
    raise ValueError(f"no such notice: {notice.subject}")
