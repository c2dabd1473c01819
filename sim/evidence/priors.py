"""Draws from documented priors, each with an address of its own, so that a setting is the same whichever others there are."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

import numpy as np

Prior = tuple[float, float, bool, str, str]
"""Lowest, highest, whether uniform in the logarithm, unit, source."""


class Draws:
    """Draws of one setting.

    Args:
        seed: Seed of the population.
        setting: Number of the setting, from 0.
        priors: Priors by name.
        ranges: Ranges [low, high] that differ from them.
    """

    def __init__(self, seed: int, setting: int, priors: Mapping[str, Prior], ranges: Mapping[str, Sequence[float]] | None = None) -> None:
        self.seed = seed
        self.setting = setting
        self.priors = priors
        self.ranges = ranges or {}

    def unit(self, *what: object) -> float:
        """Return a uniform draw on [0, 1) for what it is drawn for."""
        words = ":".join(str(w) for w in what)
        return float(np.random.default_rng([self.seed, self.setting, zlib.crc32(words.encode())]).random())

    def of(self, prior: str, *what: object) -> float:
        """Return a draw from a prior for what it is drawn for."""
        low, high, logarithmic, _, _ = self.priors[prior]
        low, high = self.ranges.get(prior, [low, high])
        u = self.unit(prior, *what)
        return float(low * (high / low) ** u) if logarithmic else float(low + u * (high - low))

    def whole(self, low: int, high: int, *what: object) -> int:
        """Return a whole number from low to high, both included, for what it is drawn for."""
        return low + min(int(self.unit(*what) * (high - low + 1)), high - low)
