"""Settings in which armed groups found themselves: places, people, states and what befalls them, drawn from documented priors.

A setting begins with one small band, because a scenario needs an organisation; everyone else is for the rules to found, grow, split, ally, make
peace and end. States draw coups, amnesties and interventions, the world a rival brand and a global cause; bargains between elites and groups are
never an entry of the timeline. The first years are for the field to fill up, and are not looked at.
"""

from __future__ import annotations

import functools
from typing import Any

from sim.evidence.priors import Draws, Prior
from sim.scenario.load import scenario_of
from sim.scenario.schema import Scenario

START = 1900
"""First year: a calendar is needed, and none is meant."""

PRIORS: dict[str, Prior] = {
    "population": (20.0, 800.0, True, "thousand people a community", "order of magnitude, as in the shipped histories"),
    "grievance": (0.15, 0.65, False, "1", "T; from content to rebellious"),
    "trust": (0.2, 0.6, False, "1", "B"),
    "norm": (0.0, 0.5, False, "1", "B; Scheele 2012"),
    "cleavage": (0.15, 0.6, False, "1", "T"),
    "route_value": (0.0, 0.6, False, "money index / month", "B"),
    "forces": (500.0, 20000.0, True, "personnel-equivalents a state", "L: from Mali to Algeria in the shipped histories, log-uniform"),
    "intelligence": (0.2, 0.7, False, "1", "Shapiro 2013"),
    "discrimination": (0.2, 0.7, False, "1", "Kalyvas 2006"),
    "horizon": (0.1, 0.8, False, "1", "B"),
    "services": (0.2, 0.6, False, "1", "B"),
    "coup_gap": (5.0, 40.0, True, "years between coups of a state", "assumption, once in 5 to 40 years (events: Powell & Thyne 2011)"),
    "coup": (0.2, 1.0, False, "1", "assumption: from a palace coup to a state that collapses"),
    "amnesty_gap": (6.0, 30.0, True, "years between amnesties of a state", "L: Algeria 1995, 1999, 2005"),
    "amnesty": (0.2, 0.7, False, "1", "assumption, as in the shipped histories"),
    "intervention": (500.0, 8000.0, True, "personnel-equivalents", "L: from trainers to Serval"),
    "band": (4.0, 15.0, True, "fighter-equivalents", "assumption: the smallest that is noticed; it ends or grows within the years not looked at"),
}  # fmt: skip


@functools.lru_cache(maxsize=4096)
def setting(seed: int, number: int, years: int) -> Scenario:
    """Return a setting as a scenario, checked as any other.

    Args:
        seed: Seed of the population.
        number: Number of the setting, from 0.
        years: Years it runs.
    """
    d = Draws(seed, number, PRIORS)
    count = d.whole(3, 6, "regions")
    states: list[dict[str, Any]] = [
        {"name": f"State {k}", "horizon": d.of("horizon", k), "services": d.of("services", k)} for k in range(d.whole(1, 2, "states"))
    ]
    regions: list[dict[str, Any]] = []
    for k in range(count):
        remote = 0.1 + 0.8 * k / (count - 1)
        regions.append(
            {"name": f"Region {k}", "state": states[k * len(states) // count]["name"], "remoteness": remote, "reach": 0.9 - 0.7 * remote,
             "route_value": d.of("route_value", k), "neighbours": {f"Region {k + 1}": 0.6} if k + 1 < count else {}}
        )  # fmt: skip
    communities = [
        {"name": f"Community {k}-{j}", "region": f"Region {k}", "neglect": 0.8 * regions[k]["remoteness"],
         **{x: d.of(x, k, j) for x in ("population", "grievance", "trust", "norm", "cleavage")}}
        for k in range(count) for j in range(d.whole(1, 2, "communities", k))
    ]  # fmt: skip
    forces: list[dict[str, Any]] = [
        {"name": f"Forces of {s['name']}", "state": s["name"], "regions": [r["name"] for r in regions if r["state"] == s["name"]],
         "recruits_from": next(r["name"] for r in regions if r["state"] == s["name"]), "strength": d.of("forces", s["name"]),
         "intelligence": d.of("intelligence", s["name"]), "discrimination": d.of("discrimination", s["name"])}
        for s in states
    ]  # fmt: skip
    forces.append(
        {"name": "Foreign force", "kind": "foreign", "state": states[-1]["name"], "regions": [r["name"] for r in regions],
         "recruits_from": regions[0]["name"], "strength": 0.0, "intelligence": 0.6, "discrimination": 0.6, "morale": 0.8, "division": 0.1}
    )  # fmt: skip
    far = f"Region {count - 1}"
    home = f"Region {d.whole(0, count - 1, 'home')}"
    return scenario_of(
        {"name": f"setting-{number}", "start": f"{START}-01", "end": f"{START + years - 1}-12", "focus": "The First", "states": states,
         "regions": regions, "communities": communities, "forces": forces,
         "organisations": [
             {"name": "The First", "home": home, "aims": d.unit("aims"), "institutions": 0.1, "brutality": d.unit("brutality"), "treasury": 1.0}],
         "emirs": [{"name": "The First Emir", "organisation": "The First", "region": home, "strength": d.of("band")}],
         "smugglers": [{"name": "The Baron", "region": far, "routes": 0.5}] if d.unit("smuggler") < 0.5 else [],
         "brokers": [{"name": "The Notable", "region": far}] if d.unit("broker") < 0.5 else [],
         "timeline": sorted(_timeline(d, [s["name"] for s in states], years), key=lambda entry: entry["date"])},
        f"setting {number}",
    )  # fmt: skip


def _timeline(d: Draws, states: list[str], years: int) -> list[dict[str, Any]]:
    """Return what befalls a setting: coups and amnesties at their rates, and wars and brands that come once or not."""
    last = 12 * years
    entries: list[dict[str, Any]] = []
    for state in states:
        for event, gap, months in (("coup", "coup_gap", (6, 48)), ("amnesty", "amnesty_gap", (6, 24))):
            # Uniform gaps of half to one and a half times the mean: a waiting time that needs no logarithm, and no two in one month.
            month, n = 12.0 * d.of(gap, state) * d.unit(event, "first", state), 0
            while month < last:
                entries.append(_entry(int(month), event, state, d.of(event, state, n), d.whole(*months, event, "months", state, n)))
                n += 1
                month += 12.0 * d.of(gap, state) * (0.5 + d.unit(event, "gap", state, n))
    for event, chance, months in (("rival_brand", 0.5, (36, 120)), ("global_cause", 0.5, (36, 96)), ("intervention", 0.4, (18, 96))):
        if d.unit(event) < chance:
            size = d.of("intervention") if event == "intervention" else 0.3 + 0.6 * d.unit(event, "size")
            target = "Foreign force" if event == "intervention" else ""
            entries.append(_entry(int(d.unit(event, "month") * last), event, target, size, d.whole(*months, event, "months")))
    return entries


def _entry(month: int, event: str, target: str, magnitude: float, months: int) -> dict[str, Any]:
    return {"date": f"{START + month // 12}-{month % 12 + 1:02d}", "event": event, "target": target, "magnitude": magnitude, "months": months}
