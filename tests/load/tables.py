"""The benchmark's words for people, pure: what was found, side by side."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from tests.load.figures import middle, ratio

Found = Mapping[str, Sequence[Mapping[str, Any]]]
GOALS = {
    "ratio_to_stock": "at least 8, aim 15",
    "ratio_to_limit": "at least 0.5, aim 0.8",
    "p99_ms": "at most 15, aim 6",
    "kib_per_idle_connection": "at most 45, aim 30",
    "storm_5000_s": "at most 8, aim 4",
    "history_ms": "flat within 1.5",
}
MEANING = {
    "ratio_to_stock": "product / stock",
    "ratio_to_limit": "product / limit",
    "two_workers_ratio": "two workers / one",
    "p50_ms": "p50 at 1,000 messages/s, ms",
    "p99_ms": "p99 at 1,000 messages/s, ms",
    "kib_per_idle_connection": "KiB an idle connection",
    "storm_5000_s": "5,000 reconnecting at once, s",
    "history_ms": "opening a talk of 40 rows, ms",
}

GROUPS = ("web", "postgres", "valkey", "load")
WAITING = ("visitors_waiting", "counsellors_waiting")
DISTURBED = 0.1  # of the machine
HEAD = (
    f"{'':<22}{'messages/s':>11}{'p50 ms':>11}{'p99 ms':>11}{'connect s':>11}"
    f"    processor time of a message, µs: {' / '.join(GROUPS)}"
)


def summed(found: Found, workers: int) -> dict[str, Any]:
    """The medians over the rounds, and how they compare."""
    speed = {
        app: middle(found.get(f"saturation {app}", ()), "per_second")
        for app in (f"product {workers}", f"stock {workers}", f"limit {workers}", "product 1")
    }
    product = speed[f"product {workers}"]
    rate = found.get(f"rate product {workers}", ())
    return {
        "delivered_per_s": product,
        "stock_per_s": speed[f"stock {workers}"],
        "limit_per_s": speed[f"limit {workers}"],
        "ratio_to_stock": ratio(product, speed[f"stock {workers}"]),
        "ratio_to_limit": ratio(product, speed[f"limit {workers}"]),
        "two_workers_ratio": ratio(product, speed["product 1"]) if workers == 2 else None,
        "p50_ms": middle(rate, "p50_ms"),
        "p99_ms": middle(rate, "p99_ms"),
        "storm_5000_s": middle(found.get("storm", ()), "seconds"),
    }


def share_of_others(used: Mapping[str, float], seconds: float) -> float:
    """Which part of this machine went to programs that are none of ours."""
    return used["others"] / seconds / (os.cpu_count() or 1)


def table(found: Found, figures: Mapping[str, Any]) -> str:
    """The whole report, ratios first."""
    speeds = {name: rounds for name, rounds in found.items() if "used" in rounds[0]}
    lines = ["", *goal_lines(figures)]
    if speeds:
        lines += ["", HEAD, *(speed_line(*one) for one in speeds.items()), *warning(speeds)]
    return "\n".join(lines) + "\n"


def goal_lines(figures: Mapping[str, Any]) -> list[str]:
    """What was reached beside what was asked."""
    return [
        f"{MEANING[name]:<32}{shown(figures[name]):>32}   {GOALS.get(name, '')}".rstrip()
        for name in MEANING
        if figures.get(name)
    ]


def speed_line(name: str, rounds: Sequence[Mapping[str, Any]]) -> str:
    """The medians of one variant's rounds, and what one message cost."""
    cells = [middle(rounds, key) for key in ("per_second", "p50_ms", "p99_ms", "connect_s")]
    shown_cells = "".join(f"{shown(cell):>11}" for cell in cells)
    return f"{name:<22}{shown_cells}    {' / '.join(costs(rounds))}"


def costs(rounds: Sequence[Mapping[str, Any]]) -> list[str]:
    """What one message cost in each group of processes, in microseconds, over all rounds."""
    messages = sum(found["messages"] for found in rounds) or 1
    return [
        f"{sum(found['used'][group] for found in rounds) / messages * 1e6:.0f}" for group in GROUPS
    ]


def warning(speeds: Found) -> list[str]:
    """A line when other programs were at work: then no figure is worth much."""
    share = max(found["others"] for rounds in speeds.values() for found in rounds)
    if share < DISTURBED:
        return []
    return [f"\nNot alone: other programs took up to {share:.0%} of this machine. Measure again."]


def in_words(found: Mapping[str, Any]) -> str:
    """One window, for whoever watches."""
    waiting = [f"{found[name]} {name}" for name in WAITING if name in found]
    counted = [f"{count} {name}" for name, count in found["counted"].items()]
    words = [
        f"{found['per_second']:,.0f}/s",
        f"p50 {shown(found['p50_ms'])} p99 {shown(found['p99_ms'])} ms",
        f"connected in {found['connect_s']:.1f} s",
        f"µs a message {'/'.join(costs([found]))}",
        f"others {found['others']:.0%}",
        f"files {'+'.join(map(str, found['files']))}",
    ]
    late = [f"load late by {found['late_ms']:.1f} ms at worst"] if "late_ms" in found else []
    return ", ".join(words + late + waiting + counted)


def idle_words(before: int, after: int, count: int, seconds: float) -> str:
    """The memory of idle visitors, for whoever watches."""
    each = (after - before) / count / 1024
    return (
        f"{each:.1f} KiB each ({before >> 20} to {after >> 20} MiB), "
        f"{count} connected in {seconds:.1f} s"
    )


def shown(value: Any) -> str:
    """A figure as people read it."""
    if value is None:
        return "-"
    if isinstance(value, Mapping):
        return ", ".join(f"{size}k: {shown(one)}" for size, one in value.items())
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
