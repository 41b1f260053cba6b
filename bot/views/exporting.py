"""Screens of /export: that it is under way, and what stands below the files."""

from bot.i18n.tongue import Tongue
from bot.screens import Button, Screen
from crowd.owndata.asking import Asked


def asked_screen(voice: Tongue, asked: Asked, time_zone: str | None) -> Screen:
    """It is being made; or it was, not long ago."""
    lines = ["📦 <b>" + voice.say("Your data") + "</b>", ""]
    if asked.fresh:
        lines += [
            voice.say("All that Kazi keeps about you is being put together. It comes here as a file, soon."),
            "",
            voice.say("In it: who you are here, your answers, your money, your payouts, what you were told."),
            voice.say("Of checks, what they showed so far; the newest follow tomorrow."),
        ]
    else:
        when = voice.moment(asked.at, time_zone)
        lines.append(voice.say("You asked for it at {when}. It is made once an hour: try again later.", when=when))
    return Screen("\n".join(lines), ((Button("▶️ " + voice.say("Work"), "work"),),))


def caption(voice: Tongue, number: int, parts: int) -> str:
    """What stands below a file; HTML."""
    text = "📦 " + voice.say("All that Kazi keeps about you. Open it on a computer, or with a file app.")
    if parts > 1:
        text += "\n" + voice.say("File {number} of {parts}.", number=number, parts=parts)
    return text
