"""Laws of any world after any month, as functions that return what breaks them; tests and ``python -m tests.random_scenarios`` use them."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from sim.world.layout import LAYOUT, dtype_of
from sim.world.world import World

ROWS = {
    "clock.home": "elite",
    "region.elite": "elite", "region.first_group": "organisation", "region.second_group": "organisation", "region.first_emir": "emir",
    "region.second_emir": "emir", "region.main_force": "force",
    "edge.to": "region", "community.region": "region",
    "organisation.home": "region", "organisation.seat": "region", "organisation.parent": "organisation", "organisation.heir": "organisation",
    "organisation.ally_1": "organisation", "organisation.ally_2": "organisation", "organisation.ally_3": "organisation",
    "organisation.ally_4": "organisation", "organisation.dissident": "emir", "organisation.largest_region": "region",
    "organisation.breakaway": "organisation",
    "emir.organisation": "organisation", "emir.region": "region", "tie.community": "community",
    "smuggler.region": "region", "smuggler.backs": "organisation", "broker.region": "region", "broker.group": "organisation",
    "force.elite": "elite", "force.recruits_from": "region", "posting.region": "region",
    "alliance.one": "organisation", "alliance.other": "organisation", "alliance.broker": "broker", "alliance.region": "region",
    "log.region": "region", "violence.region": "region",
}  # fmt: skip
"""Columns that hold the number of a row, or -1, and the table whose row it is."""

STRETCHES = {
    "region": (("first_community", "communities", "community"), ("first_edge", "edges", "edge")),
    "force": (("first_posting", "postings", "posting"),),
}
"""Columns that name a stretch of another table's rows: where it begins, how long it is, of which table."""


def out_of_range(world: World) -> list[str]:
    """Return the state variables that are not finite numbers, or leave the range that the layout states."""
    found = []
    for table, columns in LAYOUT.items():
        rows = getattr(world, table)
        if all(_within(rows, kind, table) for kind in (np.float64, np.int64)):
            continue
        for column in columns:
            values = rows[column.name]
            if values.size and not np.isfinite(values).all():
                found.append(f"{table}.{column.name} is not finite")
            elif values.size and not (values.min() >= column.low - 1e-9 and values.max() <= column.high + 1e-9):
                found.append(f"{table}.{column.name} spans {values.min()!r} to {values.max()!r}; its range is {column.low:g} to {column.high:g}")
    return found


@functools.cache
def _ends(kind: type[Any], table: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return where the columns of a kind stand in a table's rows, and the ends of their ranges."""
    of_kind = [(k, column) for k, column in enumerate(LAYOUT[table]) if dtype_of(table)[column.name] == kind]
    return np.array([k for k, _ in of_kind], int), *(np.array([getattr(column, end) for _, column in of_kind]) for end in ("low", "high"))


def _within(rows: np.ndarray[Any, Any], kind: type[Any], table: str) -> bool:
    """Whether all columns of a kind are finite and in their ranges: at once, because there are hundreds, and each is eight bytes wide."""
    at, low, high = _ends(kind, table)
    if not rows.size or not at.size:
        return True
    values = rows.view(kind).reshape(len(rows), -1)[:, at]
    least, most = values.min(axis=0), values.max(axis=0)
    return bool(np.isfinite(least).all() and np.isfinite(most).all() and (least >= low - 1e-9).all() and (most <= high + 1e-9).all())


def dangling(world: World) -> list[str]:
    """Return the columns that name rows which their table does not have."""
    found = []
    for column, target in ROWS.items():
        table, name = column.split(".")
        values = getattr(world, table)[name]
        if values.size and not (values.min() >= -1 and values.max() < max(1, len(getattr(world, target)))):
            found.append(f"{column} names rows {values.min()} to {values.max()}; {target} has {len(getattr(world, target))}")
    for table, stretches in STRETCHES.items():
        rows = getattr(world, table)
        for first, length, target in stretches:
            ends = rows[first] + rows[length]
            if rows.size and not (rows[first].min() >= 0 and rows[length].min() >= 0 and ends.max() <= len(getattr(world, target))):
                found.append(f"{table}.{first} and {length} leave {target}")
    return found


def people_astray(world: World, first: np.ndarray[Any, Any]) -> list[str]:
    """Return where people are not accounted for.

    Civilians, armed, jailed and dead are whole people and make up a community, as many as at the first (people by community); who is armed is in one
    katiba; the others of a katiba are outsiders.
    """
    community, emir = world.community, world.emir
    fighters = world.tie["fighters"].reshape(len(emir), -1)
    at = world.tie["community"].reshape(len(emir), -1)
    here = emir["alive"] == 1
    people, armed, jailed, dead = (community[name] for name in ("people", "armed", "jailed", "dead"))
    counted = np.zeros(len(community))
    serving = fighters[here] > 0
    np.add.at(counted, at[here][serving], fighters[here][serving])
    held = {
        "people of communities": np.array_equal(people, first),
        "civilians, armed, jailed or dead in whole numbers": all(whole(count) for count in (people - armed - jailed - dead, armed, jailed, dead)),
        "fighters in whole numbers": whole(fighters[here]),
        "outsiders in whole numbers": whole(emir["outsiders"][here]),
        "a community for all fighters": bool((at[here][serving] >= 0).all()),
        "armed by community": np.array_equal(armed, counted),
        "strength of katibas": np.array_equal(emir["strength"][here], (fighters.sum(axis=1) + emir["outsiders"])[here]),
        "outsiders in all": emir["outsiders"][here].sum() == world.measure["outsiders"][0],
    }
    return [law for law, holds in held.items() if not holds]


def whole(values: np.ndarray[Any, Any]) -> bool:
    """Whether all are whole numbers, none negative."""
    return bool((values >= 0).all() and (values == np.floor(values)).all())
