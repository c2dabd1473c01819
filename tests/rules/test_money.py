"""Money is accounted for: it comes from trade, levies, brands and deals, and whatever else moves it makes none."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sim.rules import brokerage, economy
from sim.scenario.load import Draft, load_scenario, scenario_of
from sim.schedule import BORN, MONTH
from sim.world.build import build, parameters
from sim.world.world import interpreted
from tests.random_scenarios import random_scenario

SOURCES = (economy.earn, economy.fund, brokerage.broker)
"""The rules by which money comes into the hands of armed groups."""


def gains(scenario, seed, months):
    """Return by rule the most that a phase ever added to all treasuries and purses, as a share of them, interpreted."""
    world, row = build(scenario, seed), parameters(scenario)
    w, p = interpreted(world), SimpleNamespace(**{name: row[name][0].item() for name in row.dtype.names})
    found = {}

    def money():
        return float(world.organisation["treasury"].sum() + world.emir["purse"].sum())

    for t in range(months):
        for phase in MONTH:
            table, before = getattr(w, phase.table), money()
            born = getattr(table, BORN[phase.table]) if phase.table in BORN else None
            for i in range(len(getattr(world, phase.table))):
                if born is None or (table.alive[i] == 1 and (phase.newcomers or born[i] < t)):
                    phase.rule(w, p, t, i)
            found[phase.rule] = max(found.get(phase.rule, 0.0), (money() - before) / max(1.0, before))
    return found


@pytest.mark.parametrize("case", ["aqim", "northern-mali-2012", *range(6)])
def test_only_its_sources_make_money(case):
    scenario = load_scenario(case) if isinstance(case, str) else scenario_of(random_scenario(case), "random")
    found = gains(scenario, 1, 12)
    assert {rule.__name__: gain for rule, gain in found.items() if gain > 1e-9 and rule not in SOURCES} == {}


def test_each_source_makes_some():
    # Deals are rare: where every chance of one is taken they do not hang on a seed.
    found = [gains(Draft("aqim").scenario({"deal_rate": 1.0}), 1, 60)]
    found += [gains(scenario_of(random_scenario(number), "random"), 1, 6) for number in range(12)]
    assert [rule.__name__ for rule in SOURCES if max(one[rule] for one in found) <= 0.0] == []
