"""Counting the same things in the data and in the model: events and deaths by month, in all, by kind, by place, by dyad, by place and kind.

UCDP counts an event where somebody died, and a dyad once it has brought twenty-five deaths in a calendar year; the model's log is cut by the same two
rules before it is laid beside UCDP's events. ACLED has neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.evidence.hold.atlas import NOWHERE, Atlas
from sim.scenario.schema import Scenario
from sim.world import codes

NOTICED = 25
"""Deaths in a calendar year from which UCDP counts a dyad."""
GREAT = 1000
"""Deaths in a calendar year from which UCDP calls it a war."""

_Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Cell:
    """What is counted: in all, a kind, a place, a dyad, a place and a kind, or a dyad's year."""

    by: str
    name: str


def cells(atlas: Atlas) -> list[Cell]:
    """Return every cell of an atlas, in the order of :func:`tabulate`'s rows."""
    pairs = len(atlas.sides) ** 2
    return [
        Cell("all", "all violence"),
        *(Cell("kind", kind) for kind in codes.VIOLENCE),
        *(Cell("place", place) for place in atlas.places),
        *(Cell("dyad", atlas.dyad_name(n)) for n in range(pairs)),
        *(Cell("place and kind", f"{place}, {kind}") for place in atlas.places for kind in codes.VIOLENCE),
    ]


def tabulate(atlas: Atlas, months: int, month: _Array, place: _Array, dyad: _Array, kind: _Array, weight: _Array | None = None) -> _Array:
    """Return sums by cell and month, shape (cells, months), of entries that each have a month from 0, a place, a dyad and a kind."""
    kinds, places, pairs = len(codes.VIOLENCE), len(atlas.places), len(atlas.sides) ** 2
    parts = [(np.zeros_like(kind), 1), (kind, kinds), (place, places), (dyad, pairs), (place * kinds + kind, places * kinds)]
    return np.concatenate([np.bincount(of * months + month, weight, n * months).reshape(n, months) for of, n in parts])


def dyad_years(atlas: Atlas) -> list[Cell]:
    """Return the pairs of a place and an actor that fights its state, in the order of :func:`tabulate_dyad_years`'s rows."""
    return [Cell("dyad-year", f"{actor} in {place}") for place in atlas.places for actor in atlas.sides[2:]]


def dyad_year_row(atlas: Atlas, place: _Array, side: _Array) -> _Array:
    """Return the row of each pair of a place and an actor."""
    return place * (len(atlas.sides) - 2) + side - 2


def simulated(scenario: Scenario, atlas: Atlas, seed: int, replicate: int, *, ucdp: bool, rows: int) -> tuple[_Array, int]:
    """Run a replicate and return its log of violence in the terms of an atlas.

    Args:
        scenario: What to run.
        atlas: Places and sides.
        seed: Seed.
        replicate: Number of the replicate.
        ucdp: Whether UCDP's rules of inclusion hold.
        rows: Room in the log; where it does not suffice the replicate is run again with as much as it needs.

    Returns:
        Columns month, place, one side, the other, kind and deaths, shape (6, n), of the entries that lie in a place; and how many rows there were.
    """
    from sim import engine
    from sim.scenario.timeline import month_count
    from sim.world.build import Capacity, build, parameters

    while True:
        world = build(scenario, seed, replicate, Capacity.of(scenario, 1, rows))
        engine.advance(world, parameters(scenario), 0, month_count(scenario))
        recorded = int(world.clock["recorded"][0])
        if recorded <= rows:
            break
        rows = recorded
    log = world.violence[:recorded]
    if ucdp:
        log = log[included(scenario, log)]
    place = atlas.place_of_region[log["region"]]
    log, place = log[place != NOWHERE], place[place != NOWHERE]
    who, side = atlas.sides_of(world.organisation[world.organisation["identity"] != 0])
    one, other = (side[np.searchsorted(who, log[name])] for name in ("by", "against"))
    return np.stack([log["month"], place, one, other, log["kind"], np.rint(log["deaths"]).astype(int)]), recorded


def included(scenario: Scenario, log: _Array) -> _Array:
    """Return which entries of a log of violence UCDP would count: somebody died, in a dyad that brought twenty-five deaths in some calendar year.

    A state is whoever holds the region: violence of one group in two states is two dyads.
    """
    states = [s.name for s in scenario.states]
    holder = np.array([states.index(r.state) for r in scenario.regions])[log["region"]]
    # Identities of organisations are above zero, so that states may go below -2, which is civilians.
    one, other = (np.where(log[name] == codes.A_STATE, -3 - holder, log[name]).astype(np.int64) for name in ("by", "against"))
    year = (12 * int(scenario.start[:4]) + int(scenario.start[5:]) - 1 + log["month"]) // 12
    _, dyad = np.unique(np.stack([np.minimum(one, other), np.maximum(one, other), log["kind"]]), axis=1, return_inverse=True)
    if not len(log):
        return np.zeros(0, bool)
    deaths = np.zeros((int(dyad.max()) + 1, int(np.ptp(year)) + 1))
    np.add.at(deaths, (dyad, year - year.min()), log["deaths"])
    return (deaths.max(axis=1) >= NOTICED)[dyad] & (log["deaths"] >= 1.0)
