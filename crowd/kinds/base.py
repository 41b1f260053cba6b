"""What a kind of task has to say for itself. One file for each kind stands beside this one."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Generic, TypeVar

from crowd.batches.spec import BatchSpec
from crowd.kinds.grades import Steps
from crowd.sentences import Sentence

Json = Any
"""A value as JSON has it: what payloads, answers and labels are stored and exported as."""

Few = tuple[str, ...] | tuple[int, ...]
"""Answers that are few: all of them texts, or whole numbers, so that `str` tells them apart."""

Difference = Callable[[Json, Json], float]
"""Of two answers, as alpha adds it up: of numbers the square. Symmetric, 0 for equal ones, in any unit."""

S = TypeVar("S", bound=BatchSpec)
P = TypeVar("P")


class ItemError(ValueError):
    """A cell of an item is not what its kind needs. `column` is Kazi's name of the column."""

    def __init__(self, column: str, problem: Sentence) -> None:
        super().__init__(problem)
        self.column = column
        self.problem = problem


class AnswerError(ValueError):
    """A worker's answer cannot be taken as it is. `problem` is a name that the kind's face puts into words."""

    def __init__(self, kind: str, problem: str, **values: int) -> None:
        super().__init__(problem)
        self.kind = kind
        self.problem = problem
        self.values = values


class Holds(Enum):
    """What the cells of a column are."""

    TEXT = "text"
    PICTURE = "picture"
    """The name of a file; the kind gets the picture that was taken in, as JSON text of `Picture.stored`."""
    SOUND = "sound"
    """Likewise, of `Sound.stored`."""


class Takes(Enum):
    """What is answered by a message, where buttons do not do."""

    TEXT = "text"
    """What was written, a `str`."""
    SOUND = "sound"
    """A voice note that was taken in, as JSON of `Sound.stored`."""
    PICTURE = "picture"
    """A picture that was taken in, as JSON of `Snap.stored`."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a kind reads from the items."""

    name: str
    meaning: str
    required: bool = True
    holds: Holds = Holds.TEXT
    unless: tuple[str, ...] = ()
    """Where one of these columns is there, it is not required."""


@dataclass(frozen=True, slots=True)
class Consensus:
    """What the answers of a task add up to."""

    label: Json
    """None while there is no vote."""
    confidence: float
    """0..1"""
    votes: int
    """Answers that said something; “I don't know” is none."""
    enough: bool = False
    """However sure it is, further answers would not make it surer: each is new, and judged by others."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an answer that is an answer by itself, with a label of its own."""

    label: Json
    """None while there is none."""
    confidence: float | None
    """0..1; None without a label, or where a person decided on another than the answers add up to."""
    split: tuple[tuple[Json, int], ...]
    """What was said to it, and how often."""


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """All answers of a batch that say something, as parallel lists, and its golds."""

    tasks: list[int]
    workers: list[int]
    values: list[Json]
    golds: dict[int, Json]
    """Of a gold, the right answer; of a reviewed task, what was decided."""
    order: list[int]
    """Numbers that grow with time."""
    ms: list[int]
    """How long each took, milliseconds; 0 where that is not known."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What all answers of a batch say of it, taken together."""

    labels: dict[int, Consensus]
    """Of each task that has answers."""
    method: str
    """The method and its version, so that results can be made again."""
    accuracies: dict[int, float]
    """Of each worker, 0..1, the labels weighing alike."""
    evidence: dict[int, Json]
    """Of each task, in the kind's own form, so that answers to come are added to what the fit knows."""
    usual: float
    """Accuracy of a worker of whom nothing is known, 0..1."""
    levels: dict[int, tuple[float, ...]]
    """Of each worker, what all their answers show of them: log likelihoods as in `crowd.workers.standing`. Who is not
    there is left as the hot path judged them."""
    compared: dict[int, int]
    """Of each of these, answers to tasks that others answered too; golds are not among them."""
    likeness: float
    """How alike answers to one task are beyond what its label explains: 0 not at all; see `Kind.consensus`."""


