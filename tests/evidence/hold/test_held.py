"""Data and model counted alike: a history written as a data set is, to the last death, the replicate it came from."""

from __future__ import annotations

import json

import numpy as np
import pytest
from matplotlib.image import imread

from sim.cli import main
from sim.evidence.hold.cells import included
from sim.evidence.hold.held import RIVALS, hold, scores, table
from sim.evidence.hold.reading import read
from sim.observe.history import run
from sim.show.hold_figure import figure
from sim.world import codes
from tests.evidence.hold.conftest import NAMES, REPLICATE, SEED

REPLICATES = REPLICATE + 2


@pytest.fixture(scope="module", params=["ged", "acled"])
def held(request, named, atlas):
    return hold(named, atlas, read(request.getfixturevalue(request.param), atlas), replicates=REPLICATES, seed=SEED, threads=2)


def test_every_cell_of_the_data_is_that_of_the_replicate_they_were_written_from(held):
    assert {(s.quantity, s.unit) for s in held.series} == {(q, u) for q in ("events", "deaths") for u in ("month", "year")}
    for series in held.series:
        at = np.searchsorted(series.periods, series.shared)
        assert (series.observed[:, at] == series.model[REPLICATE]).all()
        assert not (series.model[0] == series.model[REPLICATE]).all()
        assert series.observed.sum() > 0


def test_cells_add_up(held):
    for series in held.series:
        for by in ("kind", "place", "dyad", "place and kind"):
            own = [n for n, cell in enumerate(series.cells) if cell.by == by]
            assert (series.model[:, own].sum(axis=1) == series.model[:, 0]).all()
    months, years = held.of("deaths", "month"), held.of("deaths", "year")
    first = int(np.searchsorted(months.shared, 12 * years.shared[0]))
    assert (years.model[..., 0] == months.model[..., first : first + 12].sum(axis=-1)).all()


def test_the_first_year_has_no_rival_and_others_know_only_what_was_before(held):
    series = held.of("deaths", "month")
    first = int(series.years[0])
    assert len(series.rival(0, 12 * first + 3, RIVALS[0])) == 0
    before = series.observed[0, series.years < first + 2]
    assert series.rival(0, 12 * (first + 2), RIVALS[0]).tolist() == before.tolist()
    assert series.rival(0, 12 * (first + 2), RIVALS[1]).tolist() == before[-12:].tolist()


def test_scores_and_table_have_a_row_a_cell(held):
    scored, told = scores(held), table(held)
    assert len(scored) == sum(len(s.cells) for s in held.series)
    assert len(told) == sum(len(s.cells) * len(s.shared) for s in held.series)
    assert (told["q05"] <= told["q95"]).all()
    one = scored[(scored["quantity"] == "deaths") & (scored["unit"] == "year") & (scored["by"] == "all")].iloc[0]
    assert one["crps gain"] == pytest.approx(one["crps years before"] - one["crps"])
    assert one["periods"] == len(held.of("deaths", "year").shared) - 1
    assert 0.0 <= one["in 90 %"] <= 1.0


def test_the_result_does_not_depend_on_threads(named, atlas, ged):
    observed = read(ged, atlas)
    one, two = (hold(named, atlas, observed, replicates=3, seed=SEED, threads=threads) for threads in (1, 2))
    for a, b in zip(one.series, two.series, strict=True):
        assert a.model.tobytes() == b.model.tobytes()


def test_ucdp_counts_a_dyad_from_twenty_five_deaths_in_a_year_and_an_event_from_one(named):
    front, band = 11, 12
    columns = [("month", int), ("region", int), ("by", int), ("against", int), ("kind", int), ("deaths", float)]
    entries = [
        (0, 1, front, codes.A_STATE, codes.STATE_BASED, 20.0), (11, 1, codes.A_STATE, front, codes.STATE_BASED, 5.0),
        (30, 1, front, codes.A_STATE, codes.STATE_BASED, 1.0), (30, 1, front, codes.A_STATE, codes.STATE_BASED, 0.0),
        (11, 1, band, codes.A_STATE, codes.STATE_BASED, 24.0), (12, 1, band, codes.A_STATE, codes.STATE_BASED, 24.0),
        (12, 1, front, codes.CIVILIANS, codes.ONE_SIDED, 24.0), (12, 1, band, codes.CIVILIANS, codes.ONE_SIDED, 2.0),
    ]  # fmt: skip
    assert included(named, np.array(entries, columns)).tolist() == [True, True, True, False, False, False, False, False]
    assert included(named, np.zeros(0, columns)).tolist() == []


def test_dyad_years_are_levels_of_deaths_in_the_year(named, atlas, tmp_path):
    path = tmp_path / "dyads.csv"
    path.write_text("location,side_b,year,intensity_level\nRepublic,TF,1999,2\nRepublic,The Front,2001,1\nRepublic,X,2004,1\n", encoding="utf-8")
    held = hold(named, atlas, read(path, atlas), replicates=REPLICATES, seed=SEED)
    (series,) = held.series
    assert [cell.name for cell in series.cells] == ["Front in South"]
    assert series.periods.tolist() == list(range(1999, 2005))
    assert series.observed.tolist() == [[2, 0, 1, 0, 0, 0]]
    told = run(named, seed=SEED, replicate=REPLICATE).violence()
    south = (told["kind"] == "state-based") & told["region"].isin(NAMES["places"][1]["regions"])
    south &= (told["by"] == "The Front") | (told["against"] == "The Front")
    deaths = told[south].groupby(told["date"].str[:4])["deaths"].sum()
    expected = [int(deaths.get(str(y), 0.0) >= 25) + int(deaths.get(str(y), 0.0) >= 1000) for y in range(2000, 2005)]
    assert series.model[REPLICATE, 0].tolist() == expected
    assert sum(expected) > 0
    assert scores(held)["periods"].tolist() == [5]
    assert len(figure(held, scores(held)).axes) == 2


@pytest.fixture(scope="module")
def scenario_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("scenario") / "named.yaml"
    path.write_text("extends: dilemma-101\nname: named\ndata: " + json.dumps(NAMES) + "\n", encoding="utf-8")
    return path


def test_the_command_prints_scores_and_writes_them(scenario_file, ged, tmp_path, capsys):
    assert main(["hold", str(scenario_file), "--data", str(ged), "--replicates", "3", "--json", "--out", str(tmp_path)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["used"] == printed["rows"]
    assert {row["by"] for row in printed["scores"]} == {"all", "kind", "place", "dyad", "place and kind"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["hold.csv", "hold.png", "hold.svg", "hold.txt", "provenance.json", "scores.csv"]
    assert imread(tmp_path / "hold.png").std() > 0.05
    source = json.loads((tmp_path / "provenance.json").read_text(encoding="utf-8"))
    assert (source["names"]["actors"][0]["name"], len(source["data_sha256"])) == ("Front", 64)
    assert "left out" not in (tmp_path / "hold.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--from", "2030-01", "--to", "2031-01"], "they share no month"),
        (["--from", "03-2001"], "--from is '03-2001'; a month is written YYYY-MM"),
        (["--encoding", "utf-9"], "--encoding is 'utf-9', which is none"),
        (["--encoding", "utf-16"], "save it as UTF-8"),
    ],
)
def test_the_command_refuses_what_it_cannot_use(scenario_file, ged, more, said, capsys):
    assert main(["hold", str(scenario_file), "--data", str(ged), *more]) == 2
    assert said in capsys.readouterr().err
