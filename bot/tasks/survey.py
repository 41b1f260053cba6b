"""survey: one question after the other, each as its own kind looks, and at the end all answers, to be sent together."""

from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from bot.i18n.tongue import Html, Tongue
from bot.screens import Body, Button, Rows, length_of
from bot.tasks import AnyFace, face_of
from bot.tasks.base import WORDS, Ask, Face, Message, Turn
from bot.tasks.item import glimpse, of_item
from crowd.batches.spec import BatchSpec
from crowd.kinds.base import AnswerError, Json, SteppedKind
from crowd.kinds.filled import Filled, Part, State, seen
from crowd.kinds.item import Item
from crowd.kinds.questions import KINDS, Asked
from crowd.kinds.survey import SurveySpec
from crowd.kinds.written import WrittenSpec

S = TypeVar("S", bound=BatchSpec)

_IN_ROW = 5
"""Buttons that lead to one of the answers, at most; several rows have equally many."""

_ON_PAGE, _BELOW_MEDIA = 3300, 600
"""UTF-16 units of answers on one page: of a message, and below a picture or sound, with what stands around them."""

_BESIDE = 400
"""UTF-16 units of what was said, and was right, below the questions."""

_BETWEEN = " · "

SurveyAsk = Ask[SurveySpec, Item]


@dataclass(frozen=True, slots=True)
class QuestionAsk(Ask[S, Item], Generic[S]):
    """One question, as its own face asks it: what that makes for an answer or a step is a step of the survey."""

    number: int = 0
    """From 0, among all questions."""
    kind: str = ""

    def answer(self, label: str, said: object) -> Button:
        """A button that answers the question."""
        return _onward(self, label, f"a{self.number}:{self.kind}:{said}")

    def step(self, label: str, said: object) -> Button:
        """A button for a step within the question."""
        return Ask.step(self, label, f"c{self.number}:{self.kind}:{said}")

    @property
    def sends(self) -> str:
        """Another question comes, or all answers."""
        return self.voice.say("Next")

    def send(self, label: str) -> Button:
        """A button that ends the question with what stands above it."""
        return _onward(self, label, f"d{self.number}:{seen(self.draft)}")


class SurveyFace(Face[SurveySpec, Item]):
    """Answer questions."""

    name = "survey"

    def show(self, ask: SurveyAsk) -> Body:
        """A question, or all answers."""
        filled = Filled.of(ask.draft)
        return _question(ask, filled) if filled.at < len(filled.parts) else _all_answers(ask, filled)

    def again(self, ask: SurveyAsk) -> Body:
        """The item, and the questions with their numbers where there is room for them."""
        asked = "\n".join(_numbered(ask, number) for number in range(len(ask.spec.questions)))
        room = _ON_PAGE if ask.payload.picture is None and ask.payload.sound is None else _BELOW_MEDIA
        fits = length_of(asked) + len(ask.payload.text) <= room - _BESIDE
        return of_item(ask, asked if fits else "")

    def read_tap(self, said: str) -> Json:
        """See the kind's `step`."""
        verb, rest = said[:1], said[1:]
        number, _, more = rest.partition(":")
        place = int(number) if number.isascii() and number.isdigit() and len(number) < 3 else -1
        if verb in {"a", "c"}:
            kind, _, inner = more.partition(":")
            read = face_of(kind).read_tap(inner) if kind in KINDS else None
            return ["answer" if verb == "a" else "step", place, kind, read]
        if verb == "d":
            return ["done", place, more]
        return [{"g": "go", "l": "leave"}.get(verb, ""), place]

    def turns(self, spec: SurveySpec, payload: Item, value: Json) -> tuple[Turn, ...]:
        """Those of each question, one after the other."""
        return tuple(
            turn for number, question in enumerate(spec.asked) for turn in _turns(number, question, payload, value)
        )

    def words(self, spec: SurveySpec, value: Json, voice: Tongue) -> str:
        """The answers with the numbers of their questions, as many as there is room for."""
        each = [
            f"{voice.foreign(f'{voice.number(number)}.')} {_words(question, value[question.name], voice)}"
            for number, question in enumerate(spec.asked, 1)
            if question.name in value
        ]
        return _as_many(each, WORDS)

    def trouble(self, error: AnswerError, voice: Tongue) -> str:
        """That of a question, or a question without an answer."""
        if error.kind != self.name:
            return face_of(error.kind).trouble(error, voice)
        if error.problem == "unanswered":
            return voice.say("Question {number} has no answer yet.", number=error.values["number"])
        if error.problem == "old_screen":
            return voice.say("That was an old screen. Here is where you are now.")
        return super().trouble(error, voice)

    def glimpse(self, payload: Item, voice: Tongue) -> str:
        """See Face."""
        return glimpse(payload, voice)


