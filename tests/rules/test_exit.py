"""Exit, voice and purges; foundings of katibas and groups."""

from __future__ import annotations

import pytest

from sim.rules import exit as going
from sim.rules import founding, succession
from sim.world import codes, decisions
from sim.world.draws import child_identity

AMBER, BASALT, CEDAR, DUNE, EMBER, FLINT = range(6)
TRIES = 60


def discontented(small, i=FLINT):
    """Let emir i want to go, and nothing hold him."""
    w, p = small.counted(), small.p
    p.exit_hazard, p.choice_slope, p.hold_bond, p.hold_office, p.voice_rate = 0.5, 20.0, 0.0, 0.0, 0.0
    p.follow_slope = 0.0
    w.emir.tension[i], w.emir.gap_agenda[i] = 1.0, 1.0
    return w, p


def until(small, rule, *args, event):
    """Call a rule in one month after another until an event of that kind is told."""
    for t in range(TRIES):
        rule(small.w, small.p, t, *args)
        if event in small.events():
            return t
    raise AssertionError(f"no {event} in {TRIES} months")


def test_nobody_leaves_where_nobody_may(small):
    _, p = discontented(small)
    p.on_exit_voice_loyalty = 0
    assert small.touched(going.choose, p, 0, FLINT) == set()
    p.on_exit_voice_loyalty, p.exit_hazard = 1, 0.0
    for t in range(TRIES):
        assert small.touched(going.choose, p, t, FLINT) == set()


def spoken(small, months=200):
    """How often emir FLINT speaks in so many months, each drawn for itself, whatever holds him."""
    w, p = small.w, small.p
    for t in range(months):
        before = w.organisation.agenda_line[0], w.organisation.rhetoric[0], w.organisation.information_line[0], w.organisation.centralisation[0]
        going.choose(w, p, t, FLINT)
        o = w.organisation
        o.agenda_line[0], o.rhetoric[0], o.information_line[0], o.centralisation[0] = before
    told = small.events().get("voice", 0)
    small.tables.tally["count"][:] = 0
    return told


@pytest.mark.parametrize("hold", ["hold_bond", "hold_office"])
def test_bond_and_office_hold(small, hold):
    """Who is held is less discontented, and speaks up less; where nobody may go it shows in nothing else."""
    w, p = discontented(small)
    p.exit_hazard, p.choice_slope, p.temptation, p.voice_rate, w.emir.loyalty[FLINT] = 0.0, 6.0, 1.0, 0.5, 1.0
    loose = spoken(small)
    setattr(p, hold, 5.0)
    assert spoken(small) < loose


def test_one_draw_tells_from_below_who_speaks_and_from_above_who_goes(small, monkeypatch):
    w, p = discontented(small)
    p.exit_hazard, p.voice_rate, p.handful, w.emir.loyalty[FLINT], w.emir.skill[FLINT] = 0.3, 0.2, 1.0, 1.0, 1.0
    p.follow_slope, p.arrive = 20.0, 1.0
    w.organisation.institutions[0] = w.organisation.morale[0] = 0.0
    told, drawn = [0.1], going.chance
    monkeypatch.setattr(going, "chance", lambda w, t, who, d, i: told[0] if (d, i) == (decisions.EXIT, 0) else drawn(w, t, who, d, i))
    going.choose(w, p, 0, FLINT)
    assert small.events() == {"voice": 1}
    for told[0] in (0.25, 0.5, 0.72):
        assert small.touched(going.choose, p, 0, FLINT) == set()
    told[0] = 0.9
    going.choose(w, p, 0, FLINT)
    assert w.emir.organisation[FLINT] != 0
    assert small.events()["voice"] == 1, "who goes has not spoken"


def test_a_voice_moves_the_line_by_the_weight_of_who_speaks(small):
    w, p = small.counted(), small.p
    line, mine = w.organisation.agenda_line[0], w.emir.agenda[FLINT]
    going.speak(w, p, 0, FLINT, 0, 0.75)
    assert w.organisation.agenda_line[0] == pytest.approx(line + 80 / 400 * (mine - line))
    assert small.events() == {"voice": 1}
    assert small.tables.log["amount"][0] == 0.75, "how discontented he is"


