"""The benchmark's arithmetic: a percentile, a median of rounds, a ratio, the last line."""

import json

import pytest

from tests.load import figures, tables


def window(per_second: float, **more: float) -> dict[str, object]:
    """One measured window, as the swarm and the runner leave it."""
    used = {"web": 2.0, "postgres": 1.0, "valkey": 0.5, "load": 0.5, "others": 0.0}
    return {"per_second": per_second, "messages": 1000, "used": used, "others": 0.0, **more}


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 50), (0.99, 99), (0.991, 100), (1, 100), (0.001, 1)]
)
def test_a_percentile_is_a_value_that_was_measured(share, expected):
    assert figures.percentile(list(range(100, 0, -1)), share) == expected


def test_percentiles_are_told_in_milliseconds():
    assert figures.percentiles([0.001] * 98 + [0.2, 0.3]) == {"p50_ms": 1.0, "p99_ms": 200.0}


def test_without_measurements_there_is_no_percentile():
    assert figures.percentiles([]) == {"p50_ms": None, "p99_ms": None}


def test_the_median_of_the_rounds_counts_and_not_the_best():
    assert figures.middle([{"x": 1.0}, {"x": 100.0}, {"x": 3.0}], "x") == 3.0


def test_rounds_that_did_not_measure_it_do_not_count():
    assert figures.middle([{"x": None}, {"y": 1}], "x") is None
    assert figures.middle([], "x") is None


@pytest.mark.parametrize(("one", "other"), [(None, 2.0), (2.0, None), (2.0, 0.0)])
def test_a_ratio_needs_both_sides(one, other):
    assert figures.ratio(one, other) is None


def test_figures_show_no_more_digits_than_were_measured():
    assert figures.rounded(12345.678) == 12346
    assert figures.rounded(1.23456) == 1.23
    assert figures.rounded(None) is None


def test_the_last_line_has_exactly_the_keys_that_were_agreed():
    line = json.loads(figures.last_line({"delivered_per_s": 9000.4, "history_ms": {"10": 3.14159}}))
    assert list(line) == [
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
    ]
    assert line["delivered_per_s"] == 9000
    assert line["history_ms"] == {"10": 3.14, "100": None, "1000": None}
    assert line["stock_per_s"] is None


def test_the_ratios_compare_medians_under_the_same_workers():
    found = {
        "saturation product 2": [window(9000), window(12000), window(10000)],
        "saturation stock 2": [window(1000)],
        "saturation limit 2": [window(20000)],
        "saturation product 1": [window(8000)],
        "rate product 2": [window(1000, p50_ms=1.0, p99_ms=5.0)],
        "storm": [{"seconds": 3.0}, {"seconds": 9.0}, {"seconds": 4.0}],
    }
    summed = tables.summed(found, workers=2)
    assert summed["delivered_per_s"] == 10000
    assert (summed["ratio_to_stock"], summed["ratio_to_limit"]) == (10, 0.5)
    assert summed["two_workers_ratio"] == 1.25
    assert (summed["p50_ms"], summed["p99_ms"], summed["storm_5000_s"]) == (1.0, 5.0, 4.0)


def test_a_message_costs_what_its_processes_used():
    assert tables.costs([window(1), window(1)]) == ["2000", "1000", "500", "500"]


def test_the_table_says_when_we_were_not_alone():
    quiet = {"saturation product 2": [window(9000)]}
    loud = {"saturation product 2": [{**window(9000), "others": 0.3}]}
    assert "Not alone" not in tables.table(quiet, {})
    assert "30%" in tables.table(loud, {})


def test_the_table_puts_the_ratios_first():
    text = tables.table(
        {"saturation product 2": [window(9000)]}, {"ratio_to_stock": 9, "p99_ms": 4}
    )
    places = [text.index(what) for what in ("product / stock", "p99 at", "saturation product 2")]
    assert places == sorted(places)
