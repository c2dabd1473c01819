"""G4: an intervention moves strength and place, and a state that collapses draws growth on the spot."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from sim.evidence.contrasts import World as Changed
from sim.evidence.gates.gate import Gate, Number, decided, mean
from sim.evidence.gates.runs import Runs
from sim.scenario.load import load_scenario
from sim.world import codes
from sim.world.world import World

INTERVENTIONS = ("French intervention (Serval)", "French intervention (Barkhane)")
COLLAPSES = {"Mali": "Coup in Mali", "Libya": "Libyan state collapses"}
TIMES = (0.0, 1.0, 4.0)
OUTCOMES = ("strength_mean", "strength_end", "attacks_outside", "home_residue")


@dataclass(frozen=True)
class Place:
    """What a history came to in one state: strength of the followed lineage, strength of all, katibas and organisations founded there."""

    own: float
    armed: float
    katibas: int
    organisations: int


def in_state(history: World, state: int) -> Place:
    """Read a finished history for one state, given as its row."""
    e, o = history.emir, history.organisation
    inside = history.region["elite"] == state
    there = (e["alive"] == 1) & inside[e["region"]]
    own = there & (o["lineage"][e["organisation"]] == history.clock["focus"][0])
    log = history.log[: min(int(history.clock["logged"][0]), len(history.log))]
    grown = (log["kind"] == codes.NEW_KATIBA) & (log["region"] >= 0) & inside[log["region"]]
    # Founded during the run and no break from another: it arose by itself.
    arose = (o["born"] >= 0) & (o["origin"] == codes.FOUNDED) & (o["identity"] != 0) & inside[o["home"]]
    return Place(float(e["strength"][own].sum()), float(e["strength"][there].sum()), int(grown.sum()), int(arose.sum()))


def places(runs: Runs) -> Gate:
    """Scale the French interventions; take the collapse of a state away."""
    scenario = load_scenario("aqim")
    rows = {s.name: n for n, s in enumerate(scenario.states)}
    sizes = {x.label: x.magnitude for x in scenario.timeline}
    numbers: list[Number] = []
    strength: list[bool] = []
    place: list[bool] = []
    worlds = {k: Changed("aqim", {f"timeline.{x}.magnitude": k * sizes[x] for x in INTERVENTIONS}) for k in TIMES}
    present = {k: np.array([p.own for p in runs.read(w, partial(in_state, state=rows["Mali"]))]) for k, w in worlds.items()}
    for name in (*OUTCOMES, "strength in Mali at the end"):
        values = {k: runs.of(w)[name] if name in OUTCOMES else present[k] for k, w in worlds.items()}
        numbers += [mean(f"interventions × {k:g}: {name}", values[k]) for k in TIMES]
        change = mean(f"interventions × 4 minus × 0: {name}", values[4.0] - values[0.0])
        numbers.append(Number(change.words, change.value, change.low, change.high, "off 0", change.is_off_zero))
        (strength if name.startswith("strength_") else place).append(change.is_off_zero)
    drawn = []
    for state, label in COLLAPSES.items():
        row = rows[state]
        with_, without = (
            runs.read(Changed("aqim", {f"timeline.{label}.magnitude": k * sizes[label]}), partial(in_state, state=row)) for k in (1.0, 0.0)
        )
        grows = []
        for words, name in (
            ("katibas founded there", "katibas"),
            ("local groups that arise there", "organisations"),
            ("strength of all armed groups there at the end", "armed"),
            ("strength of the lineage there at the end", "own"),
        ):
            gaps = np.array([getattr(a, name) - getattr(b, name) for a, b in zip(with_, without, strict=True)])
            change = mean(f"{label}: {words}, with minus without", gaps)
            numbers.append(Number(change.words, change.value, change.low, change.high, "above 0", change.low > 0.0))
            grows.append(change.low > 0.0)
        # Growth on the spot: someone is founded there, katibas or groups.
        drawn.append(grows[0] or grows[1])
    met = any(strength) and any(place) and all(drawn)
    found = (
        f"intervention moves {sum(strength)} of {len(strength)} strengths and {sum(place)} of {len(place)} places; "
        f"growth on the spot after {sum(drawn)} of {len(drawn)} collapses"
    )
    says = "intervention × 0, 1, 4 moves strength and place; a collapsed state draws growth on the spot"
    return Gate("G4", says, decided(met), found, tuple(numbers))