def test_a_split_counts_everybody(small):
    w, p = discontented(small)
    p.arrive, p.handful = 0.5, 2.0
    routines, before = w.organisation.institutions[0], [small.tables.community[c].copy() for c in ("armed", "dead", "jailed")]
    row = going.leave(w, p, 0, FLINT, 0, codes.BY_SPLINTER, codes.SPLINTER)
    (j,) = [k for k in range(len(small.tables.organisation)) if w.organisation.alive[k] and k != 0]
    (stay,) = [k for k in range(6, 16) if w.emir.alive[k]]
    assert w.emir.organisation[FLINT] == j == w.organisation.breakaway[0]
    assert w.emir.organisation[stay] == 0
    assert w.organisation.leader[j] == w.emir.identity[FLINT]
    gone = 80.0 - w.emir.strength[FLINT] - w.emir.strength[stay]
    assert gone > 0
    assert w.emir.strength[FLINT] == small.tables.log["amount"][row] == w.organisation.strength[j] > 0
    assert before[0].sum() - small.tables.community["armed"].sum() == gone, "who is with neither went home"
    assert (small.tables.community["dead"] == before[1]).all()
    assert (small.tables.community["jailed"] == before[2]).all()
    assert w.organisation.institutions[0] < routines, "a split tears routines"
    assert w.organisation.institutions[j] <= p.office_inherited * routines
    assert (w.organisation.lineage[j], w.organisation.parent[j], w.organisation.treasury[j]) == (w.organisation.identity[0], 0, 0.0)
    assert (w.organisation.katibas[0], w.organisation.katibas[j]) == (6, 1)


def test_with_a_handful_he_goes_and_founds_nothing(small):
    w, p = discontented(small)
    p.handful = 100.0
    emir = w.emir.identity[FLINT]
    going.leave(w, p, 3, FLINT, 0, codes.BY_SPLINTER, codes.SPLINTER)
    assert small.events() == {"departure": 1, "emir succession": 1}
    assert w.emir.identity[FLINT] == child_identity(emir, 3, 0)
    assert w.emir.organisation[FLINT] == 0
    assert w.organisation.lost_to_exit[0] == 80.0 - w.emir.strength[FLINT] > 0
    assert w.clock.next_organisation[0] == 1


def test_where_the_table_is_full_a_split_is_refused_and_counted(world_of):
    small = world_of(organisations=1)
    w, p = discontented(small)
    p.handful = 1.0
    going.leave(w, p, 0, FLINT, 0, codes.BY_SPLINTER, codes.SPLINTER)
    assert w.clock.refused[0] == 1
    assert "departure" in small.events()
    assert w.emir.organisation[FLINT] == 0


def test_only_what_would_have_been_founded_is_refused(world_of):
    """A handful founds nothing, whether there is room for it or not: an emir's or a second man's."""
    small = world_of(organisations=1)
    w, p = discontented(small)
    p.handful = 100.0
    going.leave(w, p, 0, FLINT, 0, codes.BY_SPLINTER, codes.SPLINTER)
    going.second_man(w, p, 0, EMBER, 0, codes.BY_SPLINTER, codes.SPLINTER)
    assert small.events()["departure"] == 2
    assert w.clock.refused[0] == 0
    p.handful, p.arrive = 1.0, 1.0
    going.second_man(w, p, 1, BASALT, 0, codes.BY_SPLINTER, codes.SPLINTER)
    assert w.clock.refused[0] == 1


def test_the_way_he_goes_is_what_draws_him(small):
    _, p = discontented(small)
    p.temptation, p.handful = 0.0, 1.0
    small.tables.emir["autonomy"][FLINT] = 1.0
    until(small, going.choose, FLINT, event="autonomy")
    told = small.tables.log[small.tables.log["kind"] == codes.AUTONOMY]
    assert told["cause_autonomy"][0] > 0.5


