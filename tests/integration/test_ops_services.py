"""The embedded servers: real ones, closed to strangers, shared and never left behind."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from helpline.ops import environment, home, process, services
from helpline.ops.postgres import KEYS, OWNER, WEB, Postgres
from helpline.ops.services import Services
from helpline.ops.valkey import Valkey

GIVEN = [*environment.DATABASES, "REDIS_URL"]


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that the servers' account can enter, and no servers given."""
    folder = Path(tempfile.mkdtemp(prefix="ops-"))
    folder.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(home, "SYSTEM_PLACE", folder)
        for name in GIVEN:
            patch.delenv(name, raising=False)
        yield folder
    shutil.rmtree(folder)


@pytest.fixture
def held(place: Path) -> Iterator[Services]:
    services_held = services.hold(place / "var")
    yield services_held
    services_held.release()


def postgres(held: Services) -> Postgres:
    (server,) = [server for server in held.servers if isinstance(server, Postgres)]
    return server


def valkey(held: Services) -> Valkey:
    (server,) = [server for server in held.servers if isinstance(server, Valkey)]
    return server


def answer(url: str, order: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(order.encode()).fetchone()
        return row[0] if row else None


def test_what_was_committed_survives_a_killed_server(held: Services) -> None:
    server = postgres(held)
    with psycopg.connect(server.url(OWNER, "helpline")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS said (number int)")
        connection.execute("INSERT INTO said VALUES (1)")
    os.kill(server.pid, signal.SIGKILL)
    assert process.wait_until(lambda: not held.are_alive(), 10)
    assert held.keep() == ["postgres"]
    assert answer(server.url(OWNER, "helpline"), "SELECT number FROM said") == 1
    assert answer(server.url(OWNER, "helpline"), "SHOW fsync") == "on"


def test_a_stranger_s_process_number_does_not_stop_the_start(held: Services) -> None:
    server = postgres(held)
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")
    assert held.keep() == ["postgres"]


def test_no_role_comes_in_without_its_password(held: Services) -> None:
    server = postgres(held)
    for role in (OWNER, WEB, KEYS):
        secret = held.home.secret(f"{role}_password")
        url = server.url(role, "helpline").replace(secret, "guess")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(url)


def test_the_web_role_cannot_make_tables_nor_see_the_keys(held: Services) -> None:
    server = postgres(held)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        answer(server.url(WEB, "helpline"), "CREATE TABLE mine (number int)")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(server.url(WEB, "helpline_keys"))


def test_valkey_refuses_whoever_has_no_password_and_keeps_nothing(held: Services) -> None:
    server = valkey(held)
    with (
        pytest.raises(redis.AuthenticationError),
        redis.Redis(unix_socket_path=str(server.socket), retry=Retry(NoBackoff(), 0)) as client,
    ):
        client.ping()
    with redis.Redis.from_url(server.url, decode_responses=True) as client:
        assert client.config_get("save", "appendonly", "port") == {
            "save": "", "appendonly": "no", "port": "0",
        }  # fmt: skip


def test_neither_server_listens_on_the_network(held: Services) -> None:
    assert answer(postgres(held).url(WEB, "helpline"), "SHOW listen_addresses") == ""


def test_a_statement_that_fails_leaves_no_word_in_the_log(held: Services) -> None:
    server = postgres(held)
    with pytest.raises(psycopg.errors.DatabaseError):
        answer(server.url(WEB, "helpline"), "SELECT 'he keeps my passport'::int")
    assert "passport" not in server.log.read_text()


def test_the_last_one_out_stops_the_servers(place: Path) -> None:
    first = services.hold(place / "var")
    second = services.hold(place / "var")
    first.release()
    assert second.are_alive()
    second.release()
    assert not second.are_alive()


def test_ten_at_once_share_one_server(place: Path) -> None:
    code = """
import sys, time
from pathlib import Path
from helpline.ops import services
held = services.hold(Path(sys.argv[1]))
print(held.servers[0].pid)
time.sleep(1)
held.release()
"""
    command = [sys.executable, "-c", code, str(place / "var")]
    crowd = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(10)]
    numbers = {child.communicate(timeout=60)[0].strip() for child in crowd}
    assert [child.returncode for child in crowd] == [0] * 10
    assert len(numbers) == 1


def test_a_killed_user_does_not_keep_the_servers_for_ever(place: Path) -> None:
    code = """
import sys, time
from pathlib import Path
from helpline.ops import services
services.hold(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""
    command = [sys.executable, "-c", code, str(place / "var")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        child.stdout.readline()
        child.kill()
    held = services.hold(place / "var")
    assert held.are_alive()
    held.release()
    assert not held.are_alive()


def with_services(place: Path, *command: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name not in GIVEN}
    env["VAR_DIR"] = str(place / "var")
    module = [sys.executable, "-m", "helpline.ops.with_services", "--", *command]
    return subprocess.run(module, env=env, capture_output=True, text=True, check=False, timeout=60)


def test_a_command_has_its_output_and_its_exit_code_to_itself(place: Path) -> None:
    done = with_services(place, "sh", "-c", "echo word; exit 7")
    assert (done.stdout, done.returncode) == ("word\n", 7)
    assert not list((place / "var").rglob("postmaster.pid"))


def test_a_command_that_does_not_exist_is_one_sentence(place: Path) -> None:
    done = with_services(place, "no-such-command")
    assert done.returncode == 1
    assert done.stderr == "helpline: there is no command 'no-such-command'.\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops its rights")
def test_a_clone_in_a_closed_home_works_too(place: Path) -> None:
    closed = place / "root"
    closed.mkdir(mode=0o700)
    held = services.hold(closed / "var")
    try:
        assert held.home.services.parent == place
        assert answer(postgres(held).url(WEB, "helpline"), "SELECT 1") == 1
    finally:
        held.release()


def test_a_warm_start_takes_less_than_three_seconds(held: Services) -> None:
    for server in held.servers:
        server.stop()
    begun = time.monotonic()
    assert sorted(held.keep()) == ["postgres", "valkey"]
    assert time.monotonic() - begun < 3
