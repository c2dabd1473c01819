"""The leadership and its emirs: meetings, accounts, divergence, means, institutions, leaders lost and found."""

from __future__ import annotations

import pytest

from sim.rules import control, divergence, institutions, leadership, succession
from sim.world import codes
from sim.world.draws import child_identity

AMBER, BASALT, CEDAR, DUNE, EMBER, FLINT = range(6)


# Control


def test_no_leader_no_meetings(small):
    w, p = small.counted(), small.p
    p.meetings, w.emir.trace[BASALT] = 50.0, 3.0
    control.supervise(w, p, 0, BASALT)
    assert w.emir.met[BASALT] > 0
    assert w.emir.trace[BASALT] == p.trace_keep * 3.0 + w.emir.met[BASALT]
    w.organisation.vacant[0], trace = 1, w.emir.trace[BASALT]
    control.supervise(w, p, 0, BASALT)
    assert (w.emir.met[BASALT], w.emir.contact[BASALT], w.emir.trace[BASALT]) == (0.0, 0.0, p.trace_keep * trace)


def test_contact_is_the_chance_that_a_meeting_tells(small):
    w, p = small.counted(), small.p
    for t in range(20):
        control.supervise(w, p, t, BASALT)
        assert w.emir.contact[BASALT] == pytest.approx(1.0 - p.unseen ** w.emir.met[BASALT])
        assert not w.emir.caught[BASALT] or w.emir.skims[BASALT]


def test_who_fears_enough_obeys_and_who_fears_nothing_and_is_tempted_does_not(small):
    w, p = small.counted(), small.p
    w.emir.gap_agenda[EMBER], w.emir.gap_belief[EMBER], w.emir.gap_information[EMBER] = 1.0, 1.0, 1.0
    p.temptation, p.choice_slope, p.deterrence = 10.0, 20.0, 0.0
    control.supervise(w, p, 0, EMBER)
    assert (w.emir.skims[EMBER], w.emir.strays[EMBER]) == (1.0, 1.0)
    p.deterrence, p.deterrence_rate, w.emir.deterrence[EMBER], p.temptation = 5.0, 0.0, 1.0, 0.0
    control.supervise(w, p, 1, EMBER)
    assert (w.emir.skims[EMBER], w.emir.strays[EMBER], w.emir.caught[EMBER]) == (0.0, 0.0, 0.0)


def test_money_tempts_by_agenda_and_targets_by_belief_and_reading(small):
    w, p = small.counted(), small.p
    p.temptation, p.choice_slope = 10.0, 20.0
    w.emir.gap_agenda[EMBER], w.emir.gap_belief[EMBER], w.emir.gap_information[EMBER] = 1.0, 0.0, 0.0
    p.deterrence, p.deterrence_rate, w.emir.deterrence[EMBER] = 3.0, 0.0, 1.0
    control.supervise(w, p, 0, EMBER)
    assert (w.emir.skims[EMBER], w.emir.strays[EMBER]) == (1.0, 0.0)
    w.emir.gap_agenda[EMBER], w.emir.gap_belief[EMBER], w.emir.gap_information[EMBER] = 0.0, 1.0, 1.0
    control.supervise(w, p, 0, EMBER)
    assert (w.emir.skims[EMBER], w.emir.strays[EMBER]) == (0.0, 1.0)


def test_tension_is_autonomy_beyond_what_is_granted(small):
    w, p = small.counted(), small.p
    w.organisation.centralisation[0] = 1.0
    control.supervise(w, p, 0, FLINT)
    assert w.emir.tension[FLINT] == w.emir.autonomy[FLINT] > 0.0
    w.organisation.centralisation[0] = 0.0
    control.supervise(w, p, 0, FLINT)
    assert w.emir.tension[FLINT] == 0.0
    w.organisation.centralisation[0], p.on_deconcentration = 1.0, 0
    control.supervise(w, p, 0, FLINT)
    assert w.emir.tension[FLINT] == 0.0


# Divergence


def test_gaps_are_half_distances_and_divergence_their_mean(small):
    w = small.w
    assert divergence.gap(-1.0, 1.0) == divergence.gap(1.0, -1.0) == 1.0
    assert divergence.distance(0.2, -0.4, 1.0, 0.2, 0.4, 0.0) == pytest.approx((0.0 + 0.4 + 0.5) / 3)
    p = small.counted() and small.p
    divergence.drift(w, p, 0, EMBER)
    gaps = w.emir.gap_agenda[EMBER], w.emir.gap_belief[EMBER], w.emir.gap_information[EMBER]
    assert w.emir.divergence[EMBER] == pytest.approx(sum(gaps) / 3)
    assert gaps[0] == pytest.approx(abs(w.emir.agenda[EMBER] - w.organisation.agenda_line[0]) / 2)


