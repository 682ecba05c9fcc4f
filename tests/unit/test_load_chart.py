"""Charts that anybody can read: well-formed, with every point on them."""

import xml.etree.ElementTree as ET

import pytest

from tests.load import chart

SVG = "{http://www.w3.org/2000/svg}"


def drawn(values: list[float | None], points: list[float]) -> ET.Element:
    return ET.fromstring(chart.draw("talks <&>", points, [chart.Panel("ms & more", values)]))


def test_every_measured_point_has_its_dot_inside_the_picture():
    dots = drawn([5, None, 40], [10, 100, 1000]).findall(f"{SVG}circle")
    assert [float(dot.get("cx", 0)) for dot in dots] == [52.0, 286.0]
    assert all(0 < float(dot.get("cy", 0)) < chart.HIGH for dot in dots)


def test_more_stands_higher():
    low, high = drawn([5, 40], [10, 1000]).findall(f"{SVG}circle")
    assert float(high.get("cy", 0)) < float(low.get("cy", 0))


def test_one_point_is_enough_for_a_chart():
    assert len(drawn([3], [10]).findall(f"{SVG}circle")) == 1


@pytest.mark.parametrize(
    ("value", "top"), [(0.05, 0.1), (0.9, 1), (1, 1), (7, 8), (11, 20), (12345, 20000), (95, 100)]
)
def test_an_axis_ends_at_a_round_number_above_all_values(value, top):
    assert chart.round_up(value) == pytest.approx(top)


def test_thousands_are_short_on_the_axis():
    assert [chart.short(point) for point in (10, 1000, 10000)] == ["10", "1k", "10k"]
