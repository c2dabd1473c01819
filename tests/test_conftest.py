import random

import numba
import numpy as np
import pytest


def _python():
    random.random()


def _numpy():
    np.random.random()  # noqa: NPY002


@numba.njit
def _compiled_numpy():
    return np.random.random()  # noqa: NPY002


@numba.njit
def _compiled_python():
    return random.random()


def test_a_block_that_draws_nothing_passes(global_random_state_untouched):
    with global_random_state_untouched():
        np.random.default_rng(1).random()


@pytest.mark.parametrize(
    ("draw", "name"),
    [
        (_python, "touched: random;"),
        (_numpy, "touched: numpy.random;"),
        (_compiled_numpy, "touched: numpy.random in compiled code;"),
        (_compiled_python, "touched: random in compiled code;"),
    ],
)
def test_a_draw_from_a_global_generator_is_caught(global_random_state_untouched, draw, name):
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002
    try:
        with pytest.raises(AssertionError, match=name), global_random_state_untouched():
            draw()
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002
