"""How people are divided among katibas does not by itself make more of them (SECOND, G1).

The same people, of one community, under emirs alike in all, the purse divided: in the first month one katiba of an
organisation brings what six of a sixth its size bring. Not alike are, on purpose: what meetings show, of which six
emirs have six times as many; and how a katiba is seen for fear and for money, which go by its own size and purse.
"""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest

from sim import engine
from sim.scenario.load import change, load_scenario
from sim.world.build import build, parameters

REPLICATES = 2000
PEOPLE, PURSE = 120, 6.0
# Enough of everything in one month to tell a sixth more from chance; raids that take a few each, for none takes more than its katiba has,
# and a sixth of 120 is less than one of the size that the defaults give would take.
MANY = {"recruitment": 10.0, "recruitable": 30.0, "strike_rate": 0.05, "detection": 0.4, "raid_size": 3.0}
SEEN_ALIKE = {"fear_gain": 0.0, "money_gain": 0.0}


@functools.cache
def first_month(katibas, meetings_show):
    base = load_scenario(str(Path(__file__).parent / "rules" / "small.yaml"))
    alike = base.emirs[1]
    emirs = [alike.model_copy(update={"name": f"Emir {k}", "strength": PEOPLE / katibas, "purse": PURSE / katibas}) for k in range(katibas)]
    scenario = base.model_copy(update={"emirs": emirs, "timeline": [], "smugglers": [], "brokers": []})
    scenario = change(scenario, {**MANY, **SEEN_ALIKE, "control_dilemma": meetings_show})
    start = build(scenario, 1)
    assert start.emir["strength"].sum() == PEOPLE
    assert start.emir["outsiders"].sum() == 0
    return engine.ensemble(start, parameters(scenario), 1, range(REPLICATES), threads=2)


def assert_alike(one, other, most):
    """The two means are within 4 standard errors, and that is close enough to mean something."""
    error = np.sqrt((one.var(ddof=1) + other.var(ddof=1)) / REPLICATES)
    assert 4 * error < most * one.mean(), "too few to tell"
    assert abs(one.mean() - other.mean()) < 4 * error, f"{one.mean():.3f} and {other.mean():.3f}, standard error {error:.3f}"


@pytest.mark.parametrize("katibas", [2, 4, 6])
@pytest.mark.parametrize("outcome", ["recruits", "attacks"])
def test_recruits_and_attacks_do_not_go_by_the_number_of_katibas(outcome, katibas):
    assert_alike(first_month(1, True)[outcome], first_month(katibas, True)[outcome], most=0.25)


@pytest.mark.parametrize("katibas", [2, 4, 6])
def test_raids_go_by_it_only_through_meetings(katibas):
    assert_alike(first_month(1, False)["raids"], first_month(katibas, False)["raids"], most=0.35)


def test_meetings_show_six_emirs_more_than_one():
    one, six = first_month(1, True)["raids"], first_month(6, True)["raids"]
    error = np.sqrt((one.var(ddof=1) + six.var(ddof=1)) / REPLICATES)
    assert six.mean() - one.mean() > 1.96 * error