def _face(question: Asked) -> AnyFace:
    return face_of(question.kind.name)


def _words(question: Asked, value: Json, voice: Tongue) -> str:
    return _face(question).words(question.spec, value, voice)


def _onward(ask: Ask[Any, Any], label: str, said: str) -> Button:
    """A step that leads to another screen, of which the first page is shown."""
    return Ask.step(replace(ask, view=ask.view - ask.page), label, said)


def _turns(number: int, question: Asked, payload: Item, value: Json) -> list[Turn]:
    if question.name not in value:
        return [f"l{number}"]
    kind, face = question.kind, _face(question)
    inner = face.turns(question.spec, payload, value[question.name])
    if not isinstance(kind, SteppedKind):
        return [turn if isinstance(turn, Message) else f"a{number}:{kind.name}:{turn}" for turn in inner]
    draft, turns = kind.begin(question.spec, payload), list[Turn]()
    for turn in inner:
        draft = kind.step(question.spec, payload, draft, face.read_tap(str(turn)))
        turns.append(f"c{number}:{kind.name}:{turn}")
    return [*turns, f"d{number}:{seen(draft)}"]


def _asked(ask: SurveyAsk, number: int) -> str:
    """The words of a question."""
    return ask.voice.pick(ask.spec.questions[number].ask, ask.spec.language)


def _question(ask: SurveyAsk, filled: Filled) -> Body:
    """What the survey is about, how far one is, and the question as its own face shows it."""
    number, voice, item = filled.at, ask.voice, ask.payload
    question, part = ask.spec.asked[number], filled.parts[number]
    inner = _face(question).show(
        QuestionAsk(
            question.spec, Item(_asked(ask, number), item.picture, item.sound), voice, ask.hand,
            part.draft(question, item), ask.view, number, question.kind.name,
        )
    )  # fmt: skip
    above = [voice.block(item.text)] if item.text else []
    far = voice.say("Question {number} of {all}", number=number + 1, all=len(filled.parts))
    said = _said_before(question, part, voice)
    text = "\n\n".join([*above, f"<b>{far}</b>\n{inner.text}", *([said] if said else [])])
    return Body(text, (*inner.rows, *_ways(ask, filled, question)), inner.media)


def _said_before(question: Asked, part: Part, voice: Tongue) -> str:
    """What was said to a question that one has come back to; ticks stand on its buttons."""
    if part.state is State.LEFT_OUT:
        return f"✓ {voice.say('Left out')}"
    if part.state is State.OPEN or isinstance(question.kind, SteppedKind):
        return ""
    said = Html(_words(question, part.said, voice))
    return f"✓ {voice.say('Your answer: {said}', said=said)}"


