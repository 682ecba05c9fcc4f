"""What the benchmark is asked for on its command line."""

import argparse
from pathlib import Path

from tests.load.figures import SIZES

APPS = ("product", "stock", "limit")
PARTS = ("rate", "saturation", "memory", "storm", "history")


def read_options(words: list[str], about: str) -> argparse.Namespace:
    """The command line, with what it leaves open filled in."""
    options = parser_of(about).parse_args(words)
    quick = options.quick
    options.only, options.apps = options.only.split(","), options.apps.split(",")
    options.history = [int(size) for size in options.history.split(",")]
    options.rounds = options.rounds or (1 if quick else 3)
    options.seconds = options.seconds or (1.5 if quick else 5)
    options.warm = 0.5 if quick else 1
    options.talks = options.talks or (500 if quick else 1500)
    options.storms = 1 if quick else 3
    options.visits = 30 if quick else 60  # talks that are opened for each size of the table
    return options


def parser_of(about: str) -> argparse.ArgumentParser:
    """All there is to choose."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.load.bench",
        description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--quick", action="store_true", help="one short round of everything")
    add("--only", default=",".join(PARTS), help=f"some of {','.join(PARTS)}")
    add("--apps", default=",".join(APPS), help=f"some of {','.join(APPS)}")
    add("--workers", type=int, default=2, help="of each server")
    add("--no-one", action="store_true", help="leave out the product's single worker")
    add("--rounds", type=int, help="how often each window is measured")
    add("--seconds", type=float, help="of each window")
    add("--talks", type=int, help="that speak at saturation, one message on its way in each")
    add("--rate", type=float, default=1000, help="messages a second, over 300 talks")
    add("--idle", type=int, default=5000, help="visitors who only sit there, and of the storm")
    add("--history", default=",".join(SIZES), help="thousands of messages in the table")
    add("--profile", type=Path, help="a file for what py-spy sees of one worker at saturation")
    return parser
