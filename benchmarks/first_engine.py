"""Today's engine against the first one (version 0.1's rulebook), side by side in one run: time of a history, as a ratio.

Usage: python benchmarks/first_engine.py [--rounds N]. The first engine is checked out from this repository's own history into a temporary folder, so
the clone must hold it (a shallow one does not). Each round times both in turn, each in a process of its own, on one thread.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

FIRST = "8ca5e8d"
"""The last commit of the first rulebook."""
REPOSITORY = Path(__file__).resolve().parents[1]
PROBE = """
import json, sys, time
from sim import engine
from sim.scenario.load import load_scenario
from sim.scenario.timeline import month_count
from sim.world.build import build, parameters

found = {}
for name in ("aqim", "dilemma-101"):
    scenario = load_scenario(name)
    world, p, months = build(scenario), parameters(scenario), month_count(scenario)
    engine.ensemble(world, p, months, range(5))
    begun = time.process_time()
    engine.ensemble(world, p, months, range(300))
    found[name] = (time.process_time() - begun) / 300 * 1e3
json.dump(found, sys.stdout)
"""


def probe(folder: Path) -> dict[str, float]:
    """Return processor milliseconds a history, by scenario, of the code in a folder."""
    done = subprocess.run([sys.executable, "-c", PROBE], cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, check=True, capture_output=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as temporary:
        first = Path(temporary) / "first"
        subprocess.run(["git", "worktree", "add", "--detach", "-q", str(first), FIRST], cwd=REPOSITORY, check=True)
        try:
            probe(first), probe(REPOSITORY)  # compile
            pairs = [(probe(REPOSITORY), probe(first)) for _ in range(rounds)]
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(first)], cwd=REPOSITORY, check=True)
    for name in pairs[0][0]:
        ratios = sorted(now[name] / then[name] for now, then in pairs)
        now, then = (statistics.median(pair[k][name] for pair in pairs) for k in (0, 1))
        print(f"{name}: {now:.2f} ms a history, first engine {then:.2f} ms: {statistics.median(ratios):.2f} x ({ratios[0]:.2f} to {ratios[-1]:.2f})")


if __name__ == "__main__":
    main()
