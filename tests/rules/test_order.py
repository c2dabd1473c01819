"""What results do not depend on: the order of things in the file, words that only people read, and which other runs are asked for beside a run."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from sim import engine
from sim.scenario.load import load_scenario
from sim.study.plan import load_study
from sim.study.work import run_pieces
from sim.world.build import build, parameters

MONTHS = 60
SEEDS = (1, 2)


@functools.cache
def outcomes(name, section, seed):
    """Return the outcomes of a history after five years, a section of its scenario turned round."""
    scenario = load_scenario(name)
    if section:
        scenario = scenario.model_copy(update={section: getattr(scenario, section)[::-1]})
    world = build(scenario, seed)
    engine.advance(world, parameters(scenario), 0, MONTHS)
    return engine.outcomes(world, MONTHS)


def differing(name, section, seed):
    """Return the outcomes that differ by more than the rounding of sums."""
    one, other = outcomes(name, "", seed), outcomes(name, section, seed)
    return [field for field in one.dtype.names if not np.isclose(one[field], other[field], rtol=1e-9, atol=1e-9, equal_nan=True)]


@pytest.mark.parametrize("name", ["aqim", "northern-mali-2012", "libya-platform"])
@pytest.mark.parametrize("section", ["states", "regions", "communities", "organisations", "emirs", "smugglers", "brokers", "forces", "timeline"])
def test_the_order_of_the_file_does_not_matter(name, section):
    assert [differing(name, section, seed) for seed in SEEDS] == [[], []]


def test_words_that_only_people_read_do_not_matter():
    scenario = load_scenario("aqim")
    other = scenario.model_copy(
        update={
            "title": "Another", "summary": "", "sources": [], "record": [],
            "organisations": [o.model_copy(update={"leader": "Somebody", "renamed": "Else"}) for o in scenario.organisations],
            "timeline": [e.model_copy(update={"label": "", "source": ""}) for e in scenario.timeline],
        }
    )  # fmt: skip
    one, two = build(scenario, 1), build(other, 1)
    p = parameters(scenario)
    engine.advance(one, p, 0, MONTHS)
    engine.advance(two, p, 0, MONTHS)
    assert [table.tobytes() for table in one] == [table.tobytes() for table in two]


def test_a_sweep_split_into_others_has_the_same_runs():
    """Common draws: what a point's runs are does not depend on which other points, replicates or mechanisms are asked for beside it."""

    def rows(values, replicates):
        study = load_study(
            {
                "name": "split", "claim": "c", "scenario": "dilemma-101", "seed": 3, "set": {"end": "2005-12"}, "replicates": replicates,
                "factors": {"percolation": {"values": values}}, "design": {"kind": "grid"}, "outcomes": ["strength_end", "attacks", "recruits"],
            }
        )  # fmt: skip
        found = run_pieces(study.recipe(), [piece for shard in range(study.shards) for piece in study.pieces(shard)])
        assert not found.errors
        return {
            (values[cell], replicate): tuple(row) for cell, replicate, row in zip(found.cell, found.replicate, found.values.tolist(), strict=True)
        }

    whole = rows([0.05, 0.14, 0.5], 4)
    assert rows([0.05, 0.14], 4) | rows([0.5], 4) == whole
    assert rows([0.5, 0.05, 0.14], 2).items() <= whole.items()
    assert len(set(whole.values())) > 6, "runs differ"
