"""How the cost of a month grows with the number of agents: a synthetic country grown tenfold and a hundredfold. Run: python benchmarks/scaling.py

Interactions are sparse (a katiba knows its region, its organisation and six communities), so cost per agent and month
should stay flat. It is printed as a ratio to that of the smallest world; caches make some growth unavoidable once the tables no longer fit.
"""

from __future__ import annotations

import time

from sim import engine
from sim.scenario.schema import Scenario
from sim.world.build import build, parameters

MONTHS = 24
SEVEN_KINDS = ("elite", "community", "organisation", "emir", "smuggler", "broker", "force")


def synthetic(regions: int) -> Scenario:
    """A country of so many regions on a ring with chords.

    Each has five communities, three katibas, a smuggler and a broker; there is a force to eight regions and an organisation to three.
    """
    states = max(1, regions // 40)
    names = [f"R{i}" for i in range(regions)]
    return Scenario.model_validate(
        {
            "name": f"synthetic-{regions}",
            "start": "2000-01",
            "end": "2009-12",
            "focus": "O0",
            "states": [{"name": f"S{k}"} for k in range(states)],
            "regions": [
                {
                    "name": name, "state": f"S{i * states // regions}", "remoteness": (i % 10) / 10, "reach": 0.9 - (i % 10) / 12,
                    "route_value": (i % 7) / 10,
                    "neighbours": {names[(i + 1) % regions]: 0.6, names[(i + 7) % regions]: 0.3},
                }
                for i, name in enumerate(names)
            ],
            "communities": [
                {"name": f"C{i}-{k}", "region": name, "population": 50.0 + 10 * k, "grievance": 0.3 + 0.05 * k, "neglect": 0.2 + 0.15 * k,
                 "cleavage": 0.3 + 0.1 * k}
                for i, name in enumerate(names)
                for k in range(5)
            ],
            "organisations": [{"name": f"O{i}", "home": names[3 * i]} for i in range((regions + 2) // 3)],
            "emirs": [
                {"name": f"E{i}-{k}", "organisation": f"O{i // 3}", "region": name, "strength": 40.0 + 20 * k, "agenda": -0.5 + 0.4 * k,
                 "belief": -0.3 + 0.2 * k, "ties": [{"community": f"C{i}-{k}", "pragmatic": 0.3}]}
                for i, name in enumerate(names)
                for k in range(3)
            ],
            "smugglers": [{"name": f"B{i}", "region": name} for i, name in enumerate(names)],
            "brokers": [{"name": f"N{i}", "region": name} for i, name in enumerate(names)],
            "forces": [
                {"name": f"F{i}", "state": f"S{8 * i * states // regions}", "regions": names[8 * i : 8 * i + 8],
                 "recruits_from": names[8 * i], "strength": 4000.0}
                for i in range((regions + 7) // 8)
            ],
        }
    )  # fmt: skip


def measure(regions: int) -> tuple[int, float]:
    """Return the number of agents at the start, and seconds per month: the least of three runs of the same months."""
    scenario = synthetic(regions)
    p = parameters(scenario)
    best = float("inf")
    for _ in range(3):
        world = build(scenario, 1)
        agents = sum(
            int((getattr(world, t)["alive"] == 1).sum()) if "alive" in getattr(world, t).dtype.names else len(getattr(world, t)) for t in SEVEN_KINDS
        )
        engine.advance(world, p, 0, 1)
        start = time.perf_counter()
        engine.advance(world, p, 1, 1 + MONTHS)
        best = min(best, (time.perf_counter() - start) / MONTHS)
    return agents, best


if __name__ == "__main__":
    base = None
    print(f"{'regions':>8}{'agents':>10}{'agent-months / s':>20}{'cost per agent-month':>24}")
    for regions in (96, 960, 9600):
        agents, seconds = measure(regions)
        cost = seconds / agents
        base = base or cost
        print(f"{regions:>8,}{agents:>10,}{1 / cost:>20,.0f}{cost / base:>20.2f} x the smallest's")
