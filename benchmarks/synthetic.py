"""A synthetic country of any size, for measuring how cost grows: every region is alike, so only the number of agents changes."""

from __future__ import annotations

from sim.scenario.schema import Scenario

KINDS = ("elite", "community", "organisation", "emir", "smuggler", "broker", "force")
"""The tables whose rows are agents."""


def country(regions: int) -> Scenario:
    """Return a country of so many regions on a ring with chords: about 10.5 agents to a region.

    Each region has five communities, three katibas, a smuggler and a broker; there is a force to eight regions, an organisation to three
    (nine katibas, all near one another) and a state to forty. Nobody's neighbourhood grows with the country, so interactions stay sparse.
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
