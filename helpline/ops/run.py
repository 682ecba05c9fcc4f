"""`make run`: the whole house on this machine, until Ctrl-C."""

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from helpline.ops import environment, preparation, process, services
from helpline.ops.supervisor import Program, Supervisor
from helpline.ops.trouble import Trouble, run_plainly, say
from helpline.ops.welcome import welcome

HERE = "127.0.0.1"
PYTHON = sys.executable
CELERY = (PYTHON, "-m", "celery", "-A", "helpline.celery")


def web(port: int) -> tuple[str, ...]:
    """The web server: no line about who comes, no compression beside secrets."""
    return (
        PYTHON, "-m", "uvicorn", "helpline.asgi:application",
        "--host", HERE, "--port", str(port), "--workers", "2", "--backlog", "4096",
        "--http", "h11", "--h11-max-incomplete-event-size", "32768",  # httptools bounds no header
        "--ws", "websockets-sansio", "--ws-per-message-deflate", "false", "--ws-max-size", "65536",
        "--ws-ping-interval", "10", "--ws-ping-timeout", "10",
        "--timeout-graceful-shutdown", "10", "--lifespan", "off",
        "--no-access-log", "--log-level", "warning", "--no-server-header", "--no-proxy-headers",
    )  # fmt: skip


def programs(port: int, var: Path) -> list[Program]:
    """Web, worker and beat, in the order in which they start and stop."""
    quiet = ("--without-gossip", "--without-mingle", "--concurrency", "1")
    commands = {
        "web": web(port),
        "worker": (*CELERY, "worker", "--loglevel", "INFO", *quiet),
        "beat": (
            *CELERY,
            "beat",
            "--loglevel",
            "INFO",
            "--pidfile=",
            "--schedule",
            str(var / "beat.schedule"),
        ),
    }
    return [
        Program(name, command, var / "log" / f"{name}.log") for name, command in commands.items()
    ]


def read_port() -> int:
    """PORT, 8000 unless you say otherwise."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Trouble(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def refuse_taken(port: int) -> None:
    """Trouble when another program listens where we want to."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HERE, port))
        except PermissionError:
            raise Trouble(
                f"only root may use port {port}; choose another: make run PORT=8001"
            ) from None
        except OSError:
            raise Trouble(
                f"port {port} is taken; stop what uses it, or choose another: make run PORT=8001"
            ) from None


def refuse_second(var: Path) -> int:
    """Trouble when this clone runs already; else a mark that lasts as long as we do."""
    var.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(var / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Trouble("make run is already running in this folder.") from None
    return descriptor


def answers(port: int) -> bool:
    """True when the web server answers, whatever it says."""
    connection = http.client.HTTPConnection(HERE, port, timeout=2)
    try:
        connection.request("GET", "/", headers={"Host": f"chat.localhost:{port}"})
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def main() -> int:
    """Set up what is missing, start everything, and stop it all together."""
    begun, port = time.monotonic(), read_port()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    mark = refuse_second(services.VAR)
    refuse_taken(port)
    say("Starting the servers ...")
    held = services.hold(services.VAR)
    try:
        env = os.environ | environment.complete(
            held.home, services.addresses(held), mode="development"
        )
        env |= {"PORT": str(port), "RELEASE": os.environ.get("RELEASE") or preparation.release()}
        preparation.prepare(held.home, env)
        watch(Supervisor(programs(port, held.home.var), held, env), port, begun)
    except subprocess.CalledProcessError as failed:
        raise Trouble(f"this failed: {' '.join(map(str, failed.cmd[1:]))}") from None
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        held.release()
        os.close(mark)
    say("Stopped.")
    return 0


def watch(supervisor: Supervisor, port: int, begun: float) -> None:
    """Run until told to stop; say once where the house can be visited."""
    supervisor.listen()
    try:
        supervisor.start()
        say("Starting web, worker and beat ...")
        if process.wait_until(lambda: supervisor.asked.is_set() or answers(port), 60):
            if not supervisor.asked.is_set():
                welcome(supervisor.env, time.monotonic() - begun)
        else:
            say(f"The web server does not answer: {process.last_line(supervisor.programs[0].log)}")
        supervisor.run()
        say("\nStopping (Ctrl-C again: at once) ...")
    finally:
        supervisor.stop()


if __name__ == "__main__":
    run_plainly(main)
