"""How the product grows: more conversations, more connections. Takes about ten minutes.

  python -m tests.load.growth                          both, with charts in docs/
  python -m tests.load.growth --only conversations --charts /tmp

Not part of `make bench`. Writes performance-conversations.svg and
performance-connections.svg and prints the figures behind them.
"""

import argparse
import signal
from pathlib import Path
from typing import Any

from helpline.ops import services
from helpline.ops.trouble import run_plainly
from tests.load import chart
from tests.load.servers import Aide, Server, say
from tests.load.stage import Stage

CONVERSATIONS = (10, 30, 100, 300, 1000, 2000, 5000)
CONNECTIONS = (100, 300, 1000, 3000, 10000)
BUSY = 300  # talks that speak beside the connections that only sit there
RATE = 1000  # messages a second, over all of them
PACE = 0.06  # seconds between two messages of one talk: a socket takes 20 a second
WINDOW = {"warm": 1.5, "seconds": 4}
PANELS = {
    "conversations": {
        "per_second": "delivered messages a second",
        "p99_ms": "p99, ms",
    },
    "connections": {
        "connect_s": "until all are up to date, s",
        "kib": "KiB a connection",
        "p99_ms": "p99 at 1,000 messages/s, ms",
    },
}
Row = dict[str, Any]


class Growth:
    """The product on two workers, under more and more."""

    def __init__(self) -> None:
        self.stage, self.load = Stage(), Aide("tests.load.swarm")

    def close(self) -> None:
        self.load.close()
        self.stage.close()

    def gather(self, name: str, server: Server, count: int, **how: Any) -> None:
        """A crowd of seeded talks."""
        say(f"seeding {count} talks")
        alone = not how.get("counsellors", True)
        first = self.stage.seed("talks", count=count, rows=2, alone=alone)["first"]
        seeds = str(self.stage.seeds)
        self.load.tell(
            "gather", name=name, port=server.port, count=count, seeds=seeds, first=first, **how
        )

    def serve(self) -> Server:
        server = self.stage.serve("product", 2)
        server.wait()
        return server

    def conversations(self) -> list[Row]:
        """As many messages as go through, with few talks and with many."""
        server, found = self.serve(), []
        self.gather("all", server, max(CONVERSATIONS))
        for count in CONVERSATIONS:
            self.load.tell("open", name="all", first=count)
            row = self.load.tell("measure", name="all", what="saturation", pace=PACE, **WINDOW)
            self.load.tell("agree", name="all")
            self.load.tell("leave", name="all")
            found.append({"point": count, **row})
            say(f"{count} conversations: {row['per_second']:,.0f}/s, p99 {row['p99_ms']:.1f} ms")
        server.stop()
        return found

    def connections(self) -> list[Row]:
        """The same messages beside few idle visitors and beside many."""
        return [self.beside(count) for count in CONNECTIONS]

    def beside(self, count: int) -> Row:
        """What it costs to have so many idle visitors on a fresh server."""
        server = self.serve()
        self.gather("busy", server, BUSY)
        self.gather("idle", server, count, counsellors=False)
        self.load.tell("open", name="busy")
        empty = server.settled()
        came = self.load.tell("open", name="idle", at_once=200)
        kib = (server.settled() - empty) / count / 1024
        row = self.load.tell("measure", name="busy", what="rate", per_second=RATE, **WINDOW)
        for name in ("busy", "idle"):
            self.load.tell("agree", name=name)
            self.load.tell("leave", name=name)
        server.stop()
        say(f"{count} connections: {came['seconds']:.1f} s, {kib:.1f} KiB, {row['p99_ms']:.1f} ms")
        return {"point": count, "connect_s": came["seconds"], "kib": kib, **row}


def write(name: str, rows: list[Row], folder: Path) -> None:
    """The chart in `folder`, the figures on standard output."""
    panels = PANELS[name]
    points = [row["point"] for row in rows]
    drawn = [
        chart.Panel(title, [row[measure] for row in rows]) for measure, title in panels.items()
    ]
    (folder / f"performance-{name}.svg").write_text(chart.draw(name, points, drawn))
    print("| " + " | ".join([name, *panels.values()]) + " |")
    print("|---" * (len(panels) + 1) + "|")
    for row in rows:
        cells = [f"{row['point']:,}", *(f"{row[measure]:,.4g}" for measure in panels)]
        print("| " + " | ".join(cells) + " |")
    print()


def main() -> int:
    """Measure and draw."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=PANELS, help="one of the two")
    parser.add_argument("--charts", type=Path, default=services.ROOT / "docs")
    options = parser.parse_args()
    growth = Growth()
    try:
        growth.stage.prepare()
        for name in [options.only] if options.only else PANELS:
            write(name, getattr(growth, name)(), options.charts)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        growth.close()
    return 0


if __name__ == "__main__":
    run_plainly(main)
