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
    cost = (time.process_time() - begun) / 300 * 1e3
    # How many agents of the kind that comes and goes, katibas and groups, were alive in a month of it.
    alive = []
    for replicate in range(30):
        world = build(scenario, 0, replicate)
        for t in range(0, months, 6):
            engine.advance(world, p, t, min(t + 6, months))
            alive.append(int((world.emir["alive"] == 1).sum() + (world.organisation["alive"] == 1).sum()))
    found[name] = cost, sum(alive) / len(alive)
json.dump(found, sys.stdout)
"""


def probe(folder: Path) -> dict[str, tuple[float, float]]:
    """Return processor milliseconds a history, and katibas and groups alive on average, by scenario, of the code in a folder."""
    done = subprocess.run([sys.executable, "-c", PROBE], cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, check=True, capture_output=True)
    found: dict[str, tuple[float, float]] = json.loads(done.stdout)
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
        ratios = sorted(now[name][0] / then[name][0] for now, then in pairs)
        now, then = (statistics.median(pair[k][name][0] for pair in pairs) for k in (0, 1))
        agents, before = (pairs[0][k][name][1] for k in (0, 1))
        print(f"{name}: {now:.2f} ms a history, first engine {then:.2f} ms: {statistics.median(ratios):.2f} x ({ratios[0]:.2f} to {ratios[-1]:.2f})")
        each = statistics.median(ratios) * before / agents
        print(f"    with {agents:.1f} katibas and groups alive, then {before:.1f}: {each:.2f} x an agent-month")


if __name__ == "__main__":
    main()
