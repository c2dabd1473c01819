"""Fixtures for every test of the project."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import settings
from numba import _helperlib

# The suite gives one verdict, on a slow or busy machine too. To look for new examples: pytest --hypothesis-profile=explore
settings.register_profile("suite", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("suite")


def _global_random_states() -> dict[str, object]:
    legacy = np.random.get_state(legacy=True)  # noqa: NPY002 - the state that nobody may touch is the one to look at
    return {
        "random": random.getstate(),
        "numpy.random": (legacy[0], legacy[1].tobytes(), *legacy[2:]),
        # Compiled code that calls np.random draws from a third state, Numba's own, one per thread: this is the calling thread's.
        "numpy.random in compiled code": _helperlib.rnd_get_state(_helperlib.rnd_get_np_state_ptr()),
        "random in compiled code": _helperlib.rnd_get_state(_helperlib.rnd_get_py_state_ptr()),
    }


@contextlib.contextmanager
def _global_random_state_untouched() -> Iterator[None]:
    before = _global_random_states()
    yield
    after = _global_random_states()
    touched = [name for name, state in before.items() if state != after[name]]
    assert not touched, f"global random state was touched: {', '.join(touched)}; draw from sim.world.draws instead"


@pytest.fixture
def global_random_state_untouched() -> Callable[[], contextlib.AbstractContextManager[None]]:
    """A context manager that fails if the block moves a global generator: Python's, NumPy's, or Numba's in this thread.

    Use: ``with global_random_state_untouched(): ...``.
    """
    return _global_random_state_untouched
