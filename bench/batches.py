"""Batches to measure with, made of numbered sentences, and what workers know of them."""

import csv
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import yaml

from crowd.batches.posting import Posted, after_post, post
from crowd.batchfile import check
from crowd.requesters import create_requester
from db.database import Database, connected

LABELS = ("Good", "Bad", "Neither")
LANGUAGE = "sw"


@dataclass(frozen=True, slots=True)
class Item:
    """A text and its right label."""

    text: str
    label: str


def made_up(count: int) -> list[Item]:
    """Short texts, no two alike."""
    return [
        Item(f"Sentensi ya {n}: leo tumeamka mapema, tukaenda sokoni {n % 977} na kurudi.", LABELS[n % len(LABELS)])
        for n in range(count)
    ]


def write_batch(
    folder: Path,
    name: str,
    items: list[Item],
    *,
    golds: int,
    language: str = LANGUAGE,
    labels: tuple[str, ...] = LABELS,
    dont_know: bool = False,
    answers: tuple[int, int] = (3, 5),
    confidence: float | None = 0.8,
) -> Path:
    """A batch file of choices, the first `golds` items being golds; its path.

    `answers` are the least and most of each task, which ends between them when its label has that confidence.
    The price is 0.01 USD.
    """
    folder.mkdir(parents=True, exist_ok=True)
    spec = {
        "name": name,
        "kind": "choice",
        "language": language,
        "items": "items.csv",
        "currency": "USD",
        "price": "0.01",
        "seconds": 1,
        "instructions": {"en": "Choose what the sentence is like."},
        "options": [{"value": label.lower(), "label": {"en": label}} for label in labels],
        "overlap": {"least": answers[0], "most": answers[1]} | ({"confidence": confidence} if confidence else {}),
        "dont_know": dont_know,
    }
    path = folder / "batch.yaml"
    path.write_text(yaml.safe_dump(spec, allow_unicode=True), encoding="utf-8")
    with (folder / "items.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "text", "gold"])
        rows.writerows(
            [number, item.text, item.label.lower() if number < golds else ""] for number, item in enumerate(items)
        )
    return path


async def post_file(dsn: str, path: Path) -> Posted:
    """Check a batch file and post it. Raises ValueError when it is not good."""
    async with connected(dsn, name="bench") as database:
        return await post_to(database, path)


async def post_to(database: Database, path: Path) -> Posted:
    """The same, where a connection is open already; one that keeps files, if the items name some."""
    with closing(check(path)) as checked:
        async with database.transaction() as tx:
            requester = await create_requester(tx, "bench")
            posted = await post(tx, requester.id, checked, fee_ppm=0, actor="bench", no_pilot="a bench", owner=True)
        await after_post(database, checked)
    return posted
