"""Where the rulebook's fitted defaults come from: levels of group life courses and one dated history to 2010, never anything later.

The misfit of a set of parameters is a mean of squared distances, each in units of what the figure may be off:

    levels      hazards by age, roads to an end, share born as splinters (:mod:`sim.evidence.levels`), in a population that founds itself
    history     `aqim` to the end of 2010: strength in 2004 and 2009, attacks in 2010 over those of 2006-07, share of attacks outside, deaths in
                the year that saw the fewest, groups of the map that a data set would notice, and how often the organisation still stands

Search is an evolution strategy on the unit cube of the ranges below (Rechenberg 1973), its draws seeded, its tables the same bytes on every machine:
it sorts and averages, and no matrix is factored. It finds *a* set that fits; how many do is what a posterior is for. ``python -m sim.evidence.fit``
repeats it.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sim.evidence.levels import OBSERVED, levels
from sim.evidence.trajectory import trajectories, years_of
from sim.scenario.load import Draft
from sim.scenario.parameters import PARAMETERS
from sim.study.work import warm

RANGES: dict[str, tuple[float, float, bool]] = {
    "recruitment": (0.3, 1.2, True),
    "recruitable": (1.5, 20.0, True),
    "stranger_reach": (0.02, 0.5, True),
    "outsiders": (0.0005, 0.01, True),
    "home_rate": (0.008, 0.03, True),
    "gloom": (0.5, 4.0, False),
    "gloom_loss": (0.2, 1.5, False),
    "gloom_silence": (0.1, 0.8, False),
    "dispersal": (0.4, 4.0, True),
    "founding_rate": (0.002, 0.03, True),
    "founding_size": (5.0, 20.0, True),
    "katiba_hazard": (0.002, 0.05, True),
    "exit_hazard": (0.002, 0.08, True),
    "arrive": (0.15, 1.0, False),
    "follow_slope": (0.5, 4.0, False),
    "crowd_push": (0.1, 1.0, False),
    "strike_rate": (0.006, 0.05, True),
    "detection": (0.005, 0.2, True),
    "office_growth": (0.004, 0.05, True),
    "office_inherited": (0.2, 1.0, False),
    "leader_home": (0.05, 0.5, False),
    "look_rate": (0.005, 0.1, True),
    "offer_weight": (0.5, 100.0, True),
    "trust_floor": (0.1, 0.8, False),
    "merger_hazard": (0.002, 0.1, True),
    "return_hazard": (0.002, 0.1, True),
    "handful": (2.0, 15.0, True),
    "move_sharpness": (10.0, 200.0, True),
    "infighting_hazard": (0.005, 0.1, True),
    "weary_gain": (0.1, 5.0, True),
    "move_rate": (0.005, 0.2, True),
    "brand_recruits": (0.5, 8.0, True),
    "joining_hazard": (0.5, 20.0, True),
    "attack_signal": (1.0, 30.0, True),
    "raid_size": (3.0, 60.0, True),
    "posture_slope": (0.5, 6.0, True),
}
"""Lowest and highest value, and whether distances are in the logarithm: what is fitted.

The highest ``recruitment`` is one at which a middling group could double within a year and not within a season; left free, the fit prefers groups
that fill a small pool at once (R0 above 30), whose survival follows from one line again. The lowest ``home_rate`` is one at which a tenth of those
whom nothing holds have left after a year.
"""

OUTSIDE = {2004: 0.0, 2007: 0.01, 2008: 0.10, 2009: 0.28, 2010: 0.24}
"""Share of the family's attacks outside Algeria by year (Global Terrorism Database, as FACTS gives them)."""
STRENGTH = {2004: (500.0, 1000.0), 2009: (300.0, 800.0)}
JOINED = (2005, 2008)
NOTICED = (2.0, 6.0)
"""Groups of the map that reach twenty-five deaths in a year by 2010: GIA and GSPC/AQIM (UCDP), and up to four rebellions in Mali and Niger (L)."""
SETTINGS, REPLICATES = 60, 30
FRESH = range(1001, 1006)
"""Seeds under which what was found is judged."""
FIRST_STEP, SHRINK, LAST_STEP = 0.12, 0.96, 0.03
"""How far proposals lie from where the search stands, in the unit cube."""


def at(point: np.ndarray[tuple[int], np.dtype[np.float64]]) -> dict[str, float]:
    """Return the parameters at a point of the unit cube, rounded to four digits so that a page can print them."""
    found = {}
    for x, (name, (low, high, logarithmic)) in zip(point.tolist(), RANGES.items(), strict=True):
        value = low * (high / low) ** x if logarithmic else low + x * (high - low)
        found[name] = float(f"{value:.4g}")
    return found


