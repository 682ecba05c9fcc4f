"""What `make` promises before anything is installed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from helpline import env
from helpline.ops import bootstrap, suites
from helpline.ops.checks import Check
from helpline.ops.trouble import Trouble, run_plainly

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENT = ROOT / "docs/configuration.md"
LOCKS = [*sorted(ROOT.glob("deploy/requirements*.txt")), ROOT / "deploy/js/package-lock.json"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_no_lock_file_names_an_address(lock: Path) -> None:
    assert "://" not in lock.read_text()


def test_every_locked_package_has_a_hash() -> None:
    for lock in LOCKS[:2]:
        packages = re.split(r"\n(?=\S)", lock.read_text())
        assert [text for text in packages if "==" in text and "--hash=sha256:" not in text] == []


def test_make_help_lists_every_target() -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    shown = subprocess.run(
        ["make", "-s", "-C", ROOT, "help"], capture_output=True, text=True, check=True
    )
    assert targets == set(re.findall(r"^  (\w+)", shown.stdout, re.MULTILINE))
    assert {"run", "test", "check", "demo", "help", "manage", "code"} <= targets


def test_an_old_python_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit, match=r"this Python is 3\.9; 3\.11 or newer is needed"):
        bootstrap.refuse_old_python()


def test_an_ordinary_user_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match="sudo apt-get install chromium"):
        bootstrap.apt_install("chromium", "the browser tests need Chromium")


def test_a_step_that_fails_is_one_sentence_with_its_reason(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('ERROR: no route'); print('bye'); raise SystemExit(1)"]
    with pytest.raises(SystemExit, match="installing failed: ERROR: no route"):
        bootstrap.follow(command, tmp_path / "log", "installing")


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    lock, stamp = tmp_path / "lock", tmp_path / "stamp"
    lock.write_text("a==1")
    stamp.write_text(bootstrap.digest(lock))
    assert bootstrap.is_done(stamp, bootstrap.digest(lock))
    lock.write_text("a==2")
    assert not bootstrap.is_done(stamp, bootstrap.digest(lock))


def test_trouble_is_a_sentence_and_a_code(capsys: pytest.CaptureFixture[str]) -> None:
    def main() -> int:
        raise Trouble("the roof is gone.")

    with pytest.raises(SystemExit) as end:
        run_plainly(main)
    assert end.value.code == 1
    assert capsys.readouterr() == ("", "helpline: the roof is gone.\n")


def test_a_name_that_matches_no_test_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = Check("unit tests", (sys.executable, "-c", "raise SystemExit(5)"))
    monkeypatch.setattr(suites, "pytest_suites", lambda only: [nothing])
    monkeypatch.setattr(suites, "run_scripts", lambda suite, env: (0, True))
    with pytest.raises(Trouble, match="no test has a name that matches 'E99'"):
        suites.run_tests("E99", os.environ)


def test_a_kind_without_a_match_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = {"unit tests": 5, "integration tests": 0, "browser tests": 1}
    made = [
        Check(name, (sys.executable, "-c", f"raise SystemExit({code})"))
        for name, code in codes.items()
    ]
    monkeypatch.setattr(suites, "pytest_suites", lambda only: made)
    monkeypatch.setattr(suites, "run_scripts", lambda suite, env: (0, True))
    assert suites.run_tests("E12", os.environ) == ["browser tests"]


def test_set_up_works_before_django_can_be_configured() -> None:
    code = "import sys, helpline.ops.run, helpline.ops.suites; sys.exit('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT)
    assert done.returncode == 0


def test_the_documentation_lists_every_variable() -> None:
    source = (ROOT / "helpline/settings.py").read_text() + (ROOT / "helpline/env.py").read_text()
    read = set(re.findall(r"(?:read\.\w+|_database|origins)\(\s*\"([A-Z_]+)\"", source))
    read |= {*env.SECRETS, *env.SERVICES, *env.ADDRESSES}
    listed = re.findall(r"^\| `([A-Z_]+)` \|", DOCUMENT.read_text(), re.MULTILINE)
    assert set(listed) == read
    assert len(listed) == len(set(listed))


def test_the_documentation_says_what_production_needs() -> None:
    required = re.findall(r"^\| `([A-Z_]+)` \| yes \|", DOCUMENT.read_text(), re.MULTILINE)
    assert set(required) == {*env.SECRETS, *env.SERVICES, *env.ADDRESSES}
