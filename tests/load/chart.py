"""Small charts as SVG, pure: some panels side by side over one logarithmic axis.

Readable on a light and on a dark page, without a library and without a script.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import log10

WIDE, HIGH = 300, 210  # one panel
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 40, 44
STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #404040 }
  .title { font-weight: 600 }
  .small { font-size: 11px }
  .grid { stroke: #808080; stroke-opacity: .3 }
  .line { fill: none; stroke: #1f6feb; stroke-width: 2 }
  .dot { fill: #1f6feb }
  @media (prefers-color-scheme: dark) {
    text { fill: #d0d0d0 } .line { stroke: #6cb0ff } .dot { fill: #6cb0ff }
  }
"""


@dataclass(frozen=True)
class Panel:
    """One measure over all the points; a point without a value is left out."""

    title: str
    values: Sequence[float | None]


def draw(axis: str, points: Sequence[float], panels: Sequence[Panel]) -> str:
    """The whole picture; `axis` says what the points are."""
    width = WIDE * len(panels)
    drawn = "".join(_panel(axis, points, one, WIDE * place) for place, one in enumerate(panels))
    said = "; ".join(panel.title for panel in panels)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HIGH}" '
        f'width="{width}" height="{HIGH}" role="img" aria-label="{escape(said)}">\n'
        f"<style>{STYLE}</style>\n{drawn}</svg>\n"
    )


def round_up(value: float) -> float:
    """The next number above that people like on an axis."""
    step = 10 ** (len(str(int(value))) - 1) if value >= 1 else 0.1
    return next(step * times for times in (1, 2, 2.5, 4, 5, 8, 10, 20) if step * times >= value)


def _panel(axis: str, points: Sequence[float], panel: Panel, left: float) -> str:
    top = round_up(max((value for value in panel.values if value), default=1))
    low, high = log10(min(points)), log10(max(points))
    span = (high - low) or 1

    def across(point: float) -> float:
        return left + LEFT + (log10(point) - low) / span * (WIDE - LEFT - RIGHT)

    def down(value: float) -> float:
        return HIGH - BOTTOM - value / top * (HIGH - TOP - BOTTOM)

    parts = [_text(left + LEFT, 18, panel.title, "title")]
    for value in (0, top / 2, top):
        parts.append(_grid(left + LEFT, left + WIDE - RIGHT, down(value)))
        parts.append(_text(left + LEFT - 6, down(value) + 4, f"{value:,.4g}", "small", "end"))
    for point in points:
        parts.append(_text(across(point), HIGH - BOTTOM + 16, short(point), "small", "middle"))
    parts.append(_text(left + (LEFT + WIDE) / 2, HIGH - 8, axis, "small", "middle"))
    there = [
        (across(point), down(value))
        for point, value in zip(points, panel.values, strict=True)
        if value is not None
    ]
    return "".join(parts) + _curve(there)


def short(point: float) -> str:
    """A point's name on the axis: 10k for 10,000."""
    return f"{point / 1000:g}k" if point >= 1000 else f"{point:g}"


def _curve(places: Sequence[tuple[float, float]]) -> str:
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in places)
    return f'<polyline class="line" points="{line}"/>{dots}\n'


def _grid(start: float, end: float, height: float) -> str:
    return f'<line class="grid" x1="{start}" x2="{end}" y1="{height:.1f}" y2="{height:.1f}"/>'


def _text(x: float, y: float, words: str, kind: str, anchor: str = "start") -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )
