"""Our engine in Channels' consumer behaves as Channels' own, and leaves nothing behind."""

import asyncio
import inspect
import json
from typing import Any
from uuid import uuid4

import pytest
from channels.consumer import AsyncConsumer, get_handler_name
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import URLRouter
from channels.security.websocket import OriginValidator
from channels.testing import WebsocketCommunicator

from chat.live.frames import Resume, SomebodyTypes, from_visitor
from helpline.errors import Refusal, SlowDown
from helpline.live.consumer import PATIENCE, Over, TypedConsumer
from helpline.live.hub import MISSED, Hub, Knock
from helpline.live.rounds import Rounds

CHANNEL = "talk.of-a-test"


class Ours(TypedConsumer):
    """Answers with what was said; some things that are said do harm."""

    hears = from_visitor
    asks = staticmethod(lambda beats: [None for _ in beats])
    let_in: Refusal | None = None

    async def admit(self) -> None:
        if self.let_in is not None:
            raise self.let_in

    async def channels(self) -> set[str]:
        return {CHANNEL}

    async def hear(self, frame: Any) -> None:
        if isinstance(frame, Resume):
            if frame.after == 500:
                raise ZeroDivisionError
            if frame.after == 401:
                raise Over
        await self.tell(SomebodyTypes())

    def deliver(self, knock: Knock) -> bool:
        if knock.kind == MISSED:  # Redis was reached
            return True
        self.tell_now(SomebodyTypes().as_text())
        return True


class Theirs(AsyncWebsocketConsumer):
    """The same, as Channels does it."""

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if json.loads(text_data).get("after") == 401:
            return await self.close(code=4401)
        await self.send(text_data=SomebodyTypes().as_text())


BOTH = pytest.mark.parametrize("kind", [Ours, Theirs])
TYPING, END, HARM = ({"type": "typing"}, {"type": "resume", "after": 401},
                     {"type": "resume", "after": 500})  # fmt: skip


class Driver:
    """A server as strict as ours: after a close it takes nothing more, and it may be slow."""

    def __init__(self, app: Any, scope: dict[str, Any] | None = None) -> None:
        self.inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.sent: list[dict[str, Any]] = []
        self.reads = asyncio.Event()
        self.reads.set()
        self.when_closed: Any = lambda: None
        scope = {"type": "websocket", "path": "/", "headers": [], **(scope or {})}
        self.task = asyncio.create_task(app(scope, self.inbox.get, self._send))
        self.inbox.put_nowait({"type": "websocket.connect"})

    async def _send(self, message: dict[str, Any]) -> None:
        await self.reads.wait()
        if self.codes:
            raise RuntimeError(f"Unexpected {message['type']}, after sending 'websocket.close'.")
        self.sent.append(message)
        if message["type"] == "websocket.close":
            self.when_closed()
            self.inbox.put_nowait({"type": "websocket.disconnect", "code": message["code"]})

    def says(self, **frame: Any) -> None:
        self.inbox.put_nowait({"type": "websocket.receive", "text": json.dumps(frame, default=str)})

    def leaves(self) -> None:
        self.inbox.put_nowait({"type": "websocket.disconnect", "code": 1001})

    async def until(self, true: Any, seconds: float = 10) -> None:
        async with asyncio.timeout(seconds):
            while not true():
                await asyncio.sleep(0.005)

    async def ends(self, seconds: float = 30) -> None:
        """Wait until the socket is done with, however it ends."""
        async with asyncio.timeout(seconds):
            await asyncio.gather(self.task, return_exceptions=True)

    async def is_let_in(self) -> "Driver":
        await self.until(lambda: any(row for rounds in all_rounds() for row in rounds._rows))
        return self

    @property
    def codes(self) -> list[int]:
        return [message["code"] for message in self.sent if message["type"] == "websocket.close"]

    @property
    def frames(self) -> list[dict[str, Any]]:
        return [json.loads(one["text"]) for one in self.sent if one["type"] == "websocket.send"]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame["type"] == "row"]


def all_rounds() -> list[Rounds]:
    return list(Rounds._all.get(asyncio.get_running_loop(), {}).values())


def nobody_is_left() -> bool:
    """No ear in the hub, and nobody in the rounds."""
    return not Hub.here().ears and not any(row for rounds in all_rounds() for row in rounds._rows)


