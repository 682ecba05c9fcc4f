"""Reading: which rows may be sent without asking, and that nothing is lost or doubled by it."""

import asyncio
import json
import os
from datetime import UTC, datetime
from time import monotonic
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.conversations.rows import Row, copy_place, packed
from chat.live import bells, delivery
from chat.live.consumers import TalksConsumer, VisitorConsumer
from chat.live.copies import Opened
from chat.live.delivery import Page
from chat.live.frames import Gone, Sent, UpToDate, row_frame
from chat.live.reading import MOST_EARLY, Reading
from helpline.errors import Busy
from helpline.live.hub import MISSED, Knock
from helpline.live.outbox import Outbox
from helpline.live.together import Together
from helpline.vault import held
from helpline.vault.sealing import SealingKey

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CEM = 7
WALKS = 2000 if os.environ.get("SOAK") else 40


class Talk:
    """A talk without a database: rows, a key that is at hand, and the knocks it rings."""

    def __init__(self) -> None:
        self.id, self.key = uuid4(), SealingKey(uuid4(), b"k" * 32)
        self.rows: list[Row] = []
        self.knocks: list[Knock] = []
        held.hold({self.key.key_id: self.key})

    def says(self, text: str, *, whose: int | None = CEM) -> Knock:
        number = len(self.rows) + 1
        row = Row(number, "said", "visitor", "", NOON, text, "", uuid4())
        self.rows.append(row)
        self.knocks.append(Knock(self.channel, bells.ROW, number, self.copy(row, whose=whose)))
        return self.knocks[-1]

    def copy(self, row: Row, *, whose: int | None = CEM, place: str = "") -> bytes:
        return self.key.seal(packed(row, whose), place=place or copy_place(self.id, row.number))

    @property
    def channel(self) -> str:
        return bells.talk_channel(self.id)

    def page(self, after: int, name: UUID | None = None, *, limit: int = 5) -> Page:
        rows = self.rows[after : after + limit]
        frames = [row_frame(row, name) for row in rows]
        more, last = len(rows) == limit, rows[-1].number if rows else after
        if not more:
            frames.append(UpToDate(talk=name, last=last, state="claimed"))
        return Page(frames, last, more, self.key.key_id)


@pytest.fixture
def talk():
    talk = Talk()
    yield talk
    held.let_go(talk.key.key_id)


@pytest.fixture
def reading(talk) -> Reading:
    reading = Reading(talk.id)
    reading.key_id = talk.key.key_id
    return reading


class Screen:
    """Takes rows as long as there is room."""

    def __init__(self) -> None:
        self.rows: list[Opened] = []
        self.has_room = True

    def __call__(self, row: Opened) -> bool:
        if self.has_room:
            self.rows.append(row)
        return self.has_room

    @property
    def numbers(self) -> list[int]:
        return [json.loads(row.for_visitor)["number"] for row in self.rows]


def test_the_next_row_is_sent_and_what_was_sent_is_not_sent_again(talk, reading):
    screen, first, second = Screen(), talk.says("een"), talk.says("twee")
    for knock in (first, first, second, first, second):
        assert reading.deliver(knock, screen)
    assert screen.numbers == [1, 2] and reading.told == 2


def test_a_row_that_is_not_the_next_must_be_fetched(talk, reading):
    screen, _, second = Screen(), talk.says("een"), talk.says("twee")
    assert not reading.deliver(second, screen)
    assert screen.rows == [] and reading.told == 0


def test_a_knock_without_a_copy_must_be_fetched(talk, reading):
    assert not reading.deliver(Knock(talk.channel, bells.ROW, 1), Screen())


def test_a_row_that_cannot_leave_is_not_taken_for_sent(talk, reading):
    screen, knock = Screen(), talk.says("een")
    screen.has_room = False
    assert not reading.deliver(knock, screen)
    screen.has_room = True
    assert reading.told == 0 and reading.deliver(knock, screen) and screen.numbers == [1]


