"""The first rulebook's histories of `aqim` (version 0.1), as a rival of a forecast: a row a history, a column an outcome of a year.

Usage: python benchmarks/first_forecast.py FILE.csv [--histories N], then `dilemma forecast … --rival first=FILE.csv`. The first model is checked out
from this repository's own history into a temporary folder, so the clone must hold it (a shallow one does not), and runs its own `aqim` as it was
shipped: on the medians of its posterior, which knew the years to 2010. It kept no deaths by kind and place, so of those it says nothing.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

FIRST = "8ca5e8d"
"""The last commit of the first rulebook."""
REPOSITORY = Path(__file__).resolve().parents[1]
YEARS = range(2011, 2020)
PROBE = """
import csv, sys
import numpy as np
from sim import engine
from sim.scenario.load import load_scenario
from sim.scenario.timeline import month_count, month_index
from sim.world import codes
from sim.world.build import Capacity, build, parameters

COUNTED = {"splinters": codes.SPLINTER, "autonomies": codes.AUTONOMY, "pledges": codes.PLEDGE, "departures": codes.DEPARTURE, "returns": codes.RETURN,
           "mergers": codes.MERGER, "surrenders": codes.SURRENDER, "successions": codes.SUCCESSION}
# What it called erosion and fragmentation is inactivity and splintering by now.
ENDED = {"force": [codes.BY_FORCE], "inactivity": [codes.BY_EROSION], "splintering": [codes.BY_FRAGMENTATION], "amnesty": [codes.BY_AMNESTY],
         "infighting": [codes.BY_INFIGHTING], "politics": [codes.BY_POLITICS], "absorption": [codes.BY_ABSORPTION, codes.BY_RETURN]}
LOG = 20000
first, last, histories = (int(x) for x in sys.argv[1:])
scenario = load_scenario("aqim")
p, months = parameters(scenario), month_count(scenario)
ends = {year: min(months, month_index(scenario, f"{year + 1}-01")) for year in range(first - 1, last + 1)}

def history(replicate):
    world = build(scenario, 0, replicate, Capacity.of(scenario, LOG))
    o, e, focus, home = world.organisation, world.emir, world.clock["focus"][0], world.clock["home"][0]
    row, now, attacks, outside = {}, 0, 0.0, 0.0
    for year, end in ends.items():
        engine.advance(world, p, now, end)
        mine = (e["alive"] == 1) & (o["lineage"][e["organisation"]] == focus)
        at_home = mine & (world.region["elite"][e["region"]] == home)
        m, own = world.measure[0], o["lineage"] == focus
        total, within = float(e["strength"][mine].sum()), float(e["strength"][at_home].sum())
        row[year] = {
            "strength": total, "strength_home": within, "outside": 1.0 - within / total if total > 0.0 else 0.0,
            "organisations": float(((o["alive"] == 1) & own).sum()), "root_stands": float(((o["identity"] == focus) & (o["alive"] == 1)).any()),
            "brand_joined": float(m["brand_joined"] >= 0.0), "attacks": float(m["own_attacks"]) - attacks,
            "attacks_outside": float(m["own_outside"]) - outside,
        }
        attacks, outside, now = float(m["own_attacks"]), float(m["own_outside"]), end
    logged = int(world.clock["logged"][0])
    assert logged <= LOG, "more events than the log has room for"
    log, members, begins = world.log[:logged], o["identity"][own], ends[first - 1]
    for year in range(first, last + 1):
        then = (log["month"] >= begins) & (log["month"] < ends[year])
        for name, kind in COUNTED.items():
            ours = np.isin(log["organisation"], members) | ((kind == codes.MERGER) & np.isin(log["other"], members))
            row[year][name] = float((then & ours & (log["kind"] == kind)).sum())
        over = own & (o["alive"] == 0) & (o["ended"] >= begins) & (o["ended"] < ends[year])
        for name, hows in ENDED.items():
            row[year]["ended_by_" + name] = float((over & np.isin(o["ending"], hows)).sum())
        begins = ends[year]
    return {f"{name}@{year}": value for year in range(first, last + 1) for name, value in row[year].items()}

rows = [history(n) for n in range(histories)]
writer = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\\n")
writer.writeheader()
writer.writerows({name: f"{value:.6g}" for name, value in row.items()} for row in rows)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--histories", type=int, default=1000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        first = Path(temporary) / "first"
        subprocess.run(["git", "worktree", "add", "--detach", "-q", str(first), FIRST], cwd=REPOSITORY, check=True)
        try:
            words = [sys.executable, "-c", PROBE, str(YEARS[0]), str(YEARS[-1]), str(given.histories)]
            done = subprocess.run(words, cwd=first, env={**os.environ, "PYTHONPATH": str(first)}, check=True, stdout=subprocess.PIPE)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(first)], cwd=REPOSITORY, check=True)
    given.file.parent.mkdir(parents=True, exist_ok=True)
    given.file.write_bytes(done.stdout)
    print(f"wrote {given.file}: {given.histories:,} histories of {YEARS[0]}-{YEARS[-1]}")


if __name__ == "__main__":
    main()
