"""Comparisons: pairing, what it takes away, and how much is chance; against what is known of made-up data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.cli import main
from sim.observe.ensemble import clustered_interval, interval
from sim.study.compare import Sample, compare, groups, of_scenario, whole
from sim.study.store import StoreError
from sim.study.variance import share_of_parameters, shares


def sample(label: str, values: np.ndarray[Any, Any]) -> Sample:
    return Sample(label, pd.DataFrame({"strength_end": values}, index=pd.Index(range(len(values)), name="replicate")))


def test_pairing_takes_away_what_the_sets_share() -> None:
    rng = np.random.default_rng(1)
    luck, own = rng.normal(0.0, 3.0, 400), rng.normal(0.0, 0.5, (2, 400))
    found = compare([sample("a", luck + own[0]), sample("b", luck + own[1] + 1.0)]).differences[0]
    assert found.low < 1.0 < found.high
    assert found.high - found.low < 0.2
    assert found.removed == pytest.approx(1.0 - 0.5 / 18.5, abs=0.01)
    apart = compare([sample("a", luck), sample("b", rng.permutation(luck))]).differences[0]
    assert apart.removed == pytest.approx(0.0, abs=0.15)
    against = compare([sample("a", luck), sample("b", -luck)]).differences[0]
    assert against.removed == pytest.approx(-1.0)


def test_pairs_are_matched_by_replicate_not_by_row() -> None:
    rng = np.random.default_rng(2)
    luck = rng.normal(0.0, 3.0, 50)
    other = Sample("b", sample("b", luck + 1.0).runs.sample(frac=1.0, random_state=3))
    found = compare([sample("a", luck), other]).differences[0]
    assert (found.difference, found.low, found.high) == pytest.approx((1.0, 1.0, 1.0))
    assert found.removed == pytest.approx(1.0)


def test_runs_that_share_a_replicate_do_not_count_as_independent() -> None:
    """Ten design points under the same draws know no more of chance than one does."""
    rng = np.random.default_rng(3)
    luck = rng.normal(0.0, 1.0, 60)
    values, clusters = np.tile(luck, 10), np.tile(np.arange(60), 10)
    mean, low, high = clustered_interval(values, clusters)
    once = interval(luck)
    naive = interval(values)
    assert mean == pytest.approx(luck.mean())
    assert high - low == pytest.approx(once[2] - once[1], rel=0.1)
    assert high - low > 2.5 * (naive[2] - naive[1])


def test_the_clustered_interval_covers_as_often_as_it_says() -> None:
    rng = np.random.default_rng(4)
    hits = 0
    for _ in range(200):
        luck = rng.normal(0.0, 1.0, 40)
        values = (luck[:, None] + rng.normal(0.0, 0.3, (40, 4))).ravel()
        _, low, high = clustered_interval(values, np.repeat(np.arange(40), 4))
        hits += low < 0.0 < high
    assert 0.88 <= hits / 200 <= 0.99


@pytest.mark.parametrize(("parameters", "chance"), [(1.0, 1.0), (3.0, 1.0), (0.0, 1.0), (1.0, 0.1)])
def test_the_share_of_parameters_is_recovered(parameters: float, chance: float) -> None:
    rng = np.random.default_rng(5)
    cells = rng.normal(0.0, np.sqrt(parameters), (400, 1)) + rng.normal(0.0, np.sqrt(chance), (400, 10))
    found = share_of_parameters(cells)
    assert found is not None
    share, low, high = found
    assert share == pytest.approx(parameters / (parameters + chance), abs=0.06)
    assert low <= share <= high
    # Unequal numbers of replicates, as `until` leaves them.
    cells[:200, 5:] = np.nan
    again = share_of_parameters(cells)
    assert again is not None
    assert again[0] == pytest.approx(parameters / (parameters + chance), abs=0.06)


def test_a_rare_event_is_not_taken_for_parameters() -> None:
    """Resamples in which the event never happens have no variance, and must not count as if rounding were some."""
    cells = np.zeros((16, 60))
    cells[[1, 5, 9], [7, 7, 31]] = 1.0
    found = share_of_parameters(cells)
    assert found is not None
    assert found[2] < 0.2


def test_nothing_that_varies_has_no_share() -> None:
    assert share_of_parameters(np.ones((5, 5))) is None
    assert share_of_parameters(np.ones((1, 5))) is None
    assert share_of_parameters(np.arange(5.0).reshape(5, 1)) is None


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("compare") / "s"
    experiment = {
        "name": "s", "claim": "c", "scenario": "dilemma-101", "ablate": ["M7"], "replicates": 30, "outcomes": ["survived", "strength_end", "pledges"],
        "factors": {"percolation": {"values": [0.2, 0.8]}}, "design": {"kind": "grid"},
    }  # fmt: skip
    sim.sweep(experiment, path, progress=False)
    return path


def test_a_stores_levels_are_compared_over_all_else(store: Path) -> None:
    result = sim.open_store(store)
    assert [s.label for s in groups(result)] == ["all on", "embedding off"]
    found = compare(groups(result, "percolation"), ["strength_end"]).differences[0]
    frame = result.to_pandas()
    wide = frame.pivot_table(index=["without", "replicate"], columns="percolation", values="strength_end", observed=True)
    assert found.difference == pytest.approx((wide[0.8] - wide[0.2]).mean())
    assert (found.pairs, found.draws) == (60, 30)


def test_two_stores_and_two_scenarios_come_to_the_same_comparison(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, off in (("on", []), ("off", ["M7"])):
        experiment = {
            "name": name, "claim": "c", "scenario": "dilemma-101", "without": off, "replicates": 30, "outcomes": ["survived", "strength_end"],
        }  # fmt: skip
        sim.sweep(experiment, tmp_path / name, progress=False)
    assert main(["compare", str(tmp_path / "on"), str(tmp_path / "off"), "--outcome", "strength_end", "--json"]) == 0
    stores = json.loads(capsys.readouterr().out)["differences"]
    words = ["dilemma-101", "dilemma-101,without=M7"]
    assert main(["compare", *words, "--replicates", "30", "--outcome", "strength_end", "--json", "--out", str(tmp_path / "f")]) == 0
    scenarios = json.loads(capsys.readouterr().out)["differences"]
    told = ("difference", "low", "high", "pairs", "removed")
    assert [stores[0][k] for k in told] == [scenarios[0][k] for k in told]
    table = pd.read_csv(tmp_path / "f" / "compare.csv")
    assert table["difference"].iloc[0] == pytest.approx(stores[0]["difference"])
    assert (tmp_path / "f" / "compare.png").stat().st_size > 10_000
    whole_on = whole(sim.open_store(tmp_path / "on")).runs["strength_end"].to_numpy()
    assert whole_on.tolist() == of_scenario("dilemma-101", 0, 30, 1).runs["strength_end"].tolist()


def test_what_cannot_be_compared_is_told(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = [
        ([str(store), "--by", "percolate"], "'percolate' does not vary; what varies is without, percolation; did you mean 'percolation'?"),
        ([str(store), "--outcome", "surived"], "did you mean 'survived'?"),
        ([str(store), "aqim"], "'aqim' is no store, and "),
        (["aqim"], "at least two parameter sets"),
        (["aqim", "aqim,percolatio=0.1"], "did you mean 'percolation'?"),
    ]
    for arguments, message in cases:
        assert main(["compare", *arguments]) == 2
        said = capsys.readouterr()
        assert message in said.err
        assert not said.out
    experiment = {"name": "i", "claim": "c", "scenario": "dilemma-101", "ablate": ["M7"], "replicates": 3, "draws": "independent"}
    sim.sweep(experiment, tmp_path / "i", progress=False)
    with pytest.raises(StoreError, match="do not share their draws"):
        groups(sim.open_store(tmp_path / "i"))


def test_shares_of_a_store_know_what_never_varies(store: Path) -> None:
    found = {s.outcome: s for s in shares(sim.open_store(store))}
    assert found["pledges"].parameters is None
    assert found["strength_end"].parameters is not None
    # By hand: what the means of the four cells vary by, over what the runs vary by, without the noise of the means.
    frame = sim.open_store(store).to_pandas()
    within = frame.groupby(["without", "percolation"], observed=True)["strength_end"]
    noise = within.var().mean()
    between = within.mean().var() - noise / 30
    assert found["strength_end"].parameters == pytest.approx(between / (between + noise))
    assert found["strength_end"].low < found["strength_end"].parameters < found["strength_end"].high
