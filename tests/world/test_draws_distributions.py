import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from sim.world import draws

ADDRESS = st.tuples(*[st.integers(0, 2**32 - 1)] * 6)
OPEN_UNIT = st.integers(0, 2**52 - 1).map(lambda k: (k + 0.5) * 2.0**-52)
MEAN = st.floats(0.0, 600.0)
HERE = (20120, 3, 57, 1207, 4, 0)

# The quantiles


GRID = np.concatenate([np.linspace(1e-4, 1 - 1e-4, 4001), 2.0 ** -np.arange(2, 54), 1 - 2.0 ** -np.arange(2, 54), [0.075, 0.925, 0.5]])


def test_normal_quantile_agrees_with_scipy_to_the_last_bits():
    ours = np.array([draws.normal_quantile(u) for u in GRID])
    assert np.allclose(ours, special.ndtri(GRID), rtol=2e-15, atol=0)
    reference = statistics.NormalDist()
    assert np.allclose(ours, [reference.inv_cdf(u) for u in GRID], rtol=5e-16, atol=0)
    assert draws.normal_quantile(0.5) == 0.0


def test_normal_quantile_is_good_far_beyond_any_addressed_uniform():
    for u in (1e-20, 1e-100, 1e-300):
        assert draws.normal_quantile(u) == pytest.approx(special.ndtri(u), rel=2e-15)


@given(OPEN_UNIT, OPEN_UNIT)
def test_normal_quantile_is_monotone_and_odd(u, v):
    low, high = sorted((u, v))
    assert draws.normal_quantile(low) <= draws.normal_quantile(high)
    assert draws.normal_quantile(1.0 - u) == -draws.normal_quantile(u)


@pytest.mark.parametrize("seam", [0.075, 0.925, math.exp(-25), 1 - math.exp(-25)])
def test_normal_quantile_is_monotone_across_its_seams(seam):
    # On the grid of addressed uniforms; much closer together, neighbours across a seam may differ by a rounding.
    u = (math.floor(seam * 2**52) + np.arange(-50, 50) + 0.5) * 2.0**-52
    assert np.all(np.diff([draws.normal_quantile(x) for x in u]) > 0)


MEANS = (1e-12, 0.01, 0.3, 1.0, 2.0, 5.5, 17.0, 60.0, 250.0, 511.999, 512.0, 512.001, 600.0, 1024.0, 2500.7, 10_000.0)


@pytest.mark.parametrize("mean", MEANS)
def test_poisson_quantile_agrees_with_scipy(mean):
    u = GRID[(GRID < 1 - 1e-13) & (GRID != 0.5)]
    assert np.array_equal([draws.poisson_quantile(x, mean) for x in u], stats.poisson.ppf(u, mean).astype(int))


@pytest.mark.parametrize("mean", MEANS)
def test_poisson_quantile_is_right_to_the_end_of_both_tails(mean):
    for bits in range(1, 54):
        tail = 2.0**-bits
        k = draws.poisson_quantile(1.0 - tail, mean)
        assert special.pdtrc(k, mean) <= tail * (1 + 1e-10)
        assert k == 0 or special.pdtrc(k - 1, mean) > tail * (1 - 1e-10)
        k = draws.poisson_quantile(tail, mean)
        assert special.pdtr(k, mean) >= tail * (1 - 1e-10)
        assert k == 0 or special.pdtr(k - 1, mean) < tail * (1 + 1e-10)


@pytest.mark.parametrize("mean", MEANS)
def test_poisson_quantile_is_monotone_across_the_change_of_direction(mean):
    u = 1.0 - 2.0**-20 + np.arange(-200, 200) * 2.0**-40
    values = [draws.poisson_quantile(x, mean) for x in u]
    assert values == sorted(values)


@given(ADDRESS, MEAN, MEAN)
def test_a_higher_mean_never_gives_less_at_the_same_address(address, mean, other):
    low, high = sorted((mean, other))
    assert draws.poisson(*address, low) <= draws.poisson(*address, high)
    assert draws.exponential(*address, low) <= draws.exponential(*address, high)
    assert draws.happens(*address, low / 600) <= draws.happens(*address, high / 600)


@given(OPEN_UNIT, OPEN_UNIT, st.floats(0.0, draws.POISSON_MEAN_MAX))
def test_poisson_quantile_is_monotone(u, v, mean):
    low, high = sorted((u, v))
    assert 0 <= draws.poisson_quantile(low, mean) <= draws.poisson_quantile(high, mean)


@pytest.mark.parametrize("mean", [0.0, 5e-324, 1e-310, 1e-300])
def test_a_mean_of_nothing_gives_nothing(interpreted, mean):
    for u in (2.0**-53, 0.5, 1 - 2.0**-20, 1 - 2.0**-53):
        assert draws.poisson_quantile(u, mean) == interpreted.poisson_quantile(u, mean) == 0


