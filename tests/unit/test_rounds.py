"""Rounds: every socket is asked once in a while, in groups, by one task."""

import asyncio
from collections import Counter
from itertools import chain

import pytest

from helpline.errors import Busy
from helpline.live import rounds
from helpline.live.consumer import Over
from helpline.live.rounds import Rounds
from helpline.live.together import Together


class Clock:
    """Asyncio, but for seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.seconds: list[asyncio.Future] = []

    def __getattr__(self, name):
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        assert seconds == 1
        passed = asyncio.get_running_loop().create_future()
        self.seconds.append(passed)
        await passed

    async def ticks(self, seconds: int = 1) -> None:
        for _ in range(seconds):
            await asyncio.sleep(0)
            due, self.seconds = self.seconds, []
            for passed in due:
                passed.set_result(None)
            await asyncio.sleep(0)


class Asked:
    """Takes the place of Together: what was asked, in which second, and who wants the answer."""

    def __init__(self) -> None:
        self.groups: list[list] = [[]]
        self.broken: dict = {}

    def tell(self, question, told) -> None:
        self.groups[-1].append(question)
        told(self.broken.get(question, question))


class Person:
    """A socket of some kind."""

    beat_every = 4

    def __init__(self, name: int) -> None:
        self.name, self.answers = name, []

    def beat(self) -> int:
        return self.name

    def beaten(self, answer) -> None:
        self.answers.append(answer)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(rounds, "asyncio", clock)
    return clock


@pytest.fixture
def asked(monkeypatch) -> Asked:
    asked = Asked()
    monkeypatch.setattr(Together, "here", lambda call: asked)
    return asked


async def second(clock: Clock, asked: Asked) -> list:
    """What is asked within one second."""
    asked.groups.append([])
    await clock.ticks()
    return asked.groups[-1]


async def test_everybody_is_asked_once_a_round_in_even_groups(clock, asked):
    going = Rounds(4, None)
    people = [Person(name) for name in range(10)]
    for person in people:
        going.join(person)
    groups = [await second(clock, asked) for _ in range(12)]
    assert {len(group) for group in groups} == {2, 3}
    for start in range(9):  # any four seconds on end
        assert Counter(chain(*groups[start : start + 4])) == Counter(range(10))


async def test_who_left_is_not_asked_and_when_nobody_is_left_there_is_no_task(clock, asked):
    going, people = Rounds(2, None), [Person(1), Person(2)]
    rows = [going.join(person) for person in people]
    await clock.ticks(2)
    rows[0].discard(people[0])
    before = list(people[0].answers)
    await clock.ticks(4)
    assert before and people[0].answers == before
    assert len(people[1].answers) > len(before)
    rows[1].discard(people[1])
    await clock.ticks()
    assert asyncio.all_tasks() == {asyncio.current_task()}

    late = Person(3)
    going.join(late)  # and it begins again by itself
    await clock.ticks(2)
    assert late.answers == [3]


async def test_an_end_and_a_trouble_are_told_to_whom_they_concern_and_to_nobody_else(clock, asked):
    going, people = Rounds(1, None), [Person(name) for name in range(3)]
    for person in people:
        going.join(person)
    over, busy = Over(), Busy()
    asked.broken = {0: over, 1: busy}
    await clock.ticks()
    assert [person.answers for person in people] == [[over], [busy], [2]]


async def test_somebody_who_joins_while_a_row_is_asked_is_asked_within_a_round(clock, asked):
    going, late = Rounds(3, None), Person(9)

    class Door(Person):
        def beaten(self, answer) -> None:
            super().beaten(answer)
            if len(self.answers) == 1:
                going.join(late)

    going.join(Door(0))
    await clock.ticks(3)
    assert late.answers == []
    await clock.ticks(3)
    assert late.answers == [9]


async def test_each_kind_of_socket_has_rounds_of_its_own(clock, asked):
    class Other(Person):
        beat_every = 2

    assert Rounds.of(Person(1), None) is Rounds.of(Person(2), None)
    assert Rounds.of(Other(1), None) is not Rounds.of(Person(1), None)
    assert len(Rounds.of(Other(1), None)._rows) == 2


async def test_a_socket_that_cannot_say_what_to_ask_does_not_stop_the_rounds(clock, asked):
    class Broken(Person):
        def beat(self) -> int:
            raise ZeroDivisionError

    going, good = Rounds(1, None), Person(1)
    going.join(Broken(0))
    going.join(good)
    await clock.ticks(3)
    assert len(good.answers) >= 2
