"""Programs are kept alive, and all of them end."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from helpline.ops import process, run
from helpline.ops.supervisor import Program, reason
from helpline.ops.trouble import Trouble

ENV = dict(os.environ)


def python(code: str, log: Path) -> Program:
    return Program("web", (sys.executable, "-c", code), log)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "web.log"


def test_a_program_that_ends_is_named_and_started_again_after_a_pause(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = python("print('the roof is gone'); raise SystemExit(3)", log)
    program.start(ENV)
    assert program.child is not None
    program.child.wait()
    program.tend(ENV)
    said = capsys.readouterr().err
    assert said == "web stopped (code 3), again in 2 s: the roof is gone\n"
    program.tend(ENV)
    assert program.child is None  # not before the pause is over
    program.due = time.monotonic()
    program.tend(ENV)
    assert program.child is not None
    program.stop(at_once=threading.Event())


def test_the_pause_grows_and_has_an_end(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = python("", log)
    for _ in range(8):
        program.start(ENV)
        assert program.child is not None
        program.child.wait()
        program.tend(ENV)
    assert program.pause == 30


def test_stopping_leaves_no_grandchild(log: Path) -> None:
    program = Program("web", ("sh", "-c", "sleep 60 & echo $!; wait"), log)
    program.start(ENV)
    assert process.wait_until(lambda: log.read_text().strip() != "", 10)
    grandchild = int(log.read_text())
    program.stop(at_once=threading.Event())
    assert process.wait_until(lambda: not process.runs(grandchild, "sleep"), 5)


def test_a_program_that_does_not_listen_is_killed_when_you_hurry(log: Path) -> None:
    program = Program("web", ("sh", "-c", "trap '' TERM; echo deaf; sleep 60; sleep 60"), log)
    program.start(ENV)
    assert process.wait_until(lambda: "deaf" in log.read_text(), 10)
    at_once, begun = threading.Event(), time.monotonic()
    at_once.set()
    program.stop(at_once=at_once)
    assert time.monotonic() - begun < 5
    assert program.child is None


def test_a_child_dies_with_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    code = f"""
import os, threading
from pathlib import Path
from helpline.ops.supervisor import Program
program = Program("web", ("sleep", "60"), Path({str(tmp_path)!r}) / "web.log")
program.start(dict(os.environ))
print(program.child.pid, flush=True)
threading.Event().wait()
"""
    keeper = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert keeper.stdout is not None
    child = int(keeper.stdout.readline())
    assert process.runs(child, "sleep")
    keeper.kill()
    keeper.wait()
    keeper.stdout.close()
    assert process.wait_until(lambda: not process.runs(child, "sleep"), 5)


def test_a_number_alone_does_not_make_a_process_ours() -> None:
    assert process.runs(os.getpid(), "python")
    assert not process.runs(os.getpid(), "/somewhere/else")


def test_a_signal_is_named() -> None:
    assert reason(-signal.SIGKILL) == "SIGKILL"


def test_a_taken_port_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind((run.HERE, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Trouble, match=f"port {port} is taken"):
            run.refuse_taken(port)


@pytest.mark.parametrize("text", ["no", "0", "70000", "-1"])
def test_a_port_that_is_none_is_one_sentence(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(Trouble, match="PORT must be a number"):
        run.read_port()


def test_one_folder_runs_once(tmp_path: Path) -> None:
    mark = run.refuse_second(tmp_path)
    with pytest.raises(Trouble, match="already running"):
        run.refuse_second(tmp_path)
    os.close(mark)
    os.close(run.refuse_second(tmp_path))