def forgeries(talk: Talk) -> dict[str, bytes]:
    """What somebody could send in place of the copy of row 2."""
    first, second = talk.rows[:2]
    real = talk.copy(second)
    other = Talk()
    stolen = SealingKey(talk.key.key_id, b"s" * 32)
    return {
        "of another number": talk.copy(first),
        "of another talk": other.copy(second, place=copy_place(other.id, 2)),
        "of another talk, under this key": talk.copy(second, place=copy_place(other.id, 2)),
        "under another key": other.copy(second, place=copy_place(talk.id, 2)),
        "under a key of the same name": stolen.seal(
            packed(second, CEM), place=copy_place(talk.id, 2)
        ),
        "the box of the table": talk.key.seal("twee", place=f"conversation:{talk.id}/message:2"),
        "one bit differs": real[:40] + bytes([real[40] ^ 1]) + real[41:],
        "cut short": real[:-1],
        "of nothing": b"\x01",
        "open": packed(second, CEM).encode(),
    }


@pytest.mark.parametrize("kind", range(10))
def test_a_copy_that_is_not_of_this_row_of_this_talk_is_never_shown(talk, reading, kind):
    screen = Screen()
    assert reading.deliver(talk.says("een"), screen)
    talk.says("twee")
    name, copy = list(forgeries(talk).items())[kind]
    assert not reading.deliver(Knock(talk.channel, bells.ROW, 2, copy), screen), name
    assert screen.numbers == [1] and reading.told == 1
    assert reading.deliver(talk.knocks[1], screen)  # the real one still is


def test_a_copy_whose_key_is_not_at_hand_must_be_fetched(talk, reading):
    knock, screen = talk.says("een"), Screen()
    held.let_go(talk.key.key_id)
    assert not reading.deliver(knock, screen)
    held.hold({talk.key.key_id: talk.key})
    reading.key_id = None  # nor does a reader who saw no page know which key
    assert not reading.deliver(knock, screen) and screen.rows == []


def test_a_copy_is_opened_once_for_all_who_hear_it(talk, monkeypatch):
    opened, real = [], SealingKey.open
    monkeypatch.setattr(
        SealingKey, "open", lambda *args, **more: opened.append(1) or real(*args, **more)
    )
    knock = talk.says("een")
    for _ in range(5):
        reading = Reading(talk.id)
        reading.key_id = talk.key.key_id
        assert reading.deliver(knock, Screen())
    assert len(opened) == 1


async def test_what_comes_early_waits_for_the_fetch_and_is_sent_in_order(talk, reading):
    screen = Screen()
    knocks = [talk.says(f"{number}") for number in range(1, 6)]
    async with reading.pulling:
        for knock in (knocks[4], knocks[2], knocks[3], knocks[0]):
            assert reading.deliver(knock, screen)
        assert screen.rows == []
        reading.told = 2  # what the fetch brought
        assert reading.catch_up(screen)
    assert screen.numbers == [3, 4, 5]


async def test_a_gap_among_what_came_early_must_be_fetched(talk, reading):
    screen = Screen()
    knocks = [talk.says(f"{number}") for number in range(1, 5)]
    async with reading.pulling:
        for knock in (knocks[1], knocks[3]):
            assert reading.deliver(knock, screen)
        reading.told = 1
        assert not reading.catch_up(screen)
        reading.told = 4
        assert reading.catch_up(screen)  # and what was early is forgotten
    assert screen.numbers == [2]


async def test_no_more_rows_wait_for_a_fetch_than_most_early(talk, reading):
    async with reading.pulling:
        taken = [reading.deliver(talk.says("x"), Screen()) for _ in range(MOST_EARLY + 20)]
    assert taken == [True] * MOST_EARLY + [False] * 20
    assert len(reading._early) <= MOST_EARLY


# --- the two roads give the same ---

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


