"""A link without a network: one write a tick, exact subscriptions, and no garbage breaks it."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from hiredis import Reader
from hypothesis import example, given
from hypothesis import strategies as st

from helpline.live.link import MOST_WAITING, Link, Lost, Roll, code_of, pack

NAMES = [b"a", b"b", b"c"]


class Wall:
    """A transport that keeps what is thrown at it."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.is_closed = False

    def get_write_buffer_size(self) -> int:
        return 0

    def write(self, data: bytes) -> None:
        self.writes.append(data)

    def abort(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed

    @property
    def commands(self) -> list[Any]:
        reader = Reader()
        reader.feed(b"".join(self.writes))
        return list(iter(reader.gets, False))


def linked(channels: dict[bytes, str]) -> tuple[Link, Wall, list[Any]]:
    """A link at a wall, and a list of what it hears and of the refusals it gets."""
    came: list[Any] = []
    link = Link(channels, heard=lambda *message: came.append(message), refused=came.append)
    wall = Wall()
    link.connection_made(wall)  # type: ignore[arg-type]
    return link, wall, came


def confirmation(name: bytes) -> bytes:
    return b">3\r\n$9\r\nsubscribe\r\n$%d\r\n%s\r\n:1\r\n" % (len(name), name)


async def test_all_of_one_tick_leaves_in_one_write_and_new_channels_in_one_command():
    channels: dict[bytes, str] = {}
    link, wall, _ = linked(channels)
    for number in range(100):
        name = b"talk.%d" % number
        channels[name] = name.decode()
        link.roll.change(name)
        link.wake()
        link.send(pack((b"PUBLISH", name, b"x")))
    await asyncio.sleep(0)
    assert len(wall.writes) == 1
    subscribe, *publishes = wall.commands
    assert subscribe[0] == b"SUBSCRIBE" and set(subscribe[1:]) == set(channels)
    assert [command[:2] for command in publishes] == [
        [b"PUBLISH", b"talk.%d" % number] for number in range(100)
    ]


async def test_what_changes_to_and_fro_within_a_tick_is_not_asked_at_all():
    channels: dict[bytes, str] = {}
    link, wall, _ = linked(channels)
    channels[b"a"] = "a"
    link.roll.change(b"a")
    link.wake()
    del channels[b"a"]
    link.roll.change(b"a")
    await asyncio.sleep(0)
    assert wall.writes == []


async def test_no_more_waits_than_eight_megabytes_and_the_next_tick_may_write_again():
    link, wall, _ = linked({})
    megabyte = b"x" * 1024 * 1024
    assert [link.send(megabyte) for _ in range(10)] == [True] * 8 + [False] * 2
    await asyncio.sleep(0)
    assert len(wall.writes[0]) == MOST_WAITING
    assert link.send(megabyte)


class Redis:
    """What Redis makes of a roll's commands: whom it rings, and the confirmations under way."""

    def __init__(self) -> None:
        self.rings: set[bytes] = set()
        self.times: Counter[bytes] = Counter()  # how often each was subscribed
        self.under_way: list[tuple[bytes, int]] = []

    def hear(self, commands: list[bytes]) -> None:
        reader = Reader()
        reader.feed(b"".join(commands))
        for verb, *names in iter(reader.gets, False):
            for name in names:
                if verb == b"UNSUBSCRIBE":
                    self.rings.remove(name)
                else:
                    assert name not in self.rings
                    self.rings.add(name)
                    self.times[name] += 1
                    self.under_way.append((name, self.times[name]))


@given(st.lists(st.sampled_from([*NAMES, b"write", b"confirm"])))
@example([b"a", b"write", b"a", b"write", b"a", b"write", b"confirm"])
def test_redis_rings_what_is_wanted_and_nobody_believes_so_before_redis_said_it(steps):
    asyncio.run(_walk(steps))


async def _walk(steps: list[bytes]) -> None:
    """A name in `steps` is wanted, and the next time no longer wanted."""
    wanted: dict[bytes, str] = {}
    roll, redis = Roll(wanted), Redis()
    told: Counter[bytes] = Counter()  # the latest subscription that we know to be confirmed
    joining: list[tuple[bytes, asyncio.Future[str]]] = []
    asked: list[tuple[bytes, int, asyncio.Future[str]]] = []

    for step in [*steps, b"write", *[b"confirm"] * len(steps)]:
        if step == b"write":
            redis.hear(roll.commands(0.0))
            assert redis.rings == set(wanted)
            asked += [(name, redis.times[name], future) for name, future in joining]
            joining = []
        elif step == b"confirm":
            if redis.under_way:
                name, time = redis.under_way.pop(0)
                told[name] = time
                roll.confirm()
        else:
            if wanted.pop(step, None) is None:
                wanted[step] = "wanted"
                joining.append((step, roll.whole()))
            roll.change(step)
        assert not any(future.done() for _, future in joining)
        assert all(told[name] >= time for name, time, future in asked if future.done())
        assert all(told[name] == redis.times[name] for name in NAMES if roll.has(name))
    assert all(future.result() == "" for _, _, future in asked)
    assert all(roll.has(name) for name in wanted)


async def test_a_refusal_lets_go_whoever_waits_and_later_ones_wait_for_their_own():
    channels = {b"a": "a"}
    link, _, came = linked(channels)
    link.roll.change(b"a")
    first = link.roll.whole()
    link.wake()
    await asyncio.sleep(0)
    link.data_received(b"-NOPERM geheim\r\n")
    assert first.result() == "NOPERM" and came == ["NOPERM"]
    channels[b"b"] = "b"
    link.roll.change(b"b")
    second = link.roll.whole()
    link.wake()
    await asyncio.sleep(0)
    assert not second.done()
    link.data_received(confirmation(b"b"))
    assert second.result() == ""


async def test_who_waits_for_an_answer_is_let_go_when_the_link_ends():
    link, _, _ = linked({})
    answer = asyncio.create_task(link.ask("HELLO", "3"))
    await asyncio.sleep(0)
    link.end("closed")
    with pytest.raises(Lost, match="closed"):
        await asyncio.wait_for(answer, 1)


RESP = st.recursive(
    st.one_of(
        st.integers().map(lambda one: b":%d\r\n" % one),
        st.sampled_from([b"message", b"subscribe", b"ERR x", b"a", b"\xff"]).flatmap(
            lambda one: st.sampled_from([b"$%d\r\n%s\r\n" % (len(one), one), b"+%s\r\n" % one])
        ),
        st.sampled_from(
            [b"-ERR x\r\n", b"-\xff\r\n", b"_\r\n", b"#f\r\n", b"*-1\r\n", b",1.5\r\n"]
        ),
    ),
    lambda inner: st.tuples(st.sampled_from(b"*>~%|"), st.lists(inner, max_size=4)).map(
        lambda pair: b"%c%d\r\n%s" % (pair[0], len(pair[1]), b"".join(pair[1]))
    ),
)


@given(st.lists(st.one_of(RESP, st.binary())), st.integers(1, 9))
@example([b"%1\r\n*0\r\n:1\r\n"], 9)  # a table with a list for a key
@example([b">4294967295\r\n"], 9)
@example([b">3\r\n+message\r\n*0\r\n:1\r\n"], 9)
def test_whatever_redis_says_is_heard_ignored_or_the_end_of_this_link_and_no_more(parts, size):
    async def hear() -> None:
        link, wall, came = linked({b"a": "a"})
        data = b"".join(parts)
        for start in range(0, len(data), size):
            link.data_received(data[start : start + size])
        assert wall.is_closed == link.ended.done()
        for message in came:
            assert isinstance(message, str) or (message[0] == "a" and type(message[1]) is bytes)

    asyncio.run(hear())


async def test_a_message_without_an_end_does_not_fill_the_memory():
    link, wall, _ = linked({})
    link.data_received(b"*10000000\r\n")
    for _ in range(9):
        link.data_received(b":1\r\n" * (256 * 1024))
    assert wall.is_closed and link.ended.result() == "endless"


async def test_a_log_learns_the_first_word_of_a_refusal_and_no_other():
    reader = Reader()
    reader.feed(b"-WRONGPASS geheim\r\n-geheim\r\n-\xff\r\n")
    assert [code_of(reader.gets()) for _ in range(3)] == ["WRONGPASS", "refused", "refused"]
    assert code_of(ConnectionRefusedError("geheim")) == "ConnectionRefusedError"
