"""Life courses: settings that are admissible and their own, delayed entry and censoring as by hand, roads and levels from tables made by hand."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from sim.evidence.levels import OBSERVED, Level, levels, read_levels, spread
from sim.evidence.life_courses import ROAD_OF, ROADS, STARTS, Courses, Population, at_risk, counted, hazards, life_courses, survival
from sim.evidence.settings import PRIORS, setting
from sim.scenario.load import scenario_hash
from sim.scenario.timeline import month_index
from sim.world import codes


def courses(rows: list[tuple[int, int, int, str]], **columns: Any) -> Courses:
    """Return organisations by hand: setting, month of the first attack, month it ended or -1, road; observed from month 180 to 540.

    Each strikes until it ends.
    """
    number, start, ended, road = (np.array(x) for x in zip(*rows, strict=True))
    struck = np.where((start >= 0) & (ended >= 0), ended, start)
    made = Courses(int(number.max()) + 1, 180, 540, number, start, start, struck, start, ended, road, np.zeros(len(rows), bool), 0)
    return dataclasses.replace(made, **columns)


def test_a_setting_is_admissible_and_does_not_depend_on_others():
    alone = setting(3, 7, 45)
    setting.cache_clear()
    for n in range(12):
        assert 3 <= len(setting(3, n, 45).regions) <= 6
    assert scenario_hash(setting(3, 7, 45)) == scenario_hash(alone)
    assert scenario_hash(setting(3, 8, 45)) != scenario_hash(alone)
    assert scenario_hash(setting(4, 7, 45)) != scenario_hash(alone)
    assert {e.event for n in range(12) for e in setting(3, n, 45).timeline} == {"coup", "amnesty", "rival_brand", "global_cause", "intervention"}


def test_draws_keep_to_their_priors():
    for n in range(20):
        s = setting(0, n, 45)
        assert len(s.organisations) == len(s.emirs) == 1
        assert PRIORS["band"][0] <= s.emirs[0].strength <= PRIORS["band"][1]
        assert all(PRIORS["forces"][0] <= f.strength <= PRIORS["forces"][1] for f in s.forces if f.kind == "national")
        assert all(0 <= month_index(s, e.date) < 540 for e in s.timeline)


def test_every_ending_is_one_of_the_roads():
    assert set(ROAD_OF) == set(codes.ENDINGS) - {"alive"}
    assert set(ROAD_OF.values()) == set(ROADS)


def test_who_was_there_before_enters_late_and_who_still_stands_is_censored():
    c = counted(courses([(0, 200, 230, "force"), (0, 100, 300, "force"), (0, 100, 150, "force"), (0, 500, -1, ""), (0, -1, 400, "force")]))
    assert c.entered.tolist() == [0, 80, 0]
    assert c.left.tolist() == [30, 200, 40]
    assert c.gone.tolist() == [True, True, False]
    assert c.began.tolist() == [True, False, True]


def test_a_group_that_ends_in_its_first_month_stood_for_one():
    c = counted(courses([(0, 200, 200, "force"), (0, 180, 180, "force"), (0, 170, 180, "force")]))
    assert c.entered.tolist() == [0, 0]
    assert c.left.tolist() == [1, 1]


@pytest.mark.parametrize("rule", STARTS)
def test_a_group_that_fades_away_ended_when_it_last_struck_for_whoever_counts_attacks(rule):
    """Last attack in month 229, last member gone in 260; only the first of the three faded away, the second was beaten, the third never struck."""
    rows = [(0, 200, 260, "inactivity"), (0, 200, 260, "force"), (0, -1, 260, "inactivity")]
    made = courses(rows, born=np.array([200, 200, 200]), last_attack=np.array([229, 229, -1]))
    c = counted(made, rule)
    assert c.left.tolist() == ([60, 60, 60] if rule == "ever noticed" else [30, 60])
    assert c.gone.all()
    # One that struck for the last time before anybody watched is not seen at all by whoever counts attacks.
    early = counted(courses([(0, 100, 260, "inactivity")], last_attack=np.array([150])), rule)
    assert early.left.tolist() == ([160] if rule == "ever noticed" else [])


def test_survival_is_kaplan_and_meiers_with_delayed_entry():
    # Ages: one from 0 to 12, gone; one from 6 to 24, gone; one from 12 to 24, still there; one seen at 30 for the first time.
    rows = [(0, 200, 212, "force"), (0, 174, 198, "politics"), (1, 516, -1, ""), (1, 150, 220, "force")]
    made = courses(rows)
    c = counted(made)
    ends, risk = at_risk(c, 2, 80)
    assert ends.sum(axis=0).nonzero()[0].tolist() == [12, 24, 70]
    both = risk.sum(axis=0)
    assert [int(both[age]) for age in (0, 1, 6, 7, 12, 13, 24, 25, 30, 31, 70, 71)] == [0, 2, 2, 3, 3, 2, 2, 0, 0, 1, 1, 0]
    curve = survival(ends.sum(axis=0), both)
    assert curve[11] == 1.0
    assert curve[12] == pytest.approx(2 / 3)
    assert curve[24] == pytest.approx(1 / 3)
    assert curve[70] == 0.0
    assert np.isnan(curve[71])


def test_left_out_truncation_would_flatter_the_young():
    """Ten that die at age one year unseen before the window, and one survivor: it alone is no evidence of what became of the others."""
    rows = [(0, 100, 112, "force")] * 10 + [(0, 100, 300, "force")] + [(0, 200, 212, "force")] * 3 + [(0, 200, 320, "force")]
    c = counted(courses(rows))
    ends, risk = at_risk(c, 1, 240)
    curve = survival(ends.sum(axis=0), risk.sum(axis=0))
    assert curve[12] == pytest.approx(0.25)
    assert hazards(curve)[0] == pytest.approx(0.75)


def test_a_hazard_that_is_known_is_found_through_the_window():
    """Groups founded all the time with a hazard of 0.2 in their first year and 0.05 a year after it, seen from month 180 to 540."""
    rng = np.random.default_rng(8)
    n = 40_000
    start = rng.integers(-240, 540, n)
    u = rng.random(n)
    first, later = 1.0 - 0.8 ** (1 / 12), 1.0 - 0.95 ** (1 / 12)
    early = np.ceil(np.log(1.0 - u) / np.log(1.0 - first))
    late = 12 + np.ceil(np.log((1.0 - u) / 0.8) / np.log(1.0 - later))
    end = start + np.where(u < 0.2, early, late).astype(int)
    seen = start >= 0
    rows = np.where(end < 540, end, -1)[seen]
    start = start[seen]
    made = Courses(1, 180, 540, np.zeros(len(start), int), start, start, start, start, rows, np.full(len(start), "force"), seen[seen], 0)
    ends, risk = at_risk(counted(made), 1, 240)
    found = hazards(survival(ends.sum(axis=0), risk.sum(axis=0)))
    assert found == pytest.approx([0.2, 0.05, 0.05, 0.05, 0.05, 0.05], abs=0.006)
    # Whoever forgets that the old were not watched when young counts too few who died young.
    blind = dataclasses.replace(counted(made), entered=np.zeros(len(counted(made).left), int))
    ends, risk = at_risk(blind, 1, 240)
    assert hazards(survival(ends.sum(axis=0), risk.sum(axis=0)))[0] < 0.17


def test_a_constant_hazard_is_read_as_one():
    curve = 0.9 ** (np.arange(241) / 12.0)
    assert hazards(curve) == pytest.approx(np.full(6, 0.1))


def test_levels_from_a_table_made_by_hand():
    roads = ["politics", "politics", "force", "splintering", "inactivity"]
    rows = [(n % 2, 200, 261 + n, road) for n, road in enumerate(roads)] + [(0, 200, -1, "")]
    found = {x.name: x for x in read_levels(courses(rows, breakaway=np.array([True, False, False, False, False, True])))}
    assert set(found) == set(OBSERVED)
    assert found["ended by politics"].value == pytest.approx(0.4)
    assert found["ended by absorption"].value == 0.0
    assert found["born as splinters"].value == pytest.approx(2 / 6)
    assert found["survival after 5 y"].value == 1.0
    assert found["survival after 10 y"].value == pytest.approx(1 / 6)
    assert found["ended by politics"].low < 0.4 < found["ended by politics"].high


def test_where_nobody_is_there_is_nothing_to_tell():
    found = {x.name: x for x in read_levels(courses([(0, -1, 200, "force"), (1, -1, -1, "")]))}
    assert all(np.isnan(x.value) and not x.met for x in found.values())


def test_a_level_is_met_where_its_interval_meets_the_observed_one():
    assert Level("x", 0.2, 0.15, 0.25, (0.24, 0.3)).met
    assert not Level("x", 0.2, 0.15, 0.22, (0.24, 0.3)).met
    assert not Level("x", 0.4, 0.31, 0.5, (0.24, 0.3)).met


@pytest.mark.parametrize("rule", STARTS)
def test_a_population_founds_itself_and_is_the_same_whoever_computes_it(rule):
    small = Population(settings=6, years=25, burn_in=10, seed=2, changes={"founding_rate": 0.02})
    one, two = life_courses(small, 1), life_courses(small, 2)
    assert one.full == 0
    assert len(one.born) > small.settings, "somebody founds a group besides the bands that stood at the start"
    assert all(np.array_equal(getattr(one, f.name), getattr(two, f.name)) for f in dataclasses.fields(Courses))
    assert len(counted(one, rule).left) <= len(one.born)


def test_levels_are_what_a_calibration_can_call():
    few = levels({"founding_rate": 0.02}, settings=4, seed=1)
    assert set(few) == set(OBSERVED)
    assert set(spread(Population(settings=3), range(2))) == set(OBSERVED)
    with pytest.raises(KeyError, match="no parameter 'founding_rates'"):
        levels({"founding_rates": 0.1}, settings=1)
