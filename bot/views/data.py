"""What Kazi costs in data, and how to spend less."""

from bot.i18n.tongue import Tongue
from bot.screens import Button, Screen
from crowd.datasaving.usage import Used


def data_screen(voice: Tongue, used: Used, *, saves: bool) -> Screen:
    """What was sent today and this week, and whether pictures and sounds wait behind a button."""
    lines = [
        "📶 <b>" + voice.say("Data") + "</b>",
        "",
        voice.say("Today Kazi sent you about {size}.", size=voice.size(used.today.bytes)),
        voice.say(
            "In these seven days it was about {size}; {media} of that were pictures and sounds.",
            size=voice.size(used.week.bytes),
            media=voice.size(used.week.media_bytes),
        ),
        "",
    ]
    if saves:
        lines.append(
            voice.say(
                "Data saver is on: pictures and sounds come smaller, and only when you tap the button that says their"
                " size."
            )
        )
    else:
        lines.append(voice.say("Data saver is off: pictures and sounds come with their tasks."))
    lines += ["", voice.say("Many tasks in one message, with /pack, need the least data of all.")]
    turn = Button("📶 " + voice.say("Saver off"), "ds:off") if saves else Button("📶 " + voice.say("Saver on"), "ds:on")
    return Screen("\n".join(lines), ((turn,), (Button("▶️ " + voice.say("Work"), "work"),)))
