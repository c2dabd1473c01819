"""Numbers as people read them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.scenario.numbers import apart, between, estimate, exact, span, told, unrounded


@pytest.mark.parametrize(
    ("value", "scale", "sign", "said"),
    [
        (1260.0, 0.0, False, "1,260"),
        (123456.7, 0.0, False, "123,457"),
        (0.99949, 0.0, False, "0.9995"),
        (0.5, 0.0, True, "+0.5"),
        (-5.77e-12, 3.0, True, "0"),
        (-5.77e-12, 0.0, False, "0"),
        (-0.0012345, 0.4, True, "-0.001234"),
        (0.0, 0.0, True, "0"),
        (1e-5, 0.0, False, "0.00001"),
        (math.nan, 0.0, False, "never"),
        (None, 0.0, False, "never"),
        (math.inf, 0.0, False, "∞"),
    ],
)
def test_a_number_in_words(value, scale, sign, said):
    assert told(value, scale, sign) == said


@given(st.floats(-1e12, 1e12))
def test_what_is_told_is_the_number_to_four_digits(value):
    text = told(value)
    assert "e" not in text
    assert float(text.replace(",", "")) == pytest.approx(value, rel=1e-3, abs=1e-6)


def test_an_interval_in_words():
    assert span(-1e-13, 12.3456, 5.0, sign=True) == "[0, +12.35]"
    assert span(-4.82e-05, 1.23456, sign=True, digits=3) == "[-0.000048, +1.23]"
    assert told(1.23456, digits=3) == "1.23"


@pytest.mark.parametrize(
    ("numbers", "digits", "said"),
    [
        ((3229.4, -0.5, 12345.6), 3, "3,229 [-0.5, 12,346]"),
        ((0.00078244, 0.00041813, 0.0012521), 4, "0.0007824 [0.0004181, 0.001252]"),
        ((3e-7, 1e-7, 4e-7), 4, "0.0000003 [0.0000001, 0.0000004]"),
        ((-1e-5, -2.3e-5, -4.9e-7), 3, "-0.00001 [-0.000023, -0.00000049]"),
        ((-0.09839, -0.1968, -4.404e-18), 4, "-0.09839 [-0.1968, 0]"),
        ((0.0, 0.0, 0.0), 4, "0 [0, 0]"),
        ((math.nan, math.nan, math.nan), 4, "not known"),
        ((1.0, math.nan, math.nan), 4, "1 [not known, not known]"),
    ],
)
def test_an_estimate_in_words(numbers, digits, said):
    assert estimate(*numbers, digits=digits) == said


@given(st.tuples(*[st.floats(-1e6, 1e6)] * 3))
def test_what_an_estimate_leaves_out_is_noise(numbers):
    texts = estimate(*numbers).replace(",", "").replace("[", "").replace("]", "").split()
    if len(texts) == 3:
        for text, number in zip(texts, numbers, strict=False):
            assert float(text) == pytest.approx(number, rel=1e-3, abs=max(1e-12, 1e-9 * max(map(abs, numbers))))


@pytest.mark.parametrize(
    ("value", "said"), [(12345.6, "12346"), (1.2e-6, "0.0000012"), (0.25, "0.25"), (10000.0, "10000"), (-3.5, "-3.5"), (1e-300, "1e-300")]
)
def test_a_number_as_it_may_be_typed(value, said):
    assert exact(value) == said
    assert float(said) == pytest.approx(value, rel=1e-3)


@given(st.lists(st.floats(1e-9, 1e9), min_size=1, max_size=8))
def test_neighbours_are_told_apart(values):
    assert len(set(apart(values))) == len(set(values))


def test_neighbours_have_no_more_digits_than_that_takes():
    assert apart([0.05, 0.325, 1234.6]) == ["0.05", "0.325", "1235"]
    assert apart([1.01e-6, 1.011e-6]) == ["0.00000101", "0.000001011"]


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0.0, 1.0, "0 to 1"), (1e-6, 1.0, "0.000001 to 1"), (0.12345671, 0.12345678, "0.12345671 to 0.12345678"), (-1.0, math.inf, "-1 to inf")],
)
def test_a_range_is_told_as_its_ends_may_be_typed(low, high, said):
    assert between(low, high) == said


@given(st.floats() | st.integers(-(2**53), 2**53) | st.floats(0.0, 1.0).map(np.float64))
@example(1 / 36)
@example(1e6)
@example(9_007_199_254_740_991)
def test_what_is_to_be_typed_is_read_as_the_same_number(value):
    text = unrounded(value)
    assert float(text) == value or math.isnan(value)
    assert "e" not in text or not 1e-9 <= abs(value) < 1e15
