"""Where a colour scale ends, so that what hardly differs does not look opposite."""

from __future__ import annotations

from typing import Any

import numpy as np

LEAST_SPAN = 0.25
"""Least part of the largest mean, or of the whole share, that a colour scale spans."""


def colour_ends(means: np.ndarray[Any, Any], halves: np.ndarray[Any, Any], share: bool) -> tuple[float, float]:
    """Return the values at the ends of a colour scale, so far apart that what hardly differs does not look opposite.

    They are the lowest and highest mean, but apart by a quarter of the largest (of the whole, where means are shares of runs), and by four half
    widths of an interval at least.
    """
    low, high = float(np.nanmin(means)), float(np.nanmax(means))
    noise = float(np.nanmedian(halves)) if np.isfinite(halves).any() else 0.0
    apart = max(high - low, 4.0 * noise, LEAST_SPAN * (1.0 if share else max(abs(low), abs(high))))
    middle = 0.5 * (low + high)
    low, high = middle - 0.5 * apart, middle + 0.5 * apart
    if share:
        # A share has ends of its own: the scale is shifted, not stretched, to stay between them.
        shift = max(0.0, -low) - max(0.0, high - 1.0)
        low, high = max(0.0, low + shift), min(1.0, high + shift)
    elif low < 0.0 <= float(np.nanmin(means)):
        # Nor is there less than nought of what is nowhere below it.
        low, high = 0.0, high - low
    return low, high
