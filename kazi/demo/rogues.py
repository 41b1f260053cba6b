"""A batch for `kazi demo --rogues`: sums, worked on by some honest people and by those whom Kazi must find."""

import csv
import random
from pathlib import Path

import yaml

from kazi.demo.crowd import spec_of
from sandbox.workers import Character, CrowdSpec
from sandbox.workers.rogues import make_rogues

LANGUAGE = "en"
TASKS = 200
HONEST = "Honest"
"""How the names of the honest begin."""

_GOLDS, _HONEST = 30, 7
_SAYS = {-1: ("less", "less than"), 0: ("equal", "equal to"), 1: ("more", "more than")}

_BATCH = {
    "name": "Sums, with rogues among the workers",
    "title": {"en": "Is the sum less or more?"},
    "kind": "choice",
    "language": LANGUAGE,
    "items": "items.csv",
    "currency": "USD",
    "price": "0.01",
    "instructions": {"en": "Work out the sum. Is it less than the number beside it, equal to it, or more?"},
    "options": [
        {"value": "less", "label": {"en": "Less"}},
        {"value": "equal", "label": {"en": "Equal"}},
        {"value": "more", "label": {"en": "More"}},
    ],
    "overlap": {"least": 4, "most": 5},  # of three answers, the pair would have two
}


def write_sums(folder: Path) -> Path:
    """The batch in that folder, as the examples are; what it writes is the same each time."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "batch.yaml").write_text(yaml.safe_dump(_BATCH, sort_keys=False), encoding="utf-8")
    luck = random.Random(0)
    pairs = luck.sample([(one, other) for one in range(11, 60) for other in range(11, 60)], TASKS + _GOLDS)
    with (
        (folder / "items.csv").open("w", encoding="utf-8", newline="") as items_file,
        (folder / "truth.csv").open("w", encoding="utf-8", newline="") as truth_file,
    ):
        items, truth = csv.writer(items_file), csv.writer(truth_file)
        items.writerow(("id", "text", "gold", "explanation_en"))
        truth.writerow(("id", "label"))
        for number, (one, other) in enumerate(pairs):
            side = luck.choice((-1, 0, 1))
            beside = one + other - side * luck.randint(1, 3)
            label, words = _SAYS[side]
            why = f"{one} + {other} is {one + other}, which is {words} {beside}."
            items.writerow(
                (number, f"{one} + {other} beside {beside}", *((label, why) if number < _GOLDS else ("", "")))
            )
            truth.writerow((number, label))
    return folder


def rogues_at(folder: Path, *, seed: int) -> CrowdSpec:
    """Who works on the batch of that folder."""
    luck = random.Random(seed)
    honest = [
        Character(
            skill=luck.uniform(0.88, 0.97), speed_s=(2.0, 6.0), first_name=f"{HONEST} {number}", language_code=LANGUAGE,
            seed=luck.getrandbits(32),
        )
        for number in range(_HONEST)
    ]  # fmt: skip
    return spec_of([folder], [*honest, *make_rogues(LANGUAGE, seed=seed)])
