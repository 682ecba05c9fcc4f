"""Where a worker's time goes: py-spy's samples, taken while it computes, as two short lists.

py-spy is not among our packages: `.venv/bin/pip install py-spy` brings it.
"""

import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from helpline.ops.trouble import Trouble

RATE = 200  # samples a second
PLACE = re.compile(r"^(?P<name>.*) \((?P<file>.*?)(?::\d+)?\)$")
SHORT = re.compile(r".*/(site-packages|lib/python3\.\d+|lib-dynload)/")


class Profiler:
    """Watches one process for some seconds while something else goes on."""

    def __init__(self, pid: int, seconds: float, stacks: Path) -> None:
        program = shutil.which("py-spy", path=str(Path(sys.executable).parent)) or "py-spy"
        self.stacks = stacks
        command = [program, "record", "--pid", str(pid), "--duration", str(int(seconds))]
        command += ["--gil", "--rate", str(RATE), "--format", "raw", "--output", str(stacks)]
        try:
            self.child = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
            )
        except FileNotFoundError:
            raise Trouble("py-spy is not there; get it: .venv/bin/pip install py-spy") from None

    def report(self) -> str:
        """The lists, once the seconds are over."""
        _, said = self.child.communicate(timeout=120)
        if self.child.returncode:
            raise Trouble(f"py-spy failed: {said.strip()[-300:]}")
        return summary(self.stacks.read_text().splitlines())


def summary(lines: Iterable[str], longest: int = 45) -> str:
    """The functions that took most: by themselves, and with all they call."""
    own, total, samples = count(lines)
    parts = []
    for title, found in (("own time", own), ("with what it calls", total)):
        rows = [f"{n / samples:7.1%}  {name}" for name, n in found.most_common(longest)]
        parts += [f"{title} (of {samples} samples)", *rows, ""]
    return "\n".join(parts)


def count(lines: Iterable[str]) -> tuple[Counter[str], Counter[str], int]:
    """Samples by the function on top, and by every function on the stack, once each."""
    own: Counter[str] = Counter()
    total: Counter[str] = Counter()
    samples = 0
    for line in lines:
        stack, _, times = line.rpartition(" ")
        frames = [named(frame) for frame in stack.split(";")]
        own[frames[-1]] += int(times)
        for frame in set(frames):
            total[frame] += int(times)
        samples += int(times)
    return own, total, samples


def named(frame: str) -> str:
    """A function and its file, without line and without the way to it."""
    found = PLACE.match(frame)
    return f"{found['name']} ({SHORT.sub('', found['file'])})" if found else frame
