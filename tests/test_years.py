"""Years that are read in the engine's pass: what the recorded history says of them, in both ways of running, and outcomes that do not change."""

from __future__ import annotations

import numpy as np
import pytest

from sim import engine
from sim.model import DilemmaModel
from sim.observe.history import run
from sim.scenario.load import load_scenario
from sim.scenario.timeline import month_count, year_ends
from sim.world import codes
from sim.world.build import Capacity, build, parameters
from sim.world.outcomes import YEARLY, of_year


@pytest.fixture(scope="module", params=["aqim", "gia-1990s"])
def found(request):
    scenario = load_scenario(request.param)
    ends = list(year_ends(scenario).values())
    return scenario, *engine.yearly(build(scenario, 4), parameters(scenario), ends, range(12))


def test_outcomes_are_those_of_a_run_that_nobody_asks_for_its_years(found):
    scenario, outcomes, _ = found
    plain = engine.ensemble(build(scenario, 4), parameters(scenario), month_count(scenario), range(12))
    assert outcomes.tobytes() == plain.tobytes()


def test_a_start_with_longer_logs_than_a_month_needs_has_the_same_years():
    scenario = load_scenario("dilemma-101")
    long = Capacity.of(scenario, engine.MONTH_EVENTS + 5, engine.MONTH_VIOLENCE + 5)
    tables = []
    for more in ((), (long,)):
        start = build(scenario, 4, 0, *more)
        tables.append([table.tobytes() for table in engine.yearly(start, parameters(scenario), [12, 24], range(3))])
        # Writing beyond a table need not be noticed otherwise.
        assert all(len(scratch) >= len(table) for scratch, table in zip(engine._own.world, start, strict=True))
    assert tables[0] == tables[1]


def test_years_are_those_of_the_recorded_history(found):
    scenario, _, years = found
    for replicate in (0, 7):
        history = run(scenario, 4, replicate)
        table = history.years()
        lineage = table[table["of"] == "lineage"].pivot(index="year", columns="observable", values="value")
        mine = years[replicate]
        for name in ("strength", "organisations", "attacks"):
            assert mine[name].tolist() == pytest.approx(lineage[name].tolist())
        for kind, key in zip(codes.VIOLENCE, ("state", "non_state", "one_sided"), strict=True):
            assert mine[f"deaths_{key}_home"].tolist() == lineage[f"deaths {kind} at home"].tolist()
            assert mine[f"deaths_{key}_outside"].tolist() == lineage[f"deaths {kind} abroad"].tolist()
        o = history.tables["organisation"][-1]
        members = o["identity"][o["lineage"] == history.focus]
        for kind, name in ((codes.SPLINTER, "splinters"), (codes.SUCCESSION, "successions"), (codes.SURRENDER, "surrenders")):
            events = history.log[(history.log["kind"] == kind) & np.isin(history.log["organisation"], members)]
            assert mine[name].sum() == len(events)
        ended = {how: int(((o["ending"] == codes.ENDINGS.index(how)) & (o["lineage"] == history.focus)).sum()) for how in ("force", "inactivity")}
        assert {how: int(mine[f"ended_by_{how}"].sum()) for how in ended} == ended


def test_something_happens_in_them(found):
    _, _, years = found
    totals = {name: float(np.abs(years[name]).sum()) for name, _, _ in YEARLY}
    assert not [name for name in ("attacks", "deaths_state_home", "deaths_one_sided_home", "splinters", "successions") if totals[name] == 0.0]


def test_both_ways_of_running_read_the_same(monkeypatch):
    scenario = load_scenario("dilemma-101")
    ends = list(year_ends(scenario).values())[:4]
    _, years = engine.yearly(build(scenario, 2), parameters(scenario), ends, [5])
    model = DilemmaModel(scenario, rng=2, replicate=5, log=engine.MONTH_EVENTS, violence=engine.MONTH_VIOLENCE)
    reader = engine.YearReader(model.world, ends)
    for month in range(ends[-1]):
        model.step()
        reader.after_month(month + 1)
    assert reader.years.tobytes() == years[0].tobytes()
    monkeypatch.setattr(engine, "MONTH_VIOLENCE", 1)
    _, cramped = engine.yearly(build(scenario, 2), parameters(scenario), ends, [5])
    assert np.isnan(cramped["deaths_state_home"]).any()


def test_an_outcome_of_a_year_has_its_year():
    assert of_year("attacks@2006") == ("attacks", 2006)
    assert of_year("attacks") is None
    assert of_year("attacks@206") is None
