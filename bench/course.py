"""The plot of docs/quality.md: answers used against accuracy, by the replays of the bench."""

from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "answers.svg"

Course = Sequence[tuple[float, float]]
"""Shares of the answers used, growing, and the accuracy of labels by then; both 0..1."""

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _EDGE = 640, 360, 56, 44, 16
_STEPS = 50


def draw(courses: Sequence[Course], path: Path) -> None:
    """Draw the mean over data sets. Before its first point a course says nothing, after its last it stays there."""
    path.write_text(picture(mean(courses)), encoding="utf-8")


def mean(courses: Sequence[Course]) -> list[tuple[float, float]]:
    """The mean accuracy at shares that all courses have come to."""
    start = max(course[0][0] for course in courses)
    grid = [start + (1 - start) * step / _STEPS for step in range(_STEPS + 1)]
    return [(share, fmean(_at(course, share) for course in courses)) for share in grid]


def _at(course: Course, share: float) -> float:
    place = bisect_right([used for used, _ in course], share)
    if place == len(course):
        return course[-1][1]
    (before, low), (after, high) = course[place - 1], course[place]
    return low + (high - low) * (share - before) / (after - before) if after > before else high


def picture(points: Sequence[tuple[float, float]]) -> str:
    """An SVG with axes from 0 to 100 % of the answers, and from 60 to 100 % right; below, nothing is drawn."""
    low = 0.6
    points = [(share, right) for share, right in points if right >= low]
    across, up = _WIDTH - _LEFT - _EDGE, _HEIGHT - _BOTTOM - _EDGE

    def x(share: float) -> float:
        return round(_LEFT + across * share, 1)

    def y(right: float) -> float:
        return round(_EDGE + up * (1 - (right - low) / (1 - low)), 1)

    lines = [
        f'<line x1="{_LEFT}" x2="{_WIDTH - _EDGE}" y1="{y(right)}" y2="{y(right)}" stroke="#ddd"/>'
        f'<text x="{_LEFT - 8}" y="{y(right) + 4}" text-anchor="end">{right:.0%}</text>'
        for right in (0.6, 0.7, 0.8, 0.9, 1.0)
    ]
    lines += [
        f'<text x="{x(share)}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{share:.0%}</text>'
        for share in (0, 0.25, 0.5, 0.75, 1)
    ]
    path = " ".join(f"{x(share)},{y(right)}" for share, right in points)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="13" fill="#333"><rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>{"".join(lines)}'
        f'<polyline points="{path}" fill="none" stroke="#0a7" stroke-width="3"/>'
        f'<text x="{_LEFT + across / 2}" y="{_HEIGHT - 8}" text-anchor="middle">answers used, of those there are</text>'
        f'<text transform="translate(14 {_EDGE + up / 2}) rotate(-90)" text-anchor="middle">right labels</text>'
        "</svg>\n"
    )