def test_a_rival_brand_takes_believers(small):
    w, p = discontented(small)
    w.emir.tension[FLINT], w.emir.autonomy[FLINT], p.temptation, p.handful = 0.0, 0.0, 0.0, 1.0
    w.clock.rival[0], p.brand_money, w.emir.belief[FLINT] = 1.0, 100.0, 1.0
    until(small, going.choose, FLINT, event="pledge")
    j = w.emir.organisation[FLINT]
    assert (w.organisation.brand[j], w.organisation.kind[j], w.organisation.origin[j]) == (codes.RIVAL, codes.JIHADIST, codes.BY_PLEDGE)


def test_through_an_open_door_a_katiba_goes_home_together(small):
    w, p = discontented(small)
    w.emir.tension[FLINT], w.emir.autonomy[FLINT], p.temptation = 0.0, 0.0, 0.0
    w.elite.amnesty[0], w.emir.information[FLINT], w.emir.hardship[FLINT] = 1.0, -1.0, 1.0
    w.emir.hardship[FLINT] = 1.0
    until(small, going.choose, FLINT, event="surrender")
    assert (w.emir.alive[FLINT], w.emir.strength[FLINT], w.organisation.lost_to_amnesty[0]) == (0, 0.0, 80.0)
    assert w.organisation.katibas[0] == 5


def test_a_leader_does_not_leave_himself(small):
    w, p = discontented(small)
    p.handful = 1.0
    w.organisation.leader[0] = w.emir.identity[FLINT]
    for t in range(TRIES):
        going.choose(w, p, t, FLINT)
    assert small.events() == {}


def test_in_a_group_of_one_katiba_its_second_man_goes(small):
    w, p = discontented(small)
    p.handful, p.arrive, p.legacy = 1.0, 0.5, 0.0
    w.organisation.katibas[0], w.organisation.leader[0], leader = 1, w.emir.identity[FLINT], w.emir.identity[FLINT]
    armed = small.tables.community["armed"].sum()
    until(small, going.choose, FLINT, event="splinter")
    (j,) = [k for k in range(6, 16) if w.emir.alive[k]]
    g = w.emir.organisation[j]
    assert (w.emir.organisation[FLINT], w.emir.identity[FLINT], w.organisation.leader[0]) == (0, leader, leader)
    assert (w.organisation.leader[g], w.organisation.parent[g], w.organisation.katibas[g]) == (w.emir.identity[j], 0, 1)
    assert armed - small.tables.community["armed"].sum() == 80.0 - w.emir.strength[FLINT] - w.emir.strength[j] > 0


@pytest.mark.parametrize(("kind", "origin", "event"), [(codes.PLEDGE, codes.BY_PLEDGE, "pledge"), (codes.AUTONOMY, codes.BY_AUTONOMY, "autonomy")])
def test_a_second_man_goes_the_way_that_drew_him(small, kind, origin, event):
    w, p = discontented(small)
    p.handful, p.arrive, p.legacy, p.temptation, w.organisation.katibas[0] = 1.0, 0.5, 1.0, 0.0, 1
    w.emir.autonomy[FLINT] = 0.0
    if kind == codes.PLEDGE:
        w.clock.rival[0], p.brand_money, w.emir.belief[FLINT] = 1.0, 100.0, 1.0
    else:
        w.emir.autonomy[FLINT] = 1.0
    until(small, going.choose, FLINT, event=event)
    (j,) = [k for k in range(6, 16) if w.emir.alive[k]]
    g = w.emir.organisation[j]
    assert w.emir.organisation[FLINT] == 0
    assert (w.organisation.origin[g], w.organisation.parent[g]) == (origin, 0)
    assert (w.organisation.brand[g] == codes.RIVAL) == (kind == codes.PLEDGE)
    told = small.tables.log[small.tables.log["kind"] == kind]
    assert told["amount"][0] == w.emir.strength[j]


