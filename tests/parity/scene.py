"""A batch with instructions in two languages, and people who read either."""

import random
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from crowd.loop.handing import Given
from crowd.workers.registry import set_locale
from db.database import Database
from tests.crowd.scene import Batch, Worker, people
from tests.crowd.test_golds import Golden, is_gold, looking
from tests.requester.scene import OPTIONS, Item, batch_file, posted

Opinion = Callable[[Given], int]
TEXTS = {"en": "Say what it is.", "ha": "Faɗi akasin abin da yake."}
_numbers = count()


def right(task: Given) -> int:
    return int(task.payload["text"].split()[-1]) % 3


def misled(task: Given) -> int:
    """What the instructions in Hausa lead to: most golds are answered wrong."""
    return right(task) if int(task.payload["text"].split()[-1]) % 4 == 0 else (right(task) + 1) % 3


async def two_languages(
    database: Database, folder: Path, *, owner: str = "house", golds: int = 16, language: str = "sw", **spec: Any
) -> Batch:
    """A batch of choices whose golds say their number, 20 seats to a task."""
    number = next(_numbers)
    items = [Item(f"t{at}", f"text {number} {at}") for at in range(32)]
    items += [Item(f"g{at}", f"gold {number} {at}", OPTIONS[at % 3]) for at in range(golds)]
    said: dict[str, Any] = {"instructions": TEXTS, "overlap": {"least": 20, "most": 20}, "language": language, **spec}
    path = batch_file(folder / f"two{number}", items, **said)
    return Batch(database, (await posted(database, path, owner=owner)).batch_id)


async def readers(database: Database, how_many: int, locale: str, language: str = "sw") -> list[Worker]:
    """People whose chat is in that language."""
    made = await people(database, how_many, language)
    async with database.transaction() as tx:
        for worker in made:
            await set_locale(tx, worker.id, locale)
    return made


async def answer_golds(
    batch: Batch, worker: Worker, opinion: Opinion, golds: int, luck: random.Random | None = None
) -> int:
    """Answer so many golds, and the tasks among them; how many golds there were until the batch gave no more."""
    luck, done = luck or Golden(), 0
    got = await looking(batch, worker, luck)
    while isinstance(got, Given) and done < golds:
        done += is_gold(got)
        got = (await batch.accepted(worker, got.lease_id, opinion(got), luck)).next
    return done


async def crews_at_work(
    database: Database, batch: Batch, *, golds: int = 6, each: int = 7, opinion: Opinion = misled, language: str = "sw"
) -> tuple[Sequence[Worker], Sequence[Worker]]:
    """Those who read English get all right; those who read Hausa go by `opinion`."""
    english, hausa = await readers(database, each, "en", language), await readers(database, each, "ha", language)
    for worker in english:
        await answer_golds(batch, worker, right, golds)
    for worker in hausa:
        await answer_golds(batch, worker, opinion, golds)
    return english, hausa
