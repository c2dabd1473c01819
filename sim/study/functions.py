"""Test functions whose sensitivity indices are known, so that the whole pipeline can be checked on them: Ishigami's and Sobol's G.

Sources: Ishigami & Homma 1990; Saltelli & Sobol' 1995. The functions are SALib's own; the indices are written out here from their formulas.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

ARGUMENTS: dict[str, tuple[str, ...]] = {"ishigami": ("x1", "x2", "x3"), "sobol-g": tuple(f"x{k}" for k in range(1, 9))}
"""Names of the arguments of each function."""

BOUNDS: dict[str, tuple[float, float]] = {"ishigami": (-math.pi, math.pi), "sobol-g": (0.0, 1.0)}
"""Range of every argument."""

OUTCOME = "y"
G_COEFFICIENTS = (0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0)


def evaluate(function: str, points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return a function's values at points, shape (points, arguments)."""
    from SALib.test_functions import Ishigami, Sobol_G

    return Ishigami.evaluate(points) if function == "ishigami" else Sobol_G.evaluate(points, a=np.array(G_COEFFICIENTS))


def indices(function: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the first and total indices of each argument, from the closed forms."""
    if function == "ishigami":
        a, b = 7.0, 0.1
        v1, v2, v13 = 0.5 * (1 + b * math.pi**4 / 5) ** 2, a * a / 8, b * b * math.pi**8 * 8 / 225
        total = v1 + v2 + v13
        return np.array([v1, v2, 0.0]) / total, np.array([v1 + v13, v2, v13]) / total
    each = 1.0 / (3.0 * (1.0 + np.array(G_COEFFICIENTS)) ** 2)
    variance = float(np.prod(1.0 + each) - 1.0)
    return each / variance, np.array([each[k] * np.prod(np.delete(1.0 + each, k)) for k in range(len(each))]) / variance
