"""Ctrl-C and SIGTERM into a real refresh, at every step: is it over within 5 s, and nothing left?

    python -m benchmarks.signals HOME [--times 16] [--seed 20]

HOME is a published home; each time a copy of it is refreshed with one file more. A signal comes
when the run has said that a step is over, and a little later by chance, so that it is within the
next: while it loads, lands, asks the gates, builds, writes the site, publishes. The run must end
with 130 or 143 and say what stands; no process that it had may be left, no lock; readers must see
the old version whole, or the new one if it said so.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks import soak
from benchmarks.twice import province
from orchestration import locks, stopping
from orchestration.publishing import integrity, releases
from orchestration.settings import PROJECT_ROOT, Home

# How a line begins that is said when a step is over; what follows it is the next step.
STEPS = ("", "landed ", "gate raw", "built ", "gate marts", "built the site", "published ")
LONGEST_S = (8, 3, 10, 5, 5, 1, 0.5)  # how much later the signal may come
PATIENCE_S = 5


def told(home: Home, data: Path, step: int, later: float, number: signal.Signals) -> list[str]:
    """Refresh, and send a signal within a step; what was wrong with how it ended."""
    before = home.current.resolve().name
    with subprocess.Popen(
        [sys.executable, "-c", "from orchestration.program import main; main()",
         "refresh", "--home", str(home.root), "--data", str(data)],
        cwd=PROJECT_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
    ) as process:  # fmt: skip
        said: list[str] = []
        begun, wanted = threading.Event(), STEPS[step]

        def listen() -> None:
            for line in process.stderr or ():
                said.append(line.rstrip("\n"))
                if wanted and line.startswith(wanted):
                    begun.set()
            begun.set()

        listener = threading.Thread(target=listen)
        listener.start()
        if wanted:
            begun.wait()
        time.sleep(later)
        there = [process.pid, *stopping.descendants(process.pid)]
        sent = time.monotonic()
        process.send_signal(number)
        try:
            code = process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        seconds = time.monotonic() - sent
        listener.join()
    print(f"step {step} ({wanted or 'start'}) +{later:.1f} s, {number.name}: "
          f"{code} after {seconds:.1f} s; {said[-1] if said else ''}", flush=True)  # fmt: skip
    faults = []
    if code == 0 and seconds < 1:
        return []  # it was over before
    if code != 128 + number and code != -number:  # the latter while the program is loaded
        faults.append(f"ended with {code}")
    if seconds > PATIENCE_S:
        faults.append(f"took {seconds:.1f} s")
    time.sleep(0.3)
    if left := [pid for pid in there if Path(f"/proc/{pid}").exists()]:
        faults.append(f"processes {left} are left")
    current, last = home.current.resolve().name, said[-1] if said else ""
    expected = f"stopped; current is {current}" if current != before else "stopped; nothing"
    if code == 128 + number and not last.startswith(expected):
        faults.append(f"said {last!r}; current is {current}")
    with locks.hold(home.lock_file, home.root):
        faults += [
            f"{entry.version}: {integrity.told(damage)}"
            for entry in releases.versions(home)
            if (damage := integrity.damage(entry.path))
        ]
    return faults


def main() -> int:
    """Send signals into refreshes; fail if one ended otherwise than it has to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--times", type=int, default=16)
    parser.add_argument("--seed", type=int, default=20)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    faults = []
    for place in range(asked.times):
        step = place % len(STEPS)
        number = (signal.SIGINT, signal.SIGTERM)[place // len(STEPS) % 2]
        with tempfile.TemporaryDirectory() as folder:
            root, data = Path(folder, "home"), Path(folder, "data")
            subprocess.run(["cp", "-a", asked.home, root], check=True)
            province("340000", 0.5)(PROJECT_ROOT, data, {})
            later = chance.uniform(0, LONGEST_S[step])
            found = told(Home.resolve(root), data, step, later, number)
        faults += [f"step {step}, {number.name}: {fault}" for fault in found]
        soak.note("signals", 1, asked.seed, len(found))
    print(*(faults or ["no fault"]), sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
