"""The scenario that ``dilemma new`` writes: small, complete, commented, and ready to run."""

from __future__ import annotations

_TEMPLATE = """\
# yaml-language-server: $schema=scenario.schema.json
# A scenario of dilemma. Check it with `dilemma check {name}.yaml`, run it with `dilemma run {name}.yaml --seed 1`.
# `dilemma explain emirs.agenda` (or any other name) tells what a field means, its unit, range and source.
# The schema that the first line names lies beside it, so that editors complete; `dilemma schema --out scenario.schema.json` writes it anew.
name: {name}
title: A scenario to begin from
summary: One organisation, two emirs, one state. Everything is abstract; every number here is an assumption.
start: 2000-01
end: 2009-12
focus: The Front            # the organisation whose lineage is followed

states:
  - {{name: Republic, horizon: 0.5}}        # horizon: 0 lives for the month, 1 for the generation

regions:                                    # a graph: an edge named on one side holds on both
  - {{name: Capital, state: Republic, remoteness: 0.1, reach: 0.9, route_value: 0.05, neighbours: {{Hills: 0.7}}}}
  - {{name: Hills, state: Republic, remoteness: 0.5, reach: 0.5, route_value: 0.2, neighbours: {{Desert: 0.6}}}}
  - {{name: Desert, state: Republic, remoteness: 0.9, reach: 0.2, route_value: 0.6}}

communities:
  - {{name: Towns, region: Capital, population: 500, grievance: 0.3, trust: 0.5}}
  - {{name: Villages, region: Hills, population: 150, grievance: 0.5, trust: 0.3, neglect: 0.6, cleavage: 0.4}}
  - {{name: Clans, region: Desert, population: 60, grievance: 0.6, trust: 0.2, neglect: 0.8, cleavage: 0.5, norm: 0.5}}

organisations:
  - {{name: The Front, home: Hills, leader: The Leader, control: 0.5, centralisation: 0.6, brutality: 0.3}}

emirs:                                      # agenda: -1 the cause, +1 his own business; belief: -1 local, +1 global
  - {{name: Amber, organisation: The Front, region: Hills, strength: 80, loyalty: 0.8, agenda: -0.4, belief: -0.3,
     ties: [{{community: Villages, pragmatic: 0.4, matrimonial: 0.2}}]}}
  - {{name: Dune, organisation: The Front, region: Desert, strength: 50, loyalty: 0.4, agenda: 0.4, belief: -0.1,
     ties: [{{community: Clans, pragmatic: 0.3, economic: 0.4}}]}}

smugglers:
  - {{name: The Trader, region: Desert, routes: 0.6}}

brokers:
  - {{name: The Notable, region: Desert, standing_groups: 0.6}}

forces:
  - {{name: Army, state: Republic, regions: [Capital, Hills, Desert], recruits_from: Hills, strength: 3000}}

# parameters: {{percolation: 0.5}}       # any parameter of the rulebook that differs from its default
# mechanisms: {{brokerage: off}}              # any mechanism that is switched off

timeline:                                   # dated events from outside; what the groups then do is up to them
  - {{date: 2003-01, event: amnesty, target: Republic, magnitude: 0.5, months: 6, label: An amnesty}}
  - {{date: 2006-01, event: leader_death, target: The Front, label: The leader dies}}

# record:                                   # dated facts of what the groups did: shown beside the model, never read by it
#   - {{date: 2004-05, event: splinter, what: Dune breaks with the Front., source: A book}}
"""


def scaffold(name: str) -> str:
    """Return the text of a new scenario."""
    return _TEMPLATE.format(name=name)
