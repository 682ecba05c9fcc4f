"""The order of the line, held by any line that can be thought of."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from triage.line import order
from triage.line.order import Waiting, in_order, picks_after

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def waits(number: int, rank: int, minutes: int, *, returned: bool = False) -> Waiting:
    return Waiting(UUID(int=number), rank, NOON - timedelta(minutes=minutes), returned)


@st.composite
def lines(draw: st.DrawFn, smallest: int = 0, largest: int = 14) -> list[Waiting]:
    rows = draw(
        st.lists(
            st.tuples(st.integers(0, 3), st.integers(0, 90), st.booleans()),
            min_size=smallest,
            max_size=largest,
        )
    )
    return [waits(number, *row[:2], returned=row[2]) for number, row in enumerate(rows)]


counts = st.integers(0, 12)


def test_by_level_and_inside_a_level_by_time() -> None:
    routine, urgent, old_urgent = waits(1, 3, 50), waits(2, 1, 5), waits(3, 1, 9)
    found = in_order([routine, urgent, old_urgent], picks=0)
    assert [placed.waiting for placed in found] == [old_urgent, urgent, routine]
    assert {placed.why for placed in found} == {order.BECAUSE_LEVEL}


def test_the_fifth_pick_goes_to_the_longest_waiting_and_says_so() -> None:
    oldest = waits(9, 3, 80)
    found = in_order([oldest, *(waits(n, 1, n) for n in range(6))], picks=0)
    assert found[4] == (oldest, order.BECAUSE_FIFTH)


def test_who_lost_a_counsellor_goes_first_after_the_acute() -> None:
    acute, urgent, back = waits(1, 0, 1), waits(2, 1, 60), waits(3, 3, 20, returned=True)
    found = in_order([urgent, back, acute], picks=0)
    assert [placed.waiting for placed in found] == [acute, back, urgent]
    assert found[1].why == order.BECAUSE_RETURNED


@given(lines(), counts)
def test_everybody_stands_in_the_line_once(everybody: list[Waiting], picks: int) -> None:
    found = [placed.waiting for placed in in_order(everybody, picks)]
    assert sorted(found, key=lambda one: one.talk) == everybody


@given(lines(), counts)
def test_acute_is_never_overtaken_by_age(everybody: list[Waiting], picks: int) -> None:
    ranks = [placed.waiting.rank == order.ACUTE for placed in in_order(everybody, picks)]
    assert ranks == sorted(ranks, reverse=True)


@given(lines(), counts)
def test_the_order_shown_is_the_order_in_which_people_are_picked(
    everybody: list[Waiting], picks: int
) -> None:
    shown = in_order(everybody, picks)
    left = list(everybody)
    for placed in shown:
        assert in_order(left, picks)[0] == placed
        picks = picks_after(placed.waiting, left, picks)
        left.remove(placed.waiting)


@given(lines(smallest=1), counts, st.data())
def test_nobody_starves_whatever_comes_after_them(
    everybody: list[Waiting], picks: int, data: st.DataObject
) -> None:
    """n people waiting longer: picked within 5(n+1) picks that are not acute."""
    everybody = [one for one in everybody if not one.returned]
    patient = [one for one in everybody if one.rank != order.ACUTE]
    if not patient:
        return
    one = data.draw(st.sampled_from(patient))
    older = [each for each in patient if (each.since, each.talk) < (one.since, one.talk)]
    left, newcomers = list(everybody), 100
    for _ in range(order.EVERY * (len(older) + 1)):
        newcomers += 1
        left.append(waits(newcomers, data.draw(st.integers(1, 3)), -newcomers))
        picked = next(p.waiting for p in in_order(left, picks) if p.waiting.rank != order.ACUTE)
        picks = picks_after(picked, left, picks)
        left.remove(picked)
        if picked == one:
            return
    raise AssertionError("starved")


@given(lines(smallest=2), st.data())
def test_a_counsellor_who_picks_by_hand_cannot_use_up_the_turn_of_the_longest_waiting(
    everybody: list[Waiting], data: st.DataObject
) -> None:
    patient = [one for one in everybody if one.rank != order.ACUTE]
    if len(patient) < 2:
        return
    longest = min(patient, key=lambda one: (one.since, one.talk))
    other = data.draw(st.sampled_from([one for one in patient if one != longest]))
    due = order.EVERY - 1
    assert picks_after(other, everybody, due) == due
    assert picks_after(longest, everybody, due) == order.EVERY


@given(lines(), counts)
def test_an_acute_pick_is_nobodys_turn(everybody: list[Waiting], picks: int) -> None:
    for one in everybody:
        if one.rank == order.ACUTE:
            assert picks_after(one, everybody, picks) == picks
