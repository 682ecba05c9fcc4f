"""`make test` and `make check`: everything that has to hold, one after the other.

Nothing stops at the first failure: the last lines name all that failed. The
browser tests are a process of their own, because the synchronous Playwright and
pytest-asyncio cannot share an event loop.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from helpline.ops import environment, services
from helpline.ops.bootstrap import find_chromium
from helpline.ops.checks import Check, all_checks, node
from helpline.ops.services import ROOT
from helpline.ops.trouble import Trouble, run_plainly, say

NO_TESTS = 5  # pytest's own code for "nothing matched"
PYTEST = (sys.executable, "-m", "pytest", "--quiet")
TOGETHER = ("integration", "privacy", "chaos", "load")


def pytest_suites(only: str) -> list[Check]:
    """The Python tests, a process for each kind."""
    match = ("-k", only) if only else ()
    together = [f"tests/{name}" for name in TOGETHER if has_tests(name)]
    suites = [
        Check("unit tests", (*PYTEST, "tests/unit", *match)),
        Check("integration tests", (*PYTEST, "-n", "2", "--dist", "loadgroup", *together, *match)),
    ]
    if has_tests("browser"):
        browser = {
            "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
            "CHROMIUM": find_chromium() or "",
            "PLAYWRIGHT_NODEJS_PATH": node(),  # its own needs a library that a bare machine lacks
        }
        suites.append(Check("browser tests", (*PYTEST, "tests/browser", *match), browser))
    return suites


def has_tests(folder: str) -> bool:
    """True when there is a test file below tests/`folder`."""
    return any((ROOT / "tests" / folder).rglob("test_*.py"))


def script_suite(only: str) -> Check:
    """The tests of the scripts, under Node.js."""
    match = (f"--test-name-pattern={only.replace(' or ', '|')}",) if only else ()
    command = (
        node(),
        "--import",
        "./tests/js/resolve.mjs",
        "--test",
        "--test-isolation=none",
        *match,
    )
    return Check("script tests", (*command, "tests/js/**/*.test.js"))


def main() -> int:
    """Run what was asked for beside servers of its own; 1 if anything failed."""
    only, checks_alone = os.environ.get("HELPLINE_ONLY", ""), "--checks" in sys.argv
    held = services.hold(services.TEST_VAR, tests=True)
    try:
        env = os.environ | environment.complete(held.home, services.addresses(held), mode="test")
        failed = [] if only else [check.name for check in all_checks() if not passes(check, env)]
        if not checks_alone:
            failed += run_tests(only, env)
    finally:
        held.release()
    say(f"FAILED: {', '.join(failed)}" if failed else "All is well.")
    return 1 if failed else 0


def passes(check: Check, env: Mapping[str, str]) -> bool:
    """Run one check; show what it says only when it fails."""
    begun = time.monotonic()
    done = subprocess.run(
        check.command, env=check.env_over(env), cwd=ROOT, check=False,
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    word = "ok" if done.returncode == 0 else "FAILED"
    say(f"{check.name:<20} {word:<7} {time.monotonic() - begun:5.1f} s")
    if done.returncode:
        say(done.stdout)
    return done.returncode == 0


def run_tests(only: str, env: Mapping[str, str]) -> list[str]:
    """Run every suite; the names of those that failed. Nothing at all is trouble."""
    failed, ran = [], 0
    # tests/conftest.py chooses a free port first, and only then has the settings read.
    env = {name: value for name, value in env.items() if name != "DJANGO_SETTINGS_MODULE"}
    for suite in pytest_suites(only):
        say(f"\n== {suite.name}")
        code = subprocess.run(
            suite.command, env=suite.env_over(env), cwd=ROOT, check=False
        ).returncode
        ran += code != NO_TESTS
        if code not in (0, NO_TESTS):
            failed.append(suite.name)
    if any(Path(ROOT / "tests" / "js").glob("**/*.test.js")):
        count, well = run_scripts(script_suite(only), env)
        ran += count
        failed += [] if well else ["script tests"]
    if not ran:
        raise Trouble(
            f"no test has a name that matches {only!r}." if only else "there are no tests."
        )
    return failed


def run_scripts(suite: Check, env: Mapping[str, str]) -> tuple[int, bool]:
    """Run the script tests: how many there were, and whether all passed."""
    say(f"\n== {suite.name}")
    done = subprocess.run(
        suite.command, env=env, cwd=ROOT, check=False, text=True, stdout=subprocess.PIPE
    )
    counted = re.search(r"^\D*tests (\d+)$", done.stdout, re.MULTILINE)
    count = int(counted[1]) if counted else 0
    if count or done.returncode:
        sys.stdout.write(done.stdout)
        sys.stdout.flush()
    return count, done.returncode == 0


if __name__ == "__main__":
    run_plainly(main)
