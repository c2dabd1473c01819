"""A factor: what varies between design points, and how a number of the design becomes a value of the scenario."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.study.experiment import FactorSpec

AS_WRITTEN = math.nan
"""In a design, the number that leaves a factor as the scenario has it."""


@dataclass(frozen=True)
class Factor:
    """Something that varies.

    Attributes:
        name: Name of its column.
        path: What it changes in the scenario.
        label: What figures call it.
        low: Lowest value of a range.
        high: Highest value of a range.
        logarithmic: Whether a range is filled evenly in its logarithm.
        values: The values of a factor that has a list of them; a design then holds their numbers, from 0.
    """

    name: str
    path: str
    label: str
    low: float = 0.0
    high: float = 1.0
    logarithmic: bool = False
    values: tuple[Any, ...] | None = None

    @classmethod
    def of(cls, name: str, spec: FactorSpec) -> Factor:
        """Return the factor that a user wrote."""
        path, label = spec.path or name, spec.label or name
        if spec.values is not None:
            return cls(name, path, label, values=tuple(spec.values))
        low, high = spec.range or (-math.inf, math.inf)
        return cls(name, path, label, float(low), float(high), spec.scale == "log")

    @cached_property
    def numbers(self) -> dict[tuple[bool, Any], int]:
        """The numbers of listed values, by whether a value is a truth value, and the value: ``on`` is not the number 1."""
        return {(isinstance(value, bool), value): k for k, value in enumerate(self.values or ())}

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers."""
        return self.values is None or all(isinstance(v, int | float) and not isinstance(v, bool) for v in self.values)

    def coded(self, unit: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return what a design holds for places between 0 and 1: a value of the range, or the number of a value of the list."""
        if self.values is not None:
            return np.minimum(np.floor(unit * len(self.values)), len(self.values) - 1)
        if self.logarithmic:
            # The ends themselves, whatever the rounding of logarithms.
            return np.clip(np.exp(np.log(self.low) + unit * (np.log(self.high) - np.log(self.low))), self.low, self.high)
        return np.clip(self.low + unit * (self.high - self.low), self.low, self.high)

    def levels(self, count: int) -> np.ndarray[Any, Any]:
        """Return evenly spaced coded values: so many of a range, or all of a list."""
        if self.values is not None:
            return np.arange(len(self.values), dtype=float)
        return self.coded(np.linspace(0.0, 1.0, count))

    def value(self, coded: float) -> Any:
        """Return the scenario's value for a coded one; None where the scenario's own is left."""
        if math.isnan(coded):
            return None
        return float(coded) if self.values is None else self.values[int(coded)]

    def shown(self, coded: float) -> Any:
        """Return the value that a table holds: a number where the factor's values are numbers, else text, as YAML writes it."""
        value = self.value(coded)
        if value is None:
            return None
        if self.numeric:
            return float(value)
        return ("on" if value else "off") if isinstance(value, bool) else str(value)

    def changes(self, coded: float) -> dict[str, Any]:
        """Return the change to the scenario, by path."""
        value = self.value(coded)
        return {} if value is None else {self.path: value}
