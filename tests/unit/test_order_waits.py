"""The range of minutes: honest, from what happened, or not said."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from triage.line.waits import Claimed, expected, paces

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def claimed(came: int, taken: int) -> Claimed:
    """Came and was taken so many minutes after noon."""
    return Claimed(NOON + timedelta(minutes=came), NOON + timedelta(minutes=taken))


BUSY = [claimed(0, 10), claimed(2, 20), claimed(4, 30), claimed(6, 40)]


def test_we_do_not_guess_from_too_little() -> None:
    assert expected(0, []) is None
    assert expected(3, BUSY[:2]) is None


def test_the_pace_of_a_busy_line_is_the_time_between_claims() -> None:
    assert paces(BUSY) == [10, 10, 10, 10]


def test_the_pace_of_a_quiet_line_is_the_wait_itself() -> None:
    assert paces([claimed(0, 1), claimed(60, 62), claimed(120, 121)]) == [1, 2, 1]


def test_who_has_more_people_ahead_waits_longer() -> None:
    assert expected(0, BUSY) == (10, 15)
    assert expected(3, BUSY) == (40, 45)


claims = st.lists(
    st.tuples(st.integers(0, 170), st.integers(0, 60)).map(
        lambda pair: claimed(pair[0], pair[0] + pair[1])
    ),
    min_size=3,
    max_size=40,
)


@given(st.integers(0, 30), claims)
def test_a_range_is_a_range_and_grows_with_the_line(ahead: int, recent: list[Claimed]) -> None:
    here, behind = expected(ahead, recent), expected(ahead + 1, recent)
    assert here is not None and behind is not None
    assert 0 <= here.low < here.high
    assert here.low <= behind.low and here.high <= behind.high
