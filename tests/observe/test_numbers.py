"""Numbers as people read them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.observe.numbers import span, told


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
    assert span(-4.82e-05, 3234.6, sign=True, digits=3) == "[-0.000048, +3,235]"
