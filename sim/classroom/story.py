"""The story that the classroom begins with: the leader and the emirs of the small world, and the few numbers that their contacts go by."""

from __future__ import annotations

from typing import Any

from sim.classroom.frontier import SCENARIO
from sim.classroom.worlds import draft
from sim.scenario.load import resolved_parameters

NUMBERS = ("meetings", "remote_contact", "trace_keep", "unseen", "percolation")
"""Parameters of contact: see :mod:`sim.rules.control` and :mod:`sim.rules.violence`, whose formulas the drawing repeats."""


def story() -> dict[str, Any]:
    """Return what the story draws.

    Returns:
        ``control`` (of the leadership at the start), ``intelligence`` (of the state's force), ``numbers`` (parameters by name), ``emirs`` (name,
        region, remoteness, strength in fighters).
    """
    world = draft(SCENARIO).scenario()
    parameters = resolved_parameters(world)
    remoteness = {r.name: r.remoteness for r in world.regions}
    leader = next(o for o in world.organisations if o.name == world.focus)
    return {
        "control": leader.control,
        "intelligence": world.forces[0].intelligence,
        "numbers": {name: parameters[name] for name in NUMBERS},
        "emirs": [
            {"name": e.name, "region": e.region, "remoteness": remoteness[e.region], "strength": e.strength}
            for e in world.emirs
            if e.organisation == world.focus
        ],
    }
