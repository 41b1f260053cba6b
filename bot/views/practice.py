"""Practice: the offer, a task, what was right, and how it went."""

from dataclasses import replace

from bot.i18n.tongue import Html, Tongue
from bot.screens import Body, Button, Media, Rows, Screen, length_of
from bot.tasks import body_again, body_of, is_confirmed, item_in_words, said_in_words
from bot.tasks.base import of_practice
from bot.views.spoken import listen_rows
from bot.views.task import Ways, asked_by, why_line
from bot.views.work import instructions_screen, title_of
from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from crowd.loop.practice import Practice, PracticeTask


def practices_screen(voice: Tongue, found: list[Practice]) -> Screen:
    """Where there is practice."""
    work = Button("▶️ " + voice.say("Work"), "work")
    if not found:
        return Screen(
            "🎓 " + voice.say("There is no practice for you right now. Some batches come with it."), ((work,),)
        )
    text = "🎓 <b>" + voice.say("Practice") + "</b>\n"
    text += voice.say("Practice is not paid and does not count. Each answer is explained.")
    buttons = [(Button("🎓 " + title_of(voice, each.spec), f"p:{each.batch_id}"),) for each in found]
    return Screen(text, (*buttons, (work,)))


def practice_screen(voice: Tongue, practice: Practice, *, above: str = "") -> Screen:
    """The practice of a batch: what it is, or how it went once it is done. `above` is a line of HTML over it."""
    lines = [above, ""] if above else []
    lines += [f"{voice.line}🎓 <b>{voice.foreign(title_of(voice, practice.spec))}</b>", ""]
    lines += _how_it_went(voice, practice) if practice.finished else _what_it_is(voice, practice)
    return Screen("\n".join(lines), _ways_on(voice, practice))


def _what_it_is(voice: Tongue, practice: Practice) -> list[str]:
    minutes = max(1, round(practice.takes_s / 60))
    lines = [
        voice.count(
            "There is {number} practice task, with an explanation after your answer.",
            "There are {number} practice tasks, with an explanation after each answer.",
            practice.items,
        ),
        voice.count(
            "This takes about {number} minute and is not paid.",
            "This takes about {number} minutes and is not paid.",
            minutes,
        ),
    ]
    if practice.needed and not practice.takes_part:
        lines.append(
            voice.say(
                "Paid work opens when {needed} of {items} are right, at the first or the second try."
                " You can begin again as often as you like.",
                needed=practice.needed,
                items=practice.items,
            )
        )
    else:
        lines.append(voice.say("You are free to skip it."))
    if practice.done:
        lines += ["", voice.say("Done so far: {done} of {items}", done=practice.done, items=practice.items)]
    return lines


def _how_it_went(voice: Tongue, practice: Practice) -> list[str]:
    first, second = practice.right
    lines = [
        voice.say("You are through with the practice."),
        voice.say("Right at the first try: {right} of {items}", right=first, items=practice.items),
    ]
    if practice.tried_again:
        lines.append(voice.say("Right at the second try: {right} of {items}", right=second, items=practice.tried_again))
    if not practice.may_begin:
        lines.append(
            voice.say(
                "Paid work opens when {needed} of {items} are right. Please practise again; you can do so at any time.",
                needed=practice.needed,
                items=practice.items,
            )
        )
    elif practice.needed and not practice.takes_part:
        lines.append(voice.say("That is enough: paid work is open for you."))
    return lines


def _ways_on(voice: Tongue, practice: Practice) -> Rows:
    rows: list[tuple[Button, ...]] = []
    if not practice.finished:
        words = voice.say("Go on practising") if practice.done else voice.say("Practise")
        rows.append((Button("🎓 " + words, f"po:{practice.batch_id}"),))
    if practice.may_begin:
        rows.append((Button("▶️ " + voice.say("Begin with paid work"), f"go:{practice.batch_id}:paid"),))
    if practice.done:
        again = f"pr:{practice.batch_id}:{practice.tries}"
        rows.append((Button("🔁 " + voice.say("Practise again"), again),))
    rows.append((Button("📖 " + voice.say("Instructions"), f"pi:{practice.batch_id}"),))
    rows.append((Button("📋 " + voice.say("Other work"), "pl"),))
    return tuple(rows)


