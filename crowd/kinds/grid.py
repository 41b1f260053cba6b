"""grid: mark the cells of a picture in which something is to be seen."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Literal

import orjson
from pydantic import Field

from crowd.kinds import sets
from crowd.kinds.base import AnswerError, Difference, ItemError, Json, SteppedKind
from crowd.kinds.grades import Steps
from crowd.kinds.parted import Marks, PartedKind
from crowd.kinds.pictureitem import OfPicture, PictureItem, PictureSpec
from crowd.kinds.sets import f1
from crowd.media.picture import Grid as Lines
from crowd.sentences import say

_PARTING = re.compile(r"[\s,;|]+")


class GridSpec(PictureSpec):
    """A batch of pictures with a grid over them."""

    kind: Literal["grid"]
    rows: int = Field(default=4, ge=3, le=6, description="of the grid over each picture")
    columns_across: int = Field(default=4, ge=3, le=6, description="columns of that grid")

    @property
    def grid(self) -> Lines:
        """The grid."""
        return Lines(self.rows, self.columns_across)

    @property
    def cells(self) -> int:
        """How many there are."""
        return self.rows * self.columns_across


class Grid(OfPicture[GridSpec], SteppedKind[GridSpec, PictureItem], PartedKind[GridSpec, PictureItem]):
    """Mark cells. An answer is the list of their names, such as B3: column and row, row by row."""

    name = "grid"
    called = say("marking in pictures")
    takes_s = 15
    spec = GridSpec

    def read_gold(self, spec: GridSpec, payload: PictureItem, cell: str) -> Json:  # noqa: ARG002
        """`A1 B3`, or a JSON list; `[]` where there is nothing."""
        return [spec.grid.named(number) for number in sorted({_number(spec, name) for name in _names(cell)})]

    def mutated_answer(self, spec: GridSpec, payload: PictureItem, value: Json) -> Json:  # noqa: ARG002
        """The cells that are as far from the other side."""
        places = (divmod(spec.grid.numbered(name), spec.columns_across) for name in value)
        mirrored = ((row + 1) * spec.columns_across - 1 - column for row, column in places)
        return [spec.grid.named(number) for number in sorted(mirrored)]

    told = ("mask", "boxes")

    def tell(self, spec: GridSpec, payload: PictureItem, label: Json) -> tuple[Json, ...]:
        """A line of 0 and 1 for each row; of each cell left, top, right, bottom, in pixels of the picture as brought.

        The right and the bottom are just outside.
        """
        numbers = [spec.grid.numbered(name) for name in label]
        signs = ["1" if cell in numbers else "0" for cell in range(spec.cells)]
        mask = ["".join(signs[at : at + spec.columns_across]) for at in range(0, spec.cells, spec.columns_across)]
        picture = payload.picture
        return mask, [list(spec.grid.box(cell, picture.width, picture.height)) for cell in numbers]

    def begin(self, spec: GridSpec, payload: PictureItem) -> Json:  # noqa: ARG002
        """Nothing is marked. A draft is the list of the numbers of cells, from 0, row by row."""
        return []

    def step(self, spec: GridSpec, payload: PictureItem, draft: Json, said: Json) -> Json:  # noqa: ARG002
        """`said` is [number, whether it is to be marked]."""
        number, marked = said
        if not 0 <= number < spec.cells:
            raise AnswerError(self.name, "no_such_option")
        return sets.ticked(draft, number, marked)

    def read_answer(self, spec: GridSpec, payload: PictureItem, said: Json) -> Json:  # noqa: ARG002
        """`said` is a draft."""
        return [spec.grid.named(number) for number in said]

    def verdict(self, spec: GridSpec, right: Json, said: Json) -> float:  # noqa: ARG002
        """F1 of the cells: 1 where the same are marked."""
        return sets.alike(f1, right, said)

    def steps(self, spec: GridSpec) -> Steps:  # noqa: ARG002
        """Half from F1 0.5, all from 0.8: a cell on an edge more or less is no mistake."""
        return Steps(0.5, 0.8)

    def telling(self, spec: GridSpec, right: Json, said: Json) -> float:
        """See `crowd.kinds.sets`."""
        return sets.telling(spec.cells, right, said)

    def blindly(self, spec: GridSpec, said: Json) -> float:
        """See `crowd.kinds.sets`."""
        return sets.blindly(spec.cells, (0, spec.cells), said)

    def chance(self, spec: GridSpec) -> float:
        """See `crowd.kinds.sets`."""
        return sets.chance(spec.cells, 0, spec.cells, f1)

    def difference(self, spec: GridSpec, counts: Sequence[tuple[Json, int]]) -> Difference:  # noqa: ARG002
        """1 - F1 of the cells."""
        return lambda one, other: 1 - sets.alike(f1, one, other)

    def classes(self, spec: GridSpec) -> int:  # noqa: ARG002
        """A cell has something in it or not."""
        return 2

    def many(self, spec: GridSpec) -> int:
        """The cells."""
        return spec.cells

    def marks(self, spec: GridSpec, said: Json) -> Marks:
        """See PartedKind."""
        return {spec.grid.numbered(name): 1 for name in said}

    def marked(self, spec: GridSpec, marks: Marks) -> Json:
        """See PartedKind."""
        return [spec.grid.named(number) for number in sorted(marks)]

    def sure(self, chances: Mapping[int, Sequence[float]], marks: Marks) -> float:
        """The F1 to be expected: of what is marked beside what more likely than not is there (a first-order estimate).

        Where nothing is marked, the chance that nothing is there: so many cells are hardly ever all right.
        """
        if not marks:
            return math.prod(each[0] for each in chances.values())
        there = math.fsum(each[1] for each in chances.values())
        return 2 * math.fsum(chances[part][1] for part in marks) / (len(marks) + there)

    def right(self, gold: Json, label: Json) -> float:
        """F1 again, as `sure` says it."""
        return sets.alike(f1, gold, label)


def _names(cell: str) -> list[str]:
    if not cell.startswith("["):
        return [name for name in _PARTING.split(cell) if name]
    try:
        listed = orjson.loads(cell)
    except orjson.JSONDecodeError:
        listed = None
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise ItemError("gold", say("begins with a bracket and is no JSON list of texts"))
    return listed


def _number(spec: GridSpec, name: str) -> int:
    try:
        return spec.grid.numbered(name)
    except ValueError:
        last = spec.grid.named(spec.cells - 1)
        what = say("names {cell}, which is no cell of the grid: they are A1 to {last}", cell=name[:20], last=last)
        raise ItemError("gold", what) from None


KIND = Grid()
