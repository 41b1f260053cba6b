"""A task's screen, and what stands around it."""

from dataclasses import dataclass, replace

from bot.i18n.tongue import Html, Tongue
from bot.screens import Body, Button, Played, Rows, Screen, length_of, rows_of
from bot.tasks import body_of, face_of, item_in_words, said_in_words
from bot.tasks.base import beginning, of_lease, print_of
from bot.views.contest import contest_button, contested_line
from bot.views.redo import leave_button, why_line_of
from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from crowd.loop.deciding import PAID_DONT_KNOWS
from crowd.loop.handing import Given
from crowd.loop.leases import Expired
from crowd.loop.recorded import Lesson, Recorded
from crowd.redos.states import Why

SKIP_REASONS = ("hard", "unclear", "language", "upsetting", "other")
_THIRD = 11
"""So many characters of a label have room in a third of a row."""

REPORT_REASONS = ("broken", "private", "harmful", "wrong_language", "other")


def next_screen(voice: Tongue, done: Recorded, given: Given) -> Screen:
    """The next task, under what the last answer earned and taught."""
    bare = given_screen(voice, given)
    screen = given_screen(voice, given, above=outcome(voice, done, room=bare.longest - length_of(bare.text) - 2))
    return replace(screen, buttons=(*screen.buttons, *contest_rows(voice, done)))


def contest_rows(voice: Tongue, done: Recorded) -> Rows:
    """To say that the check is wrong of which the worker was just told."""
    if done.lesson is None or done.lesson.contested:
        return ()
    return ((contest_button(voice, done.lesson.lease_id),),)


def given_screen(
    voice: Tongue, given: Given | Expired, *, above: str = "", draft: Json = None, view: int = 0
) -> Screen:
    """The task in a worker's hands. `above` is a line of HTML over it; why it is to be mended comes by itself."""
    why = _why(given)
    screen = task_screen(
        voice, given.spec, given.payload, given.lease_id, above=above, draft=draft, view=view, mended=why is not None
    )
    if isinstance(given, Given):
        screen = replace(screen, about=given.batch_id)
    if why is None:
        return screen
    line = why_line_of(voice, why, room=screen.longest - length_of(screen.text) - 2)
    return replace(screen, text=f"{line}\n\n{screen.text}")


def _why(given: Given | Expired) -> Why | None:
    """Why the worker is to mend what they said to it; None where they never answered it."""
    return given.why if isinstance(given, Given) else None


def task_screen(
    voice: Tongue,
    spec: BatchSpec,
    payload: Json,
    lease_id: int,
    *,
    above: str = "",
    draft: Json = None,
    view: int = 0,
    mended: bool = False,
) -> Screen:
    """A task: what happened before it, the item, its answers, and the ways out. `draft` and `view` are as in `Ask`.

    `mended`: it was answered before, and what was said is to be mended.
    """
    body = body_of(voice, spec, payload, of_lease(lease_id), draft=draft, view=view)
    ways = _ways(voice, spec, lease_id, mended=mended)
    rows = (*body.rows, *ways)
    if body.media is None:
        return asked_by(voice, spec, body, above, Ways(rows, (), (), ""))
    again = Button("🔄 " + voice.say("Try again"), f"b:{lease_id}")
    out = (_skip_row(voice, lease_id, mended=mended),)
    return asked_by(voice, spec, body, above, Ways(rows, ((again,), *ways), out, f"v:{lease_id}:0"))


@dataclass(frozen=True, slots=True)
class Ways:
    """The buttons under what a kind asks."""

    rows: Rows
    without_media: Rows
    """When its picture or sound cannot be had."""
    out: Rows
    """While it waits to be asked for, where data is dear; above them is the button for that."""
    look: str
    """The data of that button."""


def asked_by(voice: Tongue, spec: BatchSpec, body: Body, above: str, ways: Ways) -> Screen:
    """What a kind asks, with what happened before it."""
    text, media = "\n\n".join(part for part in (above, body.text) if part), body.media
    if media is None:
        return Screen(text, ways.rows, protected=spec.protected)
    if isinstance(media, Played):
        sorry = "🔇 " + voice.say(
            "The sound cannot be played just now. Nothing is lost: try again, or do another task."
        )
        called = f"🔊 {voice.say('Sound')}"
    else:
        sorry = "🖼 " + voice.say(
            "The picture cannot be shown just now. Nothing is lost: try again, or do another task."
        )
        called, media = f"🖼 {voice.say('Picture')}", replace(media, veiled=spec.spoiler)

    def saving(size: int) -> Rows:
        label = f"{called}, {voice.size(size)}" if size else called
        return ((Button(label, ways.look),), *ways.out)

    return Screen(text, ways.rows, media, spec.protected, Screen(sorry, ways.without_media), saving=saving)


def _out(voice: Tongue, lease_id: int, *, mended: bool) -> Button:
    """Out of a task: it is skipped, or the answer to it left as it is."""
    return leave_button(voice, lease_id) if mended else Button("⏭ " + voice.say("Skip"), f"s:{lease_id}")


