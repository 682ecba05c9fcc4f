"""Opening hours: over midnight, through both clock changes, and without any."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.shifts.hours import AMSTERDAM, Hours, is_open, next_opening

EVENINGS = [Hours(weekday, time(19), time(6)) for weekday in range(7)]
OFFICE = [Hours(weekday, time(9), time(17)) for weekday in range(5)]
ALWAYS = [Hours(weekday, time(0), time(0)) for weekday in range(7)]


def local(*when: int, fold: int = 0) -> datetime:
    return datetime(*when, tzinfo=AMSTERDAM, fold=fold)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (local(2026, 11, 22, 18, 59), False),
        (local(2026, 11, 22, 19, 0), True),
        (local(2026, 11, 23, 0, 30), True),
        (local(2026, 11, 23, 5, 59), True),
        (local(2026, 11, 23, 6, 0), False),
    ],
)
def test_open_over_midnight(moment: datetime, expected: bool) -> None:
    assert is_open(moment, EVENINGS) is expected


def test_sunday_evening_reaches_into_monday() -> None:
    sunday = [Hours(6, time(19), time(6))]
    assert is_open(local(2026, 11, 23, 0, 30), sunday)
    assert not is_open(local(2026, 11, 24, 0, 30), sunday)


@pytest.mark.parametrize(
    "night", [datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)]
)
def test_the_night_of_a_clock_change_is_one_unbroken_stretch(night: datetime) -> None:
    opens = night.replace(tzinfo=AMSTERDAM, hour=19).astimezone(UTC)
    closes = (night + timedelta(days=1)).replace(tzinfo=AMSTERDAM, hour=6).astimezone(UTC)
    moment = opens
    while moment < closes:
        assert is_open(moment, EVENINGS), moment
        moment += timedelta(minutes=15)
    assert not is_open(closes, EVENINGS)
    assert not is_open(opens - timedelta(minutes=1), EVENINGS)
    hours = (closes - opens) / timedelta(hours=1)
    assert hours == (10 if night.month == 3 else 12)


def test_a_time_that_comes_twice_is_read_in_the_visitors_favour() -> None:
    opens = [Hours(6, time(2, 30), time(4))]
    assert is_open(local(2026, 10, 25, 2, 30), opens)
    closes = [Hours(5, time(22), time(2, 30))]
    assert is_open(local(2026, 10, 25, 2, 15, fold=1), closes)
    assert not is_open(local(2026, 10, 25, 2, 30, fold=1), closes)


def test_a_time_that_never_comes_is_read_in_the_visitors_favour() -> None:
    closes = [Hours(5, time(22), time(2, 30))]
    assert is_open(local(2026, 3, 29, 3, 15), closes)
    assert not is_open(local(2026, 3, 29, 3, 30), closes)


def test_around_the_clock_never_closes() -> None:
    moment = datetime(2026, 10, 24, 20, tzinfo=UTC)
    for _ in range(7 * 24):
        assert is_open(moment, ALWAYS)
        moment += timedelta(minutes=47)


def test_without_hours_it_is_closed_and_nobody_knows_until_when() -> None:
    assert not is_open(local(2026, 11, 22, 12), [])
    assert next_opening(local(2026, 11, 22, 12), []) is None


def test_the_next_opening_skips_the_weekend() -> None:
    friday = local(2026, 11, 20, 17, 30)
    assert next_opening(friday, OFFICE) == local(2026, 11, 23, 9)


def test_one_day_a_week_is_found_a_week_ahead() -> None:
    tuesday = [Hours(1, time(9), time(10))]
    assert next_opening(local(2026, 11, 24, 9), tuesday) == local(2026, 12, 1, 9)


weeks = st.lists(
    st.builds(
        Hours,
        st.integers(0, 6),
        st.times().map(lambda at: at.replace(second=0, microsecond=0)),
        st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    ),
    min_size=1,
    max_size=9,
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


@given(moments, weeks)
def test_at_the_next_opening_it_is_open(moment: datetime, week: list[Hours]) -> None:
    opens = next_opening(moment, week)
    assert opens is not None and moment < opens <= moment + timedelta(days=8, hours=2)
    assert is_open(opens, week)


@given(moments, weeks)
def test_between_closed_and_the_next_opening_it_stays_closed(
    moment: datetime, week: list[Hours]
) -> None:
    opens = next_opening(moment, week)
    assert opens is not None
    if not is_open(moment, week):
        assert not is_open(moment + (opens - moment) / 2, week)
        assert not is_open(opens - timedelta(seconds=1), week)