class Kind(ABC, Generic[S, P]):
    """One kind of task: its payload, its answer, when an answer is right, how answers add up.

    S is the batch file's model for the kind, P its payload: a frozen data class.
    """

    name: ClassVar[str]
    has_golds: ClassVar[bool] = True
    """Whether there can be tasks whose right answer is known."""
    called: ClassVar[Sentence]
    """What requesters read as its name."""
    takes_s: ClassVar[float] = 15
    """Seconds that an answer takes, about: a price is judged by it until time was measured, or where none is said."""
    spec: type[S]

    @abstractmethod
    def columns(self, spec: S) -> tuple[Column, ...]:
        """What it reads from the items, beside `id`, `gold` and `explanation`."""

    @abstractmethod
    def read_item(self, spec: S, cells: Mapping[str, str]) -> Json:
        """The payload of one item as JSON, from its cells by Kazi's column names. Raises ItemError."""

    @abstractmethod
    def read_gold(self, spec: S, payload: P, cell: str) -> Json:
        """The right answer of a gold, from its cell. Raises ItemError."""

    def possible(self, spec: S) -> Few:  # noqa: ARG002
        """The answers that a gold can have, where they are few: a batch should have golds with each. Else none."""
        return ()

    @abstractmethod
    def payload(self, stored: Json) -> P:
        """The payload, from JSON that `read_item` made."""

    def takes(self, spec: S, payload: P, draft: Json) -> Takes | None:  # noqa: ARG002
        """What message is the answer, or its next step after the draft; None: buttons only."""
        return None

    @abstractmethod
    def read_answer(self, spec: S, payload: P, said: Json) -> Json:
        """What a worker said, made ready to be stored. Raises AnswerError.

        Answers that say the same are equal as JSON, or they could not be counted.
        """

    def mark(self, spec: S, said: Json) -> str | None:  # noqa: ARG002
        """By which an answer is known when it is given again, 64 bits as hexadecimal digits; None: it may be.

        Within a batch no two answers may have marks that differ in few bits.
        """
        return None

    @abstractmethod
    def verdict(self, spec: S, right: Json, said: Json) -> float:
        """How right an answer is beside a gold's: 0 wrong .. 1 right."""

    def steps(self, spec: S) -> Steps | None:  # noqa: ARG002
        """Where graded pay steps, by `score`; None where an answer is right or wrong, and nothing is between."""
        return None

    def score(self, spec: S, right: Json, said: Json) -> float:
        """How near an answer is to what is right, 0..1, for `steps`. The verdict, where that is not all or nothing."""
        return self.verdict(spec, right, said)

    def telling(self, spec: S, right: Json, said: Json) -> float:
        """How probable it is that one who knows the work says this where a gold has that, 0..1.

        Over all possible answers it sums to no more than 1: what is known of workers hangs on that, since then nobody
        who guesses seems to know (see `Standing.after`). By itself the verdict, of which only one answer has any.
        """
        return self.verdict(spec, right, said)

    def expected(
        self,
        spec: S,  # noqa: ARG002
        evidence: Json,  # noqa: ARG002
        said: Json,  # noqa: ARG002
        usual: Mapping[Json, float],  # noqa: ARG002
        likeness: float = 0.0,  # noqa: ARG002
    ) -> float | None:
        """How probable what others said makes an answer from one who knows the work; None where it tells nothing.

        0..1: where only one answer is right, that is how probable this one is right.
        `usual` is how probable each possible answer is before that, `likeness` as in `consensus`.
        """
        return None

    def difference(self, spec: S, counts: Sequence[tuple[Json, int]]) -> Difference | None:  # noqa: ARG002
        """How far apart two answers are, for Krippendorff's alpha; see `crowd.kinds.differences`.

        `counts` are all answers and how often each was said. None: agreement has no figure in this kind.
        """
        return None

    def figures(self, spec: S, split: Sequence[tuple[Json, int]]) -> Mapping[str, float | None]:  # noqa: ARG002
        """What results say of a task's answers in columns of their own, by name; by itself nothing.

        `split` are the answers and how often each was given. The names are the same whatever it is, also where there
        is none; None: there is nothing to say.
        """
        return {}

    def parts(
        self,
        spec: S,  # noqa: ARG002
        label: Json,  # noqa: ARG002
        split: Sequence[tuple[Json, int]],  # noqa: ARG002
        evidence: Json,  # noqa: ARG002
        likeness: float = 0.0,  # noqa: ARG002
    ) -> Mapping[str, Part]:
        """What results say of each part of a task's answers that has a label of its own, by name; by itself nothing.

        `split` is as in `figures`, `likeness` as in `consensus`. The names are the same whatever they are; a task that
        nobody answered has the label and the evidence None.
        """
        return {}

    told: ClassVar[tuple[str, ...]] = ()
    """Names of the columns in which results say of a label what its value leaves unsaid; see `tell`."""

    def tell(self, spec: S, payload: P, label: Json) -> tuple[Json, ...]:  # noqa: ARG002
        """What stands in the columns of `told`, of a label that there is: where the cells of a picture are, say."""
        return ()

    @abstractmethod
    def chance(self, spec: S) -> float:
        """The verdict to be expected of the best blind guess, 0..1: the chance that it is right."""

    def blindly(self, spec: S, said: Json) -> float:  # noqa: ARG002
        """How probable this answer is from one who does not know, whatever the item, 0..1.

        For kinds without `possible` answers, whose workers' habits are not counted. Together with `telling`, it says
        what a gold shows of its worker.
        """
        return self.chance(spec)

    @abstractmethod
    def add(self, spec: S, evidence: Json, said: Json, accuracy: float) -> Json:
        """The evidence of a task with one more answer, by a worker of that accuracy. Starts from None.

        The order of answers must not matter to `consensus`. Evidence is JSON and small.
        """

    @abstractmethod
    def consensus(self, spec: S, evidence: Json, likeness: float = 0.0) -> Consensus:
        """What the evidence adds up to.

        A hard task misleads many in the same way: n answers that correlate by `likeness` tell as much as
        n / (1 + likeness (n - 1)) independent ones (Kish's design effect).
        """


class SteppedKind(Kind[S, P]):
    """A kind whose answer is put together step by step, by several taps. What there is so far is a draft, JSON.

    Taps come twice, late, and faster than screens: so a step says what is to be, not what is to change (“ticked”, not
    “the other way round”), and doing it again changes nothing.
    """

    @abstractmethod
    def begin(self, spec: S, payload: P) -> Json:
        """The draft before any step."""

    @abstractmethod
    def step(self, spec: S, payload: P, draft: Json, said: Json) -> Json:
        """The draft after a step: what a tap said as its face reads it, or a message as in `Takes`.

        Raises AnswerError when there is no such step. A finished draft is what `read_answer` takes; that of a draft
        which is not finished raises AnswerError.
        """


class FittedKind(Kind[S, P]):
    """A kind of which all answers of a batch, taken together, say more than those of each task do by themselves."""

    @abstractmethod
    def fit(self, spec: S, table: AnswerTable) -> Fit:
        """All labels of a batch at once, learning of its workers by the way. Plain computing: it may take seconds."""
