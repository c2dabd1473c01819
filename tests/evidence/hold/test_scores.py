"""Scores: against their definitions, and proper."""

from __future__ import annotations

import numpy as np
import pytest

from sim.evidence.hold.scores import BINS, band, bin_of, coverage, crps, gain, log_score


def test_crps_is_its_definition():
    rng = np.random.default_rng(1)
    sample, seen = rng.integers(0, 30, (11, 5)), rng.integers(0, 30, 5)
    apart = np.abs(sample[:, None] - sample[None]).mean(axis=(0, 1))
    assert crps(sample, seen) == pytest.approx(np.abs(sample - seen).mean(axis=0) - apart / 2.0)
    assert crps(np.array([[4]]), np.array([9])) == pytest.approx([5.0])


def test_bins_double_and_a_log_score_is_of_probabilities_that_add_up_to_one():
    assert bin_of(np.array([0, 1, 2, 3, 4, 5, 8, 9, 16, 17])).tolist() == [0, 1, 2, 3, 3, 4, 4, 5, 5, 6]
    sample = np.array([[0], [0], [3], [700]])
    first_of_bin = np.array([0, *(2 ** np.arange(BINS - 1) // 2 + 1)])
    assert sorted(set(bin_of(first_of_bin).tolist())) == list(range(BINS))
    assert sum(float(np.exp(-log_score(sample, np.array([x]))[0])) for x in first_of_bin) == pytest.approx(1.0)
    assert log_score(sample, np.array([0]))[0] == pytest.approx(-np.log((2 + 1 / BINS) / 5))


@pytest.mark.parametrize("score", [crps, log_score])
def test_no_forecast_scores_better_than_the_truth(score):
    rng = np.random.default_rng(2)
    truth = rng.negative_binomial(2, 0.1, 4000)

    def mean(forecast):
        return score(np.repeat(forecast[:, None], len(truth), axis=1), truth).mean()

    own = rng.negative_binomial(2, 0.1, 1500)
    assert mean(own) < min(mean(own + 8), mean(own // 2), mean(np.full_like(own, 18)), mean(3 * own))


def test_bands_hold_at_least_their_share_and_cover_as_much_where_the_forecast_is_true():
    rng = np.random.default_rng(3)
    sample, seen = rng.poisson(4.0, (400, 3000)), rng.poisson(4.0, 3000)
    for share in (0.5, 0.9):
        inside, holds = coverage(sample, seen, share)
        low, high = band(sample, share)
        assert (holds >= share - 0.01).all()
        assert (low <= high).all()
        assert inside.mean() == pytest.approx(holds.mean(), abs=0.03)


def test_a_gain_is_the_difference_of_means_and_its_interval_is_over_whole_years():
    years = np.repeat(np.arange(2000, 2010), 12)
    by_year = np.random.default_rng(4).normal(1.0, 1.0, 10)
    rival, model = np.repeat(by_year, 12), np.zeros(120)
    mean, low, high = gain(rival, model, years)
    assert mean == pytest.approx(by_year.mean())
    # As wide as for ten years, not as for a hundred and twenty months.
    assert high - low == pytest.approx(3.92 * by_year.std() / np.sqrt(10), rel=0.15)
    assert np.isnan(gain(rival[:24], model[:24], years[:24])[1:]).all()
