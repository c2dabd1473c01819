"""Histories: tables, events, lineages, names and the chronicle."""

from __future__ import annotations

import functools

import numpy as np
import pytest

import sim
from sim import engine
from sim.observe.chronicle import MAJOR, chronicle, told
from sim.observe.ensemble import interval, lineage_months, outcomes
from sim.observe.history import KEPT, LOG_ROWS, VIOLENCE_ROWS
from sim.observe.outcome_words import or_none
from sim.observe.weight import of_weight
from sim.show.history_figure import draw
from sim.world import codes
from sim.world.build import Capacity, build, parameters
from sim.world.world import copy


@functools.cache
def history(name="aqim", seed=1):
    return sim.run(name, seed=seed)


def test_every_month_of_every_kept_table_is_there():
    h = history()
    for table in KEPT:
        assert h.tables[table].shape[0] == h.months + 1
    assert h.date(0) == "1998-01"
    assert h.date(h.months - 1) == "2019-06"


@pytest.mark.parametrize("name", ["aqim", "dilemma-101"])
def test_tables_are_the_worlds_own_as_far_as_anybody_was_born_into_them(name):
    h = history(name)
    world = build(h.scenario, h.seed, h.replicate, Capacity.of(h.scenario, LOG_ROWS, VIOLENCE_ROWS))
    start = copy(world)
    assert all(h.tables[table][0].tobytes() == getattr(start, table)[: h.tables[table].shape[1]].tobytes() for table in KEPT)
    for month in engine.months_of(world, parameters(h.scenario), h.months):
        for table in KEPT:
            kept, now, first = h.tables[table], getattr(world, table), getattr(start, table)
            rows = kept.shape[1]
            assert kept[month + 1].tobytes() == now[:rows].tobytes(), (month, table)
            assert now[rows:].tobytes() == first[rows:].tobytes(), "nobody was ever there"
    for table in ("organisation", "emir"):
        assert h.tables[table].shape[1] < len(getattr(world, table))
        assert (h.tables[table]["identity"][-1] != 0).all()


def test_series_leave_out_those_who_do_not_exist():
    h = history()
    frame = h.series("organisation")
    first = frame[frame["date"] == "1997-12"]
    assert set(first["name"]) == {"GSPC", "GIA"}
    assert (frame["alive"] == 1).all()
    assert len(h.series("region")) == (h.months + 1) * len(h.scenario.regions)
    with pytest.raises(KeyError):
        h.series("posting")


def test_presence_adds_up_to_the_katibas():
    h = history()
    presence = h.presence()
    emir = h.tables["emir"]
    for month in (0, 100, h.months):
        total = emir[month]["strength"][emir[month]["alive"] == 1].sum()
        assert presence[presence["month"] == month]["strength"].sum() == pytest.approx(total)


@pytest.mark.parametrize("name", sorted(sim.shipped()))
def test_nobody_was_ever_stronger_than_at_the_peak(name):
    h = history(name)
    told, presence = h.lineages(), h.presence()
    peaks = told.set_index("organisation_id")["peak_strength"]
    by_month = presence.groupby(["organisation_id", "month"])["strength"].sum().groupby("organisation_id").max()
    assert (by_month <= peaks[by_month.index]).all()
    assert (told["strength_end"] <= told["peak_strength"]).all()
    own = told[told["root"] == h.names.of(h.focus)]
    assert own["peak_strength"].max() >= h.outcomes["strength_peak"]


def test_a_lineage_survives_its_rename():
    h = next(
        x
        for x in (history(seed=s) for s in range(1, 12))
        if (x.log["kind"] == codes.BRAND_CHANGE).any() and "AQIM" in " ".join(x.events()["organisation"])
    )
    row = h.lineages().set_index("organisation").loc["GSPC / AQIM"]
    events = h.events()
    joined = events[(events["event"] == "brand change") & (events["organisation"] == "AQIM")].iloc[0]
    own = events[events["organisation_id"] == row["organisation_id"]]
    assert set(own[own["month"] < joined["month"]]["organisation"]) == {"GSPC"}
    assert set(own[own["month"] >= joined["month"]]["organisation"]) <= {"AQIM"}
    assert row["start"] == "1998-01" or row["start"] < "1998-01"


def test_everybody_has_a_name_of_his_own():
    h = history()
    lineages = h.lineages()
    assert lineages["organisation"].is_unique
    identities = {f"{int(i):08x}" for i in lineages["organisation_id"]}
    told = " ".join(str(e) for e in chronicle(h))
    assert not any(i in told for i in identities), "nobody goes by a number"


