"""Sheets that leaves, stems, trunks and wires are made of: (rows, columns, 3) points."""

import numpy as np

from drawing.noise import Array, Random

UP = np.array([0.0, 0.0, 1.0])


def arc(start: Array, turn: float, rise: float, length: float, bend: float, steps: int, sway: float = 0.0) -> Array:
    """A line that begins at `rise` radians above the ground towards `turn`, and bends down by `bend` on its way.

    `sway` turns it aside. It does not go below the ground.
    """
    share = (np.arange(steps) + 0.5) / steps
    up = rise - bend * share**1.3
    around = turn + sway * share
    step = np.stack([np.cos(up) * np.cos(around), np.cos(up) * np.sin(around), np.sin(up)], axis=-1) * (length / steps)
    line = np.concatenate([start[None], start + np.cumsum(step, axis=0)])
    line[:, 2] = np.maximum(line[:, 2], 0.004)
    return line


def ribbon(line: Array, width: Array, *, across: int = 4, fold: float = 0.0, wave: Array | float = 0.0) -> Array:
    """A strip along a line, of half widths; `fold` lifts its edges by a share of the width, `wave` by metres."""
    ahead = np.gradient(line, axis=0)
    side = np.cross(ahead, UP)
    flat = np.linalg.norm(side, axis=1, keepdims=True)
    side = np.where(flat > 1e-9, side / np.maximum(flat, 1e-9), np.array([1.0, 0.0, 0.0]))
    normal = np.cross(side, ahead)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    u = np.linspace(-1, 1, across + 1)
    sheet = line[:, None] + (width[:, None] * u)[..., None] * side[:, None]
    lift = np.abs(u) * (fold * width[:, None]) + u**3 * np.reshape(wave, (-1, 1))
    return np.asarray(sheet + lift[..., None] * normal[:, None])


def tube(line: Array, radius: Array, around: int = 8, rough: Array | None = None) -> Array:
    """A round body along a line; `rough` (points of the line, around + 1) are shares of the radius."""
    ahead = np.gradient(line, axis=0)
    ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-12)
    other = np.where(np.abs(ahead[:, 2:]) > 0.9, np.array([1.0, 0.0, 0.0]), UP)
    one = np.cross(ahead, other)
    one /= np.linalg.norm(one, axis=1, keepdims=True)
    two = np.cross(ahead, one)
    turn = np.linspace(0, 2 * np.pi, around + 1)
    out = np.cos(turn)[None, :, None] * one[:, None] + np.sin(turn)[None, :, None] * two[:, None]
    reach = radius[:, None] * (1 if rough is None else 1 + rough)
    return np.asarray(line[:, None] + np.broadcast_to(reach, out.shape[:2])[..., None] * out)


def fan(
    joint: Array, turn: float, rise: float, outline: Array, rings: int, *, cup: float = 0.0, ripple: float = 0.0
) -> Array:
    """A leaf blade around its joint with the stalk: `outline` is its reach all around, beginning at the tip's back.

    It lies in a plane that rises towards `turn`; `cup` lifts its edges (below 0: lets them hang), `ripple` waves them.
    """
    angles = np.linspace(-np.pi, np.pi, len(outline))
    share = np.linspace(0.02, 1, rings + 1)
    along = share[:, None] * (outline * np.cos(angles))[None]
    aside = share[:, None] * (outline * np.sin(angles))[None]
    lift = (
        cup * (share**2)[:, None] * outline[None]
        + ripple * (share**2)[:, None] * np.cos(angles * 7)[None] * outline[None]
    )
    ahead = np.array([np.cos(rise) * np.cos(turn), np.cos(rise) * np.sin(turn), np.sin(rise)])
    side = np.array([-np.sin(turn), np.cos(turn), 0.0])
    normal = np.cross(ahead, side)
    sheet = joint + along[..., None] * ahead + aside[..., None] * side + lift[..., None] * normal
    sheet[..., 2] = np.maximum(sheet[..., 2], 0.003)
    return np.asarray(sheet)


def mixed(rng: Random, colour: Array, spread: float) -> Array:
    """A colour a little off: brighter or darker, and yellower or bluer."""
    bright = rng.normal(1, spread)
    warm = rng.normal(0, spread * 0.6)
    return np.asarray(np.clip(colour * bright * np.array([1 + warm, 1 + warm * 0.2, 1 - warm]), 0.01, 1))


def across_of(rows: int, columns: int) -> tuple[Array, Array]:
    """For the pieces of a sheet: how far along (0..1) and how far from the middle line (0..1) each is."""
    along = (np.arange(rows) + 0.5) / rows
    aside = np.abs(np.linspace(-1, 1, columns + 1)[:-1] + 1 / columns)
    return np.broadcast_to(along[:, None], (rows, columns)), np.broadcast_to(aside[None], (rows, columns))
