"""Whether a scenario hangs together, at the edges of what is allowed."""

from __future__ import annotations

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.load import load_scenario
from sim.scenario.timeline import month_count, month_index, month_label
from sim.show.scaffold import scaffold

BASE = scaffold("base")


@pytest.fixture
def refusal(tmp_path):
    """Return what is told of the base scenario with changes: an empty text if it is accepted."""
    file = tmp_path / "base.yaml"
    file.write_text(BASE, encoding="utf-8")

    def told(*changes):
        try:
            load_scenario(file, overrides=changes)
        except ScenarioError as error:
            return str(error)
        return ""

    return told


ENTRY = "{{date: {}, event: entry, target: The Front}}"
FACT = "{{what: Something., source: A book, {}}}"
CAUSE = "{{date: {}, event: global_cause, magnitude: 0.5}}"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([f"timeline=[{CAUSE.format('2000-01')}, {CAUSE.format('2009-12')}]"], ""),
        ([f"timeline=[{CAUSE.format('2010-01')}]"], "timeline[0].date: 2010-01 is outside the scenario, which runs from 2000-01 to 2009-12"),
        ([f"timeline=[{CAUSE.format('1999-12')}]"], "timeline[0].date: 1999-12 is outside"),
        ([f"record=[{FACT.format('date: 2009-12')}, {FACT.format('date: 2000-01, until: 2009-12')}]"], ""),
        ([f"record=[{FACT.format('date: 2003-05, until: 2003-05')}]"], ""),
        ([f"record=[{FACT.format('date: 2003-05, until: 2003-04')}]"], "record[0].until: 2003-04 is before the fact's date 2003-05"),
        ([f"record=[{FACT.format('date: 2003-05, until: 2010-01')}]"], "record[0].until: 2010-01 is outside the scenario"),
        ([f"record=[{FACT.format('date: 2003-05')}, {FACT.format('date: 1999-12')}]"], "record[1].date: 1999-12 is outside"),
        (["organisations.0.absent=on", f"timeline=[{ENTRY.format('2001-01')}]"], ""),
        (["organisations.0.absent=on", f"timeline=[{ENTRY.format('2001-01')}, {ENTRY.format('2002-01')}]"], "'The Front' enters twice"),
        (["organisations.0.absent=on", "timeline=[]"], "'The Front' is absent and never enters"),
        (["forces.Army.regions=[Hills, Desert, Hills]"], "forces[0].regions: a region is named twice"),
        (["regions.Hills.neighbours={Desert: 0.6, Capital: 0.7}"], ""),  # the edge from the other side, at the same ease
        (["regions.Hills.neighbours={Desert: 0.6, Capital: 0.71}"], "an edge has one ease"),
        (["regions.1.neighbours={}"], "regions[2]: no road leads from 'Capital' to 'Desert': name a neighbour"),
        (["regions.1.neighbours={Desert: 0.001}"], ""),
        (["timeline.0.magnitude=1"], ""),
        (["timeline.0.magnitude=1.01"], "allowed for 'amnesty' is 0 to 1"),
        (["timeline=[{date: 2003-01, event: intervention, target: Army, magnitude: 4000}]"], ""),
        (["timeline=[{date: 2003-01, event: leader_death, target: Army}]"], "there is no 'Army' among the organisations"),
        (["timeline=[{date: 2003-01, event: cleavage, target: Hils}]"], "did you mean 'Hills'?"),
        (["policies={budget: 1, force: 0.5, dialogue: 0.5}"], ""),
        (["policies={budget: 1, force: 0.5, dialogue: 0.51}"], "add up to 1.01"),
        (["policies={budget: 1, force: 1, start: 2004-01, end: 2004-01}"], ""),
        (["policies={budget: 1, force: 1, end: 1999-12}"], "policies.end: 1999-12 is before the policies' start 2000-01"),
        (["end=2099-12"], ""),  # 1200 months
        (["start=1999-12", "end=2099-12"], "1201 months after the start; at most 1200"),
        (["start=2009-12", "timeline=[]"], ""),  # one month
        (["organisations.0.founded=1990-01"], ""),
        (["organisations.0.founded=2000-01"], ""),
        (["organisations.0.founded=2000-02"], "later than the start"),
    ],
)  # fmt: skip
def test_edges(refusal, changes, said):
    told = refusal(*changes)
    assert (said in told) if said else told == "", told


def test_an_end_before_the_start_is_told_once(refusal):
    told = refusal("end=1999-06", "policies={budget: 1, force: 1, start: 2004-01}")
    assert told == "--set 'end=1999-06': end: 1999-06 is before the start 2000-01"


def test_the_calendar(tmp_path):
    file = tmp_path / "base.yaml"
    file.write_text(BASE, encoding="utf-8")
    scenario = load_scenario(file)
    assert month_count(scenario) == 120
    assert [month_index(scenario, month) for month in ("1999-12", "2000-01", "2000-12", "2001-01", "2009-12")] == [-1, 0, 11, 12, 119]
    assert [month_label(scenario, n) for n in (-1, 0, 11, 12, 119)] == ["1999-12", "2000-01", "2000-12", "2001-01", "2009-12"]
    assert all(month_index(scenario, month_label(scenario, n)) == n for n in range(-300, 1300))