def test_every_branch_has_its_parent_and_its_event():
    h = history()
    lineages = h.lineages()
    events = h.events()
    for row in lineages.to_dict("records"):
        if row["origin"] in ("splinter", "autonomy", "pledge"):
            assert row["parent"]
            born = events[(events["event"] == row["origin"]) & (events["other_id"] == row["organisation_id"])]
            assert len(born) == 1
            assert born.iloc[0]["date"] == row["start"]


def test_the_chronicle_tells_every_major_event_of_whoever_has_weight_once_in_order_with_its_causes():
    h = history()
    page = chronicle(h)
    assert [e.month for e in page] == sorted(e.month for e in page)
    one_by_one = [e for e in page if e.kind not in ("world", "record", "year", "means change")]
    weight = of_weight(h)
    major = h.log[np.isin(h.log["kind"], MAJOR)]
    parties = [{int(e["organisation"]), int(e["other"])} for e in major]
    makes = ("splinter", "autonomy", "pledge", "return", "merger", "ending", "broker-founded group", "entry", "founding", "brand change")
    concerned = [
        int(e["organisation"]) == -1 or bool(those & weight.near) or (codes.EVENTS[e["kind"]] in makes and bool(those & weight.far))
        for e, those in zip(major, parties, strict=True)
    ]
    assert len(one_by_one) == sum(concerned) == told(h, weight).sum()
    assert 0 < len(one_by_one) < len(major), "the rest is told by the year"
    assert [e for e in page if e.kind == "world"], "the scenario's events stand there too"
    assert [e.date for e in page if e.kind == "record"] == [fact.date for fact in h.scenario.record], "and what the sources say happened"
    assert all(e.why for e in page if e.kind in ("splinter", "departure", "merger", "return", "ending"))
    assert all(e.date <= "2019-06" for e in page)


def test_outcomes_agree_with_the_events():
    h = history()
    events = h.events()["event"].value_counts()
    for outcome, kind in (
        ("splinters", "splinter"),
        ("departures", "departure"),
        ("mergers", "merger"),
        ("returns", "return"),
        ("successions", "succession"),
    ):
        assert h.outcomes[outcome] == events.get(kind, 0)


def test_ensembles_hold_the_single_history():
    scenario = sim.load("dilemma-101")
    frame = outcomes(scenario, seed=4, replicates=5, threads=2, first=2)
    assert frame.index.tolist() == [2, 3, 4, 5, 6]
    single = sim.run(scenario, seed=4, replicate=3).outcomes
    assert {name: None if value != value else value for name, value in frame.loc[3].items()} == or_none(single)
    months = lineage_months(scenario, seed=4, replicates=2)
    h = sim.run(scenario, seed=4, replicate=1)
    o = h.tables["organisation"][1:]
    own = (o["alive"] == 1) & (o["lineage"] == h.focus)
    np.testing.assert_array_equal(months["strength"][1], (own * h.strength()[1:]).sum(axis=1))


def test_an_interval_holds_its_mean_and_narrows():
    rng = np.random.default_rng(1)
    few, many = rng.normal(3, 1, 20), rng.normal(3, 1, 2000)
    for sample in (few, many):
        mean, low, high = interval(sample)
        assert low < mean < high
    assert np.diff(interval(many)[1:]) < np.diff(interval(few)[1:])
    assert interval(np.ones(5)) == (1.0, 1.0, 1.0)


def test_a_bad_engine_is_refused():
    with pytest.raises(ValueError, match="compiled"):
        sim.run("dilemma-101", engine="fast")
    with pytest.raises(ValueError, match="0 to 4294967295"):
        sim.run("dilemma-101", seed=-1)


def test_a_loaded_scenario_is_not_changed_in_silence():
    with pytest.raises(ValueError, match="give the changes to sim"):
        sim.run(sim.load("dilemma-101"), without=("brokerage",))


@pytest.mark.parametrize("name", ["aqim", "libya-platform"])
def test_the_strength_at_the_end_is_one_number_wherever_it_stands(name):
    h = history(name, 2)
    lineages, presence, years = h.lineages(), h.presence(), h.years()
    own = set(lineages["organisation_id"][lineages["root"] == h.names.of(h.focus)])
    last = presence[(presence["month"] == h.months) & presence["organisation_id"].isin(own)]
    told = years[(years["of"] == "lineage") & (years["observable"] == "strength")]
    bands = lineage_months(h.scenario, 2, 1)["strength"]
    drawn = draw(h, 0).axes
    (line,) = next(ax for ax in drawn if ax.get_title("left").startswith("Strength")).get_lines()
    assert [lineages["strength_end"][lineages["organisation_id"].isin(own)].sum(), last["strength"].sum(), told["value"].iloc[-1], bands[0, -1]] == [
        h.outcomes["strength_end"]
    ] * 4
    assert line.get_ydata().tolist() == bands[0].tolist()
