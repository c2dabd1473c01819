"""What if over a hundred pairs: how often a history would have gone otherwise, and which events matter.

A pair is a history with an event and the same history without it, or with it at another time, under the same draws. One pair is one roll of the
dice; over a hundred one can say in how many the group would not have split.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from sim.classroom.twin import change_of, named
from sim.classroom.worlds import Wanted, always, draft, mean, run_worlds
from sim.scenario.schema import Scenario
from sim.world.outcomes import OUTCOMES

SEED, PAIRS, QUICK = 1, 100, 25
"""Seed of all pairs; how many answer a question, and how many put events in order."""

TOLD: tuple[tuple[str, str, str, str], ...] = (
    ("fragmentations", "How often the group breaks", "the group would have broken more often", "the group would have broken less often"),
    ("root_months", "How long the organisation stands", "the organisation would have stood longer", "the organisation would have ended sooner"),
    ("strength_end", "What is left of the group at the end", "more of the group would be left", "less of the group would be left"),
    ("attacks", "Attacks by all groups", "there would have been more attacks", "there would have been fewer attacks"),
    ("severity", "Deaths in all attacks", "more people would have died", "fewer people would have died"),
    ("alliances_made", "Alliances made", "more alliances would have been made", "fewer alliances would have been made"),
)
"""Outcomes told: name, words, and what to say of pairs in which there is more of it and less."""

SAME = 1e-9


def _changed(scenario: str, index: int, shift: int | None) -> Scenario:
    """Return the scenario with an event taken out or moved. Raises as :func:`sim.classroom.twin.change_of` does."""
    path, _, value = change_of(scenario, index, shift).partition("=")
    return draft(scenario).scenario({path: float(value) if shift is None else value})


@functools.lru_cache(maxsize=16)
def _written(scenario: str, count: int) -> np.ndarray[Any, Any]:
    return run_worlds([draft(scenario).scenario()], SEED, count)[0]


def pairs(scenario: str, index: int, shift: int | None, wanted: Wanted = always) -> dict[str, Any]:
    """Return what a hundred pairs say of an event taken out or moved.

    Args:
        scenario: Shipped name or path.
        index: Number of the entry in the timeline.
        shift: Months to move it by, or None to take it out.
        wanted: Asked between worlds whether the answer is still waited for.

    Returns:
        ``pairs`` (how many) and ``changed`` (in how many any outcome differs); ``outcomes``: for each of :data:`TOLD` name, words, unit,
        ``before`` (mean), ``difference`` (paired mean with its 95 % interval), ``more`` and ``less`` (pairs in which there is more and less of it)
        with ``more_words`` and ``less_words``, ``least`` (width that an axis should not go below); ``moved``, in how many the mean strength of the
        lineage changes; ``typical``, the pair shown first: the replicate whose change of it is the middle-sized of these, so that there is something
        to be seen; where it changes in none, the first that differs in anything, or 0.

    Raises:
        ValueError: See :func:`sim.classroom.twin.change_of`.
        Stale: If the answer is not wanted any more.
    """
    (after,) = run_worlds([_changed(scenario, index, shift)], SEED, PAIRS, wanted)
    before = _written(scenario, PAIRS)
    units = {name: unit for name, unit, _ in OUTCOMES}
    outcomes = []
    for name, words, more, less in TOLD:
        difference = after[name].astype(float) - before[name]
        outcomes.append(
            {
                "name": name, "words": words, "unit": units[name], "before": float(before[name].mean()), "difference": mean(difference),
                "more": int((difference > SAME).sum()), "less": int((difference < -SAME).sum()), "more_words": more, "less_words": less,
                "least": max(0.25 * abs(float(before[name].mean())), 1e-6),
            }
        )  # fmt: skip
    differs = _differs(before, after)
    change = np.abs(after["strength_mean"].astype(float) - before["strength_mean"])
    moved = np.flatnonzero(change > SAME)
    middle = moved[np.argsort(change[moved], kind="stable")][len(moved) // 2 :]
    return {
        "pairs": PAIRS,
        "changed": int(differs.sum()),
        "moved": len(moved),
        "outcomes": outcomes,
        "typical": int(next(iter([*middle, *np.flatnonzero(differs)]), 0)),
    }


def _differs(before: np.ndarray[Any, Any], after: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return in which pairs any outcome differs, shape (pairs,)."""
    return np.array([one.tobytes() != other.tobytes() for one, other in zip(before, after, strict=True)])


@functools.lru_cache(maxsize=16)
def weights(scenario: str) -> dict[str, Any]:
    """Return how much each event of a timeline matters, the weightiest first.

    Args:
        scenario: Shipped name or path.

    Returns:
        ``pairs`` (how many each was tried on); ``events``: for each its ``index``, ``weight`` (the largest change that taking it out makes to the
        mean of an outcome of :data:`TOLD`, in standard deviations of that outcome between histories), ``outcome`` (the words of that outcome),
        ``more`` (whether there is more of it without the event), ``told`` (whether its 95 % interval lies off nought) and ``changed`` (pairs in
        which any outcome differs).
    """
    loaded = draft(scenario).scenario()
    before = _written(scenario, QUICK)
    found = []
    runs = run_worlds([_changed(scenario, index, None) for index in range(len(loaded.timeline))], SEED, QUICK)
    for index, (entry, after) in enumerate(zip(loaded.timeline, runs, strict=True)):
        effects = []
        for name, words, _, _ in TOLD:
            spread = float(before[name].astype(float).std())
            middle, low, high = mean(after[name].astype(float) - before[name])
            effects.append((abs(middle) / spread if spread > 0.0 else 0.0, words, middle > 0.0, low > 0.0 or high < 0.0))
        weight, words, more, told = max(effects, key=lambda e: (e[3], e[0]))
        found.append(
            {
                "index": index, "label": named(entry), "weight": round(weight, 4), "outcome": words, "more": more, "told": told,
                "changed": int(_differs(before, after).sum()),
            }
        )  # fmt: skip
    return {"pairs": QUICK, "events": sorted(found, key=lambda e: (not e["told"], e["changed"] == 0, -e["weight"]))}
