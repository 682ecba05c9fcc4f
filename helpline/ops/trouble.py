"""One clear sentence instead of a traceback."""

import sys
from collections.abc import Callable
from typing import NoReturn

INTERRUPTED = 130


class Trouble(Exception):
    """Something the person at the keyboard can solve; the text says how."""


def say(line: str = "") -> None:
    """Tell the person at the keyboard; standard output stays free for results."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def run_plainly(main: Callable[[], int]) -> NoReturn:
    """Run `main` and leave with its exit code; trouble becomes one sentence."""
    try:
        code = main()
    except Trouble as trouble:
        say(f"helpline: {trouble}")
        code = 1
    except PermissionError as refused:
        say(f"helpline: no permission for {refused.filename}; does it belong to another user?")
        code = 1
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)
