"""A worker's rhythm: when work is offered, when a rest is suggested, and what is enough for a day."""

from bot.i18n.tongue import Tongue
from bot.screens import Button, Rows, Screen, rows_of
from bot.views.work import titled
from crowd.outbox import Notice
from crowd.rhythm.resting import Day, Due
from crowd.rhythm.rhythm import DAY_MINUTES, DAY_TASKS, HOURS, NO_LIMIT, REST_MINUTES, Offered, Rhythm

_HOUR = 60


def rhythm_screen(voice: Tongue, rhythm: Rhythm) -> Screen:
    """What is set, and buttons to change each."""
    lines = ["🕰 <b>" + voice.say("Your rhythm") + "</b>", ""]
    if rhythm.offered is Offered.NEVER:
        lines.append("🔕 " + voice.say("You are not told of new work. /work shows what there is."))
    else:
        often = voice.say("once a day") if rhythm.offered is Offered.DAILY else voice.say("once a week")
        lines.append(
            "🔔 "
            + voice.say(
                "When there is work you are told of it, silently: at most {often}, in these hours: {hours}",
                often=often,
                hours=_hours(voice, rhythm.from_hour, rhythm.to_hour),
            )
        )
    lines.append("☕ " + voice.say("A break is suggested after: {time}", time=_minutes(voice, rhythm.rest_minutes)))
    lines.append("🌙 " + voice.say("Enough work for a day: {time}", time=_minutes(voice, rhythm.day_minutes)))
    lines.append("🌙 " + voice.say("Enough tasks for a day: {tasks}", tasks=_tasks(voice, rhythm.day_tasks)))
    rows = (
        (Button("🔔 " + voice.say("How often"), "rh:offered"), Button("🕘 " + voice.say("Hours"), "rh:hours")),
        (Button("☕ " + voice.say("Breaks"), "rh:rest"),),
        (Button("🌙 " + voice.say("Time a day"), "rh:minutes"), Button("🌙 " + voice.say("Tasks a day"), "rh:tasks")),
        (Button("▶️ " + voice.say("Work"), "work"),),
    )
    return Screen("\n".join(lines), rows)


def choice_screen(voice: Tongue, what: str) -> Screen | None:
    """What one of them can be; None where there is no such thing."""
    if what == "offered":
        often = {
            Offered.DAILY: voice.say("Once a day"), Offered.WEEKLY: voice.say("Once a week"),
            Offered.NEVER: voice.say("Never"),
        }  # fmt: skip
        asked, choices = voice.say("How often may Kazi tell you of new work?"), [(str(k), v) for k, v in often.items()]
    elif what == "hours":
        asked = voice.say("In which hours of your day?")
        choices = [(f"{begin}-{end}", _hours(voice, begin, end)) for begin, end in HOURS]
    elif what == "rest":
        asked = voice.say("After how long shall a break be suggested?")
        choices = [(str(minutes), _minutes(voice, minutes)) for minutes in REST_MINUTES]
    elif what == "minutes":
        asked = voice.say("How much work is enough for you in a day?")
        choices = [(str(minutes), _minutes(voice, minutes)) for minutes in DAY_MINUTES]
    elif what == "tasks":
        asked = voice.say("How many tasks are enough for you in a day?")
        choices = [(str(tasks), _tasks(voice, tasks)) for tasks in DAY_TASKS]
    else:
        return None
    buttons = [Button(label, f"rh:{what}:{value}") for value, label in choices]
    return Screen(asked, (*rows_of(buttons), (Button("‹ " + voice.say("Back"), "rh"),)))


def rest_line(voice: Tongue, due: Due, day: Day) -> str:
    """What is said over the next task when a rest is due, or the day's work is done."""
    if due is Due.REST:
        return "☕ " + voice.say(
            "You have worked for {time} without a break. A short one is good for your eyes, and for your answers.",
            time=_minutes(voice, day.stretch),
        )
    return "🌙 " + voice.say(
        "That is what you set as enough for a day: {tasks}, {time} of work. Well done! Your next task waits if you want"
        " to go on today; else see you tomorrow.",
        tasks=_tasks(voice, day.tasks),
        time=_minutes(voice, max(1, day.minutes)),
    )


def rest_rows(voice: Tongue, due: Due, lease_id: int) -> Rows:
    """Buttons for that."""
    on = Button("▶️ " + voice.say("Go on"), f"b:{lease_id}")
    if due is Due.REST:
        return ((on, Button("☕ " + voice.say("Take a break"), "break")),)
    return ((Button("💰 " + voice.say("Earnings"), "e"), Button("🕰 " + voice.say("Rhythm"), "rh")), (on,))


def offer_screen(voice: Tongue, notice: Notice) -> Screen:
    """There is work for somebody who has not asked for it."""
    content = notice.content
    price = voice.foreign(voice.money(content["price"], content["currency"]))
    title = voice.foreign(titled(voice, content["title"], content["name"], content["language"]))
    lines = [
        "📋 " + voice.say("There is work for you."),
        f"{voice.line}<b>{title}</b> · {voice.say('{price} a task', price=price)}",
    ]
    if content["more"]:
        lines.append(voice.count("And {number} more.", "And {number} more.", content["more"]))
    buttons = (Button("▶️ " + voice.say("Work"), "work"), Button("🔔 " + voice.say("How often"), "rh:offered"))
    return Screen("\n".join(lines), (buttons,))


def _hours(voice: Tongue, begin: int, end: int) -> str:
    return f"{voice.number(begin)}–{voice.number(end)}"


def _minutes(voice: Tongue, minutes: int) -> str:
    if minutes == NO_LIMIT:
        return voice.say("no limit")
    if minutes % _HOUR == 0:
        return voice.count("{number} hour", "{number} hours", minutes // _HOUR)
    return voice.count("{number} minute", "{number} minutes", minutes)


def _tasks(voice: Tongue, tasks: int) -> str:
    return voice.count("{number} task", "{number} tasks", tasks) if tasks else voice.say("no limit")
