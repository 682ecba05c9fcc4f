"""`make bench`: the product beside the stock pattern and the bare limit, in one run.

  python -m tests.load.bench                                all of it, 5 minutes
  python -m tests.load.bench --quick                        all of it, in one
  python -m tests.load.bench --only saturation --apps product --no-one --rounds 1
  python -m tests.load.bench --only history --history 10000   ten million messages

Progress goes to standard error, with the numbers of the worker processes: a
profiler can be attached to them. The table goes to standard output, and last a
line of JSON with every figure (null for what was not measured).
"""

import argparse
import signal
import sys
import time
from collections import defaultdict
from typing import Any

from helpline.ops.trouble import Trouble, run_plainly
from tests.load import figures, tables
from tests.load.history import empty, fill
from tests.load.options import read_options
from tests.load.profile import Profiler
from tests.load.servers import Aide, Server, busy_seconds, say, seconds_of
from tests.load.stage import Stage

RATE_TALKS = 300
LONG_TALK = 40  # rows
REREAD = 10  # talks that are read again from the beginning


class Bench:
    """One run: what was asked for, and what was found."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.stage, self.load = Stage(), Aide("tests.load.swarm")
        self.servers: dict[str, Server] = {}
        self.found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.figures: dict[str, Any] = {"history_ms": {}}

    def run(self) -> None:
        """Everything that was asked for."""
        say("making fresh databases")
        self.stage.prepare()
        asked = set(self.options.only)
        if asked & {"rate", "saturation"}:
            self.speed()
        if asked & {"memory", "storm", "history"}:
            self.alone(asked)
        self.figures |= tables.summed(self.found, self.options.workers)

    def close(self) -> None:
        self.load.close()
        self.stage.close()

    # --- servers and crowds ---
    def gather(self, name: str, server: Server, count: int, **how: Any) -> None:
        """A crowd for a server: seeded for the product, anybody for the others."""
        if server.app == "product" and "first" not in how:
            how["first"] = self.seed(count)
        if server.app == "product":
            how["seeds"] = str(self.stage.seeds)
        self.load.tell("gather", name=name, port=server.port, count=count, **how)

    def seed(self, count: int, *, rows: int = 2, alone: bool = False) -> int:
        """So many new talks; the place of the first."""
        say(f"seeding {count} talks")
        return int(self.stage.seed("talks", count=count, rows=rows, alone=alone)["first"])

    def variant(self, app: str, workers: int) -> Server:
        """The server of one of the three with so many workers, and its crowd."""
        name = f"{app} {workers}"
        if name not in self.servers:
            server = self.servers[name] = self.stage.serve(app, workers)
            self.gather(name, server, self.options.talks)
            server.wait()
        return self.servers[name]

    # --- speed ---
    def speed(self) -> None:
        """Rounds of all variants, one after the other, so that a bad moment hits them alike."""
        workers, asked = self.options.workers, self.options.only
        for turn in range(self.options.rounds):
            for app in self.options.apps:
                # To the yardsticks' latency one round is enough: it is only shown.
                if "rate" in asked and (app == "product" or (turn == 0 and not self.options.quick)):
                    self.measure("rate", app, workers)
                if "saturation" in asked:
                    self.measure("saturation", app, workers)
            if {"saturation", "product"} <= {
                *asked,
                *self.options.apps,
            } and not self.options.no_one:
                self.measure("saturation", "product", 1)
        for server in self.servers.values():
            server.stop()

    def measure(self, what: str, app: str, workers: int) -> None:
        """One window of one variant: come, speak, check, go."""
        name, server = f"{app} {workers}", self.variant(app, workers)
        talks = RATE_TALKS if what == "rate" else self.options.talks
        came = self.load.tell("open", name=name, first=talks)
        stored, profiler = self.stage.stored(app), self.profiler(what, server)
        before, begun = self.used(server), time.monotonic()
        found = self.load.tell("measure", name=name, what=what, **self.window(what))
        found["used"] = {group: end - before[group] for group, end in self.used(server).items()}
        found["others"] = tables.share_of_others(found["used"], time.monotonic() - begun)
        found |= {"connect_s": came["seconds"], "files": server.files}
        if profiler:
            self.options.profile.write_text(profiler.report())
        self.check(name, app, found["messages"], self.stage.stored(app) - stored)
        self.found[f"{what} {name}"].append(found)
        say(f"{what} {name}: {tables.in_words(found)}")

    def window(self, what: str) -> dict[str, float]:
        """How long, and how fast."""
        window = {"warm": self.options.warm, "seconds": self.options.seconds}
        return {**window, "per_second": self.options.rate} if what == "rate" else window

    def used(self, server: Server) -> dict[str, float]:
        """The processor time that each group of processes has used so far."""
        groups = {**self.stage.pids(server), "load": [self.load.child.pid]}
        used = {group: seconds_of(pids) for group, pids in groups.items()}
        return {**used, "others": busy_seconds() - sum(used.values())}

    def profiler(self, what: str, server: Server) -> Profiler | None:
        """Somebody who watches a worker of the product at saturation, when that is asked for."""
        if not self.options.profile or server.app != "product" or what != "saturation":
            return None
        seconds = self.options.warm + self.options.seconds
        return Profiler(server.worker_pids[0], seconds, self.stage.home.logs / "stacks.txt")

    def check(self, name: str, app: str, said: int, stored: int) -> None:
        """Nothing lost, nothing doubled: at both ends, and in the table."""
        if said != stored:
            raise Trouble(f"{name}: {said} messages were said and {stored} are stored.")
        self.load.tell("agree", name=name)
        if app == "product":
            self.load.tell("reread", name=name, count=REREAD)
        self.load.tell("leave", name=name)

    # --- the product alone ---
    def alone(self, asked: set[str]) -> None:
        """What is measured of the product only, on a fresh server."""
        server = self.stage.serve("product", self.options.workers)
        first = self.seed(self.options.idle, alone=True) if asked & {"memory", "storm"} else 0
        server.wait()
        if asked & {"memory", "storm"}:
            self.idle(server, first)
        for _ in range(self.options.storms if "storm" in asked else 0):
            self.storm(first)
        if asked & {"memory", "storm"}:
            self.load.tell("leave", name="idle")
        if "history" in asked:
            self.history(server)
        server.stop()

    def idle(self, server: Server, first: int) -> None:
        """The memory of visitors who only sit there."""
        count = self.options.idle
        self.gather("idle", server, count, first=first, counsellors=False)
        before = server.settled()
        came = self.load.tell("open", name="idle", at_once=200)
        after = server.settled()
        self.figures["kib_per_idle_connection"] = (after - before) / count / 1024
        say(f"idle: {tables.idle_words(before, after, count, came['seconds'])}")

    def storm(self, first: int) -> None:
        """All connections are cut, each talk gets a row, all come back at one instant."""
        self.load.tell("leave", name="idle")
        self.stage.seed("rows", first=first, count=self.options.idle)
        found = self.load.tell("measure", name="idle", what="storm")
        self.found["storm"].append(found)
        say(f"storm: {found['seconds']:.2f} s {found['counted'] or ''}")

    def history(self, server: Server) -> None:
        """The time to open a talk of 40 rows, while the table grows."""
        count = self.options.visits
        empty(self.stage)
        first = self.seed(count * len(self.options.history), rows=LONG_TALK, alone=True)
        for turn, size in enumerate(self.options.history):
            name, start = f"history {size}", first + turn * count
            fill(self.stage, size * 1000 - self.stage.stored("product"))
            self.gather(name, server, count, first=start, counsellors=False)
            found = self.load.tell("measure", name=name, what="visit")
            self.figures["history_ms"][str(size)] = found["p50_ms"]
            say(f"history, {size * 1000:,} messages: {found['p50_ms']:.1f} ms")


def main() -> int:
    """Measure, print, clean up."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    bench = Bench(read_options(sys.argv[1:], __doc__))
    try:
        bench.run()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        bench.close()
    say("done")
    print(tables.table(bench.found, bench.figures))
    print(figures.last_line(bench.figures))
    return 0


if __name__ == "__main__":
    run_plainly(main)
