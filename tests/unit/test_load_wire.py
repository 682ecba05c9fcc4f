"""The load's own WebSocket: what it sends is a frame, and what comes in pieces is put together."""

import pytest
from websockets.frames import Opcode
from websockets.server import ServerProtocol

from tests.load import wire, words


def served(payload: bytes, opcode: int = wire.TEXT) -> bytes:
    """A frame as a server sends it: without a mask."""
    size = len(payload)
    head = bytes((0x80 | opcode,))
    if size < 126:
        return head + bytes((size,)) + payload
    if size < 65536:
        return head + b"\x7e" + size.to_bytes(2) + payload
    return head + b"\x7f" + size.to_bytes(8) + payload


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 300, 65535])
def test_a_real_server_understands_the_swarm(size):
    server = ServerProtocol()
    server.receive_data(wire.handshake(host="h", path="/ws", origin="http://h", cookie="a=b"))
    request = server.events_received()[0]
    assert request.headers["Cookie"] == "a=b"
    server.send_response(server.accept(request))
    payload = bytes(range(256))[:size] * 1 if size < 256 else b"x" * size
    server.receive_data(wire.frame(payload, opcode=2))
    (frame,) = server.events_received()
    assert (frame.opcode, bytes(frame.data), frame.fin) == (Opcode.BINARY, payload, True)


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536])
def test_frames_that_come_together_come_out_one_by_one(size):
    payload = b"y" * size
    found, rest = wire.frames(served(payload) + served(b"ping", wire.PING))
    assert found == [(wire.TEXT, payload), (wire.PING, b"ping")]
    assert rest == b""


def test_frames_that_come_in_pieces_come_out_whole():
    data = served(b"z" * 300) + served(b"short")
    found, rest = [], b""
    for place in range(len(data)):
        some, rest = wire.frames(rest + data[place : place + 1])
        found += some
    assert found == [(wire.TEXT, b"z" * 300), (wire.TEXT, b"short")]
    assert rest == b""


def test_a_fragment_is_not_taken_for_a_message():
    with pytest.raises(ValueError, match="fragment"):
        wire.frames(bytes((wire.TEXT, 1)) + b"a")


def test_every_message_of_every_talk_is_another_text_of_200_bytes():
    texts = {words.text_of(talk, number) for talk in range(30) for number in range(1, 30)}
    assert len(texts) == 30 * 29
    assert {len(text.encode()) for text in texts} == {200}


def test_a_client_id_tells_its_message():
    assert words.number_in(words.client_id_of(4999, 123456)) == 123456
    assert words.client_id_of(1, 2) != words.client_id_of(2, 1)
