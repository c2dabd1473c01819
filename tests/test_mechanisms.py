"""Every mechanism is real: switched off, it changes what happens, in paired replicates under the same draws, and its observable is recorded.

What its absence does to a history is a finding, not a test: no sign is asked for here. What follows from one rule alone
is tested on that rule (tests/rules). Scenario and outcome of each were chosen so that the change stands out by a wide
margin with recruitment and detection anywhere within 40 % of their defaults.
"""

from __future__ import annotations

import functools

import numpy as np
import pytest

from sim import engine
from sim.scenario.load import load_scenario
from sim.scenario.mechanisms import MECHANISMS
from sim.scenario.timeline import month_count
from sim.world.build import build, parameters

REPLICATES = 200
POLICY = ("policies.budget=1", "policies.force=0.3", "policies.services=0.3", "policies.dialogue=0.4")
# Where exits and alliances are rare, what becomes of them cannot show: these two are looked at in a world that has many.
MANY_EXITS = ("exit_hazard=0.1", "voice_rate=0.5")
MANY_FRAGMENTS = ("exit_hazard=0.1", "alliance_hazard=0.3", "merger_hazard=1", "return_hazard=1")

# Scenario, changes to it, the observable (must be there with the mechanism on), and an outcome beyond its own count.
EFFECTS = {
    "meta_strategy": ("libya-platform", (), "means_changes", "attacks"),
    "preference_divergence": ("dilemma-101", (), "divergence", "agency_loss"),
    "control_dilemma": ("dilemma-101", (), "reports", "strength_mean"),
    "deconcentration": ("libya-platform", MANY_EXITS, "tension", "voices"),
    "exit_voice_loyalty": ("algeria-2019", (), "voices", "divergence"),
    "merger": ("libya-platform", MANY_FRAGMENTS, "mergers", "organisations_end"),
    "embedding": ("dilemma-101", (), "ties", "recruits"),
    "social_haven": ("northern-mali-2012", (), "haven", "attacks"),
    "legitimacy_channels": ("aqim", (), "instrumental", "strength_mean"),
    "brokerage": ("libya-platform", (), "deals", "alliances_made"),
    "competition": ("libya-platform", (), "crowding", "deaths_non_state"),
    "shifting_alliances": ("northern-mali-2012", (), "alliances_made", "crowding"),
    "tactical_elites": ("libya-platform", (), "volatility", "grievance_end"),
    "smuggling": ("dilemma-101", (), "profit", "norm_end"),
    "state_capture": ("dilemma-101", (), "capture_end", "profit"),
    "norm_change": ("dilemma-101", (), "norm_end", "haven"),
    "security_forces": ("dilemma-101", (), "grievance_fed", "attacks"),
    "contextual_impact": ("dilemma-101", (), "impact", "morale"),
    "cleavage_exploitation": ("northern-mali-2012", (), "communities_reached", "ties"),
    "displacement": ("dilemma-101", (), "relocations", "ties"),
    "long_game": ("algeria-2019", (), "dormancies", "ties"),
    "succession": ("dilemma-101", (), "successions", "strength_mean"),
    "policy": ("dilemma-101", POLICY, "policy_cost", "grievance_end"),
    "rebranding": ("dilemma-101", (), "brand_joined_month", "attacks"),
    "endings": ("northern-mali-2012", (), "offers", "organisations_end"),
    "institutions": ("northern-mali-2012", (), "institutions", "strength_mean"),
}


@functools.cache
def ensemble(name, changes, without=None):
    scenario = load_scenario(name, overrides=changes, without=[without] if without else [])
    return engine.ensemble(build(scenario, 11), parameters(scenario), month_count(scenario), range(REPLICATES), threads=2)


def test_every_mechanism_is_here():
    assert list(EFFECTS) == list(MECHANISMS)
    assert all(observable != outcome for _, _, observable, outcome in EFFECTS.values()), "an outcome beyond its own count"


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_switching_it_off_changes_an_outcome(mechanism):
    name, changes, observable, outcome = EFFECTS[mechanism]
    on, off = ensemble(name, changes), ensemble(name, changes, mechanism)
    seen = on[observable]
    assert (seen[seen >= 0] > 0).any(), f"{observable} is never seen"
    difference = off[outcome] - on[outcome]
    mean, error = difference.mean(), difference.std(ddof=1) / np.sqrt(REPLICATES)
    low, high = mean - 1.96 * error, mean + 1.96 * error
    assert low > 0 or high < 0, f"{mechanism} off: {outcome} changes by {mean:.3g} [{low:.3g}, {high:.3g}], not told from nothing"