def test_the_same_address_gives_related_draws():
    u = draws.uniform(*HERE)
    assert draws.normal(*HERE) == draws.normal_quantile(u)
    assert draws.poisson(*HERE, 6.0) == draws.poisson_quantile(u, 6.0)
    assert draws.exponential(*HERE, 6.0) == pytest.approx(-6.0 * math.log1p(-u), rel=1e-15)
    assert draws.happens(*HERE, u) is False
    assert draws.happens(*HERE, math.nextafter(u, 1.0)) is True


def test_probabilities_beyond_the_ends_never_and_always_happen():
    for month in range(200):
        assert not draws.happens(1, 1, month, 1, 1, 0, -0.5)
        assert not draws.happens(1, 1, month, 1, 1, 0, 0.0)
        assert draws.happens(1, 1, month, 1, 1, 0, 1.0)
        assert draws.happens(1, 1, month, 1, 1, 0, math.inf)


# The choice among options


@given(OPEN_UNIT, st.lists(st.one_of(st.just(0.0), st.floats(0.0, 1e300)), min_size=1, max_size=8).filter(any))
def test_categorical_is_the_inverse_of_the_cumulated_weights(u, weights):
    chosen = draws.categorical(u, np.array(weights))
    cumulated = np.cumsum(weights)
    assert weights[chosen] > 0
    assert u * cumulated[-1] <= cumulated[chosen]
    assert chosen == 0 or u * cumulated[-1] >= cumulated[chosen - 1]


def test_categorical_frequencies():
    weights = np.array([3.0, 0.0, 1.0, 4.0])
    chosen = [draws.categorical(draws.uniform(20120, 3, month, 1207, 4, 0), weights) for month in range(8000)]
    counts = np.bincount(chosen, minlength=4)
    assert counts[1] == 0
    assert stats.chisquare(counts[[0, 2, 3]], [3000, 1000, 4000]).pvalue > 1e-4


def test_categorical_takes_any_view_and_a_read_only_array():
    table = np.array([[1.0, 9.0], [0.0, 9.0], [1.0, 9.0]])
    table.flags.writeable = False
    assert [draws.categorical(u, table[:, 0]) for u in (0.4999, 0.5001)] == [0, 2]


@pytest.mark.parametrize("weights", [(5e-324, 0.0, 0.0), (0.0, 5e-324, 0.0), (0.0, 5e-324, 5e-324), (0.0, 0.0, 1.0), (1.0, 0.0, 1.0)])
@pytest.mark.parametrize("u", [2.0**-53, 0.5, 1 - 2.0**-53])
def test_an_option_without_weight_is_never_chosen(weights, u):
    assert draws.categorical(u, np.array(weights)) == draws.categorical3(u, *weights)
    assert weights[draws.categorical3(u, *weights)] > 0


# What is refused


@pytest.mark.parametrize("mode", ["compiled", "interpreted"])
@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        *[("normal_quantile", (u,), "u must lie strictly") for u in (0.0, 1.0, -0.1, 1.1, math.nan)],
        *[("poisson_quantile", (u, 3.0), "u must lie strictly") for u in (0.0, 1.0, math.nan)],
        *[("poisson_quantile", (0.5, mean), f"mean must lie in 0 .. {draws.POISSON_MEAN_MAX:.0f}") for mean in (-1e-9, 10_000.1, math.inf, math.nan)],
        *[("poisson", (*HERE, mean), "mean must lie in") for mean in (-1.0, math.nan)],
        *[("exponential", (*HERE, mean), "finite and not negative") for mean in (-1.0, math.inf, math.nan)],
        ("happens", (*HERE, math.nan), "not a number"),
        *[("categorical3", (u, 1.0, 1.0, 1.0), "u must lie strictly") for u in (0.0, 1.0, math.nan)],
        *[("categorical3", (0.5, 1.0, w, 1.0), "negative or not a number") for w in (-1.0, math.nan)],
        *[("categorical3", (0.5, w, w, w), "finite sum above 0") for w in (0.0, 1e308, math.inf)],
        *[("categorical", (u, np.ones(2)), "u must lie strictly") for u in (0.0, 1.0, math.nan)],
        *[("categorical", (0.5, np.array([1.0, w])), "negative or not a number") for w in (-1.0, math.nan)],
        *[("categorical", (0.5, np.array(w, dtype=float)), "finite sum above 0") for w in ((), (0, 0), (1e308, 1e308), (math.inf, 1))],
    ],
)
@pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")
def test_what_is_out_of_range_is_refused_in_both_modes(interpreted, mode, name, arguments, message):
    with pytest.raises(ValueError, match=message):
        getattr(draws if mode == "compiled" else interpreted, name)(*arguments)
