"""The history that a stated rule picks: the distance by hand-made records, and the choice against the distances themselves."""

from __future__ import annotations

import functools

import numpy as np
import pytest

import sim
from sim.observe.nearest import COUNTED, SURPLUS, distance, nearest
from sim.observe.turns import WITHIN, lineage_events
from sim.world import codes

SEEDS = 12


def fact(date, event=None, until=None, strength=None):
    return {"date": date, "until": until, "what": "Something.", "event": event, "strength": strength, "source": "A book"}


@functools.cache
def plain(seed=1):
    return sim.run("gia-1990s", seed=seed)


def told(*facts, seed=1):
    """The same history, laid beside another record."""
    return sim.run(sim.load("gia-1990s", overrides={"record": list(facts)}), seed=seed)


def own(history):
    o = history.tables["organisation"][-1]
    return lineage_events(history.log, set(o["identity"][o["lineage"] == history.focus].tolist()))


def surplus(history):
    return int(np.isin(own(history)[0], COUNTED).sum())


@pytest.mark.parametrize(("off", "cost"), [(0, 0.0), (6, 6 / WITHIN), (WITHIN, 1.0)])
def test_a_fact_costs_the_months_to_the_event_that_meets_it(off, cost):
    kinds, months = own(plain())
    when = months[kinds == codes.SUCCESSION]
    # A month from which the nearest succession is so far away, and which the run has.
    month = next(t for t in range(plain().months) if np.abs(when - t).min() == off)
    found = distance(told(fact(plain().date(month), "succession")))
    assert found.turns == (pytest.approx(cost),)
    assert found.met == (True,)
    assert found.value == pytest.approx(cost + SURPLUS * surplus(plain()))


def test_one_event_meets_one_fact_and_the_cheapest_way():
    kinds, months = own(plain())
    month = int(months[kinds == codes.SUCCESSION][0])
    twice = distance(told(*[fact(plain().date(month), "succession")] * (1 + int((kinds == codes.SUCCESSION).sum()))))
    assert sorted(twice.turns)[0] == 0.0
    assert sorted(twice.turns)[-1] == 1.0
    assert not all(twice.met)


def test_events_that_a_record_would_name_and_does_not_cost_too():
    kinds, months = own(plain())
    counted = np.flatnonzero(np.isin(kinds, COUNTED))
    assert len(counted)
    k = int(counted[0])
    met = distance(told(fact(plain().date(int(months[k])), codes.EVENTS[kinds[k]])))
    assert met.turns == (0.0,)
    assert met.surplus == len(counted) - 1


def test_a_strength_costs_by_the_doublings_it_is_off():
    o = plain().tables["organisation"]
    here = float(np.where((o["alive"] == 1) & (o["lineage"] == plain().focus), o["strength"], 0.0)[25].sum())
    assert here > 0.0
    date = plain().date(24)
    cases = {(here / 2, here * 2): 0.0, (here * 2**0.5, here * 8): 0.5, (here / 8, here / 2**0.25): 0.25, (here * 9, here * 10): 1.0}
    for span, cost in cases.items():
        assert distance(told(fact(date, strength=list(span)))).strengths == (pytest.approx(cost),)


@pytest.mark.parametrize("name", ["aqim", "gia-1990s"])
def test_the_nearest_is_that_of_least_distance_whoever_computes_it_on_however_many_threads(name):
    scenario = sim.load(name)
    found = nearest(scenario, 3, SEEDS, threads=2)
    assert found.among == range(3, 3 + SEEDS)
    each = np.array([distance(sim.run(scenario, seed=seed)).value for seed in (3, 4, found.seed)])
    np.testing.assert_array_equal(each, found.values[[0, 1, found.seed - 3]])
    assert found.distance.value == found.values.min() == found.values[found.seed - 3]
    assert len(set(found.values.tolist())) > SEEDS // 2, "histories differ in how near they are"
    assert str(found).startswith(f"seed {found.seed} is nearest to the record among {SEEDS} histories (seeds 3 to {2 + SEEDS})")
    again = nearest(scenario, 3, SEEDS)
    assert again.seed == found.seed
    np.testing.assert_array_equal(again.values, found.values)


def test_a_record_without_event_or_strength_picks_nothing_and_says_so():
    scenario = sim.load("dilemma-101", overrides={"record": [fact("2003-02")]})
    with pytest.raises(ValueError, match="no fact of the record names an `event` or a `strength`"):
        nearest(scenario)
    assert distance(sim.run(scenario, seed=1)) is None


def test_a_strength_the_wrong_way_round_is_refused():
    with pytest.raises(sim.ScenarioError, match="upside down"):
        sim.load("dilemma-101", overrides={"record": [fact("2003-02", strength=[800, 300])]})


def test_the_command_tells_which_seed_it_took(tmp_path, capsys):
    from sim.cli import main

    assert main(["run", "gia-1990s", "--nearest", "5", "--json", "--out", str(tmp_path / "a")]) == 0
    said = capsys.readouterr()
    seed = nearest(sim.load("gia-1990s"), 0, 5).seed
    assert f"Seed {seed} is nearest to the record among 5 histories" in said.err
    assert f'"seed": {seed}' in said.out
    for wrong in (["tunisia-chaambi", "--nearest", "5"], ["aqim", "--nearest", "5", "--replicate", "2"]):
        assert main(["run", *wrong]) == 2
