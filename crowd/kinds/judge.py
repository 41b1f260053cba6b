"""judge: say whether what somebody else brought is as it should be, and what is wrong with it if not.

Its batches are not posted: a batch whose answers are to be judged has one (see `crowd.labels.judged`).
"""

from collections.abc import Sequence
from typing import Literal

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import AnswerError, Difference, Json
from crowd.kinds.differences import nominal
from crowd.kinds.item import Item, OfItem
from crowd.kinds.judging import GOOD
from crowd.kinds.options import among
from crowd.kinds.picked import PickedKind
from crowd.kinds.scale import Scale
from crowd.sentences import say

WORDS = {
    "speak": (GOOD, "other_words", "unclear"),
    "photo": (GOOD, "something_else", "unclear", "private"),
    "chat": (GOOD, "wrong", "poor"),
}
"""What can be said of an answer, by the kind of task that it answers."""


class JudgeSpec(BatchSpec):
    """A batch of answers to be judged."""

    kind: Literal["judge"]
    about: Literal["speak", "photo", "chat"]

    @property
    def words(self) -> tuple[str, ...]:
        """What can be said."""
        return WORDS[self.about]


class Judge(OfItem[JudgeSpec], PickedKind[JudgeSpec, Item]):
    """Judge an answer."""

    name = "judge"
    called = say("judging")
    takes_s = 12
    spec = JudgeSpec

    def read_gold(self, spec: JudgeSpec, payload: Item, cell: str) -> Json:  # noqa: ARG002
        """See Kind."""
        return among(cell, spec.words)

    def possible(self, spec: JudgeSpec) -> tuple[str, ...]:
        """See WORDS."""
        return spec.words

    def scale(self, spec: JudgeSpec) -> Scale | None:  # noqa: ARG002
        """None: what is wrong is a name."""
        return None

    def read_answer(self, spec: JudgeSpec, payload: Item, said: Json) -> Json:  # noqa: ARG002
        """`said` is one of WORDS."""
        if said not in spec.words:
            raise AnswerError(self.name, "no_such_option")
        return said

    def difference(self, spec: JudgeSpec, counts: Sequence[tuple[Json, int]]) -> Difference:  # noqa: ARG002
        """One or another."""
        return nominal


KIND = Judge()