@settings(max_examples=100, deadline=None)
@given(text=WORDS, who=WORDS, at=MOMENTS, author=st.sampled_from(["visitor", "counsellor"]))
def test_a_row_from_its_copy_is_to_the_letter_the_row_of_a_pull(text, who, at, author):
    talk = Talk()
    row = Row(1, "said", author, who, at, text, "", uuid4())
    reading, screen = Reading(talk.id), Screen()
    reading.key_id = talk.key.key_id
    assert reading.deliver(Knock(talk.channel, bells.ROW, 1, talk.copy(row)), screen)
    assert screen.rows[0].for_visitor == row_frame(row).as_text()
    assert screen.rows[0].for_counsellor == row_frame(row, talk.id).as_text()
    assert screen.rows[0].counsellor_id == CEM
    held.let_go(talk.key.key_id)


# --- the two ends, whole, with a database of the test's own ---


class Base:
    """Takes the place of `Together`: pages of one talk, after a while; sometimes Busy."""

    def __init__(self, talk: Talk, waits: list[int]) -> None:
        self.talk, self.waits = talk, waits
        self.pulls = 0

    def here(self, call, **more):
        return SimpleNamespace(ask=lambda question: self._answer(call, question))

    async def _answer(self, call, question):
        wait = self.waits.pop() if self.waits else 0
        for _ in range(wait):
            await asyncio.sleep(0)
        if wait == 4:
            raise Busy
        if call is delivery.to_visitors:
            self.pulls += 1
            return self.talk.page(question.after)
        if call is delivery.to_counsellors:
            self.pulls += 1
            return self.talk.page(question.after, self.talk.id)
        raise AssertionError(call)


class AnEnd:
    """What both ends of a test share: a network, frames heard, and what a client keeps of them."""

    is_in = True
    language = "nl"

    def begins(self, talk: Talk) -> None:
        self.talk_read, self.frames = talk, []
        self.outbox, self._pending, self._doing = Outbox(self.network), {}, set()
        self.reads = asyncio.Event()
        self.reads.set()
        self.sure_until = monotonic() + 60

    async def network(self, message: dict) -> None:
        await self.reads.wait()
        self.frames.append(json.loads(message["text"]))

    async def still_allowed(self) -> None:
        self.sure_until = monotonic() + 60

    def can_spend(self) -> bool:
        return True

    async def settles(self) -> None:
        while self._doing or self.outbox.is_stuck:
            await asyncio.sleep(0)

    @property
    def rows(self) -> list[dict]:
        return [frame for frame in self.frames if frame["type"] == "row"]

    @property
    def known(self) -> int:
        """The last number without a gap before it; nothing was shown across a gap."""
        numbers: set[int] = {0}
        for frame in self.frames:
            if frame["type"] == "row":
                assert frame["number"] - 1 in numbers
            if frame["type"] in ("row", "sent"):
                numbers.add(frame["number"])
        return next(number for number in sorted(numbers) if number + 1 not in numbers)

    @property
    def shown(self) -> dict[int, dict]:
        """What a client shows; a number that was shown may never change."""
        shown: dict[int, dict] = {}
        for row in self.rows:
            assert shown.setdefault(row["number"], row) == row
        return shown


class Phone(AnEnd, VisitorConsumer):
    name = None  # a visitor's frames do not say of which talk they are

    def begins(self, talk: Talk) -> None:
        super().begins(talk)
        self.reading, self.visit = Reading(talk.id), delivery.Visit(b"", talk.id)

    async def resumes(self, after: int) -> None:
        await self.guarded(self.pull(after, seen=True))


class Desk(AnEnd, TalksConsumer):
    def begins(self, talk: Talk) -> None:
        super().begins(talk)
        self.member_id, self.readings = CEM, {talk.channel: Reading(talk.id)}

    @property
    def name(self) -> UUID:
        return self.talk_read.id

    @property
    def reading(self) -> Reading:
        return self.readings[self.talk_read.channel]

    async def show_mine(self) -> None:
        pass

    async def resumes(self, after: int) -> None:
        await self.guarded(self.pull(self.talk_read.id, after))


