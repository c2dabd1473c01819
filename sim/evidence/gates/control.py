"""G6: under fixed control survival and strength fall on both sides of an optimum that moves with state intelligence; survival spans the sliders.

The best level is chosen on one half of the replicates and the falls are tested on the other, so that choosing does not make a fall.
Zero contact is degenerate (nobody is led); the loose side is the lowest level above it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np

from sim.evidence.contrasts import World
from sim.evidence.gates.gate import Gate, Number, decided, mean, share
from sim.evidence.gates.runs import Runs
from sim.scenario.load import load_scenario

SCENARIO = "dilemma-101"
LEVELS = tuple(k / 8 for k in range(9))
LOOSE, TIGHT = 1, 8
"""Places of the two sides among the levels."""
INTELLIGENCE = (0.25, 0.45, 0.7)
TESTED = 0.45
SLIDERS: dict[str, tuple[float, ...]] = {"intelligence": (0.05, 0.25, 0.45, 0.7, 0.95), "divergence": (0.0, 1.0, 2.0), "remoteness": (0.0, 1.0, 1.5)}
"""The classroom page's sliders from end to end: state intelligence; distance of the emirs from their leader, and remoteness, × as written."""
SPAN = (0.3, 0.8)
MEASURES = ("root_survived", "strength_mean")


def slid(intelligence: float = TESTED, divergence: float = 1.0, remoteness: float = 1.0) -> dict[str, Any]:
    """Return the changes that the page's sliders stand for.

    Args:
        intelligence: State intelligence.
        divergence: Distance of the emirs' agendas, beliefs and readings of the field from the leadership's, × as the scenario has it.
        remoteness: Remoteness of every region, × as the scenario has it.
    """
    base = load_scenario(SCENARIO)
    changes: dict[str, Any] = {f"forces.{f.name}.intelligence": intelligence for f in base.forces}
    changes |= {f"regions.{r.name}.remoteness": min(1.0, r.remoteness * remoteness) for r in base.regions}
    for o in base.organisations:
        mine = [e for e in base.emirs if e.organisation == o.name]
        total = sum(e.strength for e in mine)
        line = {name: sum(e.strength * getattr(e, name) for e in mine) / total for name in ("agenda", "information")} | {"belief": o.rhetoric}
        for e in mine:
            for name, middle in line.items():
                changes[f"emirs.{e.name}.{name}"] = float(np.clip(middle + divergence * (getattr(e, name) - middle), -1.0, 1.0))
    return changes


def held(level: float, changes: Mapping[str, Any]) -> World:
    """Return the world in which the leader keeps to one level of control."""
    focus = load_scenario(SCENARIO).focus
    return World(SCENARIO, {**changes, "search_step": 0.0, f"organisations.{focus}.control": level})


def best(values: np.ndarray[Any, Any]) -> int:
    """Return the place of the level with the highest mean, from values of shape (levels, replicates); of contact, so not the lowest of all."""
    return LOOSE + int(np.argmax(values[LOOSE:].mean(axis=1)))


def falls(name: str, values: np.ndarray[Any, Any]) -> tuple[int, list[Number]]:
    """Choose the best level on the even replicates; return it, and the fall to either side on the odd ones.

    Args:
        name: Of the outcome.
        values: Shape (levels, replicates).
    """
    chosen, tested = values[:, 0::2], values[:, 1::2]
    top = best(chosen)
    numbers = []
    for words, side in (("loose", LOOSE), ("tight", TIGHT)):
        fall = mean(f"{name}: fall from the best level ({LEVELS[top]:g}) to the {words} side ({LEVELS[side]:g})", tested[top] - tested[side])
        numbers.append(Number(fall.words, fall.value, fall.low, fall.high, "above 0", fall.low > 0.0))
    return top, numbers


def control(runs: Runs) -> Gate:
    """Hold control fixed at nine levels, under three states of information; let the leader search under all that the sliders allow."""
    numbers: list[Number] = []
    tops: dict[float, int] = {}
    both = []
    for intelligence in INTELLIGENCE:
        tables = [runs.of(held(level, slid(intelligence))) for level in LEVELS]
        for level, table in zip(LEVELS, tables, strict=True):
            where = f"intelligence {intelligence:g}, control {level:g}"
            numbers.append(share(f"{where}: the organisation survives", table["root_survived"]))
            numbers.append(mean(f"{where}: its mean strength", table["strength_mean"]))
        for name in MEASURES:
            top, sides = falls(f"intelligence {intelligence:g}, {name}", np.array([t[name] for t in tables]))
            if name == "strength_mean":
                tops[intelligence] = top
            if intelligence == TESTED:
                both += sides
                numbers += sides
            else:
                numbers += [Number(n.words, n.value, n.low, n.high) for n in sides]
    moves = LEVELS[tops[INTELLIGENCE[-1]]] < LEVELS[tops[INTELLIGENCE[0]]]
    ends: list[Number] = []
    for values in product(*SLIDERS.values()):
        at = dict(zip(SLIDERS, values, strict=True))
        words = ", ".join(f"{name} {x:g}" for name, x in at.items())
        ends.append(share(f"the organisation survives ten years at {words}", runs.of(World(SCENARIO, slid(**at)))["root_survived"]))
    least, most = min(ends, key=lambda n: n.value), max(ends, key=lambda n: n.value)
    numbers.append(Number(f"least: {least.words}", least.value, least.low, least.high, f"at most {SPAN[0]:g}", least.value <= SPAN[0]))
    numbers.append(Number(f"most: {most.words}", most.value, most.low, most.high, f"at least {SPAN[1]:g}", most.value >= SPAN[1]))
    numbers += ends
    spans = least.value <= SPAN[0] and most.value >= SPAN[1]
    best_at = ", ".join(f"{LEVELS[tops[i]]:g} at intelligence {i:g}" for i in INTELLIGENCE)
    fallen = sum(bool(n.met) for n in both)
    found = f"strength is best at {best_at}; {fallen} of {len(both)} falls at {TESTED:g}; survival {least.value:.2f} to {most.value:.2f}"
    met = all(n.met for n in both) and moves and spans
    says = "survival and strength under fixed control fall on both sides of an optimum, lower where the state is informed; survival spans 0.3–0.8"
    return Gate("G6", says, decided(met), found, tuple(numbers))
