"""From measurements to figures, pure: percentiles, medians, ratios, the last line."""

import json
from collections.abc import Mapping, Sequence
from math import ceil
from statistics import median
from typing import Any

SIZES = ("10", "100", "1000")  # thousands of messages in the table
KEYS = (
    "delivered_per_s",
    "stock_per_s",
    "limit_per_s",
    "ratio_to_limit",
    "ratio_to_stock",
    "p50_ms",
    "p99_ms",
    "kib_per_idle_connection",
    "storm_5000_s",
    "history_ms",
    "two_workers_ratio",
)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * share) - 1)]


def percentiles(seconds: Sequence[float]) -> dict[str, float | None]:
    """Median and 99th percentile, in milliseconds; None when nothing was measured."""
    if not seconds:
        return {"p50_ms": None, "p99_ms": None}
    return {
        "p50_ms": percentile(seconds, 0.5) * 1000,
        "p99_ms": percentile(seconds, 0.99) * 1000,
    }


def middle(rounds: Sequence[Mapping[str, Any]], name: str) -> float | None:
    """The median over the rounds of one measured value; None when there is none."""
    values = [found[name] for found in rounds if found.get(name) is not None]
    return median(values) if values else None


def ratio(one: float | None, other: float | None) -> float | None:
    """How many times `other` goes into `one`; None when one of them is unknown."""
    return one / other if one is not None and other else None


def rounded(value: float | None) -> float | None:
    """Three digits that mean something; no more were measured."""
    if value is None or value == 0:
        return value
    return float(f"{value:.3g}") if abs(value) < 1000 else float(round(value))


def last_line(figures: Mapping[str, Any]) -> str:
    """The line for programs: every key, in order, null for what was not measured."""
    history = figures.get("history_ms") or {}
    line: dict[str, Any] = {key: rounded(figures.get(key)) for key in KEYS if key != "history_ms"}
    line["history_ms"] = {size: rounded(history.get(size)) for size in SIZES}
    return json.dumps({key: line[key] for key in KEYS})
