"""A picture of an item, and the views of it: small first, whole on a tap, with a grid on it, or one cell enlarged."""

from dataclasses import dataclass

from crowd.kinds.base import Json

SMALL_BYTES, FIRST_BYTES, FULL_BYTES = 15_000, 40_000, 200_000
"""Bytes of a first view where data is dear, and else, and of a full one, at most."""

SMALL_SIDE, FIRST_SIDE, FULL_SIDE = 560, 800, 1280
"""The longest side in pixels; a phone shows no more than the last, and chat networks keep no more."""

LETTERS = "ABCDEF"
"""Of the columns of a grid, from the left; its rows are numbered from 1, from the top."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was taken in."""

    name: str
    """Of the file in the store (see `db.files`): a JPEG of up to FULL_SIDE pixels a side, without metadata."""
    width: int
    height: int
    """Of the picture as it was brought, upright, in pixels: what is exported refers to these."""
    brought: str = ""
    """The name that the requester's file has."""

    @classmethod
    def of(cls, stored: Json) -> "Picture":
        """From JSON that `stored` made."""
        return cls(*stored)

    @property
    def stored(self) -> Json:
        """As JSON."""
        return [self.name, self.width, self.height, self.brought]


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid over a picture."""

    rows: int
    columns: int

    def named(self, cell: int) -> str:
        """A cell as people say it, such as `B3`; cells count from 0, row by row."""
        row, column = divmod(cell, self.columns)
        return f"{LETTERS[column]}{row + 1}"

    def numbered(self, name: str) -> int:
        """A cell by that name. Raises ValueError."""
        row, column = name[1:], LETTERS.find(name[:1].upper()) if name[:1] else -1
        if not 0 <= column < self.columns or not (row.isascii() and row.isdigit() and 1 <= int(row) <= self.rows):
            raise ValueError(f"{name} is no cell of {self.rows} rows and {self.columns} columns")
        return (int(row) - 1) * self.columns + column

    def box(self, cell: int, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of a cell in a picture of that size, pixels; cells meet and leave no gap."""
        row, column = divmod(cell, self.columns)
        return (
            column * width // self.columns,
            row * height // self.rows,
            (column + 1) * width // self.columns,
            (row + 1) * height // self.rows,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One way to look at a picture."""

    full: bool = False
    """Up to FULL_BYTES, else up to FIRST_BYTES."""
    small: bool = False
    """Up to SMALL_BYTES, if not full."""
    grid: Grid | None = None
    within: tuple[Grid, int] | None = None
    """Only that cell of a grid, enlarged, with a little of what is around it; `grid` is drawn on the cell then."""

    @property
    def name(self) -> str:
        """By which it is told from other views of the same picture."""
        parts = ["full" if self.full else "small" if self.small else "first"]
        if self.within is not None:
            grid, cell = self.within
            parts.append(f"in{grid.rows}x{grid.columns}.{cell}")
        if self.grid is not None:
            parts.append(f"grid{self.grid.rows}x{self.grid.columns}")
        return "-".join(parts)
