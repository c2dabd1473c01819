"""The dilemma at a glance (M3, Shapiro 2013): what a degree of control costs on either side, and what it comes to.

A frontier is drawn by holding control where it is put (the leadership does not search: ``search_step`` 0) at several levels, each run over the
same replicates. Beside it stands the leadership that searches by trial and result, free to move, in the same world. No rule knows the best
control: whether there is one between the ends, where it lies and how near a searching leadership comes to it are read from the runs.

Three sliders change the world: how well the state is informed; how far the emirs want something else, as a multiple of how far their agenda, belief
and reading of the field lie from their leadership's at the start, and of what that weighs with them (``temptation``: where they stand at the start is
soon overlaid by what they find in their regions); how remote the regions are, again as a multiple.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.classroom.worlds import Wanted, always, draft, interval_of, mean, run_worlds
from sim.scenario.load import resolved_parameters
from sim.scenario.parameters import PARAMETERS
from sim.scenario.schema import Scenario
from sim.scenario.timeline import month_count

SCENARIO = "dilemma-101"
SEED = 1
LEVELS = (0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0)
"""Levels at which control is held; with none at all a leadership would lead nobody, so the loosest is an eighth."""

REPLICATES, OWN = 40, 80
"""Replicates of each level of control, and of the leadership's own choice."""

SLIDERS: dict[str, dict[str, Any]] = {
    "intelligence": {
        "label": "How well the state is informed",
        "term": "state intelligence, 0–1",
        "hint": "What its forces can learn from meetings, attacks and tips.",
        "low": 0.05, "high": 0.95, "step": 0.05, "default": 0.45,
    },
    "divergence": {
        "label": "How far the emirs want something else",
        "term": "preference divergence, × as in the scenario",
        "hint": "How far agenda, belief and news part them from the leader, and what that weighs: 0 nothing, 1.5 half as much again.",
        "low": 0.0, "high": 1.5, "step": 0.1, "default": 1.0,
    },
    "remoteness": {
        "label": "How far away they are",
        "term": "remoteness, × as in the scenario",
        "hint": "Distance thins contact, and hides.",
        "low": 0.0, "high": 1.5, "step": 0.1, "default": 1.0,
    },
}  # fmt: skip
"""What can be moved: range, step and default (the scenario as it is written)."""

SHOWN = ("control", "agency_loss", "exposure", "root_survived", "root_strength_mean", "fragmentations")


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
        weight = resolved_parameters(base)["temptation"] * settings["divergence"]
        changes["temptation"] = round(min(weight, PARAMETERS["temptation"].high), 4)
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
    held = [{**changes, "search_step": 0.0, f"organisations.{_leader()}.control": level} for level in LEVELS]
    return [draft(SCENARIO).scenario(c) for c in [changes, *held]]


def _leader() -> str:
    return draft(SCENARIO).scenario().focus


def frontier(settings: Mapping[str, float], wanted: Wanted = always) -> dict[str, Any]:
    """Return the frontier and the leadership's own choice.

    Args:
        settings: A value for each of :data:`SLIDERS`.
        wanted: Asked between worlds whether the answer is still waited for.

    Returns:
        ``levels`` (control, shape 8), ``held`` and ``own``: for each of :data:`SHOWN` mean and 95 % interval, a row a level, or one. Agency
        loss is a share of effort; exposure the chance that a katiba is raided within a year, were it to run the mean monthly risk; survival
        that of the organisation itself, strength its mean over all months in fighter-equivalents, 0 once it is gone. ``start_strength`` is what
        it began with; ``best`` where most is left of it (see :func:`best_of`).

    Raises:
        Stale: If the answer is not wanted any more.
    """
    worlds = worlds_of(settings)
    own, *held = run_worlds(worlds, SEED, [OWN] + [REPLICATES] * len(LEVELS), wanted)
    focus = worlds[0].focus
    return {
        "settings": dict(settings),
        "months": month_count(worlds[0]),
        "levels": list(LEVELS),
        "replicates": REPLICATES,
        "own_replicates": OWN,
        "held": {name: [_told(name, runs) for runs in held] for name in SHOWN},
        "own": {name: _told(name, own) for name in SHOWN},
        "start_strength": sum(e.strength for e in worlds[0].emirs if e.organisation == focus),
        "best": best_of([runs["root_strength_mean"] for runs in held], own["root_strength_mean"]),
    }


def best_of(held: Sequence[np.ndarray[Any, Any]], own: np.ndarray[Any, Any]) -> dict[str, Any]:
    """Return at which level most is left, which levels cannot be told from it, and what the leadership's own choice keeps against it.

    Args:
        held: Mean strength by level, each of shape (replicates,), paired.
        own: That of the leadership's own choice, of at least as many replicates.

    Returns:
        ``level``; ``alike``, levels whose paired difference from it has an interval that holds nought, itself among them; ``own``, the paired
        difference of the leadership's own choice from it, with its 95 % interval. The best is chosen on the runs that tell the differences, so
        these lean a little in its favour.
    """
    top = max(range(len(held)), key=lambda k: float(held[k].mean()))
    gaps = [mean(runs - held[top]) for runs in held]
    return {
        "level": LEVELS[top],
        "alike": [level for level, (_, _, high) in zip(LEVELS, gaps, strict=True) if high >= 0.0],
        "own": [round(x, 5) for x in mean(own[: len(held[top])] - held[top])],
    }


def _told(name: str, runs: np.ndarray[Any, Any]) -> list[float]:
    if name == "exposure":
        # Raids a month say little to a class: the chance of one within a year does (they are Poisson).
        return [round(x, 5) for x in interval_of(name, 1.0 - np.exp(-12.0 * runs["detection_rate"]))]
    return [round(x, 5) for x in interval_of(name, runs[name])]
