"""What a kind of task needs to be done by chat."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar, Generic, TypeVar

import orjson

from bot.i18n.tongue import Html, Tongue
from bot.screens import Body, Button
from crowd.batches.spec import BatchSpec
from crowd.kinds.base import AnswerError, Json
from crowd.lengths import chat_length
from crowd.media.picture import Picture

S = TypeVar("S", bound=BatchSpec)
P = TypeVar("P")

GLIMPSE = 60
WORDS = 150
WHOLE = 3000
"""An answer of more has no room with what it answers in one message."""

_FULL = 100
"""Views from here on are pages too, with the picture in full."""


@dataclass(frozen=True, slots=True)
class Hand:
    """In whose hands a task is: what the data of its buttons begin with."""

    verbs: str
    """Before each verb."""
    named: str
    """The task, as its handlers know it."""


def of_lease(lease_id: int) -> Hand:
    """A task that is paid."""
    return Hand("", str(lease_id))


def of_practice(task_id: int, attempt: int) -> Hand:
    """A task to practise on, at that try."""
    return Hand("p", f"{task_id}:{attempt}")


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody sends to answer, or as a step, instead of a tap."""

    said: Json
    """As `crowd.kinds.base.Takes` says."""


Turn = str | Message
"""A tap, as `Face.read_tap` gets it, or a message."""


@dataclass(frozen=True, slots=True)
class Ask(Generic[S, P]):
    """A task that is to be shown. It makes the buttons, so that a face knows nothing of leases and practice."""

    spec: S
    payload: P
    voice: Tongue
    hand: Hand
    draft: Json = None
    """What was put together of the answer so far, in a kind that goes step by step; else None."""
    view: int = 0
    """How the task is looked at: which of its pages, and whether its picture is in full. Any number may come."""

    @property
    def page(self) -> int:
        """Which page is looked at, from 0, where the task has several."""
        return self.view % _FULL

    @property
    def full(self) -> bool:
        """Whether its picture is looked at in full."""
        return self.view // _FULL % 2 == 1

    def answer(self, label: str, said: object) -> Button:
        """A button that answers; `said` is what `Face.read_tap` gets, so short that all is within 64 bytes."""
        return Button(label, f"{self.hand.verbs}a:{self.hand.named}:{said}")

    def step(self, label: str, said: object) -> Button:
        """A button for one step of the answer; `said` as above."""
        return Button(label, f"{self.hand.verbs}c:{self.hand.named}:{self.view}:{said}")

    def turn(self, label: str, page: int) -> Button:
        """A button to another page."""
        return self._look(label, page, full=self.full)

    def look(self, label: str, *, full: bool) -> Button:
        """A button to the picture in full, or back from it."""
        return self._look(label, self.page, full=full)

    def _look(self, label: str, page: int, *, full: bool) -> Button:
        return Button(label, f"{self.hand.verbs}v:{self.hand.named}:{page + _FULL * full}")

    @property
    def sends(self) -> str:
        """What the button says that ends it."""
        return self.voice.say("Send")

    def send(self, label: str) -> Button:
        """A button that sends the draft, if it still is the one that stands above."""
        return Button(label, f"{self.hand.verbs}ok:{self.hand.named}:{print_of(self.draft)}")


def print_of(said: Json) -> str:
    """By which a button knows what stands above it; in whichever order the database keeps names."""
    return sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Lettered:
    """How tasks of a batch are answered in a pack, by letters."""

    words: tuple[str, ...]
    """What each letter stands for, HTML."""
    several: bool = False
    """More than one letter may be an answer."""
    alone: int | None = None
    """The place of the one that goes with no other, then."""


@dataclass(frozen=True, slots=True)
class Packed:
    """An item as it stands in a pack."""

    text: str
    """Behind its number, HTML; may be empty where there is a picture."""
    picture: Picture | None = None
    """On the contact sheet of the pack."""


class Face(ABC, Generic[S, P]):
    """How one kind of task looks on a phone, and how its answer is read. S and P are as in `crowd.kinds`."""

    name: ClassVar[str]

    @abstractmethod
    def show(self, ask: Ask[S, P]) -> Body:
        """The task, with its buttons."""

    def again(self, ask: Ask[S, P]) -> Body:
        """The item once more, over what was right about it; its buttons are not shown. By itself as it was asked."""
        return self.show(ask)

    @abstractmethod
    def read_tap(self, said: str) -> Json:
        """What a tap on a button of `Ask.answer` or `Ask.step` said, for the kind's `read_answer` or `step`."""

    @abstractmethod
    def turns(self, spec: S, payload: P, value: Json) -> tuple[Turn, ...]:
        """By which taps and messages that answer is given, in their order.

        Without the tap that sends what was put together. For those who try Kazi out: tests, and simulated workers.
        """

    @abstractmethod
    def words(self, spec: S, value: Json, voice: Tongue) -> str:
        """An answer as the worker knows it, a long one shortened to WORDS; HTML."""

    def told(self, ask: Ask[S, P], value: Json) -> str:
        """The same to who had the task in hands, for answers that mean nothing without it, or hang on what they saw."""
        return self.words(ask.spec, value, ask.voice)

    def echo(self, spec: S, value: Json, voice: Tongue) -> str:
        """An answer that came as one message, whole, and that it is to be confirmed; HTML."""
        return self.words(spec, value, voice)

    def trouble(self, error: AnswerError, voice: Tongue) -> str:  # noqa: ARG002
        """Why an answer cannot be taken as it is, and what to do; plain text."""
        return voice.say("That is not one of the answers to this task.")

    @abstractmethod
    def glimpse(self, payload: P, voice: Tongue) -> str:
        """A few words of an item, HTML."""

    in_writing: ClassVar[bool] = False
    """Whether tasks in a pack are answered by what is written behind their number, and not by letters."""

    def lettered(self, spec: S, voice: Tongue) -> Lettered | None:  # noqa: ARG002
        """What the letters stand for by which tasks in a pack are answered; None where none are."""
        return None

    def chosen(self, ask: Ask[S, P], places: tuple[int, ...]) -> Json:
        """What these letters say, for the kind's `read_answer`. The places are those of `lettered`, in rising order."""
        raise NotImplementedError

    def packed(self, ask: Ask[S, P]) -> Packed | None:  # noqa: ARG002
        """The item as it stands in a pack; None for one that has to be seen or heard alone."""
        return None


def shortened(voice: Tongue, text: str, most: int = GLIMPSE) -> Html:
    """The beginning of a text, where the whole is shown elsewhere: at most so many UTF-16 units; HTML."""
    return voice.foreign(beginning(text, most))


def beginning(text: str, most: int) -> str:
    """The beginning of a text, in one line of at most so many UTF-16 units; plain."""
    line = " ".join(text.split())
    if chat_length(line) > most:
        kept = line.encode("utf-16-le", "surrogatepass")[: 2 * max(most - 1, 0)].decode("utf-16-le", "ignore")
        line = kept.rstrip() + "…"
    return line
