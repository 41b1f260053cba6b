"""Packs on a phone: the message that holds many tasks, and what became of the answers."""

from collections.abc import Iterable, Sequence

from bot.i18n.tongue import Html, Tongue
from bot.screens import LONGEST_CAPTION, LONGEST_TEXT, Button, Keys, Rows, Screen, Sheet, length_of
from bot.tasks import ask_of, face_of
from bot.tasks.base import Lettered, Packed, beginning, of_lease
from bot.views.task import lesson_line
from bot.views.work import paused_text, price_line, title_of
from crowd.batches.spec import BatchSpec
from crowd.kinds.base import AnswerError, Json
from crowd.loop.answering import Accepted
from crowd.loop.offers import Offer
from crowd.loop.recorded import Refused
from crowd.packs.answering import Outcome
from crowd.packs.letters import letters_of
from crowd.packs.pack import Pack, PackTask
from crowd.packs.reading import DONT_KNOW

SIZES = (5, 10, 15, 25)

_AROUND = 350
"""UTF-16 units of a pack's message for what is said around tasks and letters."""

_NUMBER = 8
"""The same for the number of a task, and the end of its line."""

_KEYS_ACROSS, _MOST_KEYS = 6, 150
"""Beyond that there are no keys: letters are quicker to write than to be looked for."""

_NAMED = 12
_QUOTED = 40
_LESSON = 200


def in_packs(spec: BatchSpec, voice: Tongue) -> bool:
    """Whether the kind of a batch can be answered in packs."""
    face = face_of(spec.kind)
    lettered = face.lettered(spec, voice)
    return face.in_writing or (lettered is not None and len(lettered.words) <= len(letters_of(voice.locale)))


def fitting(voice: Tongue, spec: BatchSpec, payloads: Sequence[Json]) -> list[bool]:
    """Which of these tasks have room in one message, in their order: all as texts, or all on one contact sheet."""
    items = [face_of(spec.kind).packed(ask_of(voice, spec, payload, of_lease(0))) for payload in payloads]
    first = next((item for item in items if item is not None), None)
    pictures = first is not None and first.picture is not None
    legend = sum(length_of(line) + 1 for line in _legend(voice, spec, letters_of(voice.locale)))
    left = (LONGEST_CAPTION if pictures else LONGEST_TEXT) - _AROUND - legend
    found = []
    for item in items:
        length = left + 1
        if item is not None and (item.picture is not None) == pictures:
            length = length_of(item.text) + _NUMBER if item.text else 0
        found.append(length <= left)
        left -= length if found[-1] else 0
    return found


def sizes_screen(voice: Tongue, offers: Sequence[Offer], batch_id: int | None) -> Screen:
    """Which batch a pack is to be of, and how many tasks."""
    chosen = next((offer for offer in offers if offer.batch_id == batch_id or len(offers) == 1), None)
    lines = ["📦 <b>" + voice.say("Packs") + "</b>", ""]
    lines.append(
        voice.say(
            "A pack is many tasks in one message. You can read and answer them without a connection,"
            " within a day, and send all answers in one message."
        )
    )
    if chosen is None:
        rows: Rows = tuple((Button("▶️ " + title_of(voice, each.spec), f"k:{each.batch_id}"),) for each in offers[:8])
        return Screen("\n".join(lines), (*rows, _work(voice)))
    title = voice.foreign(title_of(voice, chosen.spec))
    lines += ["", f"{voice.line}<b>{title}</b>", price_line(voice, chosen), "", voice.say("How many tasks?")]
    sizes = tuple(Button(voice.number(size), f"kt:{chosen.batch_id}:{size}") for size in SIZES)
    return Screen("\n".join(lines), (sizes, _work(voice)))


def no_packs_screen(voice: Tongue) -> Screen:
    """There is work, and none of it in packs."""
    return Screen("📦 " + voice.say("There is no work in packs right now. Tasks one by one are here:"), (_work(voice),))


def not_in_packs_line(voice: Tongue) -> str:
    """The items of a batch are not such that many have room in a message."""
    return "📦 " + voice.say("The tasks of this batch cannot be put in a pack. You can do them one by one.")