def test_without_divergence_all_hold_the_line(small):
    w, p = small.counted(), small.p
    p.on_preference_divergence = 0
    for i in range(6):
        divergence.drift(w, p, 0, i)
        assert (w.emir.divergence[i], w.emir.faction[i]) == (0.0, 0)
        assert w.emir.belief[i] == w.organisation.rhetoric[0]


def test_contact_brings_an_emir_to_the_line_and_distance_leaves_him_to_his_place(small):
    w, p = small.counted(), small.p
    apart = {}
    for contact in (0.0, 1.0):
        w.emir.agenda[FLINT], w.emir.belief[FLINT] = 0.9, 0.9
        w.emir.contact[FLINT] = contact
        divergence.drift(w, p, 0, FLINT)
        apart[contact] = w.emir.gap_agenda[FLINT], w.emir.gap_belief[FLINT]
    assert apart[1.0] < apart[0.0]


def test_a_camp_draws_its_own_together(small):
    w, p = small.counted(), small.p
    o = w.organisation
    o.dissent[0], o.sum_agenda[0], o.sum_belief[0], o.sum_information[0] = 200.0, 200.0, 200.0, 200.0
    divergence.polarise(w, p, 0, 0)
    assert (o.dissent_agenda[0], o.dissent_belief[0]) == (1.0, 1.0)
    camp = 0.5
    apart = divergence.distance(1.0, 1.0, 1.0, o.agenda_line[0], o.rhetoric[0], o.information_line[0])
    assert o.strength[0] == 400.0
    assert o.polarisation[0] == pytest.approx(4 * camp * (1 - camp) * apart), "Esteban and Ray"
    p.agenda_rate = p.memory = 0.0
    w.emir.faction[EMBER], belief = 1, w.emir.belief[EMBER]
    divergence.drift(w, p, 0, EMBER)
    assert w.emir.belief[EMBER] == pytest.approx(belief + p.polarisation_pull * (1.0 - belief))
    o.dissent[0] = 0.0
    divergence.polarise(w, p, 0, 0)
    assert o.polarisation[0] == 0.0


# Means


@pytest.mark.parametrize(("tight", "loose", "sign"), [(1.0, 5.0, 1), (5.0, 1.0, -1), (2.0, 2.0, 0)])
def test_control_goes_against_the_larger_symptom(small, tight, loose, sign):
    w, p = small.counted(), small.p
    o = w.organisation
    o.tight[0], o.loose[0], o.fitness[0], o.aspiration[0], before = tight, loose, -0.1, 0.1, o.control[0]
    p.search_months = 1.0
    leadership.rechoose(w, p, 0, 0)
    assert o.control[0] == pytest.approx(before + sign * p.search_step)
    assert (o.tight[0], o.loose[0]) == (0.0, 0.0), "the next look sees what has come since"


@pytest.mark.parametrize("why_not", ["content", "vacant", "not yet", "off"])
def test_nobody_searches(small, why_not):
    w, p = small.counted(), small.p
    o = w.organisation
    o.tight[0], o.fitness[0], o.aspiration[0] = 5.0, -0.1, 0.1
    p.search_months = 6.0
    month = o.born[0] + 600
    if why_not == "content":
        o.fitness[0] = 0.3
    elif why_not == "vacant":
        o.vacant[0] = 1
    elif why_not == "not yet":
        month += 1
    else:
        p.on_meta_strategy = 0
    touched = small.touched(leadership.rechoose, p, month, 0)
    assert "organisation.control" not in touched
    assert "organisation.rhetoric" not in touched
    if why_not == "off":
        assert touched == set()


def test_a_local_rhetoric_spares_civilians(small):
    w, p = small.counted(), small.p
    o = w.organisation
    o.support[0], o.rhetoric[0], o.brutality[0] = 0.9, 0.5, 0.5
    leadership.speak(w, p, 0, 0, 1)
    assert o.rhetoric[0] == pytest.approx(0.5 - p.means_step)
    assert o.brutality[0] == pytest.approx(0.5 * (1 - p.means_step))
    o.support[0], w.clock.cause[0] = 0.0, 0.5
    leadership.speak(w, p, 0, 0, 1)
    assert o.rhetoric[0] == pytest.approx(0.5)
    assert o.brutality[0] == pytest.approx(0.5 * (1 - p.means_step))


# Leaders


