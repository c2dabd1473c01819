"""Years of a history in few numbers: what dated facts are compared with, read at the end of every year.

A run is advanced from year's end to year's end, so that a year costs one call of the engine and not twelve.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.scenario.schema import Scenario
from sim.scenario.timeline import month_count, month_index
from sim.world import codes
from sim.world.build import build, parameters

COUNTED = {
    "splinters": (codes.SPLINTER,),
    "autonomies": (codes.AUTONOMY,),
    "pledges": (codes.PLEDGE,),
    "departures": (codes.DEPARTURE,),
    "fragmentations": (codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE, codes.DEPARTURE),
    "returns": (codes.RETURN,),
    "mergers": (codes.MERGER,),
    "surrenders": (codes.SURRENDER,),
}
"""Events counted so far, by all groups."""

SERIES = ("strength", "organisations", "outside", "home_strength", "attacks", "attacks_outside", "deaths", "joined", "noticed", *COUNTED)
"""What is known of each year: strength and organisations of the followed lineage, the share of its strength outside the state where it began, its
strength within, its attacks so far, those outside and the dead in violence it took part in, whether its root has joined the global brand, how many
groups of the map have reached twenty-five deaths in a year, and events so far."""


def years_of(scenario: Scenario) -> list[int]:
    """Return the calendar years that a scenario has, the last one perhaps in part."""
    return list(range(int(scenario.start[:4]), int(scenario.end[:4]) + 1))


def trajectories(scenario: Scenario, seed: int, replicates: range, until: int | None = None) -> dict[str, np.ndarray[Any, Any]]:
    """Return what happened year by year in each replicate.

    Args:
        scenario: What to run.
        seed: Seed.
        replicates: Replicate numbers.
        until: Last year to run; the scenario's last where absent.

    Returns:
        For each name of :data:`SERIES` an array of shape (replicates, years): the state at the end of each year of :func:`years_of`.
    """
    from sim import engine

    months, p, years = month_count(scenario), parameters(scenario), [y for y in years_of(scenario) if until is None or y <= until]
    ends = [min(months, month_index(scenario, f"{year + 1}-01")) for year in years]
    found = {name: np.zeros((len(replicates), len(years))) for name in SERIES}
    for n, replicate in enumerate(replicates):
        world = build(scenario, seed, replicate)
        now = 0
        for y, end in enumerate(ends):
            engine.advance(world, p, now, end)
            now = end
            for name, value in _state(world).items():
                found[name][n, y] = value
    return found


def _state(world: Any) -> dict[str, float]:
    o, e, m = world.organisation, world.emir, world.measure[0]
    focus, home = world.clock["focus"][0], world.clock["home"][0]
    mine = (e["alive"] == 1) & (o["lineage"][e["organisation"]] == focus)
    strength = e["strength"][mine]
    total = float(strength.sum())
    within = float(strength[world.region["elite"][e["region"][mine]] == home].sum())
    counts = world.tally["count"]
    return {
        "strength": total,
        "organisations": float(((o["alive"] == 1) & (o["lineage"] == focus)).sum()),
        "outside": 1.0 - within / total if total > 0.0 else 0.0,
        "home_strength": within,
        "attacks": float(m["own_attacks"]),
        "attacks_outside": float(m["own_outside"]),
        "deaths": float(m["own_deaths"]),
        "joined": float(m["brand_joined"] >= 0.0),
        "noticed": float(((o["identity"] != 0) & (o["first_25"] >= 0)).sum()),
        **{name: float(sum(counts[k] for k in kinds)) for name, kinds in COUNTED.items()},
    }