def place(values: Mapping[str, float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the point of the unit cube at which parameters lie; the inverse of :func:`at`."""
    point = []
    for name, (low, high, logarithmic) in RANGES.items():
        x = values[name]
        point.append(math.log(x / low) / math.log(high / low) if logarithmic else (x - low) / (high - low))
    return np.clip(np.array(point), 0.0, 1.0)


def misfit(changes: Mapping[str, float], seed: int = 0, settings: int = SETTINGS, replicates: int = REPLICATES) -> tuple[float, dict[str, float]]:
    """Return the misfit of a set of parameters, and each squared distance by name.

    Args:
        changes: Parameters that differ from their defaults.
        seed: Seed of settings and runs.
        settings: Settings of the population.
        replicates: Histories of `aqim`.
    """
    parts: dict[str, float] = {}
    for name, value in levels(changes, settings, seed).items():
        low, high = OBSERVED[name]
        if name.startswith("survival"):
            continue
        middle = 0.5 * (low + high)
        if name.startswith("hazard"):
            parts[name] = (math.log(max(value, 1e-3) / middle) / 0.25) ** 2 if value == value else 25.0
        else:
            parts[name] = ((value - middle) / 0.06) ** 2 if value == value else 25.0
    parts |= _history(changes, seed, replicates)
    # A distance of five units is as bad as any.
    return float(np.mean([min(x, 25.0) for x in parts.values()])), parts


def _history(changes: Mapping[str, float], seed: int, replicates: int) -> dict[str, float]:
    scenario = Draft("aqim").scenario(dict(changes))
    years = years_of(scenario)
    y = trajectories(scenario, seed, range(replicates), 2010)
    column = {year: k for k, year in enumerate(years)}
    stands = y["strength"][:, column[2010]] > 0.0
    parts = {"stands in 2010": (2.0 * math.log(max(stands.mean(), 0.02))) ** 2}
    if stands.sum() < 3:
        return parts | {name: 25.0 for name in ("strength 2004", "strength 2009", "decline", "deaths", "outside", "groups noticed", "joined")}
    for year, (low, high) in STRENGTH.items():
        x = float(np.median(y["strength"][stands, column[year]]))
        off = max(0.0, math.log(low / max(x, 1.0)), math.log(x / high))
        parts[f"strength {year}"] = (off / 0.2) ** 2
    attacks, outside, deaths = (np.diff(y[name][stands], axis=1, prepend=0.0) for name in ("attacks", "attacks_outside", "deaths"))
    mean = attacks.mean(axis=0)
    peak = 0.5 * (mean[column[2006]] + mean[column[2007]])
    parts["decline"] = (max(0.0, math.log(max(mean[column[2010]], 0.1) / max(0.25 * peak, 0.1))) / 0.5) ** 2
    least = deaths[:, column[1999] : column[2010] + 1].min(axis=1)
    parts["deaths"] = (max(0.0, math.log(25.0 / max(float(np.median(least)), 1.0))) / 0.5) ** 2
    share = [outside[:, column[year]].sum() / max(attacks[:, column[year]].sum(), 1.0) - x for year, x in OUTSIDE.items()]
    parts["outside"] = float(np.mean((np.array(share) / 0.1) ** 2))
    off = float(np.median(y["noticed"][stands, column[2010]]))
    parts["groups noticed"] = (max(0.0, math.log(NOTICED[0] / max(off, 0.5)), math.log(max(off, 0.5) / NOTICED[1])) / 0.3) ** 2
    joined = y["joined"][:, column[JOINED[1]]] - y["joined"][:, column[JOINED[0] - 1]]
    parts["joined"] = (2.0 * math.log(max(float(joined.mean()), 0.02))) ** 2 / 4.0
    return parts


def search(generations: int, brood: int = 14, parents: int = 4, seed: int = 1, threads: int = 2) -> dict[str, float]:
    """Return the set of parameters to which the search settled; progress goes to standard error.

    Every generation meets other settings and other chances, the same for all its sets: what is good under one seed only does not last. What is
    returned is therefore no best of all, but the mean of where the search stood in its last third.

    Args:
        generations: Generations.
        brood: Sets tried in each.
        parents: Best of them whose mean the next is drawn around.
        seed: Seed of the proposals.
        threads: Threads; the result does not depend on it.
    """
    warm()
    rng = np.random.default_rng(seed)
    middle = place({name: PARAMETERS[name].default for name in RANGES})
    step, stood = FIRST_STEP, []
    with ThreadPoolExecutor(threads) as pool:
        for generation in range(generations):
            points = np.clip(middle + step * rng.standard_normal((brood, len(RANGES))), 0.0, 1.0)
            points[0] = middle
            found = list(pool.map(lambda point, chance=generation: misfit(at(point), seed=chance)[0], points))
            order = np.argsort(found, kind="stable")
            middle = points[order[:parents]].mean(axis=0)
            stood.append(middle)
            step = max(LAST_STEP, SHRINK * step)
            settled = at(np.mean(stood[-max(1, len(stood) // 3) :], axis=0))
            print(json.dumps(settled), file=sys.stderr)
            print(
                f"generation {generation + 1} of {generations}: best {found[order[0]]:.3f}, where it stood {found[0]:.3f}, step {step:.3f}",
                file=sys.stderr,
                flush=True,
            )
    return settled


def main() -> None:
    """Search, and print what was found: its misfit under seeds that the search did not meet, and each distance, their mean."""
    parser = argparse.ArgumentParser(prog="python -m sim.evidence.fit", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("generations", nargs="?", type=int, default=60, metavar="GENERATIONS", help="how many to search; 60 where absent")
    given = parser.parse_args()
    if given.generations < 1:
        parser.error(f"argument GENERATIONS: at least 1 is wanted, not {given.generations}")
    values = search(given.generations)
    found = [misfit(values, seed=seed) for seed in FRESH]
    parts = {name: float(np.mean([part[name] for _, part in found])) for name in found[0][1]}
    print(json.dumps({"misfit": [loss for loss, _ in found], "parameters": values, "squared distances": parts}, indent=1))


if __name__ == "__main__":
    main()
