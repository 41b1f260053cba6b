"""Tasks short of answers that a worker never had, where walking forward through the batch finds no more."""

from db.database import Tx

_WINDOW = 200  # open tasks looked at in one statement
_WINDOWS = 25

_UNSEEN = """
WITH near AS (
    SELECT id FROM task WHERE batch_id = $2 AND open AND gold IS NULL AND wanted IS NULL
      AND id > $3 AND id <= $6 AND id <> $5 ORDER BY id LIMIT $4
)
SELECT
    (SELECT max(id) FROM near) AS last,
    (SELECT min(id) FROM near
     WHERE NOT EXISTS (SELECT FROM answer WHERE task_id = near.id AND worker_id = $1)
       AND NOT EXISTS (SELECT FROM passed WHERE worker_id = $1 AND task_id = near.id)
       AND NOT EXISTS (SELECT FROM lease WHERE worker_id = $1 AND task_id = near.id)) AS found
"""


class Search:
    """Looks for open tasks that a worker never had: behind the cursor, and then from the front on.

    It locks nothing. `reach` is the last task that is handed out now, `answered` the one they are just answering.
    """

    def __init__(
        self, worker_id: int, batch_id: int, cursor: int, front: int, reach: int, *, answered: int = 0
    ) -> None:
        self._worker_id = worker_id
        self._batch_id = batch_id
        self._starts = [cursor, front - 1]
        self._reach = reach
        self._windows = _WINDOWS
        self._answered = answered

    async def next(self, tx: Tx) -> int | None:
        """The next one; None when there is none, or none so near that it is worth looking further."""
        while self._starts:
            if self._windows:
                self._windows -= 1
                near = await tx.row(
                    _UNSEEN, self._worker_id, self._batch_id, self._starts[0], _WINDOW, self._answered, self._reach
                )
                assert near is not None
                if near["found"] is not None:
                    found: int = near["found"]
                    self._starts[0] = found
                    return found
                if near["last"] is not None:
                    self._starts[0] = near["last"]
                    continue
            del self._starts[0]
            self._windows = _WINDOWS
        return None
