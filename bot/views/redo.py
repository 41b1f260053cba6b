"""What a worker sees of an answer that they are asked to mend, and of what becomes of it."""

from collections.abc import Mapping
from datetime import datetime

from bot.i18n.tongue import Html, Tongue
from bot.screens import Button, Rows, Screen, length_of
from bot.tasks import face_of
from bot.tasks.base import shortened
from bot.tasks.judge import in_words
from crowd.appeals.states import LONGEST_REASON
from crowd.kinds import kind_named
from crowd.outbox import Notice
from crowd.redos.states import Why
from crowd.redos.taking import Over

_LEAST = 20


def why_line_of(voice: Tongue, why: Why, *, room: int = 1000) -> str:
    """Why an answer is to be mended; HTML, at most `room` UTF-16 units, for which the words of staff are shortened."""
    lines = ["🔧 <b>" + voice.say("Please fix this") + "</b>"]
    if why.word is not None:
        lines.append(voice.say("Others found: {word}", word=Html(in_words(why.word, voice))))
    if why.reason:
        bare = length_of("\n".join([*lines, voice.say("You are told: “{reason}”", reason="")]))
        reason = shortened(voice, why.reason, max(_LEAST, min(LONGEST_REASON, room - bare - 10)))
        lines.append(voice.say("You are told: “{reason}”", reason=reason))
    return "\n".join(lines)


def fix_button(voice: Tongue, lease_id: int) -> Button:
    """To the task once more."""
    return Button("🔧 " + voice.say("Fix it"), f"fx:{lease_id}")


def leave_button(voice: Tongue, lease_id: int) -> Button:
    """The answer is to stay as it is."""
    return Button("✕ " + voice.say("Leave it"), f"fl:{lease_id}")


def waiting_rows(voice: Tongue, waiting: int) -> Rows:
    """To the first of so many that wait."""
    if not waiting:
        return ()
    return ((Button("🔧 " + voice.say("Please fix: {number}", number=voice.number(waiting)), "fx"),),)


def thanks_line(voice: Tongue) -> str:
    """It was sent once more; HTML."""
    return "🔧 " + voice.say("Thank you. It is looked at again, and stays paid.")


def left_line(voice: Tongue) -> str:
    """It was left; HTML."""
    return "✕ " + voice.say("It stays as you sent it, and it stays paid.")


def over_text(voice: Tongue, over: Over) -> str:
    """Why there is nothing to fix; plain text."""
    texts: Mapping[Over, str] = {
        Over.FIXED: "✓ " + voice.say("You have sent it once more. It counts once."),
        Over.DECLINED: voice.say("You left it as it was. It stays paid."),
        Over.EXPIRED: "⌛ " + voice.say("The time to fix that one is over. It stays paid."),
        Over.WITHDRAWN: voice.say("That one need not be fixed any more."),
        Over.CLOSED: "🏁 " + voice.say("This batch is finished."),
        Over.UNKNOWN: voice.say("That was an old screen. Here is where you are now."),
    }
    return texts[over]


def redo_notice(voice: Tongue, notice: Notice) -> Screen:
    """Judges, or staff, ask for it."""
    about = notice.content
    until = voice.moment(datetime.fromisoformat(about["due"]), about["time_zone"])
    text = "\n".join(
        (
            why_line_of(voice, Why(about["word"], about["reason"])),
            voice.say("It was for: {item}", item=_item(voice, notice)),
            "",
            voice.say("Send it once more by {when}. It stays paid.", when=until),
        )
    )
    rows = ((fix_button(voice, about["lease"]), leave_button(voice, about["lease"])),)
    return Screen(text, rows)


def redo_over_notice(voice: Tongue, notice: Notice) -> Screen:
    """The time for it is over, and nothing follows by itself."""
    text = voice.say(
        "The time to fix what you were asked to fix is over. It stays as it was: {item}", item=_item(voice, notice)
    )
    return Screen(f"⌛ {text}", ((Button("▶️ " + voice.say("Go on"), "work"),),))


def _item(voice: Tongue, notice: Notice) -> Html:
    kind = notice.content["kind"]
    return Html(face_of(kind).glimpse(kind_named(kind).payload(notice.content["payload"]), voice))
