"""The readers of a table, on tables whose posterior is known; and the check of an inference, on right ones and on wrong ones."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from sim.evidence.forests import BINS, Growing, classes, marginal
from sim.evidence.inference import _below, _quantiles
from sim.evidence.ranks import PARTS, band, calibrated, chance_of, main, together
from sim.evidence.recalibration import Recalibration
from sim.evidence.regression import Adjuster, Draws, _slopes, resampled, weighted_quantiles
from sim.evidence.statistics import canonical

NOISE = 0.1


@pytest.fixture(scope="module")
def table() -> tuple[np.ndarray, np.ndarray]:
    """Two parameters and three statistics: the first parameter is seen with noise, the second is not seen; one statistic is of nothing."""
    rng = np.random.default_rng(1)
    units = canonical(rng.random((6000, 2)))
    seen = units[:, 0] + NOISE * rng.standard_normal(6000)
    return units, canonical(np.column_stack([seen, rng.standard_normal(6000), np.ones(6000)]))


def test_regression_finds_a_posterior_that_is_known(table: tuple[np.ndarray, np.ndarray]) -> None:
    units, statistics = table
    found = Adjuster(units, statistics, 1500).posterior(np.array([0.6, 0.0, 1.0]))
    mean = float((found.weights * found.units[:, 0]).sum())
    assert found.weights.sum() == pytest.approx(1.0, abs=1e-5)
    assert mean == pytest.approx(0.6, abs=0.02)
    assert np.sqrt((found.weights * (found.units[:, 0] - mean) ** 2).sum()) == pytest.approx(NOISE, abs=0.02)
    # What is not seen is as before.
    assert weighted_quantiles(found.units[:, 1], found.weights, (0.05, 0.95)) == pytest.approx([0.05, 0.95], abs=0.04)


def test_the_regression_is_least_squares() -> None:
    rng = np.random.default_rng(2)
    x, y, w = np.column_stack([np.ones(80), rng.random((80, 3))]), rng.random((80, 2)), rng.random(80)
    root = np.sqrt(w)[:, None]
    assert _slopes(x, w, y) == pytest.approx(np.linalg.lstsq(root * x, root * y, rcond=None)[0], abs=1e-4)


def test_a_planted_history_is_not_its_own_neighbour(table: tuple[np.ndarray, np.ndarray]) -> None:
    units, statistics = table
    adjuster = Adjuster(units, statistics, 60)
    assert 17 not in adjuster.posterior(statistics[17], 17).rows
    assert 17 in adjuster.posterior(statistics[17]).rows


def test_what_ties_for_the_last_place_is_taken_in_order() -> None:
    adjuster = Adjuster(np.linspace(0.1, 0.9, 40)[:, None], np.repeat([[0.0], [1.0]], 20, axis=0), 25)
    assert adjuster.posterior(np.array([1.0])).rows.tolist() == [*range(5), *range(20, 40)]


def test_a_sample_of_a_posterior_follows_its_weights(table: tuple[np.ndarray, np.ndarray]) -> None:
    units, statistics = table
    found = Adjuster(units, statistics, 400).posterior(np.array([0.3, 0.0, 1.0]))
    drawn = resampled(found, 4000, 1)
    assert drawn[:, 0].mean() == pytest.approx(float((found.weights * found.units[:, 0]).sum()), abs=2e-3)


def test_a_forest_knows_what_is_seen_and_by_what(table: tuple[np.ndarray, np.ndarray]) -> None:
    units, statistics = table
    planted, growing = np.arange(300), Growing(40, 3000, 10, 5)
    seen, unseen = (marginal(units[:, k], statistics, np.array([0.6, 0.0, 1.0]), planted, growing) for k in (0, 1))
    low, middle, high = _quantiles(seen.observed, (0.05, 0.5, 0.95))[0]
    assert middle == pytest.approx(0.6, abs=0.06)
    assert 0.2 < high - low < 0.5
    # Uniform within 1/12, noise of 0.01: the best that can be known is near 0.88.
    assert 0.8 < seen.explained < 0.92
    assert seen.importances.argmax() == 0
    assert seen.importances[2] == 0.0
    assert unseen.explained < 0.02
    assert calibrated(_below(seen.planted, units[planted, 0])).covered_90 == pytest.approx(0.9, abs=0.06)


def test_shares_of_a_prior_give_ranks_and_quantiles() -> None:
    shares = np.zeros((1, BINS))
    shares[0, [10, 20]] = 0.5
    assert _below(shares, np.array([15 / BINS]))[0] == pytest.approx(0.5)
    assert _below(shares, np.array([20.5 / BINS]))[0] == pytest.approx(0.75)
    assert _below(shares, np.array([1.0]))[0] == pytest.approx(1.0)
    assert _quantiles(shares, (0.75,))[0][0] == pytest.approx(20.5 / BINS)


def test_rulebooks_that_differ_are_told_apart_and_others_are_not() -> None:
    rng = np.random.default_rng(3)
    tables = [canonical(rng.standard_normal((400, 2)) + shift) for shift in (0.0, 0.0, 4.0)]
    found = classes(tables, np.array([4.0, 4.0]), Growing(40, 600, 5, 1), asked_of_each=200)
    assert found.chosen == 2
    assert found.confidence > 0.95
    assert found.probabilities.sum() == pytest.approx(1.0, abs=1e-5)
    assert found.confusion.sum(axis=1).tolist() == [200, 200, 200]
    assert found.confusion[2, 2] > 190
    assert 60 < found.confusion[0, 0] < 140
    torn = classes(tables, np.array([0.0, 0.0]), Growing(40, 600, 5, 1), asked_of_each=200)
    assert torn.confidence < 0.7


def test_rulebooks_that_are_the_same_are_taken_for_each_as_often() -> None:
    """A tree that is torn between several gives its vote to none of them before the others."""
    rng = np.random.default_rng(6)
    taken = np.zeros(8)
    for _ in range(3):
        same = [canonical(rng.standard_normal((300, 3))) for _ in range(8)]
        found = classes(same, np.zeros(3), Growing(40, 1600, 5, 1), asked_of_each=150)
        assert found.votes.sum() == pytest.approx(1.0, abs=1e-5)
        taken += found.confusion.sum(axis=0) / found.confusion.sum() / 3
    assert np.abs(taken - 1 / 8).max() < 0.04


def test_the_band_holds_for_all_counts_at_once() -> None:
    rng = np.random.default_rng(4)
    for cumulative in (False, True):
        within = band(400, cumulative)
        bars = rng.multinomial(400, np.full(PARTS, 1.0 / PARTS), size=1500)
        counts = np.cumsum(bars, axis=1)[:, :-1] if cumulative else bars
        outside = np.mean([within.outside(one) > 0 for one in counts])
        # Counts are whole, so a band is a little too wide, never much too narrow.
        assert 0.02 < outside < 0.065


@pytest.mark.parametrize(("wrong", "covered"), [(lambda r: 0.5 + 0.5 * (r - 0.5), 1.0), (lambda r: r**2, None), (lambda r: np.round(r), 0.0)])
def test_ranks_of_a_wrong_inference_are_outside(wrong, covered) -> None:
    ranks = np.random.default_rng(5).random(500)
    assert calibrated(ranks).outside == 0
    found = calibrated(wrong(ranks))
    assert found.outside > 0
    assert found.bars.sum() == 500
    if covered is not None:
        assert found.covered_90 == covered


def _too_narrow_and_high(n: int, seed: int) -> np.ndarray:
    """Ranks under a reader whose intervals are too narrow and lie too low."""
    z = np.random.default_rng(seed).normal(size=n)
    return norm.cdf(1.3 * z + 0.2)[:, None]


def test_recalibration_straightens_the_ranks_of_histories_that_it_has_not_seen() -> None:
    straight = Recalibration.learned(_too_narrow_and_high(5000, 1))
    fresh = _too_narrow_and_high(1000, 2)
    assert calibrated(fresh[:, 0]).outside > 0
    assert calibrated(straight.of_ranks(fresh)[:, 0]).outside == 0


def test_recalibrated_samples_and_shares_have_the_distribution_that_ranks_tell_of() -> None:
    """The distribution function becomes G(F): of a weighted sample and of shares of parts alike."""
    straight = Recalibration.learned(_too_narrow_and_high(5000, 1))
    rng = np.random.default_rng(3)
    units, weights = rng.random((4000, 1)) ** 2, rng.random(4000)
    before = Draws(np.arange(4000), weights / weights.sum(), units)
    after = straight.of_draws(before)
    for x in (0.1, 0.3, 0.7):
        was = before.weights[before.units[:, 0] < x].sum()
        assert after.weights[after.units[:, 0] < x].sum() == pytest.approx(straight.of_ranks(np.array([was]))[0], abs=0.01)
    shares = np.histogram(units[:, 0], BINS, (0.0, 1.0), weights=weights / weights.sum())[0]
    moved = straight.of_shares(0, shares)
    assert moved.sum() == pytest.approx(1.0)
    assert np.cumsum(moved)[9] == pytest.approx(straight.of_ranks(np.array([np.cumsum(shares)[9]]))[0], abs=1e-5)
    assert (straight.of_shares(0, np.zeros(BINS)) == 0.0).all(), "what knows nothing goes on to know nothing"


def test_ranks_that_are_uniform_leave_a_posterior_as_it_is() -> None:
    straight = Recalibration.learned(np.linspace(0.0, 1.0, 4001)[:, None])
    draws = Draws(np.arange(50), np.full(50, 0.02), np.random.default_rng(0).random((50, 1)))
    assert straight.of_draws(draws).units == pytest.approx(draws.units, abs=1e-5)


def test_ranks_that_were_straightened_leave_a_band_that_knows_of_it_as_seldom_as_others_do() -> None:
    rng = np.random.default_rng(9)
    sets = [Recalibration.learned(rng.random((500, 1))).of_ranks(rng.random((500, 1)))[:, 0] for _ in range(400)]
    knowing, unknowing = (np.mean([calibrated(ranks, taught).outside > 0 for ranks in sets]) for taught in (500, 0))
    assert 0.02 < knowing < 0.09
    assert unknowing > 0.12, "a band for plain ranks is too narrow for these"
    assert np.mean([chance_of(ranks, 500) <= 0.05 for ranks in sets]) == pytest.approx(0.05, abs=0.03)


def test_what_is_no_table_of_ranks_is_refused_in_a_sentence(tmp_path, monkeypatch, capsys) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    for file in (other, tmp_path / "nowhere.csv", tmp_path):
        monkeypatch.setattr("sys.argv", ["ranks", str(file)])
        with pytest.raises(SystemExit, match="2"):
            main()
        assert str(file) in capsys.readouterr().err


def test_of_many_sets_of_uniform_ranks_none_is_blamed_and_a_bent_one_is() -> None:
    rng = np.random.default_rng(8)
    sets = {str(k): rng.random(1000) for k in range(40)}
    chances = {name: chance_of(ranks) for name, ranks in sets.items()}
    assert np.quantile(list(chances.values()), 0.5) == pytest.approx(0.5, abs=0.2), "chances of uniform ranks are uniform"
    assert any(calibrated(ranks).outside for ranks in sets.values()), "one in twenty leaves its own band"
    assert together(chances) == []
    assert together({**chances, "bent": chance_of(_too_narrow_and_high(1000, 2)[:, 0])}) == ["bent"]
