"""The world: one tuple of tables, and a second face of the same memory for interpreted rules."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.world.layout import LAYOUT


class World(NamedTuple):
    """Every state variable of one run: a structured array (compiled) or :class:`Columns` (interpreted) per table of :mod:`sim.world.layout`."""

    clock: Any
    elite: Any
    region: Any
    edge: Any
    community: Any
    organisation: Any
    emir: Any
    tie: Any
    smuggler: Any
    broker: Any
    force: Any
    posting: Any
    alliance: Any
    timeline: Any
    log: Any
    violence: Any
    tally: Any
    measure: Any


assert World._fields == tuple(LAYOUT), "the world holds exactly the tables of the layout, in its order"


class Columns:
    """The columns of one table as plain sequences over the table's own memory.

    Memory views give and take Python numbers, which an interpreted rule computes with several times faster than with NumPy scalars; writing
    through them changes the array.
    """

    def __init__(self, table: np.ndarray[Any, Any]) -> None:
        for name in table.dtype.names or ():
            setattr(self, name, memoryview(table[name]))


def interpreted(world: World) -> World:
    """Return the same world, on the same memory, as interpreted rules read it."""
    return World(*(Columns(table) for table in world))


def copy(world: World) -> World:
    """Return an independent copy of a compiled-face world."""
    return World(*(table.copy() for table in world))


def same_bits(one: World, other: World) -> list[str]:
    """Return the ``table.column[row]`` places where two compiled-face worlds differ in any bit (empty if they are identical)."""
    places = []
    for name, left, right in zip(World._fields, one, other, strict=True):
        if left.tobytes() == right.tobytes():
            continue
        for column in left.dtype.names or ():
            a, b = np.ascontiguousarray(left[column]).view(np.int64), np.ascontiguousarray(right[column]).view(np.int64)
            places += [f"{name}.{column}[{row}]" for row in np.flatnonzero(a != b)]
    return places
