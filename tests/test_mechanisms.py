"""Every mechanism is real: switched off, it changes what happens, in paired replicates under the same draws, and its observable is recorded."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from sim import engine
from sim.scenario.load import load_scenario
from sim.scenario.mechanisms import MECHANISMS
from sim.scenario.timeline import month_count
from sim.world.build import build, parameters

REPLICATES = 120
POLICY = ("policies.budget=1", "policies.force=0.3", "policies.services=0.3", "policies.dialogue=0.4")

# Scenario, its observable (must be there with the mechanism on), and an outcome downstream of it with the sign that its absence gives.
EFFECTS = {
    "meta_strategy": ("aqim", "means_changes", "attacks", +1),
    "preference_divergence": ("aqim", "polarisation", "fragmentations", -1),
    "control_dilemma": ("aqim", "detection_rate", "control", +1),
    "deconcentration": ("aqim", "tension", "autonomies", -1),
    "exit_voice_loyalty": ("aqim", "voices", "divergence", +1),
    "merger": ("aqim", "mergers", "organisations_end", +1),
    "embedding": ("aqim", "ties", "survived", -1),
    "social_haven": ("aqim", "haven", "detection_rate", -1),
    "legitimacy_channels": ("aqim", "instrumental", "instrumental", -1),
    "brokerage": ("aqim", "deals", "alliances_made", -1),
    "competition": ("aqim", "crowding", "strength_end", +1),
    "shifting_alliances": ("aqim", "alliances_made", "crowding", +1),
    "tactical_elites": ("aqim", "volatility", "alliances_broken", -1),
    "smuggling": ("aqim", "profit", "strength_end", -1),
    "state_capture": ("aqim", "capture_end", "haven", -1),
    "norm_change": ("aqim", "norm_end", "haven", -1),
    "security_forces": ("aqim", "grievance_fed", "strength_end", -1),
    "contextual_impact": ("aqim", "impact_ratio", "morale", +1),
    "cleavage_exploitation": ("aqim", "reach_margin", "support", -1),
    "displacement": ("aqim", "relocations", "outside_end", -1),
    "long_game": ("aqim", "re_emergences", "instrumental", +1),
    "succession": ("gia-1990s", "successions", "fragmentations", -1),
    "policy": ("aqim", "policy_cost", "grievance_end", +1),
    "rebranding": ("aqim", "brand_joined_month", "divergence", -1),
    "endings": ("gia-1990s", "endings", "root_survived", +1),
}


@functools.cache
def ensemble(name, without=None, policy=False):
    scenario = load_scenario(name, overrides=POLICY if policy else (), without=[without] if without else [])
    return engine.ensemble(build(scenario, 11), parameters(scenario), month_count(scenario), range(REPLICATES), threads=2)


def test_every_mechanism_is_here():
    assert list(EFFECTS) == list(MECHANISMS)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_switching_it_off_changes_an_outcome(mechanism):
    name, observable, outcome, sign = EFFECTS[mechanism]
    policy = mechanism == "policy"
    on, off = ensemble(name, policy=policy), ensemble(name, mechanism, policy)
    seen = on[observable]
    assert (seen[seen >= 0] > 0).any(), f"{observable} is never seen"
    difference = off[outcome] - on[outcome]
    mean, error = difference.mean(), difference.std(ddof=1) / np.sqrt(REPLICATES)
    low, high = mean - 1.96 * error, mean + 1.96 * error
    assert sign * mean > 0, f"{mechanism} off: {outcome} changes by {mean:.3g} [{low:.3g}, {high:.3g}]"
    assert low > 0 or high < 0, f"{mechanism} off: {outcome} changes by {mean:.3g} [{low:.3g}, {high:.3g}], not told from nothing"
