"""Run one command with everything it needs: `python -m helpline.ops.with_services -- CMD`.

Starts the servers if nobody did and stops them again if nobody else uses them.
Standard output is the command's alone, and so is the exit code. With `--tests`
it uses servers of its own, apart from a running `make run`; with `--prepared`
the tables are there too.
"""

import os
import signal
import subprocess
import sys

from helpline.ops import environment, preparation, services
from helpline.ops.trouble import Trouble, run_plainly


def run(command: list[str], *, tests: bool, prepared: bool) -> int:
    """Run `command` beside the servers; its exit code."""
    held = services.hold(services.TEST_VAR if tests else services.VAR, tests=tests)
    try:
        mode = "test" if tests else "development"
        extra = environment.complete(held.home, services.addresses(held), mode=mode)
        env = os.environ | extra
        if prepared:
            preparation.prepare_databases(held.home, env)
        return attend(command, env)
    finally:
        held.release()


def attend(command: list[str], env: dict[str, str]) -> int:
    """Run `command` to its end; Ctrl-C is the command's to handle, not ours."""
    try:
        child = subprocess.Popen(command, env=env)
    except FileNotFoundError:
        raise Trouble(f"there is no command {command[0]!r}.") from None
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    code = child.wait()
    return code if code >= 0 else 128 - code


def main() -> int:
    """Read our own arguments; everything after `--` is the command."""
    ours, mark, command = _split(sys.argv[1:])
    if not mark or not command or not set(ours) <= {"--tests", "--prepared"}:
        raise Trouble(
            "say what to run: python -m helpline.ops.with_services [--tests] [--prepared] -- CMD..."
        )
    return run(command, tests="--tests" in ours, prepared="--prepared" in ours)


def _split(arguments: list[str]) -> tuple[list[str], bool, list[str]]:
    if "--" not in arguments:
        return arguments, False, []
    place = arguments.index("--")
    return arguments[:place], True, arguments[place + 1 :]


if __name__ == "__main__":
    run_plainly(main)