def test_a_second_man_whom_nobody_follows_stays(small):
    w, p = discontented(small)
    p.follow_slope = 20.0
    w.emir.skill[FLINT] = w.emir.ties[FLINT] = w.emir.purse[FLINT] = 0.0
    w.organisation.institutions[0] = w.organisation.morale[0] = 1.0
    assert going.follows(w, p, FLINT, 0) < 1e-9
    assert small.touched(going.second_man, p, 0, FLINT, 0, codes.BY_SPLINTER, codes.SPLINTER) == set()


def test_who_has_died_goes_nowhere(small):
    """A leader who leads a katiba himself dies as both; nobody founds a group after his death."""
    w, p = discontented(small)
    p.handful, p.arrive = 1.0, 1.0
    w.organisation.leader[0], w.organisation.struck[0] = w.emir.identity[FLINT], 1
    fallen = w.emir.identity[FLINT]
    for t in range(TRIES):
        succession.lead(w, p, t, 0)
        going.choose(w, p, t, FLINT)
        assert fallen not in small.tables.organisation["leader"], f"month {t}: the dead man leads a group"
        w.organisation.vacant[0], w.organisation.struck[0] = 0, 1
        w.organisation.leader[0] = fallen = w.emir.identity[FLINT]


def test_a_leader_who_takes_an_amnesty_leads_no_more(small):
    w, p = discontented(small)
    w.emir.tension[FLINT], p.temptation = 0.0, 0.0
    w.organisation.leader[0] = w.emir.identity[FLINT]
    w.elite.amnesty[0], w.emir.information[FLINT], w.emir.hardship[FLINT] = 1.0, -1.0, 1.0
    t = until(small, going.choose, FLINT, event="surrender")
    assert w.organisation.struck[0] == succession.SURRENDERED
    w.organisation.traced[0] = 0
    succession.lead(w, p, t + 1, 0)
    assert w.organisation.leader[0] != w.emir.identity[FLINT]
    (told,) = small.tables.log[small.tables.log["kind"] == codes.SUCCESSION]
    assert told["detail"] == succession.SURRENDERED
    assert told["cause_repression"] == 0.0, "force did not take him"
    assert told["cause_accommodation"] > 0.9


@pytest.mark.parametrize(("struck", "cause"), [(succession.DATED, "leadership_loss"), (succession.WITH_KATIBA, "leadership_loss")])
def test_a_leader_who_dies_otherwise_took_no_amnesty(small, struck, cause):
    w, p = small.counted(), small.p
    w.organisation.struck[0] = struck
    succession.lead(w, p, 0, 0)
    (told,) = small.tables.log[small.tables.log["kind"] == codes.SUCCESSION]
    assert told[f"cause_{cause}"] == 1.0


def test_others_follow_by_likeness_unless_they_lead(small):
    w, p = discontented(small)
    p.arrive, p.follow_slope, p.handful = 1.0, 20.0, 1.0
    w.emir.skill[EMBER] = 1.0
    w.organisation.institutions[0] = w.organisation.morale[0] = 0.0
    going.leave(w, p, 0, FLINT, 0, codes.BY_SPLINTER, codes.SPLINTER)
    j = w.organisation.breakaway[0]
    w.emir.faction[EMBER], w.emir.divergence[EMBER], p.temptation = 1, 1.0, 10.0
    w.organisation.leader[0] = w.emir.identity[EMBER]
    assert small.touched(going.follow, p, 0, EMBER) == set()
    w.organisation.leader[0], katibas = 1, w.organisation.katibas[0]
    going.follow(w, p, 0, EMBER)
    assert w.emir.organisation[EMBER] == j
    assert w.organisation.katibas[0] == katibas - 1
    assert w.organisation.strength[j] == w.emir.strength[FLINT] + w.emir.strength[EMBER]


def test_a_leadership_purges_by_fear_and_brutality_and_routines_bind_it(small):
    w, p = small.counted(), small.p
    o = w.organisation
    p.purge_rate, o.polarisation[0], o.brutality[0], o.dissident[0], o.institutions[0] = 5.0, 1.0, 1.0, FLINT, 1.0
    assert small.touched(going.purge, p, 0, 0) == set()
    o.institutions[0], emir = 0.0, w.emir.identity[FLINT]
    p.purge_toll = 0.5
    until(small, going.purge, 0, event="purge")
    assert w.emir.identity[FLINT] != emir
    assert w.emir.belief[FLINT] == o.rhetoric[0]
    killed = small.tables.violence["deaths"][0]
    assert killed == o.lost_to_rivals[0] == small.tables.community["dead"].sum() > 0
    assert small.tables.violence["by"][0] == small.tables.violence["against"][0] == o.identity[0]


