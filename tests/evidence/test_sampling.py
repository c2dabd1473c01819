"""Numbers of a population: their intervals, ranges and seeds, and comparisons at equal age and size."""

from __future__ import annotations

import numpy as np
import pytest

from sim.evidence.following import Moments
from sim.evidence.matching import AGES, classes, matched
from sim.evidence.sampling import Sampling, gap, share, sums


def test_sums_are_by_setting_and_ratios_are_of_their_totals():
    table = sums(np.array([0, 0, 2]), 3, np.array([1.0, 0.0, 1.0]), np.ones(3))
    assert table.tolist() == [[1.0, 2.0], [0.0, 0.0], [1.0, 1.0]]
    weights = np.array([[1.0, 1.0, 1.0], [2.0, 5.0, 0.0]])
    assert share(table[:, 0], table[:, 1])(weights).tolist() == [2 / 3, 0.5]
    assert gap(table, np.array([[0.0, 1.0]] * 3))(weights).tolist() == [2 / 3, 0.5]


def test_an_interval_is_that_of_a_mean_over_settings_and_a_smaller_data_set_ranges_wider():
    values = np.random.default_rng(1).normal(5.0, 2.0, 400)
    found = Sampling(400, 4, 100).read(share(values, np.ones(400)))
    assert found.value == pytest.approx(values.mean())
    assert found.high - found.low == pytest.approx(3.92 * values.std() / 20.0, rel=0.15)
    assert found.most - found.least == pytest.approx(3.92 * values.std() * np.sqrt(1 / 100 + 1 / 400), rel=0.15)
    assert found.seeds == pytest.approx(values.reshape(4, 100).mean(axis=1))


def test_where_no_data_set_can_hold_the_like_there_is_no_range_and_where_nothing_is_there_no_number():
    found = Sampling(10, 1, 0).read(share(np.arange(10.0), np.ones(10)))
    assert np.isnan([found.least, found.most]).all()
    assert found.low < found.value < found.high
    few = Sampling(9, 1, 5).read(share(np.arange(9.0), np.ones(9)))
    assert few.value == 4.0
    assert np.isnan([few.low, few.high, few.least, few.most]).all()
    assert np.isnan(Sampling(10, 1, 5).read(share(np.ones(10), np.zeros(10))).low)


def moments(setting, age, size):
    n = len(age)
    return Moments(np.array(setting), np.array(age, float), np.array(size, float), *np.zeros((9, n)))


def test_classes_are_of_age_and_of_size_that_doubles():
    found = classes(moments([0] * 5, [0, 11, 12, 12, 500], [1.0, 1.9, 2.0, 3.9, 1e9]))
    assert found[0] == found[1] == 0
    assert found[2] == found[3] == found[0] + 14 + 1
    assert found[4] == (len(AGES) - 1) * 14 + 13


def test_each_that_was_hit_is_laid_beside_the_mean_of_its_class():
    hit = moments([0, 0, 1, 1], [6, 6, 30, 400], [10, 10, 10, 10])
    spared = moments([0, 1, 1, 1], [6, 6, 30, 30], [10, 10, 10, 10])
    found = matched(hit, spared, 2, (np.array([1.0, 0.0, 1.0, 1.0]), np.array([0.0, 1.0, 0.0, 0.0])))
    # In the first class a half less a half, twice; in the second one less nothing; nobody is like the fourth.
    assert (found.pairs, found.unmatched) == (3, 1)
    assert found.difference(np.ones((1, 2)))[0] == pytest.approx(1 / 3)
    # With the first setting twice: four and one hit; in the first class two thirds of the spared come to nothing.
    assert found.difference(np.array([[2.0, 1.0]]))[0] == pytest.approx(((2 - 4 / 3) + 1) / 5)


def test_a_confounder_that_is_matched_on_biases_nothing():
    rng = np.random.default_rng(2)
    size = rng.choice([4.0, 64.0], 20_000)
    is_hit = rng.random(20_000) < np.where(size < 10.0, 0.8, 0.2)
    ended = (rng.random(20_000) < np.where(size < 10.0, 0.5, 0.1) + 0.1 * is_hit).astype(float)
    everyone = moments(np.arange(20_000) % 50, np.zeros(20_000), size)
    found = matched(everyone.where(is_hit), everyone.where(~is_hit), 50, (ended[is_hit], ended[~is_hit]))
    assert ended[is_hit].mean() - ended[~is_hit].mean() > 0.25
    assert found.difference(np.ones((1, 50)))[0] == pytest.approx(0.1, abs=0.02)
