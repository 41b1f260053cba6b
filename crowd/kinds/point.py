"""point: show a place in a picture, by tapping a cell and then a cell within it."""

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import orjson
from pydantic import Field

from crowd.kinds.base import AnswerError, Difference, ItemError, Json, SteppedKind
from crowd.kinds.grades import Steps
from crowd.kinds.near import NearKind, Ranked, weight
from crowd.kinds.pictureitem import OfPicture, PictureItem, PictureSpec
from crowd.media.picture import Grid
from crowd.sentences import say

_PARTING = re.compile(r"[\s,;|]+")
_DECIMALS = 4
_KNOWS = 0.9
"""Who knows the work shows a place that is near enough with this chance."""

_FARTHEST = 3
"""So many times `within` away, a place has nothing of the right one any more."""


class PointSpec(PictureSpec):
    """A batch of pictures in which a place is to be shown."""

    kind: Literal["point"]
    lines: int = Field(default=4, ge=3, le=6, description="rows, and columns, of the grid that is tapped twice")
    within: float | None = Field(
        default=None, gt=0, le=0.5,
        description="how far from a gold still is right, as a share of the picture's sides; else 1.5 small cells",
    )  # fmt: skip
    nothing: bool = Field(default=True, description="whether “not in this picture” is an answer")

    @property
    def grid(self) -> Grid:
        """The grid, of the picture and of each cell."""
        return Grid(self.lines, self.lines)

    def cells_at(self, x: float, y: float) -> tuple[int, int]:
        """The cell that a place is in, and the small one within it; x and y are shares of the sides, 0..1."""
        across, down = (min(self.lines**2 - 1, int(share * self.lines**2)) for share in (x, y))
        (column, within), (row, below) = divmod(across, self.lines), divmod(down, self.lines)
        return row * self.lines + column, below * self.lines + within

    @property
    def near_enough(self) -> float:
        """How far from a gold still is right, as a share of the picture's sides."""
        return 1.5 / self.lines**2 if self.within is None else self.within


class Point(OfPicture[PointSpec], SteppedKind[PointSpec, PictureItem], NearKind[PointSpec, PictureItem]):
    """Show a place. An answer is [x, y], as shares of the picture's width and height, or [] for “not there”.

    A draft is [], [cell] or [cell, cell within it], numbered from 0, row by row.
    """

    name = "point"
    called = say("showing places in pictures")
    takes_s = 12
    spec = PointSpec

    def read_gold(self, spec: PointSpec, payload: PictureItem, cell: str) -> Json:
        """`812 405` in pixels of the picture as it was brought, or a JSON list of shares; `[]` for “not there”."""
        numbers = _numbers(cell)
        if not numbers:
            if not spec.nothing:
                raise ItemError("gold", say("says that it is not there, which is no answer of this batch"))
            return []
        x, y = numbers
        if not cell.startswith("["):
            x, y = x / payload.picture.width, y / payload.picture.height
        if not (0 <= x <= 1 and 0 <= y <= 1):
            what = say(
                "is outside the picture, which has {width} × {height} pixels",
                width=payload.picture.width,
                height=payload.picture.height,
            )
            raise ItemError("gold", what)
        return [round(x, _DECIMALS), round(y, _DECIMALS)]

    def mutated_answer(self, spec: PointSpec, payload: PictureItem, value: Json) -> Json:  # noqa: ARG002
        """The place that is as far from the other side."""
        return [round(1 - value[0], _DECIMALS), value[1]] if value else []

    told = ("x_px", "y_px")

    def tell(self, spec: PointSpec, payload: PictureItem, label: Json) -> tuple[Json, ...]:  # noqa: ARG002
        """The place in pixels of the picture as brought; nothing where it is not there."""
        if not label:
            return None, None
        return round(label[0] * payload.picture.width), round(label[1] * payload.picture.height)

    def begin(self, spec: PointSpec, payload: PictureItem) -> Json:  # noqa: ARG002
        """Nothing is tapped yet."""
        return []

    def step(self, spec: PointSpec, payload: PictureItem, draft: Json, said: Json) -> Json:  # noqa: ARG002
        """`said` is the draft to be; each button says all of it."""
        if len(said) > 2 or not all(0 <= cell < spec.lines**2 for cell in said):
            raise AnswerError(self.name, "no_such_option")
        return said

    def read_answer(self, spec: PointSpec, payload: PictureItem, said: Json) -> Json:  # noqa: ARG002
        """`said` is a draft."""
        if len(said) == 1:
            raise AnswerError(self.name, "not_yet")
        if not said:
            if not spec.nothing:
                raise AnswerError(self.name, "no_such_option")
            return []
        return _place(spec.lines, *said)

    def verdict(self, spec: PointSpec, right: Json, said: Json) -> float:
        """1 near enough, and from there falling evenly to 0 at three times as far."""
        if not right or not said:
            return float(right == said)
        return _credit(math.dist(right, said), spec.near_enough)

    def steps(self, spec: PointSpec) -> Steps:  # noqa: ARG002
        """All where it is near enough; half up to twice as far."""
        return Steps(0.5, 1.0)

    def near(self, spec: PointSpec, one: Json, other: Json) -> float:
        """Falling evenly from 1 at the same place to 0 where a verdict is 0."""
        if not one or not other:
            return float(one == other)
        return max(0.0, 1 - math.dist(one, other) / (_FARTHEST * spec.near_enough))

    def joined(self, spec: PointSpec, ranked: Ranked) -> tuple[Json, float]:
        """The weighted median of the places, of each side by itself; “not there” where more weight says so."""
        agreement, best, _ = ranked[0]
        places = [(said, weight(skill)) for _, said, skill in ranked if said]
        if not best or not places:
            return best, agreement
        near = [(said, heft) for said, heft in places if self.near(spec, best, said) > 0]
        return [_median([(said[side], heft) for said, heft in near]) for side in (0, 1)], agreement

    def telling(self, spec: PointSpec, right: Json, said: Json) -> float:
        """Who knows shows a place that is near enough, each as likely, and rarely any other. Sums to 1 at most."""
        places = spec.lines**4 + spec.nothing
        slip = (1 - _KNOWS) / places
        if not right:
            return _KNOWS + slip if not said else slip
        near_enough = bool(said) and math.dist(right, said) <= spec.near_enough
        return _KNOWS / _near_enough(spec.lines, spec.near_enough, right[0], right[1]) + slip if near_enough else slip

    def blindly(self, spec: PointSpec, said: Json) -> float:  # noqa: ARG002
        """Any place is as likely."""
        return 1 / (spec.lines**4 + spec.nothing)

    def chance(self, spec: PointSpec) -> float:
        """The mean verdict of who always shows the middle, the place being anywhere."""
        return _blind(spec.lines, spec.near_enough)

    def difference(self, spec: PointSpec, counts: Sequence[tuple[Json, int]]) -> Difference:  # noqa: ARG002
        """1 - `near`."""
        return lambda one, other: 1 - self.near(spec, one, other)

    def method(self, spec: PointSpec) -> str:  # noqa: ARG002
        """See NearKind."""
        return "closeness-median-1"


