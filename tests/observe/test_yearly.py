"""What can be observed year by year, and the fate of every organisation: against the tables and the outcomes they are made of."""

from __future__ import annotations

import functools

import numpy as np
import pytest

import sim
from sim.observe.yearly import OBSERVABLES

NAMES = ["aqim", "northern-mali-2012", "gia-1990s"]


@functools.cache
def history(name="aqim", seed=1):
    return sim.run(name, seed=seed)


@functools.cache
def years(name="aqim", seed=1):
    return history(name, seed).years()


def of(name, kind, observable):
    table = years(name)
    return table[(table["of"] == kind) & (table["observable"] == observable)]


@pytest.mark.parametrize("name", NAMES)
def test_every_observable_of_everything_is_there_in_every_year(name):
    h, table = history(name), years(name)
    s = h.scenario
    things = {"lineage": 1, "region": len(s.regions), "community": len(s.communities), "state": len(s.states), "world": 1}
    calendar = range(int(s.start[:4]), int(s.end[:4]) + 1)
    assert len(table) == len(calendar) * sum(things[kind] * len(known) for kind, known in OBSERVABLES.items())
    assert not table.duplicated(["year", "of", "name", "observable"]).any()
    assert table.drop_duplicates("year")["months"].sum() == h.months
    for kind, known in OBSERVABLES.items():
        assert set(table[table["of"] == kind]["observable"]) == {observable for observable, *_ in known}
    missing = table[table["value"].isna()]
    assert set(missing["over"]) <= {"mean"}, "only a mean over nobody is missing"


@pytest.mark.parametrize("name", NAMES)
def test_sums_over_the_years_are_the_outcomes(name):
    h = history(name)
    for observable in ("foundings", "endings", "purges", "offers"):
        assert of(name, "world", observable)["value"].sum() == h.outcomes[observable]
    assert of(name, "world", "offers taken")["value"].sum() == h.outcomes["offers_accepted"]
    for kind in ("state-based", "non-state", "one-sided"):
        assert of(name, "world", f"deaths {kind}")["value"].sum() == h.outcomes[f"deaths_{kind.replace('-', '_')}"]
    for parts, whole in (("region", ("foundings", "deaths state-based", "under arms")), ("state", ("offers", "offers taken", "offers refused"))):
        for observable in whole:
            by_part = of(name, parts, observable).groupby("year")["value"].sum()
            assert by_part.tolist() == of(name, "world", observable)["value"].tolist()


def test_deaths_of_the_lineage_are_those_of_the_log_by_place():
    h = history()
    lineages = h.lineages()
    own = lineages[lineages["root"] == h.names.of(h.focus)]["organisation_id"]
    log = h.violence()
    log = log[log["by_id"].isin(own) | log["against_id"].isin(own)]
    home = {r.name for r in h.scenario.regions if r.state == "Algeria"}
    for kind in ("state-based", "non-state", "one-sided"):
        for place, here in (("at home", True), ("abroad", False)):
            there = log[(log["kind"] == kind) & (log["region"].isin(home) == here)]
            by_year = there.groupby(there["date"].str[:4].astype(int))["deaths"].sum()
            told = of("aqim", "lineage", f"deaths {kind} {place}").set_index("year")["value"]
            assert told[told > 0].to_dict() == by_year[by_year > 0].to_dict()
    assert log["deaths"].sum() > 0


@pytest.mark.parametrize("name", NAMES)
def test_stocks_are_those_of_the_years_last_month(name):
    h = history(name)
    community, emir = h.tables["community"], h.tables["emir"]
    for year, rows in of(name, "community", "armed").groupby("year"):
        last = max(t for t in range(h.months) if h.date(t).startswith(str(year)))
        assert rows["value"].tolist() == community[last + 1]["armed"].tolist()
        under_arms = emir[last + 1]["strength"][emir[last + 1]["alive"] == 1].sum()
        world = of(name, "world", "under arms")
        assert world[world["year"] == year]["value"].item() == under_arms
    assert np.isfinite(of(name, "community", "dead")["value"]).all()


def test_levels_are_means_over_the_months_there_are():
    h = history()
    reach = h.tables["region"][1:]["reach"]
    last = of("aqim", "region", "reach")
    last = last[last["year"] == 2019]
    assert (last["months"] == 6).all()
    assert last["value"].to_numpy() == pytest.approx(reach[-6:].mean(axis=0))
    o = h.tables["organisation"][1:]
    mine = (o["alive"] == 1) & (o["lineage"] == h.focus)
    weight = np.where(mine, o["strength"], 0.0)[:12]
    told = of("aqim", "lineage", "control")
    assert told[told["year"] == 1998]["value"].item() == pytest.approx((weight * o["control"][:12]).sum() / weight.sum())


@pytest.mark.parametrize("name", NAMES)
def test_every_organisation_has_one_fate(name):
    h, fates, lineages = history(name), history(name).fates(), history(name).lineages()
    assert fates["organisation_id"].tolist() == lineages["organisation_id"].tolist()
    assert ((fates["end"] == "") == fates["stands"]).all()
    assert ((fates["ending"] == "alive") == fates["stands"]).all()
    assert fates["months"].between(0, h.months).all()
    assert fates["institutions_end"].between(0, 1).all()
    assert fates["attacks"].sum() == h.outcomes["attacks"]
    assert ((fates["attacks"] > 0) == (fates["first_attack"] != "")).all()
    # The followed lineage is many fates: one that outlives its root is not the root's survival.
    assert fates["followed"].sum() == h.outcomes["lineage_organisations"]
    root = fates[fates["organisation_id"] == h.focus].iloc[0]
    assert root["stands"] == bool(h.outcomes["root_survived"])
    assert root["months"] == h.outcomes["root_months"]
    assert fates[fates["followed"]]["stands"].any() == bool(h.outcomes["survived"])


def test_a_fate_tells_how_long_by_the_kept_months():
    h = history()
    alive = h.tables["organisation"]["alive"][1:]
    row = {int(who): i for i, who in enumerate(h.tables["organisation"][-1]["identity"]) if who}
    fates = h.fates()
    assert fates["stands"].sum() < len(fates) - 20
    for fate in fates.to_dict("records"):
        assert fate["months"] == alive[:, row[fate["organisation_id"]]].sum()
