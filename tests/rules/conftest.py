"""A small world for tests of one rule: one leader and six emirs at their start, interpreted, with parameters that a test may set."""

from __future__ import annotations

import functools
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.rules import census
from sim.rules.founding import new_organisation
from sim.scenario.load import load_scenario
from sim.schedule import MONTH
from sim.world import codes
from sim.world.build import Capacity, build, parameters
from sim.world.layout import TIES_PER_EMIR
from sim.world.world import World, copy, interpreted

scenario_of = functools.cache(load_scenario)

SMALL = str(Path(__file__).with_name("small.yaml"))


class Small:
    """A world, its two faces and its parameters.

    Attributes:
        tables: The world as arrays.
        w: The same memory as rules read it.
        p: Parameters and switches, to be set at will.
    """

    def __init__(self, name=SMALL, seed=1, organisations=8, emirs=16, alliances=6, log=200, without=()):
        scenario = scenario_of(name, without=without)
        self.tables = build(scenario, seed, capacity=Capacity(organisations, emirs, alliances, log, log))
        self.w = interpreted(self.tables)
        row = parameters(scenario)
        self.p = SimpleNamespace(**{name: row[name][0].item() for name in row.dtype.names})

    def counted(self, t=0):
        """Run the month's counts, as the schedule has them, and return the world for rules that read them."""
        for phase in MONTH:
            table = getattr(self.tables, phase.table)
            for i in range(len(table)):
                if "alive" not in table.dtype.names or table["alive"][i]:
                    phase.rule(self.w, self.p, t, i)
            if phase.rule is census.close_organisation:
                return self.w
        raise AssertionError("the schedule counts no organisations")

    def split(self, i):
        """Let katiba i be an organisation of its own, old enough to act, and return its row."""
        j = new_organisation(self.w, self.p, -1, i, codes.BY_SPLINTER)
        self.w.organisation.strength_before[j] = 0.0
        return j

    def people(self, i, of, outsiders=0.0):
        """Let katiba i have so many people of these communities, and so many outsiders."""
        ties = slice(i * TIES_PER_EMIR, (i + 1) * TIES_PER_EMIR)
        tie, emir, community = self.tables.tie, self.tables.emir, self.tables.community
        for row in tie[ties]:
            if row["fighters"] > 0:
                community["armed"][row["community"]] -= row["fighters"]
        tie["fighters"][ties] = 0.0
        tie["community"][ties] = -1
        for row, (m, n) in zip(range(ties.start, ties.stop), of.items(), strict=False):
            tie["community"][row], tie["fighters"][row] = m, n
            community["armed"][m] += n
        emir["places"][i] = min(len(of), TIES_PER_EMIR)
        emir["outsiders"][i] = outsiders
        emir["strength"][i] = emir["counted"][i] = sum(of.values()) + outsiders

    def touched(self, rule, *args):
        """Call a rule and return what it changed: ``table.column``, as a set."""
        before = copy(self.tables)
        rule(self.w, *args)
        return {
            f"{table}.{column}"
            for table, left, right in zip(World._fields, before, self.tables, strict=True)
            for column in left.dtype.names
            if left[column].tobytes() != right[column].tobytes()
        }

    def events(self):
        """Return how often each kind of event happened so far, by name, without those that never did."""
        return {codes.EVENTS[k]: int(n) for k, n in enumerate(self.tables.tally["count"]) if n}


@pytest.fixture(scope="session")
def world_of():
    """The class :class:`Small`, for tests that want several worlds or another scenario."""
    return Small


@pytest.fixture
def small():
    return Small()
