"""Which cells of a grid over a picture something is in, by how many of their pixels it covers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drawing.camera import HEIGHT, WIDTH

SIDE = 4
"""Rows and columns of the grid."""
LETTERS = "ABCDEF"

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Rule:
    """A cell is marked where something covers `least` of its pixels.

    Pictures are drawn such that none has between `tip` of them (nobody counts it) and `clear` (everybody sees it).
    """

    least: int
    tip: int
    clear: int

    def marked(self, mask: Mask) -> list[str]:
        """The names of the cells, row by row, as the kind `grid` exports them."""
        return [named(cell) for cell, count in enumerate(counts(mask)) if count >= self.least]

    def plain(self, mask: Mask) -> bool:
        """Whether no cell is on the border."""
        return not self.doubtful(mask)

    def doubtful(self, mask: Mask) -> list[int]:
        """Those that are."""
        return [cell for cell, count in enumerate(counts(mask)) if self.tip < count < self.clear]


def counts(mask: Mask) -> list[int]:
    """How many pixels of each cell are set, row by row."""
    tall, wide = HEIGHT // SIDE, WIDTH // SIDE
    return [int(each) for each in mask.reshape(SIDE, tall, SIDE, wide).sum(axis=(1, 3)).ravel()]


def named(cell: int) -> str:
    """As people say it, such as `B3`: column and row."""
    return f"{LETTERS[cell % SIDE]}{cell // SIDE + 1}"


def box(cell: int) -> tuple[slice, slice]:
    """The rows and columns of its pixels."""
    row, column = divmod(cell, SIDE)
    tall, wide = HEIGHT // SIDE, WIDTH // SIDE
    return slice(row * tall, (row + 1) * tall), slice(column * wide, (column + 1) * wide)
