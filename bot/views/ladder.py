"""The screens between good work and a pause, and back: the refresher, and the re-test."""

from collections.abc import Sequence

from bot.i18n.tongue import Tongue
from bot.screens import LONGEST_TEXT, Button, Screen, length_of
from bot.views.earnings import contests, line_text, numbered
from bot.views.task import back_to_task, earned_line
from bot.views.work import failed_button, title_of
from crowd.loop.handing import Given
from crowd.loop.recorded import Recorded
from crowd.money.earnings import Line
from crowd.workers.ladder import Step
from crowd.workers.retest import Retests

_SHORT = 150
"""Characters of an explanation where all of them are too long for one message."""


def refresher_screen(
    voice: Tongue, done: Recorded, lines: Sequence[Line], given: Given, time_zone: str | None
) -> Screen:
    """What a worker got wrong and why, before work goes on."""
    head = [
        earned_line(voice, done),
        "",
        "🔁 <b>" + voice.say("A short refresher") + "</b>",
        voice.say(
            "Several of your answers differed from what is right, or from what others say. Please look once more:"
        ),
    ]
    tail = voice.say("This changes nothing about your money. Go on when you are ready.")
    longest = LONGEST_TEXT
    while True:
        numbers = numbered(lines)
        shown = [
            line_text(voice, line, time_zone, longest_why=longest, number=numbers.get(line.answer_id)) for line in lines
        ]
        text = "\n".join([*head, *("\n" + line for line in shown)])
        text += "\n\n" + tail
        if length_of(text) <= LONGEST_TEXT or not lines:
            break
        lines = lines if longest > _SHORT else lines[:-1]
        longest = _SHORT
    instructions = Button("📖 " + voice.say("Instructions"), f"i:{given.batch_id}")
    return Screen(text, (*contests(voice, lines, "r"), (instructions,), (back_to_task(voice, given.lease_id),)))


def retest_screen(voice: Tongue, found: Retests, time_zone: str | None) -> Screen:
    """What a re-test is, and where it can begin or why not now."""
    lines = ["🎯 <b>" + voice.say("Try again") + "</b>", ""]
    rows: list[tuple[Button, ...]] = []
    if found.batches:
        lines.append(
            voice.say(
                "A re-test is work as usual, paid as usual. Some of the tasks are checks that you have not seen before,"
                " and you hear at the end how it went. If it goes well, this kind of task is open for you again;"
                " if not, you can try once more after a day."
            )
        )
        rows = [(Button("▶️ " + title_of(voice, spec), f"try:{batch_id}"),) for batch_id, spec in found.batches]
    elif found.next_at is not None:
        when = voice.moment(found.next_at, time_zone)
        lines.append(voice.say("You can try again from {when}.", when=when))
    else:
        lines.append(voice.say("There is no re-test for you right now: it needs new checks. Please look again later."))
    rows.append((failed_button(voice),))
    rows.append((Button("💰 " + voice.say("Earnings"), "e"), Button("🔄 " + voice.say("Look again"), "work")))
    return Screen("\n".join(lines), tuple(rows))


def outcome_of_retest(voice: Tongue, step: Step | None) -> str:
    """How a re-test went, once it is over; else nothing."""
    if step is Step.PASS:
        return "✅ " + voice.say("You passed the re-test. This kind of task is open for you again.")
    if step is Step.FAIL:
        return "🎯 " + voice.say(
            "The re-test is over, and it did not go well enough. You can try once more after a day."
        )
    return ""
