"""The outbox: at once when it can, in order always, and never more than fits."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline.live.outbox import Outbox, begun


class Network:
    """An ASGI `send` that waits while the other end does not read."""

    def __init__(self) -> None:
        self.reads = asyncio.Event()
        self.reads.set()
        self.came: list[str] = []
        self.is_cut = False

    async def send(self, message: dict) -> None:
        await self.reads.wait()
        if self.is_cut:
            raise OSError("gone")
        assert message["type"] == "websocket.send"
        self.came.append(message["text"])


def no_task_is_left() -> bool:
    return asyncio.all_tasks() == {asyncio.current_task()}


async def test_to_somebody_who_reads_a_frame_leaves_at_once_and_without_a_task():
    network = Network()
    outbox = Outbox(network.send)
    assert outbox.put("a") and network.came == ["a"]
    assert not outbox.is_stuck and no_task_is_left()


async def test_what_cannot_leave_waits_in_order_and_no_more_than_most():
    network = Network()
    outbox = Outbox(network.send, most=3)
    network.reads.clear()
    assert [outbox.put(text) for text in "abcdef"] == [True] * 4 + [False] * 2
    assert outbox.is_stuck and network.came == []
    network.reads.set()
    await outbox.empty()
    assert network.came == list("abcd")
    assert not outbox.is_stuck and outbox.put("g") and network.came[-1] == "g"
    assert no_task_is_left()


async def test_who_waits_for_room_gets_it_and_only_when_all_before_has_left():
    network = Network()
    outbox = Outbox(network.send, most=1)
    network.reads.clear()
    outbox.put("a")
    outbox.put("b")
    waiting = asyncio.create_task(outbox.empty())
    await asyncio.sleep(0)
    assert not waiting.done()
    network.reads.set()
    await waiting
    assert network.came == ["a", "b"]


@pytest.mark.parametrize("waits", [True, False])
async def test_to_somebody_who_is_gone_everything_can_be_sent(waits):
    network = Network()
    outbox = Outbox(network.send)
    network.is_cut = True
    if waits:
        network.reads.clear()
    assert outbox.put("a") and outbox.put("b")
    network.reads.set()
    await outbox.empty()
    assert outbox.put("c") and not outbox.is_stuck
    assert network.came == [] and no_task_is_left()


async def test_a_closed_outbox_forgets_what_is_left():
    network = Network()
    outbox = Outbox(network.send)
    network.reads.clear()
    outbox.put("a")
    outbox.put("b")
    outbox.close()
    network.reads.set()
    await asyncio.sleep(0.001)
    assert network.came == [] and no_task_is_left()


async def test_a_send_that_was_begun_by_hand_ends_as_if_it_had_been_awaited():
    async def work(fails: bool) -> None:
        await asyncio.sleep(0)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.001):  # needs to be woken and cancelled like any other
                await asyncio.sleep(60)
        if fails:
            raise ZeroDivisionError

    async def rest_of(fails: bool) -> None:
        rest = begun(work(fails))
        assert rest is not None
        await rest

    await asyncio.create_task(rest_of(False))
    with pytest.raises(ZeroDivisionError):
        await asyncio.create_task(rest_of(True))
    with pytest.raises(ZeroDivisionError):
        begun(_broken())


async def _broken() -> None:
    raise ZeroDivisionError


STEPS = st.lists(st.sampled_from(["put", "put", "put", "stop", "read", "tick"]), max_size=30)


@settings(max_examples=60, deadline=None)
@given(steps=STEPS, most=st.integers(1, 4))
def test_all_that_was_taken_arrives_once_and_in_order_however_the_other_end_reads(steps, most):
    asyncio.run(_walk(steps, most))


async def _walk(steps: list[str], most: int) -> None:
    network = Network()
    outbox, taken = Outbox(network.send, most=most), []
    for number, step in enumerate(steps):
        if step == "put":
            if outbox.put(str(number)):
                taken.append(str(number))
            assert len(taken) - len(network.came) <= most + 1
        elif step == "tick":
            await asyncio.sleep(0)
        else:
            network.reads.clear() if step == "stop" else network.reads.set()
    network.reads.set()
    await outbox.empty()
    assert network.came == taken
