"""PostgreSQL and Valkey for whoever needs them: first come starts, last out stops.

Everybody who uses the servers of a home holds a shared lock. The lock vanishes
with its process, so a crash never leaves servers that nobody may stop.
"""

import atexit
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from helpline.ops import environment
from helpline.ops.home import Home, open_home
from helpline.ops.postgres import Postgres
from helpline.ops.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var")
TEST_VAR = VAR / "test"


@dataclass(frozen=True)
class Services:
    """The servers of one home that this process needs, and its hold on them."""

    home: Home
    servers: tuple[Postgres | Valkey, ...]
    hold: int

    def keep(self) -> list[str]:
        """Start what is not running; the names of what was started."""
        started = []
        with _alone(self.home):
            for server in self.servers:
                if not server.is_alive():
                    server.start()
                    started.append(server.log.stem)
        return started

    def are_alive(self) -> bool:
        """True while every server's process is there."""
        return all(server.is_alive() for server in self.servers)

    def release(self) -> None:
        """Stop the servers if nobody else uses them."""
        with _alone(self.home):
            try:
                fcntl.flock(self.hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(self.hold)
                return
            for server in self.servers:
                server.stop()
            os.close(self.hold)


def hold(var: Path, *, tests: bool = False) -> Services:
    """Hold the servers below `var` that the environment does not name already."""
    home = open_home(var)
    servers: list[Postgres | Valkey] = []
    if not environment.databases_are_given():
        servers.append(Postgres(home, may_create_databases=tests))
    if not environment.is_given("REDIS_URL"):
        servers.append(Valkey(home))
    descriptor = os.open(home.services / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
    with _alone(home):
        fcntl.flock(descriptor, fcntl.LOCK_SH)
    services = Services(home, tuple(servers), descriptor)
    try:
        services.keep()
    except BaseException:
        services.release()
        raise
    return services


def addresses(services: Services) -> dict[str, str]:
    """The variables that lead to the servers we hold."""
    found: dict[str, str] = {}
    for server in services.servers:
        found |= environment.addresses_of(server)
    return found


def ensure(var: Path, *, tests: bool = False) -> dict[str, str]:
    """The whole environment of the product, with servers behind it that answer.

    Safe to call when they run already and from many processes at once; this
    process lets go of them when it ends.
    """
    services = hold(var, tests=tests)
    atexit.register(services.release)
    return environment.complete(
        services.home, addresses(services), mode="test" if tests else "development"
    )


def test_environment() -> dict[str, str]:
    """What `make test` gives its tests, for a plain `pytest` to lay over its own."""
    return ensure(TEST_VAR, tests=True)


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """Nobody else starts or stops servers of this home meanwhile."""
    descriptor = os.open(home.services / "turn.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
