"""Production does not start without what makes it safe, and says in one line what is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

NEEDED = (
    "SECRET_KEY", "MASTER_KEYS", "AUDIT_KEY", "DATABASE_URL", "OWNER_DATABASE_URL",
    "KEYS_DATABASE_URL", "REDIS_URL", "VISITOR_ORIGIN", "TEAM_ORIGIN",
)  # fmt: skip
COMPLETE = {
    **dict.fromkeys(NEEDED, "x"),
    "DATABASE_URL": "postgres://web:x@db/helpline",
    "OWNER_DATABASE_URL": "postgres://owner:x@db/helpline",
    "KEYS_DATABASE_URL": "postgres://keys:x@db/keys",
    "REDIS_URL": "redis://redis/0",
    "VISITOR_ORIGIN": "https://praten.example",
    "TEAM_ORIGIN": "https://team.example",
}


def starts(**env: str) -> tuple[int, str]:
    """Read the settings in a process of its own: the exit code and what it said."""
    clean = {"PATH": os.environ["PATH"], **env}
    done = subprocess.run(
        [sys.executable, "-c", "import helpline.settings as s; print(s.SECRET_KEY)"],
        env=clean, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_with_nothing_set_production_names_everything_in_one_line():
    code, said = starts()
    assert code == 1 and said.count("\n") == 1 and "Traceback" not in said
    assert all(name in said for name in NEEDED)


@pytest.mark.parametrize("name", NEEDED)
def test_one_missing_setting_is_named_alone(name):
    code, said = starts(**{key: value for key, value in COMPLETE.items() if key != name})
    assert code == 1 and f"{name} (of {name}_FILE)" in said
    assert not any(f" {other} (of" in said for other in NEEDED if other != name)


@pytest.mark.parametrize("name", ["VISITOR_ORIGIN", "TEAM_ORIGIN"])
def test_an_address_without_tls_stops_production_but_an_onion_needs_none(name):
    code, said = starts(**{**COMPLETE, name: "http://praten.example"})
    assert code == 1 and "https" in said and "Traceback" not in said
    assert starts(**{**COMPLETE, name: f"http://{'a' * 56}.onion"})[0] == 0


def test_a_secret_may_lie_in_a_file(tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("uit-een-bestand")
    given = {key: value for key, value in COMPLETE.items() if key != "SECRET_KEY"}
    assert starts(**given, SECRET_KEY_FILE=str(secret)) == (0, "uit-een-bestand\n")


def test_an_unknown_mode_is_not_taken_for_a_loose_one():
    code, said = starts(**COMPLETE, MODE="debug")
    assert code == 1 and "MODE" in said
