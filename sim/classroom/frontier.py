"""The dilemma at a glance (M3, Shapiro 2013): what a degree of control, held fixed, comes to against the leader's own search.

Control is held where it is put (the leadership does not search: ``search_step`` 0) at several levels, each run over the same replicates as the
leadership that searches by trial and result in the same world. What is told are paired differences from that search, so that what chance does to
both falls out. No rule knows the best control: whether there is one between the ends, where it lies and how near a searching leadership comes to
it are read from the runs.

An answer comes in parts: the first is quick enough to follow a slider that is dragged, the others add replicates while it rests, so that intervals
narrow before the class's eyes.

Three sliders change the world: how well the state is informed; how far the emirs want something else, as a multiple of how far their agenda, belief
and reading of the field lie from their leadership's at the start, and of what that weighs with them (``temptation``: where they stand at the start is
soon overlaid by what they find in their regions); how remote the regions are, again as a multiple.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
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
LEVELS = (0.03125, 0.0625, 0.125, 0.25, 0.375, 0.5, 0.75, 1.0)
"""Levels at which control is held, closer where it is loose: there a meeting more is a large share of all."""

PARTS = (24, 96, 400)
"""Replicates of each world after each part of an answer: enough to follow a slider, to point to the best level, to tell it from its neighbours."""

STRENGTH_AXIS, SURVIVAL_AXIS = (-0.28, 0.18), (-0.45, 0.55)
"""Ends of the picture's axes, which never move and hold the lines of every position of the sliders: strength as shares of what there was at
first, survival in histories of one."""

KEPT = 64
"""Positions of the sliders whose runs are remembered."""

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


class _Runs:
    """Runs of the worlds at each position of the sliders, as far as they have come: what one page has asked the next need not wait for."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[float, ...], list[list[np.ndarray[Any, Any]]]] = OrderedDict()
        self._lock = threading.Lock()

    def up_to(self, settings: Mapping[str, float], part: int, wanted: Wanted) -> list[np.ndarray[Any, Any]]:
        """Return the runs of each world up to a part, the leadership's own choice first."""
        key = tuple(settings[name] for name in SLIDERS)
        with self._lock:
            parts = list(self._kept.get(key, ()))
        worlds = worlds_of(settings) if len(parts) <= part else []
        while len(parts) <= part:
            first = PARTS[len(parts) - 1] if parts else 0
            parts.append(run_worlds(worlds, SEED, PARTS[len(parts)] - first, wanted, first))
        with self._lock:
            if len(parts) > len(self._kept.get(key, ())):
                self._kept[key] = parts
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return [np.concatenate(runs) for runs in zip(*parts[: part + 1], strict=True)]


_runs = _Runs()


def frontier(settings: Mapping[str, float], part: int = len(PARTS) - 1, wanted: Wanted = always) -> dict[str, Any]:
    """Return what each level of control held fixed comes to, against the leadership's own search.

    Args:
        settings: A value for each of :data:`SLIDERS`.
        part: Up to which of :data:`PARTS` to run.
        wanted: Asked between worlds whether the answer is still waited for.

    Returns:
        ``levels`` (control, shape 8) and ``meetings`` (a month with an emir next door, shape 8); ``strength`` (mean over all months in
        fighter-equivalents, 0 once the organisation is gone) and ``survival`` (of the organisation itself): by level mean and 95 % interval of the
        paired differences from the leadership that searches; ``loss`` (share of effort that serves the emirs' own ends) and ``exposure`` (chance
        that a katiba is raided within a year, were it to run the mean monthly risk) by level; all of them of the search itself in ``own``, with
        the ``control`` it keeps; ``axes`` of the picture in the units of strength and survival; ``best``, see :func:`best_of`; ``replicates`` of each
        world, ``part`` and ``parts``.

    Raises:
        Stale: If the answer is not wanted any more.
    """
    own, *held = _runs.up_to(settings, part, wanted)
    base = draft(SCENARIO).scenario()
    begun = sum(e.strength for e in base.emirs if e.organisation == base.focus)

    def against(name: str) -> list[list[float]]:
        return [_rounded(mean(runs[name].astype(float) - own[name])) for runs in held]

    return {
        "settings": dict(settings),
        "months": month_count(base),
        "levels": list(LEVELS),
        "meetings": [round(level * resolved_parameters(base)["meetings"], 4) for level in LEVELS],
        "replicates": PARTS[part],
        "part": part,
        "parts": len(PARTS),
        "strength": against("root_strength_mean"),
        "survival": against("root_survived"),
        "loss": [_told("agency_loss", runs) for runs in held],
        "exposure": [_told("exposure", runs) for runs in held],
        "own": {name: _told(column, own) for name, column in OWN.items()},
        "axes": {"strength": [round(begun * end, 2) for end in STRENGTH_AXIS], "survival": list(SURVIVAL_AXIS)},
        "best": best_of([runs["root_strength_mean"] for runs in held]),
    }


OWN = {
    "control": "control", "strength": "root_strength_mean", "survival": "root_survived", "loss": "agency_loss", "exposure": "exposure",
    "fragmentations": "fragmentations",
}  # fmt: skip
"""What is told of the search itself, and from which outcome."""


def best_of(held: Sequence[np.ndarray[Any, Any]]) -> dict[str, Any]:
    """Return at which level most is left, which levels cannot be told from it, and whether less is left at both ends.

    Args:
        held: Mean strength by level, each of shape (replicates,), paired.

    Returns:
        ``level``; ``alike``, levels whose paired difference from it has an interval that holds nought, itself among them; ``ends``, the paired
        differences of the loosest and the tightest from it, with 95 % intervals; ``interior``, whether both of these lie wholly below nought. The
        best is chosen on the runs that tell the differences, so these lean a little in its favour.
    """
    top = max(range(len(held)), key=lambda k: float(held[k].mean()))
    gaps = [mean(runs - held[top]) for runs in held]
    return {
        "level": LEVELS[top],
        "alike": [level for level, (_, _, high) in zip(LEVELS, gaps, strict=True) if high >= 0.0],
        "ends": [_rounded(gaps[0]), _rounded(gaps[-1])],
        "interior": gaps[0][2] < 0.0 and gaps[-1][2] < 0.0,
    }


def _rounded(row: Sequence[float]) -> list[float]:
    return [round(float(x), 5) for x in row]


def _told(name: str, runs: np.ndarray[Any, Any]) -> list[float]:
    if name == "exposure":
        # Raids a month say little to a class: the chance of one within a year does (they are Poisson).
        return _rounded(interval_of(name, 1.0 - np.exp(-12.0 * runs["detection_rate"])))
    return _rounded(interval_of(name, runs[name]))
