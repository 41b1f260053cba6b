"""What a picture of the forest is to show."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from drawing.camera import Camera
from drawing.cells import Rule
from drawing.noise import Array, Random
from drawing.photo import Look
from forest import SEASONS
from traces import TRACES

RULE = Rule(least=150, tip=45, clear=280)


EMPTY = frozenset({4, 8, 13, 17, 22, 27, 30, 38, 42})
"""Pictures without traces."""


@dataclass(frozen=True)
class Scene:
    """What a picture is to show."""

    trap: bool
    """Taken by a camera trap, low and level; else by a ranger's phone, from above."""
    night: bool
    camera: Camera
    kinds: Sequence[str]
    decoys: Sequence[str]
    cover: float
    """How much of a trace may be hidden."""
    look: Look
    season: Array

    @property
    def far(self) -> float:
        """Metres to the last thing that is drawn one by one."""
        return 9.0 if self.trap else 5.0


def scene(rng: Random, number: int) -> Scene:
    """What the picture of that number shows."""
    trap = number % 5 in {0, 2, 3}
    night = trap and number % 2 == 1
    if trap:
        camera = Camera(rng.uniform(0.75, 1.05), rng.uniform(17, 26), roll=rng.normal(0, 2))
    else:
        camera = Camera(rng.uniform(1.35, 1.65), rng.uniform(38, 60), roll=rng.normal(0, 4))
    every = list(TRACES)
    kinds = [] if number in EMPTY else [every[(number + number // 5) % 5]]
    if kinds and rng.random() < 0.25:
        kinds.append(str(rng.choice([each for each in every if each not in kinds])))
    others = ["roots", "vine", "stones", "branch"]
    if not {"boots", "snare"} & set(kinds):
        others.append("tracks")  # which need the path for themselves
    decoys = rng.choice(others, size=int(rng.integers(1, 4)), replace=False).tolist()
    season = SEASONS[rng.integers(len(SEASONS))] * rng.uniform(0.9, 1.08)
    look = Look(
        exposure=float(np.clip(rng.normal(1.55 if not night else 1.45, 0.14), 1.15, 1.85)),
        contrast=rng.uniform(0.95, 1.12), warmth=rng.normal(0, 0.03),
        blur=0.5 if rng.random() < 0.75 else rng.uniform(0.7, 1.0),
        motion=rng.uniform(2, 2.8) if not trap and rng.random() < 0.1 else 0,
        noise=0.012 if night else rng.uniform(0.002, 0.006), vignette=rng.uniform(0.1, 0.35) if not night else 0.6,
        smear=0.034,
    )  # fmt: skip
    return Scene(trap, night, camera, kinds, decoys, float(rng.choice([0.15, 0.35, 0.5])), look, season)
