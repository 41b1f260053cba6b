"""What a kind of task needs to be done by chat."""

from abc import ABC, abstractmethod
from typing import ClassVar, Generic, TypeVar

from bot.i18n.tongue import Html, Tongue
from bot.screens import Body
from crowd.batches.spec import BatchSpec
from crowd.kinds.base import AnswerError, Json
from crowd.lengths import chat_length

S = TypeVar("S", bound=BatchSpec)
P = TypeVar("P")

GLIMPSE = 60
WORDS = 150


class Face(ABC, Generic[S, P]):
    """How one kind of task looks on a phone, and how its answer is read. S and P are as in `crowd.kinds`."""

    name: ClassVar[str]
    takes_text: ClassVar[bool] = False
    """The answer is written, echoed, and confirmed before it counts."""

    @abstractmethod
    def show(self, spec: S, payload: P, lease_id: int, voice: Tongue) -> Body:
        """The task. Data of buttons that answer it: `a:LEASE:…`."""

    @abstractmethod
    def read_tap(self, said: str) -> Json:
        """What a tap on an answer button said, for the kind's `read_answer`; `said` is what follows `a:LEASE:`."""

    @abstractmethod
    def words(self, spec: S, value: Json, voice: Tongue) -> str:
        """An answer as the worker knows it, a long one shortened to WORDS; HTML."""

    def echo(self, spec: S, value: Json, voice: Tongue) -> str:
        """An answer that was written, whole, to be confirmed; HTML."""
        return self.words(spec, value, voice)

    def trouble(self, error: AnswerError, voice: Tongue) -> str:  # noqa: ARG002
        """Why an answer cannot be taken as it is, and what to do; plain text."""
        return voice.say("That is not one of the answers to this task.")

    @abstractmethod
    def glimpse(self, payload: P, voice: Tongue) -> str:
        """A few words of an item, HTML."""


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
