"""The plot of answers used against accuracy."""

from xml.etree import ElementTree as ET

import pytest

from bench.course import mean, picture

pytestmark = pytest.mark.unit


def test_the_mean_begins_where_all_courses_have_begun_and_goes_on_where_one_has_ended() -> None:
    points = mean([[(0.1, 0.5), (0.5, 0.9)], [(0.3, 0.7), (1.0, 0.7)]])
    assert points[0] == pytest.approx((0.3, (0.7 + 0.7) / 2))
    assert points[-1] == pytest.approx((1.0, (0.9 + 0.7) / 2))
    assert [share for share, _ in points] == sorted(share for share, _ in points)


def test_the_picture_rises_with_accuracy() -> None:
    found = ET.fromstring(picture([(0.2, 0.7), (0.6, 0.9)]))
    (line,) = found.iter("{http://www.w3.org/2000/svg}polyline")
    (left, low), (right, high) = (map(float, point.split(",")) for point in line.attrib["points"].split())
    assert left < right
    assert low > high, "y grows downwards"
