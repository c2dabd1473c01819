"""G5: the dated turns of ``aqim``: fragmentations of four kinds in their years, and a brand joined in time."""

from __future__ import annotations

import numpy as np

from sim.evidence.contrasts import World as Changed
from sim.evidence.gates.gate import Gate, decided, share
from sim.evidence.gates.runs import Runs
from sim.scenario.load import load_scenario
from sim.scenario.timeline import month_index
from sim.world import codes
from sim.world.world import World

TURNS: dict[str, tuple[int, int, int]] = {
    "departure": (codes.DEPARTURE, 2005, 2007),
    "splinter": (codes.SPLINTER, 2010, 2012),
    "autonomy": (codes.AUTONOMY, 2012, 2013),
    "pledge": (codes.PLEDGE, 2014, 2015),
}
"""Kind of event, first and last year (FACTS, dated history)."""
BRAND = (2005, 2008)
WANTED_TWO, WANTED_BRAND = 0.5, 0.4


def months_of_kind(history: World, kind: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the months of the events of a kind in the followed lineage."""
    log = history.log[: min(int(history.clock["logged"][0]), len(history.log))]
    o = history.organisation
    mine = o["identity"][(o["identity"] != 0) & (o["lineage"] == history.clock["focus"][0])]
    found: np.ndarray[tuple[int], np.dtype[np.int64]] = log["month"][(log["kind"] == kind) & np.isin(log["organisation"], mine)]
    return found


def turns(runs: Runs) -> Gate:
    """Count the turns in their years, history by history."""
    scenario = load_scenario("aqim")

    def within(first: int, last: int) -> tuple[int, int]:
        return month_index(scenario, f"{first}-01"), month_index(scenario, f"{last + 1}-01")

    spans = {name: (kind, *within(first, last)) for name, (kind, first, last) in TURNS.items()}
    joining = within(*BRAND)

    def reading(history: World) -> list[bool]:
        dated = []
        for kind, first, end in spans.values():
            months = months_of_kind(history, kind)
            dated.append(bool(((months >= first) & (months < end)).any()))
        joined = float(history.measure["brand_joined"][0])
        return [*dated, joining[0] <= joined < joining[1]]

    table = np.array(runs.read(Changed("aqim"), reading))
    count = table[:, :-1].sum(axis=1)
    two, brand = float((count >= 2).mean()), float(table[:, -1].mean())
    numbers = [
        share("two or more of the four kinds in their years", count >= 2, f"at least {WANTED_TWO:g}", two >= WANTED_TWO),
        share(f"brand joined {BRAND[0]}–{BRAND[1]}", table[:, -1], f"at least {WANTED_BRAND:g}", brand >= WANTED_BRAND),
        *(share(f"{name} {TURNS[name][1]}–{TURNS[name][2]}", table[:, k]) for k, name in enumerate(TURNS)),
        *(share(f"exactly {k} of the four kinds in their years", count == k) for k in range(5)),
    ]
    found = f"{two:.1%} of histories have two or more dated fragmentations in their years, {brand:.1%} join the brand in time"
    says = "in aqim two or more of the four dated kinds of fragmentation in their years in half of histories; a brand joined 2005–08 in four of ten"
    return Gate("G5", says, decided(two >= WANTED_TWO and brand >= WANTED_BRAND), found, tuple(numbers))