def test_a_dated_death_empties_the_office_and_routines_fill_it(small):
    w, p = small.counted(), small.p
    o = w.organisation
    o.struck[0], leader, routines = 1, o.leader[0], o.institutions[0]
    succession.lead(w, p, 5, 0)
    assert (o.vacant[0], o.fallen[0], o.leader[0], o.tenure[0]) == (1, leader, child_identity(leader, 5, 1), 0)
    assert o.shock[0] == pytest.approx(1.0 - routines)
    assert o.institutions[0] == pytest.approx(routines * (1 - p.office_lost * (1 - routines)))
    p.succession = p.succession_office = 0.0
    succession.lead(w, p, 6, 0)
    assert (o.vacant[0], o.vacant_months[0], o.shock[0]) == (1, 1, 0.0), "the shock is of one month"
    p.succession = 5.0
    for t in range(7, 20):
        succession.lead(w, p, t, 0)
    assert o.vacant[0] == 0
    assert small.events() == {"succession": 1}, "who dies in a vacancy does not lead"


def test_without_succession_the_lost_leader_is_replaced_at_once(small):
    w, p = small.counted(), small.p
    p.on_succession, w.organisation.struck[0] = 0, 1
    succession.lead(w, p, 5, 0)
    assert (w.organisation.vacant[0], w.organisation.shock[0]) == (0, 0.0)
    assert small.events() == {"succession": 1}


def test_a_leader_is_found_by_traces_only_if_he_can_be_taken(small):
    w, p = small.counted(), small.p
    p.leader_taken, w.organisation.traced[0] = 0.0, 4
    succession.lead(w, p, 5, 0)
    assert (w.organisation.vacant[0], w.organisation.given[0], w.organisation.traced[0]) == (0, 1, 0), "found, not taken: he gives others away"
    p.leader_taken, w.organisation.traced[0] = 0.99, 9
    succession.lead(w, p, 6, 0)
    assert w.organisation.vacant[0] == 1


def test_with_a_lost_leader_bonds_break_and_some_go_home(small):
    w, p = small.counted(), small.p
    p.bond_fade, w.emir.contact[BASALT], w.organisation.shock[0] = 0.0, 0.0, 0.8
    p.leader_home, bond = 1.0, w.emir.loyalty[BASALT]
    succession.bond(w, p, 0, BASALT)
    assert w.emir.loyalty[BASALT] == pytest.approx(bond * (1 - p.office_lost * 0.8))
    assert w.organisation.lost_to_attrition[0] == 90.0 - w.emir.strength[BASALT] > 0
    w.organisation.shock[0], w.emir.contact[BASALT], bond = 0.0, 1.0, w.emir.loyalty[BASALT]
    succession.bond(w, p, 1, BASALT)
    assert w.emir.loyalty[BASALT] == pytest.approx(bond + p.bond_growth * (1 - bond))


def test_an_emir_who_led_and_fell_is_followed_by_another(small):
    w, p = small.counted(), small.p
    w.organisation.fallen[0] = fallen = w.emir.identity[BASALT]
    tie, fear = w.tie.matrimonial[6], w.emir.deterrence[BASALT]
    succession.bond(w, p, 4, BASALT)
    assert w.emir.identity[BASALT] == child_identity(fallen, 4, 0)
    assert w.tie.matrimonial[6] == pytest.approx(tie * p.legacy), "kinship dies with him in part"
    assert w.emir.deterrence[BASALT] == pytest.approx(fear * p.legacy)
    assert w.emir.strength[BASALT] == 90.0


def test_routines_grow_with_contact_and_newcomers_thin_them(small):
    w, p = small.counted(), small.p
    o = w.organisation
    o.contact[0], o.institutions[0] = 0.8, 0.5
    institutions.grow(w, p, 0, 0)
    assert o.institutions[0] == pytest.approx(0.5 + p.office_growth * 0.8 * 0.5)
    o.institutions[0], o.vacant[0], o.newcomers[0] = 0.5, 1, 40.0
    institutions.grow(w, p, 0, 0)
    assert o.institutions[0] == pytest.approx(0.5 - p.office_dilution * 0.5 * 0.1)
    o.institutions[0] = 0.5
    institutions.torn(w, p, 0, 100.0)
    assert o.institutions[0] == pytest.approx(0.5 * (1 - 0.5 * 0.25)), "half of what its part was"


def test_without_institutions_everybody_has_the_same_whatever_happens(small):
    w, p = small.counted(), small.p
    p.on_institutions, w.organisation.newcomers[0] = 0, 400.0
    institutions.grow(w, p, 0, 0)
    assert w.organisation.institutions[0] == 0.5
    assert small.touched(institutions.torn, p, 0, 400.0) == set()
    w.organisation.struck[0] = 1
    succession.lead(w, p, 0, 0)
    assert w.organisation.institutions[0] == 0.5
    j = small.split(CEDAR)
    assert w.organisation.institutions[j] == 0.5
    assert w.organisation.origin[j] == codes.BY_SPLINTER


def test_without_institutions_everybody_has_the_same_from_the_first_day(world_of):
    small = world_of("aqim", without=("institutions",), organisations=30, emirs=60)
    organisation = small.tables.organisation
    assert set(organisation["institutions"][organisation["alive"] == 1].tolist()) == {0.5}