ENDS = pytest.mark.parametrize("kind", [Phone, Desk])


@pytest.fixture
def base(talk, monkeypatch) -> Base:
    base = Base(talk, [])
    monkeypatch.setattr(Together, "here", base.here)
    return base


async def up_to_date(kind, talk: Talk):
    """An end that has all there is, and listens."""
    end = kind()
    end.begins(talk)
    await end.resumes(0)
    return end


@ENDS
async def test_a_row_with_its_copy_costs_no_question(kind, talk, base):
    talk.says("hallo")
    end = await up_to_date(kind, talk)
    asked = base.pulls
    for turn in range(10):
        end.ring(talk.says(f"{turn}"))
    assert [row["text"] for row in end.rows] == ["hallo", *map(str, range(10))]
    assert base.pulls == asked and not end._doing
    assert end.rows == [json.loads(row_frame(row, end.name).as_text()) for row in talk.rows]


def no_longer_sure(end: AnEnd) -> None:
    end.sure_until = monotonic() - 1


def without_the_key(end: AnEnd) -> None:
    held.let_go(end.talk_read.key.key_id)


def numbers_ahead(end: AnEnd) -> None:
    end.talk_read.says("niemand belde")


@ENDS
@pytest.mark.parametrize("trouble", [no_longer_sure, without_the_key, numbers_ahead])
async def test_what_may_not_be_sent_from_its_copy_is_fetched(kind, talk, base, trouble):
    talk.says("hallo")
    end = await up_to_date(kind, talk)
    asked = base.pulls
    trouble(end)
    end.ring(talk.says("en nu"))
    assert len(end.rows) == 1  # nothing left from the copy
    await end.settles()
    assert base.pulls == asked + 1
    assert [row["number"] for row in end.rows] == list(range(1, len(talk.rows) + 1))


@ENDS
async def test_while_the_outbox_is_full_rows_wait_and_then_all_come_once(kind, talk, base):
    talk.says("hallo")
    end = await up_to_date(kind, talk)
    end.reads.clear()
    for _ in range(end.outbox.most + 30):
        end.ring(talk.says("x"))
        await asyncio.sleep(0)
    assert len(end.outbox._waiting) <= end.outbox.most
    assert len(end._pending) <= 1 and len(end._doing) <= 1
    end.reads.set()
    await end.settles()
    assert [row["number"] for row in end.rows] == list(range(1, len(talk.rows) + 1))


async def test_a_row_of_another_counsellors_time_is_not_sent_from_its_copy(talk, base):
    talk.says("hallo")
    desk = await up_to_date(Desk, talk)
    for whose in (None, CEM + 1):
        asked = base.pulls
        desk.ring(talk.says("voor een ander", whose=whose))
        assert desk.frames[-1]["type"] != "row"
        await desk.settles()
        assert base.pulls == asked + 1  # the database says whether it may be read


async def test_before_the_audit_knows_of_a_reader_no_copy_is_opened(talk, base):
    end = Desk()
    end.begins(talk)
    end.reading.key_id = talk.key.key_id
    end.ring(talk.says("hallo"))
    assert end.frames == [] and talk.knocks[0].opened is None
    await end.settles()
    assert base.pulls == 1 and len(end.rows) == 1


@ENDS
async def test_rows_that_come_during_a_fetch_follow_it_without_a_second_fetch(kind, talk, base):
    talk.says("hallo")
    end = await up_to_date(kind, talk)
    asked, base.waits = base.pulls, [3]
    fetching = asyncio.create_task(end.resumes(1))
    await asyncio.sleep(0)
    for _ in range(4):
        end.ring(talk.says("x"))
    knocks = talk.knocks[1:]
    talk.rows, later = talk.rows[:2], talk.rows[2:]  # the fetch saw only the first of them
    await fetching
    talk.rows += later
    await end.settles()
    assert [row["number"] for row in end.rows] == [1, 2, 3, 4, 5] and len(knocks) == 4
    assert base.pulls == asked + 1


