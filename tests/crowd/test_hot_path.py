"""What one answered tap costs: opening, context, record, commit, and nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

from crowd.loop.answering import Accepted, answer
from crowd.loop.handing import Given
from db.database import Database, UpdateTx
from tests.crowd.scene import Batch, people


@asynccontextmanager
async def counted(database: Database, update: int, person_id: int, said: list[str]) -> AsyncIterator[UpdateTx]:
    """An update, every statement of which is listed in `said`."""

    def note(query: Any) -> None:
        said.append(query.query.split()[0] if query.query.strip() else "")

    connections: list[Any] = []
    try:
        async with database._pool.acquire() as first:  # the pool hands the one that was last used out again
            first.add_query_logger(note)
            connections.append(first._con)
        async with database.update(1, update, person_id) as tx:
            assert tx.connection._con in connections
            yield tx
    finally:
        for connection in connections:
            connection.remove_query_logger(note)


async def test_an_answered_tap_is_four_statements(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path, tasks=30, golds=10)
    (worker,) = await people(database, 1)
    task: object = await batch.given(worker)
    luck = Random(3)
    golds = 0
    for update in range(20):
        said: list[str] = []
        assert isinstance(task, Given)
        golds += task.payload["text"].startswith("gold")
        async with counted(database, update, worker.person_id, said) as tx:
            done = await answer(tx, worker.person_id, task.lease_id, lambda _: 0, luck)
        assert isinstance(done, Accepted)
        assert len(said) == 4, said
        assert (said[0], said[-1]) == ("BEGIN;", "COMMIT")
        task = done.next
    assert golds  # they cost no more
