"""The dilemma at a glance (M3, Shapiro 2013): what a degree of control costs in agency loss, and what in exposure.

A frontier is drawn by holding control where it is put (the leadership does not re-choose it: ``control_rate`` 0) at several levels, each run
over the same replicates. Beside it stands the leadership's own choice, free to move, in the same world.

Three sliders change the world: how well the state is informed; how far the emirs' agenda, belief and reading of the field lie from their
leadership's, as a multiple of what the scenario says; how remote the regions are, again as a multiple.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.classroom.worlds import Wanted, always, draft, interval_of, run_worlds
from sim.scenario.schema import Scenario
from sim.scenario.timeline import month_count

SCENARIO = "dilemma-101"
SEED = 1
LEVELS = (0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
REPLICATES, OWN = 40, 120
"""Replicates of each level of control, and of the leadership's own choice."""

SLIDERS: dict[str, dict[str, Any]] = {
    "intelligence": {
        "label": "How well the state is informed",
        "term": "state intelligence, 0–1",
        "hint": "What its forces can learn from contacts and tips.",
        "low": 0.05, "high": 0.95, "step": 0.05, "default": 0.45,
    },
    "divergence": {
        "label": "How far the emirs want something else",
        "term": "preference divergence, × as in the scenario",
        "hint": "Distance of their agenda, belief and information from the leader’s: 0 they agree at the start, 2 twice as far apart.",
        "low": 0.0, "high": 2.0, "step": 0.1, "default": 1.0,
    },
    "remoteness": {
        "label": "How far away they are",
        "term": "remoteness, × as in the scenario",
        "hint": "Distance thins contact, and hides.",
        "low": 0.0, "high": 1.5, "step": 0.1, "default": 1.0,
    },
}  # fmt: skip
"""What can be moved: range, step and default (the scenario as it is written)."""

SHOWN = ("control", "agency_loss", "exposure", "root_survived", "fragmentations", "strength_end")


def changes_of(settings: Mapping[str, float]) -> dict[str, float]:
    """Return the changes to the scenario that the sliders stand for, by path.

    Args:
        settings: A value for each of :data:`SLIDERS`.
    """
    base = draft(SCENARIO).scenario()
    changes: dict[str, float] = {f"forces.{f.name}.intelligence": settings["intelligence"] for f in base.forces}
    if settings["remoteness"] != 1.0:
        changes |= {f"regions.{r.name}.remoteness": round(min(1.0, r.remoteness * settings["remoteness"]), 4) for r in base.regions}
    if settings["divergence"] != 1.0:
        for o in base.organisations:
            mine = [e for e in base.emirs if e.organisation == o.name]
            total = sum(e.strength for e in mine)
            # The leadership's line as the world is built: what its katibas stand for on average, and its rhetoric.
            line = {name: sum(e.strength * getattr(e, name) for e in mine) / total for name in ("agenda", "information")} | {"belief": o.rhetoric}
            for e in mine:
                for name, middle in line.items():
                    moved = middle + settings["divergence"] * (getattr(e, name) - middle)
                    changes[f"emirs.{e.name}.{name}"] = round(float(np.clip(moved, -1.0, 1.0)), 4)
    return changes


def worlds_of(settings: Mapping[str, float]) -> list[Scenario]:
    """Return the world in which the leadership chooses, the longest to run, and those with control held at each of :data:`LEVELS`."""
    changes: dict[str, Any] = changes_of(settings)
    held = [{**changes, "control_rate": 0.0, f"organisations.{_leader()}.control": level} for level in LEVELS]
    return [draft(SCENARIO).scenario(c) for c in [changes, *held]]


def _leader() -> str:
    return draft(SCENARIO).scenario().focus


def frontier(settings: Mapping[str, float], wanted: Wanted = always) -> dict[str, Any]:
    """Return the frontier and the leadership's own choice.

    Args:
        settings: A value for each of :data:`SLIDERS`.
        wanted: Asked between worlds whether the answer is still waited for.

    Returns:
        ``levels`` (control, shape 7), ``held`` and ``own``: for each of :data:`SHOWN` mean and 95 % interval, a row a level, or one. Agency
        loss is a share of effort; exposure the chance that a katiba is detected within a year, were it to run the mean monthly risk; survival
        that of the organisation itself; strength in fighter-equivalents.

    Raises:
        Stale: If the answer is not wanted any more.
    """
    worlds = worlds_of(settings)
    own, *held = run_worlds(worlds, SEED, [OWN] + [REPLICATES] * len(LEVELS), wanted)
    return {
        "settings": dict(settings),
        "months": month_count(worlds[0]),
        "levels": list(LEVELS),
        "replicates": REPLICATES,
        "own_replicates": OWN,
        "held": {name: [_told(name, runs) for runs in held] for name in SHOWN},
        "own": {name: _told(name, own) for name in SHOWN},
    }


def _told(name: str, runs: np.ndarray[Any, Any]) -> list[float]:
    if name == "exposure":
        # A monthly rate says little to a class: the chance of a year does.
        return [round(x, 5) for x in interval_of(name, 1.0 - (1.0 - np.minimum(runs["detection_rate"], 1.0)) ** 12)]
    return [round(x, 5) for x in interval_of(name, runs[name])]