def _numbers(cell: str) -> list[float]:
    """No numbers, or two."""
    trouble = say("is neither two numbers, as in {example}, nor a JSON list of two shares", example="812 405")
    try:
        found = orjson.loads(cell) if cell.startswith("[") else [float(part) for part in _PARTING.split(cell) if part]
        numbers = [float(number) for number in found]
    except (ValueError, TypeError):
        raise ItemError("gold", trouble) from None
    if len(numbers) not in {0, 2} or not all(map(math.isfinite, numbers)) or (not numbers and cell[:1] != "["):
        raise ItemError("gold", trouble)
    return numbers


def _place(lines: int, cell: int, inner: int) -> list[float]:
    """The middle of a small cell, as shares of the sides."""
    (row, column), (down, across) = divmod(cell, lines), divmod(inner, lines)
    return [
        round((column * lines + across + 0.5) / lines**2, _DECIMALS),
        round((row * lines + down + 0.5) / lines**2, _DECIMALS),
    ]


def _credit(apart: float, near_enough: float) -> float:
    return min(1.0, max(0.0, (_FARTHEST - apart / near_enough) / (_FARTHEST - 1)))


@lru_cache
def _places(lines: int) -> list[list[float]]:
    cells = range(lines**2)
    return [_place(lines, cell, inner) for cell in cells for inner in cells]


@lru_cache(maxsize=4096)
def _near_enough(lines: int, near_enough: float, x: float, y: float) -> int:
    """How many places are near enough to one."""
    return max(1, sum(math.dist((x, y), place) <= near_enough for place in _places(lines)))


@lru_cache
def _blind(lines: int, near_enough: float) -> float:
    places = _places(lines)
    middle = min(places, key=lambda place: math.dist(place, (0.5, 0.5)))
    return math.fsum(_credit(math.dist(middle, place), near_enough) for place in places) / len(places)


def _median(numbers: list[tuple[float, float]]) -> float:
    """The weighted median: of two in the middle, the lower."""
    ranked = sorted(numbers)
    half, passed = math.fsum(heft for _, heft in ranked) / 2, 0.0
    for number, heft in ranked:
        passed += heft
        if passed >= half - 1e-9:
            return number
    return ranked[-1][0]


KIND = Point()
