"""Many questions, one call: in order, bounded, and nobody pays for a neighbour."""

import asyncio
import threading
from collections import Counter

import pytest
from django.db import OperationalError

from helpline.errors import Busy, Later, NotFound
from helpline.live import together
from helpline.live.together import Together


class Domain:
    """A call that can be held up; it keeps what it was asked."""

    def __init__(self) -> None:
        self.calls: list[list] = []
        self.free = threading.Event()
        self.free.set()
        self.is_called = threading.Event()

    def __call__(self, questions: list) -> list:
        self.calls.append(list(questions))
        self.is_called.set()
        assert self.free.wait(10)
        return [self.answer(question) for question in questions]

    def answer(self, question):
        return question * 10

    async def holds_up(self, asking) -> None:
        """Hold the call that runs for what was just asked."""
        while not self.is_called.is_set():
            await asyncio.sleep(0.001)
        assert not asking.done()


@pytest.fixture
def domain() -> Domain:
    return Domain()


async def test_a_lone_question_goes_at_once_and_leaves_no_task(domain):
    one = Together(domain)
    assert await one.ask(7) == 70
    await asyncio.sleep(0)
    assert domain.calls == [[7]]
    assert asyncio.all_tasks() == {asyncio.current_task()}
    one._thread.shutdown()


async def test_what_is_asked_while_a_call_runs_goes_into_the_next_in_order(domain):
    one = Together(domain)
    domain.free.clear()
    first = one.ask(1)
    await domain.holds_up(first)
    rest = [one.ask(number) for number in range(2, 9)]
    domain.free.set()
    assert await asyncio.gather(first, *rest) == [10, 20, 30, 40, 50, 60, 70, 80]
    assert domain.calls == [[1], [2, 3, 4, 5, 6, 7, 8]]


async def test_one_call_takes_no_more_than_most(domain):
    one = Together(domain, most=3)
    assert await asyncio.gather(*map(one.ask, range(8))) == [10 * n for n in range(8)]
    assert domain.calls == [[0, 1, 2], [3, 4, 5], [6, 7]]


async def test_beyond_what_may_wait_the_answer_is_busy_at_once(domain):
    one = Together(domain, waiting=2)
    domain.free.clear()
    first = one.ask(1)
    await domain.holds_up(first)
    waiting, refused = [one.ask(2), one.ask(3)], one.ask(4)
    assert isinstance(refused.exception(), Busy)  # nobody waited for it
    told: list = []
    one.tell(5, told.append)
    assert isinstance(told[0], Busy)
    domain.free.set()
    assert await asyncio.gather(first, *waiting) == [10, 20, 30]
    assert domain.calls == [[1], [2, 3]]  # what was refused is not asked later


async def test_an_answer_that_is_a_refusal_is_raised_at_whoever_asked(domain):
    domain.answer = lambda question: NotFound() if question == 2 else question
    one = Together(domain)
    answers = await asyncio.gather(*map(one.ask, (1, 2, 3)), return_exceptions=True)
    assert [answers[0], type(answers[1]), answers[2]] == [1, NotFound, 3]


async def test_a_question_that_breaks_the_call_spoils_only_itself(domain):
    def answer(question):
        if question == 2:
            raise ZeroDivisionError
        return question

    domain.answer = answer
    one = Together(domain)
    answers = await asyncio.gather(*map(one.ask, (1, 2, 3)), return_exceptions=True)
    assert [answers[0], type(answers[1]), answers[2]] == [1, ZeroDivisionError, 3]
    assert domain.calls == [[1, 2, 3], [1], [2], [3]]


async def test_without_the_database_all_of_a_group_are_told_busy_and_the_next_is_asked(domain):
    def lost(question):
        raise OperationalError("gone")

    domain.answer = lost
    one = Together(domain)
    answers = await asyncio.gather(*map(one.ask, (1, 2)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [Busy, Busy]
    assert domain.calls == [[1, 2]]
    domain.answer = lambda question: question
    assert await one.ask(3) == 3


async def test_whoever_must_wait_is_asked_again_in_order_and_neighbours_go_on(domain):
    held, seen = {"a1", "a2"}, Counter()

    def answer(question):
        seen[question] += 1
        return Later() if question in held and seen["a1"] < 4 else question

    domain.answer = answer
    one, arrived = Together(domain), []
    for question in ("a1", "b1", "a2"):
        one.tell(question, arrived.append)
    await one.ask("b2")
    assert arrived[0] == "b1"  # not behind the talk that is held
    while len(arrived) < 3:
        await asyncio.sleep(0.001)
    assert arrived == ["b1", "a1", "a2"]
    asked = [question for call in domain.calls for question in call if question in held]
    assert asked == ["a1", "a2"] * (len(asked) // 2)  # never the other way round


async def test_what_stays_later_for_too_long_is_told_busy(domain):
    domain.answer = lambda question: Later()
    one = Together(domain, patience=0.02)
    with pytest.raises(Busy):
        await one.ask(1)
    assert len(domain.calls) > 1


async def test_who_went_away_and_who_breaks_when_told_harm_nobody(domain, caplog):
    def breaks(answer):
        raise ZeroDivisionError

    one = Together(domain)
    domain.free.clear()
    gone = one.ask(1)
    await domain.holds_up(gone)
    gone.cancel()
    one.tell(2, breaks)
    third = one.ask(3)
    domain.free.set()
    assert await third == 30
    assert await one.ask(4) == 40


async def test_a_call_that_forgets_an_answer_leaves_nobody_waiting_for_ever():
    one = Together(lambda questions: questions[1:])
    answers = await asyncio.wait_for(
        asyncio.gather(one.ask(1), one.ask(2), return_exceptions=True), 0.2
    )
    assert all(isinstance(answer, Exception) for answer in answers)


async def test_a_broken_group_keeps_the_order_of_those_who_must_wait(domain):
    tries: Counter[str] = Counter()

    def answer(question):
        tries[question] += 1
        return Later() if question == "a1" and tries["a1"] == 2 else question

    def call(questions: list) -> list:
        if len(questions) == 3:  # somebody's mistake, or two who wrote the same at once
            tries.update(questions)
            raise ZeroDivisionError
        return [answer(question) for question in questions]

    one, arrived = Together(call, order=lambda question: question[0]), []
    for question in ("a1", "a2", "b1"):
        one.tell(question, arrived.append)
    while len(arrived) < 3:
        await asyncio.sleep(0.001)
    assert arrived.index("a1") < arrived.index("a2")


async def test_a_broken_group_does_not_make_neighbours_wait_for_whoever_must_wait():
    def call(questions: list) -> list:
        if "boem" in questions:
            raise ZeroDivisionError
        return [Later() if question == "a1" else question for question in questions]

    one = Together(call, patience=0.05, order=lambda question: question[0])
    asked = [one.ask(question) for question in ("a1", "boem", "b1")]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(answers[0]), type(answers[1]), answers[2]] == [Busy, ZeroDivisionError, "b1"]


async def test_there_is_one_for_each_call_and_manner_and_it_gives_back_its_connections(
    domain, monkeypatch
):
    closed = []
    monkeypatch.setattr(together.connections, "close_all", lambda: closed.append(True))
    monkeypatch.setattr(Together, "keep", 0)
    assert Together.here(domain) is Together.here(domain)
    assert Together.here(domain) is not Together.here(domain, most=3)
    await Together.here(domain).ask(1)
    while not closed:
        await asyncio.sleep(0.001)
