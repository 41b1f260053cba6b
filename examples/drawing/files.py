"""An example folder, written anew: its pictures, masks, items and truth."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from drawing.cells import Mask, Rule


@dataclass(frozen=True)
class Drawn:
    """One picture, and what is to be known of it."""

    key: str
    text: str
    jpeg: bytes
    mask: Mask
    gold: bool = False
    practice: bool = False
    why: dict[str, str] = field(default_factory=dict)
    """The explanation by language; for golds and practice."""


def write(folder: Path, draw: Callable[[int], Drawn], numbers: Sequence[int], rule: Rule) -> None:
    """Draw those pictures, and write all of the folder but batch.yaml."""
    with ProcessPoolExecutor() as pool:
        drawn = list(pool.map(draw, numbers))
    for name in ("pictures", "masks"):
        (folder / name).mkdir(exist_ok=True)
        for old in (folder / name).iterdir():
            old.unlink()
    for each in drawn:
        (folder / "pictures" / f"{each.key}.jpg").write_bytes(each.jpeg)
        (folder / "masks" / f"{each.key}.png").write_bytes(_png(each.mask))
    languages = sorted({language for each in drawn for language in each.why})
    header = ["id", "picture", "text", "gold", *(f"explanation_{each}" for each in languages), "practice"]
    rows, truth = [], []
    for each in drawn:
        label = json.dumps(rule.marked(each.mask), separators=(",", ":"))
        known = each.gold or each.practice
        why = [each.why[language] if known else "" for language in languages]
        gold = label if known else ""
        rows.append([each.key, f"pictures/{each.key}.jpg", each.text, gold, *why, "yes" if each.practice else ""])
        truth.append([each.key, label])
    _table(folder / "items.csv", [header, *rows])
    _table(folder / "truth.csv", [["id", "label"], *truth])


def read_mask(path: Path) -> Mask:
    """A mask that was written."""
    with Image.open(path) as image:
        return np.asarray(image.convert("L")) > 127


def _png(mask: Mask) -> bytes:
    out = io.BytesIO()
    Image.fromarray(mask).convert("1").save(out, "PNG", optimize=True)
    return out.getvalue()


def _table(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
