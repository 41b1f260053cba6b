"""Marks in the ground: of boots, and of animals."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from drawing.noise import Array, Random


@dataclass
class Print:
    """A mark in the ground: how deep it is, in metres below it, by metres along and across."""

    x: float
    y: float
    turn: float
    depth: Callable[[Array, Array], Array]
    reach: float
    inside: Callable[[Array, Array], Array]
    """0..1: where it is."""
    tone: Callable[[Array, Array], Array] | None = None
    """What it is coloured with, where it is not only deep."""

    def covers(self, x: Array, y: Array) -> Array:
        """Which places are in it."""
        here = np.hypot(x - self.x, y - self.y) < self.reach
        u, v = self.local(x[here], y[here])
        found = np.zeros(x.shape, dtype=bool)
        found[here] = self.inside(u, v) > 0.5
        return found

    def local(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Metres along and across it."""
        cos, sin = np.cos(self.turn), np.sin(self.turn)
        return cos * (x - self.x) + sin * (y - self.y), cos * (y - self.y) - sin * (x - self.x)


def _sole(u: Array, v: Array, left: int) -> Array:
    """Above 0 inside a boot of about 29 cm, along u."""
    s = np.clip(u / 0.145, -1, 1)
    half = 0.036 + 0.012 * np.tanh((s + 0.1) * 3) * (s > -0.6) + 0.004 * np.cos(s * 6)
    middle = 0.008 * left * np.sin(np.pi * (s + 1) / 2)
    end = np.sqrt(np.maximum(0, 1 - np.abs(s) ** 5))
    return np.asarray(np.where(np.abs(u) < 0.145, half * end - np.abs(v - middle), -1))


def boot(x: float, y: float, turn: float, left: int, tread: int) -> Print:
    """The print of one boot, with its tread."""

    def depth(u: Array, v: Array) -> Array:
        inside = _sole(u, v, left)
        edge = np.clip(inside / 0.006, 0, 1)
        if tread == 0:  # bars
            bars = np.clip(1.6 * np.sin(u * 2 * np.pi / 0.026) + 0.2, -1, 1)
        elif tread == 1:  # chevrons
            bars = np.clip(1.6 * np.sin((u + 0.7 * np.abs(v)) * 2 * np.pi / 0.028), -1, 1)
        else:  # lugs
            bars = np.clip(2.2 * np.sin(u * 2 * np.pi / 0.03) * np.sin(v * 2 * np.pi / 0.036), -1, 1)
        waist = np.exp(-(((u + 0.03) / 0.022) ** 2))
        rim = 0.006 * np.exp(-(((inside + 0.007) / 0.006) ** 2))
        return np.asarray(edge * (0.017 + 0.006 * bars * (1 - 0.7 * waist) - 0.007 * waist) - rim)

    return Print(x, y, turn, depth, 0.19, lambda u, v: np.clip(_sole(u, v, left) / 0.004 + 0.5, 0, 1))


def hoof(x: float, y: float, turn: float) -> Print:
    """The print of a duiker: two drops side by side."""

    def drops(u: Array, v: Array) -> Array:
        half = 0.011 * np.sqrt(np.maximum(0, 1 - (u / 0.026) ** 2)) * (1 - 0.25 * u / 0.026)
        return np.asarray(half - np.minimum(np.abs(v - 0.0115), np.abs(v + 0.0115)))

    return Print(
        x,
        y,
        turn,
        lambda u, v: 0.015 * np.clip(drops(u, v) / 0.005, 0, 1),
        0.05,
        lambda u, v: np.clip(drops(u, v) / 0.003, 0, 1),
    )


def paw(x: float, y: float, turn: float) -> Print:
    """The print of a cat: a pad and four toes, without claws."""
    parts = (
        (-0.014, 0.0, 0.026, 0.03),
        (0.026, -0.029, 0.014, 0.010),
        (0.041, -0.011, 0.015, 0.010),
        (0.041, 0.011, 0.015, 0.010),
        (0.026, 0.029, 0.014, 0.010),
    )

    def pads(u: Array, v: Array) -> Array:
        return np.asarray(np.max([1 - np.hypot((u - a) / c, (v - b) / d) for a, b, c, d in parts], axis=0))

    return Print(
        x,
        y,
        turn,
        lambda u, v: 0.014 * np.clip(pads(u, v) / 0.35, 0, 1),
        0.08,
        lambda u, v: np.clip(pads(u, v) / 0.2, 0, 1),
    )


def tracks(rng: Random) -> list[Print]:
    """A line of an animal's prints: a decoy."""
    turn, animal = rng.uniform(0, 6.3), (hoof, paw)[rng.integers(2)]
    step = 0.22 if animal is hoof else 0.3
    found = []
    for each in range(int(rng.integers(4, 8))):
        along, aside = (each - 2.5) * step + rng.normal(0, 0.02), (1 if each % 2 else -1) * 0.05 + rng.normal(0, 0.015)
        found.append(
            animal(
                along * np.cos(turn) - aside * np.sin(turn),
                along * np.sin(turn) + aside * np.cos(turn),
                turn + rng.normal(0, 0.15),
            )
        )
    return found