def pack_screen(voice: Tongue, pack: Pack, time_zone: str | None) -> Screen:
    """What is open of a pack, readable without a connection."""
    spec = pack.spec
    head = f"📦 {voice.foreign(title_of(voice, spec))} · " + voice.count(
        "{number} task", "{number} tasks", len(pack.tasks)
    )
    until = voice.say("until {until}", until=voice.moment(pack.due_at, time_zone))
    lettered = face_of(spec.kind).lettered(spec, voice)
    how = _how_to_write(voice, pack.tasks) if lettered is None else _how(voice, pack, lettered)
    first = pack.tasks[0].number == 1  # of all packs, or of those that begin anew: by the next one it is known
    tail = ["", *_legend(voice, spec, pack.letters), *([f"✍️ {how}"] if first else [])]
    items = {task.number: _packed(voice, task) for task in pack.tasks}
    pictures = tuple((str(number), item.picture) for number, item in items.items() if item.picture is not None)
    tasks = [f"{number}. {item.text}" for number, item in items.items() if item.text]  # each runs its item's way
    longest = LONGEST_CAPTION if pictures else LONGEST_TEXT
    while True:
        text = "\n".join([f"{voice.line}{head} · {until}", *([""] if tasks else []), *tasks, *tail])
        if length_of(text) <= longest or not tasks:  # it was made in a language that takes less room
            break
        del tasks[-1]
    keys = None if lettered is None else _keys(pack, lettered)
    if not pictures:
        return Screen(text, keys=keys, protected=spec.protected)
    sorry = "🖼 " + voice.say("The picture cannot be shown just now. Nothing is lost: try again, or do another task.")
    again = ((Button("🔄 " + voice.say("Try again"), f"ka:{pack.id}"),), _work(voice))
    return Screen(text, (), Sheet(pictures, spec.spoiler), spec.protected, Screen(sorry, again), keys=keys)


def _packed(voice: Tongue, task: PackTask) -> Packed:
    ask = ask_of(voice, task.spec, task.payload, of_lease(task.lease_id))
    return face_of(task.spec.kind).packed(ask) or Packed("")


def _legend(voice: Tongue, spec: BatchSpec, letters: str) -> list[str]:
    """What each letter stands for; nothing where tasks are answered in writing."""
    lettered = face_of(spec.kind).lettered(spec, voice)
    if lettered is None:
        return []
    lines = [f"{voice.line}{_shown(letters[place])} = {words}" for place, words in enumerate(lettered.words)]
    unknown = voice.say("Don't know")
    return [*lines, f"{voice.line}{DONT_KNOW} = {unknown}"] if spec.dont_know else lines


def _how(voice: Tongue, pack: Pack, lettered: Lettered) -> str:
    numbers = [task.number for task in pack.tasks[:2]]
    letters = [_shown(pack.letters[turn % len(lettered.words)]) for turn in range(len(numbers))]
    example = " ".join(f"{number}{letter}" for number, letter in zip(numbers, letters, strict=True))
    return voice.say("Answer by number and letter, as many as you like in a message: {example}", example=example)


def _how_to_write(voice: Tongue, tasks: Sequence[PackTask]) -> str:
    example = f"{tasks[0].number}. …"
    return voice.say(
        "Answer with a line for each, beginning with its number: {example} As many as you like in a message.",
        example=example,
    )


def _keys(pack: Pack, lettered: Lettered) -> Keys | None:
    said = [_shown(pack.letters[place]) for place in range(len(lettered.words))]
    said += [DONT_KNOW] if pack.spec.dont_know else []
    if lettered.several or len(said) > _KEYS_ACROSS or len(said) * len(pack.tasks) > _MOST_KEYS:
        return None
    return tuple(tuple(f"{task.number}{letter}" for letter in said) for task in pack.tasks)