@ENDS
async def test_after_erasing_no_copy_is_opened_any_more(kind, talk, base, monkeypatch):
    talk.says("hallo")
    end = await up_to_date(kind, talk)
    gone = Page([Gone(talk=end.name, code="erased")], 1)
    monkeypatch.setattr(talk, "page", lambda *args: gone)
    end.ring(Knock(talk.channel, bells.ERASED))
    await end.settles()
    assert end.frames[-1]["type"] == "gone"
    end.ring(talk.says("nagekomen"))  # the key may still be at hand for a moment
    await end.settles()
    assert len(end.rows) == 1


# --- replay ---

STEP = st.one_of(
    st.tuples(st.just("say"), st.integers(0, 9)),
    st.tuples(st.just("mine"), st.integers(0, 3)),
    st.tuples(st.just("late"), st.integers(0, 40)),  # an earlier knock, again
    st.tuples(st.sampled_from(["resume", "unsure", "sure", "drop_key", "stop", "read", "missed"]),
              st.just(0)),
    st.tuples(st.just("tick"), st.integers(1, 6)),
)  # fmt: skip


@ENDS
@settings(max_examples=WALKS, deadline=None)
@given(steps=st.lists(STEP, max_size=40), waits=st.lists(st.integers(0, 4), max_size=12))
def test_a_snapshot_and_the_frames_since_are_a_later_snapshot(kind, steps, waits):
    asyncio.run(_replay(kind, steps, list(waits)))


async def _replay(kind, steps, waits) -> None:
    """Knocks with copies are lost, doubled and late; pulls are slow, and some are refused."""
    talk = Talk()
    talk.says("hallo")
    with pytest.MonkeyPatch.context() as patch:
        base = Base(talk, [])
        patch.setattr(Together, "here", base.here)
        end = await up_to_date(kind, talk)
        base.waits = waits
        resuming: set[asyncio.Task] = set()
        for step, dice in steps:
            await _step(end, talk, step, dice, resuming)
            assert end.reading.told <= len(talk.rows)
        base.waits = []
        end.reads.set()
        await asyncio.gather(*resuming)
        await end.settles()
        await end.resumes(end.known)  # the heartbeat of the contract
        await end.settles()
    mine = {frame["number"] for frame in end.frames if frame["type"] == "sent"}
    everything = {row.number: json.loads(row_frame(row, end.name).as_text()) for row in talk.rows}
    assert end.shown | {number: everything[number] for number in mine} == everything
    held.let_go(talk.key.key_id)


async def _step(end, talk: Talk, step: str, dice: int, resuming: set) -> None:
    if step == "say":
        knock = talk.says(f"{dice}")
        for _ in range((0, 1, 1, 1, 1, 1, 1, 1, 2, 2)[dice]):
            end.ring(knock)
    elif step == "mine":  # this very socket said it, and hears so first
        knock = talk.says("van mij")
        row = talk.rows[-1]
        answer = Sent(talk=end.name, client_id=row.client_id, number=row.number, at=row.at)
        end.tell_answer(SimpleNamespace(talk=talk.id), answer)
        if dice:
            end.ring(knock)
    elif step == "late":
        end.ring(talk.knocks[dice % len(talk.knocks)])
    elif step == "missed":
        end.ring(Knock(talk.channel, MISSED))
    elif step == "resume" and len(resuming) < 3:
        resuming.add(asyncio.create_task(end.resumes(end.known)))
    elif step in ("unsure", "sure"):
        end.sure_until = monotonic() + (60 if step == "sure" else -1)
    elif step == "drop_key":
        held.let_go(talk.key.key_id)
    elif step in ("stop", "read"):
        end.reads.clear() if step == "stop" else end.reads.set()
    elif step == "tick":
        for _ in range(dice):
            await asyncio.sleep(0)
