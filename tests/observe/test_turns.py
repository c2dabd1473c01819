"""How often what happened happens: by hand-made logs, and against the histories themselves."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

import sim
from sim.observe.turns import FRAGMENTATION, FRAGMENTATIONS, WITHIN, compare, lineage_events, matched, turns, turns_of
from sim.scenario.schema import RecordKind
from sim.world import codes

OWN, CHILD, STRANGER = 11, 12, 99
MONTHS = 120


def fact(date, event, until=None):
    return {"date": date, "until": until, "what": "Something.", "event": event, "source": "A book"}


def scenario(*facts):
    """Ten years from 2000-01."""
    return sim.load("dilemma-101", overrides={"record": list(facts)})


def log(*events):
    """Events as (month, kind, organisation, other)."""
    table = np.zeros(len(events), [("month", np.int64), ("kind", np.int64), ("organisation", np.int64), ("other", np.int64)])
    for row, (month, kind, organisation, other) in enumerate(events):
        table[row] = month, codes.EVENTS.index(kind), organisation, other
    return table


def happened(*events):
    """Events of the lineage as (month, kind)."""
    return lineage_events(log(*((month, kind, OWN, -1) for month, kind in events)), {OWN})


def test_every_kind_of_fact_is_a_kind_of_event():
    assert set(get_args(RecordKind)) - {FRAGMENTATION} <= set(codes.EVENTS)
    assert set(FRAGMENTATIONS) <= set(codes.EVENTS)


def test_only_what_befalls_the_lineage_counts_and_of_mergers_and_returns_either_side():
    kinds, months = lineage_events(
        log(
            (1, "splinter", OWN, CHILD), (2, "splinter", STRANGER, OWN), (3, "merger", STRANGER, CHILD), (4, "return", OWN, STRANGER),
            (5, "merger", STRANGER, STRANGER), (6, "ending", STRANGER, CHILD),
        ),
        {OWN, CHILD},
    )  # fmt: skip
    assert months.tolist() == [1, 3, 4]
    assert [codes.EVENTS[kind] for kind in kinds] == ["splinter", "merger", "return"]


@pytest.mark.parametrize(("month", "met"), [(60 - WITHIN - 1, False), (60 - WITHIN, True), (60, True), (63 + WITHIN, True), (63 + WITHIN + 1, False)])
def test_an_event_meets_a_fact_within_two_years_of_its_span(month, met):
    wanted = turns_of(scenario(fact("2005-01", "splinter", "2005-04")))
    assert matched(wanted, *happened((month, "splinter"))) == [met]
    assert matched(wanted, *happened((month, "pledge"))) == [False]


def test_facts_without_a_kind_are_no_turns_and_windows_end_with_the_run():
    wanted = turns_of(scenario(fact("2009-12", "ending"), fact("2000-02", "merger"), {**fact("2004-01", None)}))
    assert [(turn.fact.event, turn.first, turn.last) for turn in wanted] == [("merger", 0, 1 + WITHIN), ("ending", 119 - WITHIN, 119)]


def test_one_event_meets_one_fact():
    wanted = turns_of(scenario(fact("2005-01", "splinter"), fact("2005-06", "splinter")))
    assert matched(wanted, *happened((62, "splinter"))) == [True, False]
    assert matched(wanted, *happened((62, "splinter"), (63, "splinter"))) == [True, True]


def test_as_many_facts_are_met_as_can_be():
    # The earlier fact must not take the only event that the later one could have: any fragmentation will do for it.
    wanted = turns_of(scenario(fact("2005-01", FRAGMENTATION), fact("2005-06", "splinter")))
    assert matched(wanted, *happened((60, "splinter"), (61, "departure"))) == [True, True]
    # A chain: each of three facts gives its first choice up for the next.
    chain = turns_of(scenario(fact("2003-01", "splinter"), fact("2004-01", "splinter"), fact("2006-01", "splinter")))
    assert matched(chain, *happened((94, "splinter"), (58, "splinter"), (30, "splinter"))) == [True, True, True]
    assert matched(chain, *happened((50, "splinter"), (51, "splinter"))) == [True, True, False]


def test_shares_and_what_chance_would_give():
    wanted = turns_of(scenario(fact("2005-01", "splinter"), fact("2005-02", "pledge"), fact("2008-01", "merger")))
    histories = [
        happened((60, "splinter"), (61, "pledge")),
        happened((60, "splinter"), (10, "splinter"), (10, "pledge")),
        happened((100, "merger")),
        happened(),
    ]
    found = compare(wanted, histories, MONTHS)
    assert [met.share for met in found.met] == [0.5, 0.25, 0.25]
    assert found.histories == 4
    width = (2 * WITHIN + 1) / MONTHS
    assert found.met[0].chance == pytest.approx((width + (1 - (1 - width) ** 2)) / 4)
    assert found.met[1].chance == pytest.approx(2 * width / 4)
    assert found.met[2].chance == pytest.approx((WITHIN + 24) / MONTHS / 4), "the window ends with the run"
    assert found.two is not None
    assert found.two.share == 0.25
    # By Wilson, with z = 1.96 and n = 4.
    assert (found.two.low, found.two.high) == (pytest.approx(0.0456, abs=1e-3), pytest.approx(0.6994, abs=1e-3))
    assert compare(wanted[1:], histories, MONTHS).two is None, "one fragmentation makes no two"


def test_events_without_a_rhythm_do_as_well_as_chance():
    wanted = turns_of(scenario(fact("2004-01", "splinter"), fact("2007-01", "pledge")))
    rng = np.random.default_rng(3)
    kinds = np.array([codes.EVENTS.index("splinter"), codes.EVENTS.index("pledge"), codes.EVENTS.index("pledge")])
    found = compare(wanted, [(kinds, rng.integers(MONTHS, size=3)) for _ in range(1500)], MONTHS)
    for met in (*found.met, found.two):
        assert met is not None
        assert met.share == pytest.approx(met.chance, abs=0.05)
    assert found.two.chance == pytest.approx(found.met[0].chance * found.met[1].chance, abs=0.03)


def test_a_single_history_is_judged_as_its_own_log_says():
    chosen = scenario(*(fact(f"{year}-01", kind) for year in (2002, 2005, 2008) for kind in ("succession", FRAGMENTATION)))
    wanted = turns_of(chosen)
    for seed in range(4):
        history = sim.run(chosen, seed=seed)
        events, lineages = history.events(), history.lineages()
        own = set(lineages[lineages["root"] == chosen.focus]["organisation_id"])
        found = turns(chosen, seed, replicates=1)
        for turn, met in zip(found.turns, found.met, strict=True):
            names = [codes.EVENTS[kind] for kind in turn.kinds]
            here = events[events["event"].isin(names) & events["organisation_id"].isin(own) & events["month"].between(turn.first, turn.last)]
            assert met.share == float(len(here) > 0) or sum(other.fact.event == turn.fact.event for other in wanted) > len(here)
    assert turns(scenario(), replicates=5).histories == 0


def test_the_result_depends_on_neither_threads_nor_the_room_in_the_log(monkeypatch):
    chosen = scenario(fact("2004-01", "succession"), fact("2006-01", FRAGMENTATION))
    one = turns(chosen, 1, replicates=12)
    assert turns(chosen, 1, replicates=12, threads=3) == one
    monkeypatch.setattr("sim.observe.turns._LOG_ROWS", 3)
    assert turns(chosen, 1, replicates=12) == one