def open_screen(voice: Tongue, pack: Pack) -> Screen:
    """A pack that waits for answers."""
    text = "📦 " + voice.say(
        "Your pack in {title} waits for: {numbers}",
        title=title_of(voice, pack.spec),
        numbers=_numbers(voice, pack.tasks),
    )
    again = Button("📄 " + voice.say("Show it again"), f"ka:{pack.id}")
    back = Button("↩️ " + voice.say("Give them back"), f"kr:{pack.id}")
    return Screen(text, ((again,), (back,), _work(voice)))


def outcomes_screen(
    voice: Tongue, outcomes: Sequence[Outcome], said: dict[int, str], unclear: Sequence[str], pack: Pack | None
) -> Screen:
    """What was read of a message, what it earned, and what is left. `said` is how each was read, plain."""
    taken = [(each.task, each.result) for each in outcomes if isinstance(each.result, Accepted)]
    lines = []
    if taken:
        read = voice.foreign(" ".join(beginning(said[task.number], _QUOTED) for task, _ in taken))
        lines.append(f"{voice.line}✓ {' · '.join([*_earned(voice, [done for _, done in taken]), read])}")
    lines += [
        f"{voice.line}{task.number}: {lesson_line(voice, done.spec, done.lesson, room=_LESSON)}"
        for task, done in taken
        if done.lesson is not None
    ]
    lines += _refused(voice, outcomes)
    lines += [
        f"⚠️ {voice.number(each.task.number)}: {face_of(each.task.spec.kind).trouble(each.result, voice)}"
        for each in outcomes
        if isinstance(each.result, AnswerError)
    ]
    if unclear:
        pieces = voice.listed([beginning(piece, _QUOTED) for piece in unclear[:_NAMED]])
        lines.append(
            "❓ " + voice.say("Not understood, so not counted: {pieces}. Please write it again.", pieces=pieces)
        )
    if any(done.paused for _, done in taken):
        lines.append("⏸ " + paused_text(voice))
    if pack is not None:
        lines.append("📦 " + voice.say("Still open: {numbers}", numbers=_numbers(voice, pack.tasks)))
        return Screen("\n".join(lines))
    lines.append("📦 " + voice.say("All of it is done. /pack gives the next one, /packs another kind or size."))
    return Screen("\n".join(lines), keys=())


def _earned(voice: Tongue, done: Iterable[Accepted]) -> list[str]:
    sums: dict[str, int] = {}
    for each in done:
        sums[each.spec.currency] = sums.get(each.spec.currency, 0) + each.earned
    return [f"<b>{voice.foreign(voice.gain(amount, currency))}</b>" for currency, amount in sums.items()]


def _refused(voice: Tongue, outcomes: Sequence[Outcome]) -> list[str]:
    by_why: dict[Refused, list[PackTask]] = {}
    for each in outcomes:
        if isinstance(each.result, Refused):
            by_why.setdefault(each.result, []).append(each.task)
    lines = []
    if before := by_why.pop(Refused.ANSWERED, None):
        lines.append("✓ " + voice.say("Recorded before, and counted once: {numbers}", numbers=_numbers(voice, before)))
    if back := by_why.pop(Refused.WITHDRAWN, None):
        were = voice.count("{number} task was given back.", "{number} tasks were given back.", len(back))
        lines.append(f"↩️ {were} ({_numbers(voice, back)})")
    if late := [task for tasks in by_why.values() for task in tasks]:
        lines.append("⌛ " + voice.say("Too late, others have these by now: {numbers}", numbers=_numbers(voice, late)))
    return lines


def returned_screen(voice: Tongue, tasks: int) -> Screen:
    """The rest of a pack was given back."""
    text = "↩️ " + voice.count("{number} task was given back.", "{number} tasks were given back.", tasks)
    return Screen(f"{text} " + voice.say("It costs you nothing. /pack gives the next one."), keys=())


def _numbers(voice: Tongue, tasks: Sequence[PackTask]) -> Html:
    return voice.foreign(" ".join(str(task.number) for task in tasks))


def _shown(letter: str) -> str:
    return letter.upper()


def _work(voice: Tongue) -> tuple[Button, ...]:
    return (Button("📋 " + voice.say("One by one"), "work"),)