@pytest.mark.parametrize("why_not", ["off", "vacant", "the last katiba", "his own", "gone over"])
def test_whom_nobody_purges(small, why_not):
    w, p = small.counted(), small.p
    o = w.organisation
    p.purge_rate, o.polarisation[0], o.brutality[0], o.dissident[0], o.institutions[0] = 5.0, 1.0, 1.0, FLINT, 0.0
    if why_not == "off":
        p.on_exit_voice_loyalty = 0
    elif why_not == "vacant":
        o.vacant[0] = 1
    elif why_not == "the last katiba":
        o.katibas[0] = 1
    elif why_not == "his own":
        o.leader[0] = w.emir.identity[FLINT]
    else:
        small.split(FLINT)
    for t in range(TRIES):
        going.purge(w, p, t, 0)
    assert "purge" not in small.events()


# Foundings


def test_only_the_large_and_awake_send_people_off(small):
    w, p = small.counted(), small.p
    p.katiba_hazard = 1.0
    w.emir.strength[AMBER] = p.large_katiba - 1.0
    w.emir.dormant[FLINT] = 1
    for t in range(TRIES):
        assert small.touched(founding.grow, p, t, AMBER) == set()
        assert small.touched(founding.grow, p, t, FLINT) == set()
    until(small, founding.grow, BASALT, event="new katiba")
    (j,) = [k for k in range(6, 16) if w.emir.alive[k]]
    assert w.emir.strength[j] == w.emir.strength[BASALT] == 45.0
    assert w.emir.organisation[j] == 0
    assert w.organisation.katibas[0] == 7
    assert w.emir.region[j] in (0, 1, 2), "here or next door"


def test_a_group_arises_where_neglect_cleavage_and_absence_meet(small):
    w, p = small.counted(), small.p
    c = w.community
    p.founding_rate, p.founding_size = 5.0, 12.0
    for column in (c.neglect, c.cleavage, c.grievance, c.room):
        column[6] = 1.0
    c.weariness[6] = 1.0
    for t in range(TRIES):
        assert small.touched(founding.arise, p, t, 6) == set(), "the weary found nothing"
    c.weariness[6] = 0.0
    t = until(small, founding.arise, 6, event="founding")
    (j,) = [k for k in range(6, 16) if w.emir.alive[k]]
    o, g = w.organisation, w.emir.organisation[j]
    assert (o.born[g], o.home[g], o.parent[g], o.lineage[g], o.katibas[g], o.leader[g]) == (t, 3, -1, o.identity[g], 1, w.emir.identity[j])
    assert o.strength[g] == w.emir.strength[j] == w.tie.fighters[j * 6] >= 1.0
    assert w.tie.community[j * 6] == 6
    assert w.tie.matrimonial[j * 6] == p.native_ties, "its people are this community's sons"


def test_nobody_is_founded_whom_no_table_holds(world_of):
    small = world_of(organisations=1)
    w, p = small.counted(), small.p
    c = w.community
    p.founding_rate = 5.0
    for column in (c.neglect, c.cleavage, c.grievance, c.room):
        column[6] = 1.0
    for t in range(TRIES):
        assert small.touched(founding.arise, p, t, 6) <= {"clock.refused"}
    assert w.clock.refused[0] > 0


def test_a_row_held_for_who_is_to_enter_is_not_free(small):
    w = small.w
    w.emir.alive[FLINT] = 0
    found = [founding.free_emir(w) for _ in range(3)]
    assert FLINT not in found
    w.emir.strength[FLINT] = 0.0
    w.clock.next_emir[0] = FLINT
    assert founding.free_emir(w) == FLINT