async def no_task_is_left(*, but: Any = ()) -> None:
    """What a socket began ends with it."""
    mine = {asyncio.current_task(), *(wire._task for wire in Hub.here().wires), *but}
    async with asyncio.timeout(5):
        while asyncio.all_tasks() - mine:
            await asyncio.sleep(0.01)


# --- a new Channels is looked at before it is used ---

REPLACED = [
    (
        AsyncConsumer.__call__,
        "(self, scope, receive, send)",
        "scope get_channel_layer channel_layer_alias channel_layer new_channel channel_name "
        "functools partial receive channel_receive _sync async_to_sync base_send "
        "await_many_dispatch dispatch StopConsumer",
    ),
    (
        AsyncConsumer.dispatch,
        "(self, message)",
        "getattr get_handler_name aclose_old_connections ValueError",
    ),
    (get_handler_name, "(message)", "ValueError replace startswith"),
    (
        AsyncWebsocketConsumer.websocket_disconnect,
        "(self, message)",
        "groups channel_layer group_discard channel_name AttributeError InvalidChannelLayerError "
        "disconnect aclose_old_connections StopConsumer",
    ),
]


@pytest.mark.parametrize(("method", "signature", "uses"), REPLACED)
def test_what_we_replace_in_channels_is_what_we_have_read(method, signature, uses):
    assert str(inspect.signature(method)) == signature
    assert list(method.__code__.co_names) == uses.split()


def test_we_replace_these_three_methods_and_no_other_of_the_engine():
    theirs = {name for kind in (AsyncConsumer, AsyncWebsocketConsumer) for name in vars(kind)}
    engine = {"__call__", "dispatch", "websocket_disconnect"}
    python = {"__module__", "__doc__", "__annotations__", "__dict__", "__weakref__", "__init__"}
    meant_to_be_filled_in = {"connect", "receive", "close"}
    replaced = (theirs & set(vars(TypedConsumer))) - python - meant_to_be_filled_in
    assert replaced == engine
    assert TypedConsumer.__mro__[1] is AsyncWebsocketConsumer


# --- the same as Channels ---


@BOTH
async def test_a_socket_is_accepted_heard_answered_and_left(kind):
    wire = WebsocketCommunicator(kind.as_asgi(), "/")
    assert await wire.connect() == (True, None)
    await wire.send_to(text_data=json.dumps(TYPING))
    assert json.loads(await wire.receive_from()) == TYPING
    await wire.disconnect()  # raises what the consumer raised
    assert wire.future.done() and wire.future.exception() is None


@BOTH
async def test_a_close_of_ours_carries_its_code(kind):
    wire = WebsocketCommunicator(kind.as_asgi(), "/")
    await wire.connect()
    await wire.send_to(text_data=json.dumps(END))
    assert await wire.receive_output() == {"type": "websocket.close", "code": 4401}
    await wire.disconnect()
    assert wire.future.exception() is None


@BOTH
@pytest.mark.parametrize("event", [{"type": "no.such"}, {"type": "_let_go"}, {}])
async def test_an_event_that_nobody_knows_is_an_error_and_ends_the_socket(kind, event):
    driver = Driver(kind.as_asgi())
    driver.inbox.put_nowait(event)
    with pytest.raises((ValueError, AttributeError)):
        await asyncio.wait_for(driver.task, 10)
    assert nobody_is_left()


@BOTH
async def test_events_are_taken_one_after_another(kind):
    driver = Driver(kind.as_asgi())
    for _ in range(20):
        driver.says(**TYPING)
    driver.leaves()
    await asyncio.wait_for(driver.task, 10)
    assert driver.frames == [TYPING] * 20


async def test_routes_and_the_check_of_the_origin_work_around_it():
    app = OriginValidator(URLRouter([Ours.at("ws")]), ["https://good.example"])

    async def knocks(path: str, origin: bytes) -> tuple[bool, Any]:
        wire = WebsocketCommunicator(app, path, headers=[(b"origin", origin)])
        try:
            return await wire.connect()
        finally:
            await wire.disconnect()

    assert await knocks("/ws", b"https://good.example") == (True, None)
    assert (await knocks("/ws", b"https://evil.example"))[0] is False
    with pytest.raises(ValueError, match="No route found"):
        await knocks("/other", b"https://good.example")
    assert nobody_is_left()


