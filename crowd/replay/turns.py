"""In which order a worker's answers come again, where hand-out chooses when one is to a gold."""

from collections import Counter, deque
from collections.abc import Collection, Sequence

from crowd.replay.dataset import Answer, Dataset


class Turns:
    """The answers that each worker has still to give. Each is given once."""

    def __init__(self, dataset: Dataset, checks: Collection[str]) -> None:
        """`checks` are the tasks that a gold can be."""
        self._truth = {task: next(iter(dataset.truth[task])) for task in checks}
        self._left: dict[str, deque[Answer]] = {}
        self._shown: dict[str, Counter[str]] = {}

    def begin(self, events: Sequence[Answer]) -> None:
        """The answers that there are, in the order in which they come if no gold is wanted."""
        for event in events:
            self._left.setdefault(event.worker, deque()).append(event)
            self._shown.setdefault(event.worker, Counter())

    def next(self, worker: str, *, gold: bool) -> tuple[Answer, bool]:
        """The worker's next answer, and whether it is to a gold: one of the label that they met least, as golds come.

        Raises IndexError when none is left.
        """
        left, shown = self._left[worker], self._shown[worker]
        known = {self._truth[event.task] for event in left if event.task in self._truth} if gold else set()
        if not known:
            return left.popleft(), False
        label = min(sorted(known), key=lambda each: shown[each])
        chosen = next(event for event in left if self._truth.get(event.task) == label)
        left.remove(chosen)
        shown[label] += 1
        return chosen, True
