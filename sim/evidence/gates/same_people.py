"""G1: the same people in more katibas recruit, survive and attack alike, but for what coordination explains."""

from __future__ import annotations

from typing import Any

from sim.evidence.gates.gate import Gate, Number, decided, mean, share
from sim.evidence.gates.runs import Runs
from sim.scenario.load import scenario_of
from sim.scenario.schema import Scenario

KATIBAS = (1, 2, 4, 6)
PEOPLE = 240
NEAR, NEAR_SHARE = 0.25, 0.15
"""How far recruits and attacks (as a share) and survival may lie from the world of one katiba."""


def divided(katibas: int) -> Scenario:
    """Return a small world in which the same people, under emirs who are alike and tied alike to one community, stand in so many katibas."""
    emir: dict[str, Any] = {
        "organisation": "The Group", "region": "Hills", "strength": PEOPLE / katibas, "purse": 6.0 / katibas, "agenda": 0.0, "belief": -0.3,
        "loyalty": 0.6, "ties": [{"community": "Villages", "matrimonial": 0.2, "pragmatic": 0.4, "economic": 0.2}],
    }  # fmt: skip
    return scenario_of(
        {"name": f"katibas-{katibas}", "start": "2000-01", "end": "2009-12", "focus": "The Group",
         "states": [{"name": "State"}],
         "regions": [{"name": "Hills", "state": "State", "remoteness": 0.5, "reach": 0.5}],
         "communities": [{"name": "Villages", "region": "Hills", "population": 300.0, "grievance": 0.5, "trust": 0.3, "neglect": 0.5}],
         "organisations": [{"name": "The Group", "home": "Hills", "founded": "1996-01"}],
         "emirs": [{"name": f"Emir {k}", **emir} for k in range(katibas)],
         "forces": [{"name": "Force", "state": "State", "regions": ["Hills"], "recruits_from": "Hills", "strength": 1500.0, "intelligence": 0.45}]},
        f"{katibas} katibas",
    )  # fmt: skip


def same_people(runs: Runs) -> Gate:
    """Set recruits, attacks and survival side by side."""
    tables = {n: runs.of_scenario(divided(n)) for n in KATIBAS}
    base, numbers = tables[1], []
    for n, table in tables.items():
        for name in ("recruits", "attacks"):
            whole = float(base[name].mean())
            ratio = float(table[name].mean()) / whole if whole > 0.0 else float("nan")
            wanted = "" if n == 1 else f"{1 - NEAR:g} to {1 + NEAR:g} × one katiba's (is {ratio:.2f} ×)"
            numbers.append(mean(f"{name}, {_words(n)}", table[name], wanted, None if n == 1 else abs(ratio - 1.0) <= NEAR))
        gap = float(table["root_survived"].mean() - base["root_survived"].mean())
        wanted = "" if n == 1 else f"within {NEAR_SHARE:g} of one katiba's (is {gap:+.2f})"
        numbers.append(share(f"the organisation survives, {_words(n)}", table["root_survived"], wanted, None if n == 1 else abs(gap) <= NEAR_SHARE))
    off: list[Number] = [x for x in numbers if x.met is False]
    found = f"{len(off)} of {len([x for x in numbers if x.met is not None])} numbers lie too far from the world of one katiba"
    says = f"the same {PEOPLE} people in 1, 2, 4 or 6 katibas: recruits, attacks and survival alike"
    return Gate("G1", says, decided(not off), found, tuple(numbers))


def _words(katibas: int) -> str:
    return "1 katiba" if katibas == 1 else f"{katibas} katibas"
