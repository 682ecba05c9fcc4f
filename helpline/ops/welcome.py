"""What `make run` says when the house is open."""

from collections.abc import Mapping
from pathlib import Path

from helpline.ops.trouble import say

WELCOME = """
Ready in {seconds:.1f} s.

  Visitors   {visitor}
  Team       {team}
{people}
  Logs       {var}/log
  Mail       {var}/mail
  Stop       Ctrl-C
"""
PEOPLE = """
  Demo accounts (password: demo-demo-demo)
    cem@demo.example   counsellor       pia@demo.example   partner
    olu@demo.example   coordinator      ana@demo.example   analyst
    udo@demo.example   auditor          ada@demo.example   admin
  Their code for the second step, at this moment:  make code who=cem
"""


def welcome(env: Mapping[str, str], seconds: float) -> None:
    """Say where the house is, who may sign in, and how to stop."""
    port, var = env["PORT"], Path(env["VAR_DIR"])
    say(
        WELCOME.format(
            seconds=seconds,
            visitor=env.get("VISITOR_ORIGIN") or f"http://chat.localhost:{port}",
            team=env.get("TEAM_ORIGIN") or f"http://team.localhost:{port}",
            people=PEOPLE if env["MODE"] != "production" else "",
            var=var.relative_to(Path.cwd()) if var.is_relative_to(Path.cwd()) else var,
        )
    )