def practice_task_screen(
    voice: Tongue, task: PracticeTask, *, above: str = "", draft: Json = None, view: int = 0
) -> Screen:
    """The practice task in hands: to be answered, or with what was right. `above` is a line of HTML over it."""
    head = f"{above}\n\n{_head(voice, task)}" if above else _head(voice, task)
    if task.answered:
        return _verdict_screen(voice, task, head)
    return _question_screen(voice, task, head, draft=draft, view=view)


def _head(voice: Tongue, task: PracticeTask) -> str:
    if task.attempt == 1:
        return "🎓 " + voice.say("Practice, not paid: {number} of {all}", number=task.number, all=task.of)
    return "🎓 " + voice.say("Practice, not paid; second try: {number} of {all}", number=task.number, all=task.of)


def _question_screen(voice: Tongue, task: PracticeTask, head: str, *, draft: Json, view: int) -> Screen:
    hand = of_practice(task.task_id, task.attempt)
    body = body_of(voice, task.spec, task.payload, hand, draft=draft, view=view)
    out: Rows = ((_leave(voice),),)
    ways = out
    if task.spec.dont_know:
        ways = ((Button("🤷 " + voice.say("Don't know"), f"pu:{hand.named}"),), *ways)
    return asked_by(voice, task.spec, body, head, Ways((*body.rows, *ways), ways, out, f"pv:{hand.named}:0"))


def _verdict_screen(voice: Tongue, task: PracticeTask, head: str) -> Screen:
    hand = of_practice(task.task_id, task.attempt)
    said = Html(said_in_words(task.spec, task.payload, task.said, voice.locale, hand))
    right = Html(said_in_words(task.spec, task.payload, task.right, voice.locale, hand))
    item, media = _item(voice, task)
    lines = [f"{head}\n", *([f"{item}\n"] if item else [])]
    if task.was_right:
        lines.append("✅ " + voice.say("Right: {said}", said=said))
    else:
        lines.append("✗ " + voice.say("Not right: {said}", said=said))
    if task.said != task.right:
        lines.append("💡 " + voice.say("The right answer: {right}", right=right))
    text = "\n".join(lines)
    on = Button(f"{voice.onward} " + voice.say("Next"), f"pn:{task.task_id}:{task.attempt}")
    rows: Rows = ((on,), (_leave(voice),))
    bare = asked_by(voice, task.spec, Body(text, media=media), "", Ways(rows, rows, rows, f"pv:{hand.named}:0"))
    return replace(bare, text=text + why_line(voice, task.spec, task.explanation, room=bare.longest - length_of(text)))


def _item(voice: Tongue, task: PracticeTask) -> tuple[str, Media | None]:
    """The item once more: whole, unless its kind asks for words below it."""
    if is_confirmed(task.spec, task.payload):
        return f"{voice.line}<i>{item_in_words(task.spec, task.payload, voice.locale)}</i>", None
    body = body_again(voice, task.spec, task.payload, of_practice(task.task_id, task.attempt))
    return body.text, body.media


def _leave(voice: Tongue) -> Button:
    return Button("🚪 " + voice.say("Leave practice"), "pl")


def practice_instructions_screen(voice: Tongue, spec: BatchSpec, batch_id: int) -> Screen:
    """What to do in a batch, and back to its practice."""
    text = instructions_screen(voice, spec, batch_id, begun=True, offer=None).text
    listen = listen_rows(voice, spec, batch_id, practising=True)
    return Screen(text, (*listen, (Button("‹ " + voice.say("Back"), f"p:{batch_id}"),)))
