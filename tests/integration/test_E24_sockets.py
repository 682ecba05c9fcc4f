"""E24: what a socket refuses, and what it survives."""

import json
import logging
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest

from chat.live.consumers import MOST_SOCKETS
from helpline.live.consumer import PATIENCE, in_database
from tests.people import TEAM_ORIGIN, VISITOR_ORIGIN, Socket, host_of


@pytest.fixture
def waiting(vera):
    vera.waits()
    return vera


@pytest.mark.parametrize("origin", ["https://evil.example", TEAM_ORIGIN, "null"])
async def test_E24_another_origin_is_refused(waiting, origin):
    with pytest.raises(ConnectionRefusedError):
        async with waiting.socket(origin=origin, host=host_of(VISITOR_ORIGIN)):
            pass


async def test_E24_an_unknown_host_is_refused(waiting):
    with pytest.raises(ConnectionRefusedError):
        async with waiting.socket(host="127.0.0.1:8000"):
            pass


async def test_E24_a_visitor_cannot_open_the_teams_sockets(waiting):
    for path in ("/ws/talks", "/ws/board"):
        async with Socket(path, origin=TEAM_ORIGIN, cookie=waiting.cookie) as socket:
            assert await socket.is_closed() == 4401


async def test_E24_the_visitors_host_has_no_team_socket(waiting):
    with pytest.raises(ConnectionRefusedError):
        async with Socket("/ws/talks", origin=VISITOR_ORIGIN, cookie=waiting.cookie):
            pass


@pytest.mark.parametrize("cookie", ["", "__Host-t=", f"__Host-t={'x' * 43}"])
async def test_E24_without_a_living_ticket_the_socket_closes(cookie):
    async with Socket("/ws", origin=VISITOR_ORIGIN, cookie=cookie) as socket:
        assert await socket.is_closed() == 4401
        assert socket.heard == []


HARMLESS = [
    "",
    "geen json",
    "[]",
    "{}",
    '{"type": "unknown"}',
    '{"type": "say"}',
    '{"type": "say", "client_id": "nee", "text": "x"}',
    json.dumps({"type": "say", "client_id": str(uuid4()), "text": "x", "talk": str(uuid4())}),
    json.dumps({"type": "say", "client_id": str(uuid4()), "text": "x", "groups": ["all"]}),
    json.dumps({"type": "say", "client_id": str(uuid4()), "text": 7}),
    json.dumps({"type": "resume", "after": -1}),
    json.dumps({"type": "resume", "after": 10**30}),
    json.dumps({"type": "resume", "after": "0"}),
    json.dumps({"type": "row", "number": 1}),
    "{" * 10_000,
    json.dumps({"type": "say", "client_id": str(uuid4()), "text": "x" * 33_000}),
]


@pytest.mark.parametrize("text", HARMLESS, ids=range(len(HARMLESS)))
async def test_E24_a_wrong_frame_is_refused_and_the_socket_lives(waiting, text, caplog):
    async with waiting.socket() as socket:
        with caplog.at_level(logging.DEBUG):
            await socket.wire.send_input({"type": "websocket.receive", "text": text})
            assert (await socket.hears("refused"))["code"] == "unreadable"
        await socket.says("nog steeds hier")
        await socket.hears("sent")
    assert not any(text and text in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "text_empty"),
        (" \n\t", "text_empty"),
        ("\u200b\u2060", "text_empty"),
        ("x" * 4001, "text_too_long"),
        ("a\x00b", "text_unreadable"),
        ("a\x1b[31mb", "text_unreadable"),
    ],
)
async def test_E24_a_text_that_cannot_be_kept_is_refused_with_its_reason(waiting, text, code):
    async with waiting.socket() as socket:
        client_id = await socket.says(text)
        refused = await socket.hears("refused")
        assert (refused["code"], refused["client_id"]) == (code, str(client_id))
        assert refused["sentence"]


async def test_E24_binary_closes_the_socket(waiting):
    async with waiting.socket() as socket:
        await socket.wire.send_to(bytes_data=b"\x00\x01")
        assert await socket.is_closed() == 1003


async def test_E24_ten_thousand_frames_are_refused_and_end_the_socket(waiting):
    async with waiting.socket() as socket:
        for _ in range(PATIENCE * 3):
            await socket.says("x")
        assert await socket.is_closed(30) == 1008
    said = [row for row in await in_database(waiting.reads)() if row["kind"] == "said"]
    sent = [frame for frame in socket.heard if frame["type"] == "sent"]
    assert {frame["number"] for frame in sent} <= {row["number"] for row in said}
    assert len(said) < PATIENCE  # what is beyond the budget is not stored
    async with waiting.socket() as socket:  # and the visitor is still welcome
        await socket.says("sorry")
        await socket.hears("sent")


async def test_E24_a_foreign_talk_is_not_there(waiting, cem):
    talk = (await in_database(lambda: waiting.talk)()).pk
    async with cem.socket() as desk:
        await desk.sends(type="say", talk=talk, client_id=uuid4(), text="hallo")
        assert (await desk.hears("refused"))["code"] == "not_found"
        await desk.sends(type="resume", talks={str(talk): 0, str(uuid4()): 0})
        gone = [await desk.hears("gone"), await desk.hears("gone")]
        assert {frame["code"] for frame in gone} == {"not_found"}  # unknown and foreign: the same
        assert desk.rows == []


async def test_E24_one_visitor_has_a_few_sockets_and_not_hundreds(waiting):
    async with AsyncExitStack() as open_ones:
        for _ in range(MOST_SOCKETS):
            await open_ones.enter_async_context(waiting.socket())
        async with waiting.socket() as one_more:
            assert await one_more.is_closed() == 1008


def test_E24_unknown_hosts_get_no_page(client):
    for host in ("evil.example", "127.0.0.1", "chat.localhost:1", host_of(VISITOR_ORIGIN) + "."):
        assert client.get("/", headers={"host": host}).status_code in (400, 421)