@pytest.mark.parametrize(("refusal", "code"), [(Over(), 4401), (SlowDown(), 1008)])
async def test_who_is_not_let_in_is_told_why_and_leaves_no_trace(monkeypatch, refusal, code):
    monkeypatch.setattr(Ours, "let_in", refusal)
    driver = Driver(Ours.as_asgi())
    driver.says(**TYPING)
    await asyncio.wait_for(driver.task, 10)
    assert [one["type"] for one in driver.sent] == ["websocket.accept", "websocket.close"]
    assert driver.codes == [code] and nobody_is_left()


# --- it leaves nothing behind ---


def leaves(driver: Driver) -> None:
    driver.leaves()


def is_cancelled(driver: Driver) -> None:
    driver.task.cancel()


def does_harm(driver: Driver) -> None:
    driver.says(**HARM)


def is_closed(driver: Driver) -> None:
    driver.says(**END)


def says_something_unknown(driver: Driver) -> None:
    driver.inbox.put_nowait({"type": "no.such"})


@pytest.mark.parametrize(
    "how", [leaves, is_cancelled, does_harm, is_closed, says_something_unknown]
)
async def test_however_a_socket_ends_hub_and_rounds_are_empty_and_no_task_is_left(how):
    driver = await Driver(Ours.as_asgi()).is_let_in()
    how(driver)
    await driver.ends()
    assert nobody_is_left()
    Hub.here().ring(Knock(CHANNEL, "row", 1))  # nobody there to hear it
    await no_task_is_left(but=[rounds._task for rounds in all_rounds()])
    assert driver.codes == {"does_harm": [1011], "is_closed": [4401]}.get(how.__name__, [])


@pytest.mark.parametrize("when", ["admit", "channels", "join"])
@pytest.mark.parametrize("how", ["cancelled", "broken"])
async def test_a_socket_that_ends_on_its_way_in_leaves_nothing_behind(monkeypatch, when, how):
    reached = asyncio.Event()

    async def stops(*args: Any) -> Any:
        reached.set()
        if how == "broken":
            raise ZeroDivisionError
        await asyncio.sleep(60)

    target = Hub.here()._wire(CHANNEL) if when == "join" else Ours
    monkeypatch.setattr(target, "subscribe" if when == "join" else when, stops)
    driver = Driver(Ours.as_asgi())
    await asyncio.wait_for(reached.wait(), 10)
    driver.task.cancel() if how == "cancelled" else None
    await driver.ends()
    assert nobody_is_left()
    await no_task_is_left()


async def test_the_rounds_end_a_moment_after_the_last_socket():
    driver = await Driver(Ours.as_asgi()).is_let_in()
    driver.leaves()
    await driver.ends()
    await no_task_is_left()


async def test_a_slow_socket_that_is_cut_off_leaves_no_task_and_no_frame_behind():
    driver = await Driver(Ours.as_asgi()).is_let_in()
    driver.reads.clear()
    for number in range(200):
        Hub.here().ring(Knock(CHANNEL, "row", number))
    driver.leaves()
    await driver.ends()
    assert nobody_is_left()
    driver.reads.set()
    await no_task_is_left(but=[rounds._task for rounds in all_rounds()])
    assert driver.frames == []


# --- after a close, nothing ---


async def test_frames_that_were_under_way_when_we_closed_do_not_break_the_socket(caplog):
    driver = await Driver(Ours.as_asgi()).is_let_in()
    for frame in (END, TYPING, TYPING):  # one read of the network brought all three
        driver.says(**frame)
    await driver.ends()
    assert driver.task.exception() is None and driver.codes == [4401]
    assert not caplog.records


async def test_a_flood_ends_in_one_close_and_no_error():
    driver = await Driver(Ours.as_asgi()).is_let_in()
    for _ in range(PATIENCE * 2):
        driver.says(type="say", client_id=uuid4(), text="x")
    await driver.ends()
    assert driver.task.exception() is None and driver.codes == [1008]


async def test_a_bell_between_the_close_and_the_end_is_not_sent_and_is_no_error(caplog):
    driver = await Driver(Ours.as_asgi()).is_let_in()
    driver.when_closed = lambda: Hub.here().ring(Knock(CHANNEL, "row", 1))
    driver.says(**END)
    await driver.ends()
    assert driver.task.exception() is None and not caplog.records