def _ways(voice: Tongue, spec: BatchSpec, lease_id: int, *, mended: bool) -> Rows:
    """The ways out of a task, in one row where the words are short enough for it."""
    skip = _skip_row(voice, lease_id, mended=mended)
    if not spec.dont_know:
        return (skip,)
    dont_know = Button("🤷 " + voice.say("Don't know"), f"u:{lease_id}")
    return ((dont_know, *skip),) if len(dont_know.label) <= _THIRD else ((dont_know,), skip)


def _skip_row(voice: Tongue, lease_id: int, *, mended: bool) -> tuple[Button, ...]:
    return (_out(voice, lease_id, mended=mended), Button("⋯", f"m:{lease_id}"))


def outcome(voice: Tongue, done: Recorded, *, room: int = 1000) -> str:
    """What the answer just given has earned, and has shown where it was a gold; at most `room` UTF-16 units."""
    earned = earned_line(voice, done)
    if done.lesson is None:
        return earned
    return f"{earned}\n{lesson_line(voice, done.spec, done.lesson, room=room - length_of(earned) - 1)}"


def earned_line(voice: Tongue, done: Recorded) -> str:
    """What the answer just given has earned."""
    if not done.earned:
        return "✓ " + voice.say(
            "Recorded; not paid, since more than {share} of your answers were “I don't know”.",
            share=voice.percent(PAID_DONT_KNOWS),
        )
    amount = voice.foreign(voice.gain(done.earned, done.spec.currency))
    return f"✓ <b>{amount}</b> · " + voice.count("{number} done", "{number} done", done.done)


def lesson_line(voice: Tongue, spec: BatchSpec, lesson: Lesson, *, room: int = 1000) -> str:
    """What was right, and why, while a worker learns; the why is shortened where it has no room."""
    right = said_in_words(spec, lesson.payload, lesson.right, voice.locale, of_lease(lesson.lease_id))
    line = "💡 " + voice.say("That one was a practice check. The right answer: {right}", right=Html(right))
    if lesson.contested:
        line += "\n" + contested_line(voice)
    return line + why_line(voice, spec, lesson.explanation, room=room - length_of(line))


def why_line(voice: Tongue, spec: BatchSpec, explanation: dict[str, str], *, room: int) -> str:
    """Why an answer is right, on a line below it; shortened where it has no room, nothing where there is no reason."""
    if not explanation:
        return ""
    why, left = voice.pick(explanation, spec.language), room - 3
    whole = voice.block(why)
    return f"\n<i>{whole if length_of(whole) <= left else voice.block(beginning(why, left))}</i>"


def echo_screen(voice: Tongue, asked: Given | Expired, said: Json) -> Screen:
    """What was written or brought, under the item it answers, to be confirmed. The button says what it sends."""
    send = Button("✅ " + voice.say("Send"), f"ok:{asked.lease_id}:{print_of(said)}")
    echo = face_of(asked.spec.kind).echo(asked.spec, said, voice)
    item = item_in_words(asked.spec, asked.payload, voice.locale)
    return Screen(
        f"{voice.line}<i>{item}</i>\n\n{echo}",
        ((send, _out(voice, asked.lease_id, mended=_why(asked) is not None)),),
    )


def skip_rows(voice: Tongue, lease_id: int) -> Rows:
    """Why a task is skipped."""
    words = {
        "hard": voice.say("Too hard"),
        "unclear": voice.say("Unclear"),
        "language": voice.say("Not my language"),
        "upsetting": voice.say("Upsetting"),
        "other": voice.say("Just skip"),
    }
    buttons = [Button(words[reason], f"s:{lease_id}:{reason}") for reason in SKIP_REASONS]
    return (*rows_of(buttons), (back_to_task(voice, lease_id),))


def report_rows(voice: Tongue, lease_id: int) -> Rows:
    """What is wrong with an item."""
    words = {
        "broken": voice.say("Broken or empty"),
        "private": voice.say("Private data"),
        "harmful": voice.say("Harmful"),
        "wrong_language": voice.say("Wrong language"),
        "other": voice.say("Something else"),
    }
    buttons = [Button(words[reason], f"r:{lease_id}:{reason}") for reason in REPORT_REASONS]
    return (*rows_of(buttons), (back_to_task(voice, lease_id),))


def more_rows(voice: Tongue, batch_id: int, lease_id: int, *, mended: bool = False) -> Rows:
    """What else can be done with a task in hands."""
    report = (Button("⚑ " + voice.say("Report a problem"), f"r:{lease_id}"),)
    return (
        (Button("📖 " + voice.say("Instructions"), f"i:{batch_id}"),),
        *(() if mended else (report,)),
        *rows_of([Button("💰 " + voice.say("Earnings"), "e"), Button("☕ " + voice.say("Take a break"), "break")]),
        (back_to_task(voice, lease_id),),
    )


def back_to_task(voice: Tongue, lease_id: int) -> Button:
    """Back to the task in hands."""
    return Button("‹ " + voice.say("Back to the task"), f"b:{lease_id}")
