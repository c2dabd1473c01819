import importlib.util

import numba
import pytest

from sim.world import draws


@pytest.fixture(scope="session")
def interpreted():
    """The same source as plain Python, with Python's unbounded integers: nothing in it is compiled."""
    spec = importlib.util.spec_from_file_location("draws_interpreted", draws.__file__)
    module = importlib.util.module_from_spec(spec)
    numba.config.DISABLE_JIT = 1
    try:
        spec.loader.exec_module(module)
    finally:
        numba.config.DISABLE_JIT = 0
    assert not hasattr(module.uniform, "py_func")
    assert hasattr(draws.uniform, "py_func")
    return module