def _ways(ask: SurveyAsk, filled: Filled, question: Asked) -> Rows:
    """To the question before, to the one after where this one has its answer, and past it where it is optional."""
    voice, at, all_of_them = ask.voice, filled.at, len(filled.parts)
    part = filled.parts[at]
    turns = [_onward(ask, f"{voice.backward} {voice.say('Back')}", f"g{at - 1}")] if at else []
    if filled.first_open == all_of_them:
        turns.append(_onward(ask, f"☑️ {voice.say('All answers')}", f"g{all_of_them}"))
    elif part.state is not State.OPEN:
        turns.append(_onward(ask, f"{voice.onward} {voice.say('Next')}", f"g{at + 1}"))
    leave = question.optional and part.state is not State.LEFT_OUT
    past = (_onward(ask, f"∅ {voice.say('Leave this one out')}", f"l{at}"),)
    return (*((past,) if leave else ()), *((tuple(turns),) if turns else ()))


def _all_answers(ask: SurveyAsk, filled: Filled) -> Body:
    """All answers, whole. What is too long for one screen comes in pages, and is sent from the last one.

    A picture or a sound stands above them where they have room below it.
    """
    voice, item = ask.voice, ask.payload
    entries = [_entry(ask, filled, number) for number in range(len(filled.parts))]
    shown = item if sum(length_of(entry) + 2 for entry in entries) <= _BELOW_MEDIA else Item()
    pages = _in_pages(entries)
    at = min(ask.page, len(pages) - 1)
    first = sum(len(page) for page in pages[:at])
    buttons = [
        _onward(ask, f"✏️ {voice.number(number + 1)}", f"g{number}") for number in range(first, first + len(pages[at]))
    ]
    across = -(-len(buttons) // -(-len(buttons) // _IN_ROW))
    rows = [tuple(buttons[start : start + across]) for start in range(0, len(buttons), across)]
    last = at == len(pages) - 1
    turns = [ask.turn(f"{voice.backward} {voice.number(at)}/{voice.number(len(pages))}", at - 1)] if at else []
    if last:
        turns.append(ask.send(f"✅ {voice.say('Send')}"))
        how = voice.say("Send them, or tap a number to change that answer.")
    else:
        turns.append(ask.turn(f"{voice.number(at + 2)}/{voice.number(len(pages))} {voice.onward}", at + 1))
        how = voice.say("Go on to the last page to send them, or tap a number to change that answer.")
    about = f"{voice.line}<i>{glimpse(item, voice)}</i>"
    text = "\n\n".join([about, f"<b>{voice.say('Your answers')}</b>", *pages[at], f"<i>{how}</i>"])
    return of_item(replace(ask, payload=replace(shown, text="")), text, (*rows, tuple(turns)))


def _entry(ask: SurveyAsk, filled: Filled, number: int) -> str:
    """A question with its answer, whole."""
    voice, question, part = ask.voice, ask.spec.asked[number], filled.parts[number]
    if part.state is State.GIVEN:
        echo = _face(question).echo(question.spec, part.answer(question, ask.payload), voice)
        said = echo if isinstance(question.spec, WrittenSpec) else f"{voice.line}{echo}"  # a text runs its own way
    else:
        said = f"<i>{voice.say('Left out')}</i>"
    return f"<b>{_numbered(ask, number)}</b>\n{said}"


def _numbered(ask: SurveyAsk, number: int) -> str:
    """A question with its number, for a line of its own."""
    voice = ask.voice
    return f"{voice.line}{voice.number(number + 1)}. {voice.foreign(_asked(ask, number))}"


def _in_pages(entries: list[str]) -> list[list[str]]:
    """As many on each as there is room for, in their order."""
    pages: list[list[str]] = [[]]
    room = _ON_PAGE
    for entry in entries:
        long = length_of(entry) + 2
        if long > room and pages[-1]:
            pages.append([])
            room = _ON_PAGE
        pages[-1].append(entry)
        room -= long
    return pages


def _as_many(parts: list[str], most: int) -> str:
    """The first of these pieces of HTML that are together no longer than that, and at least one."""
    kept, room = list[str](), most
    for part in parts:
        room -= length_of(part) + len(_BETWEEN)
        if kept and room < 0:
            return _BETWEEN.join([*kept, "…"])
        kept.append(part)
    return _BETWEEN.join(kept)


FACE = SurveyFace()
