"""What a gate is: numbers with intervals, what was wanted of them, and a verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sim.observe.ensemble import interval

Verdict = Literal["met", "missed", "reported"]

HEADLINE = ("root_survived", "root_months", "strength_mean", "strength_end", "fragmentations", "own_deaths", "attacks_outside", "home_residue")
"""The eight outcomes that gates look at."""
HISTORIES = ("aqim", "gia-1990s", "northern-mali-2012", "algeria-2019", "libya-platform", "tunisia-chaambi", "dilemma-101")
"""The seven histories that ship."""
PROPORTIONS = ("root_survived", "survived")


@dataclass(frozen=True)
class Number:
    """A number of a gate.

    Attributes:
        words: What it is.
        value: Its value.
        low: Lower end of its 95 % interval.
        high: Upper end.
        wanted: What was wanted of it, in words; empty where it is only reported.
        met: Whether it came out so; None where it is only reported.
        at: Where it stands in a table: which table, row, column; empty where it stands alone.
        between: The range that was wanted, where it is one.
    """

    words: str
    value: float
    low: float
    high: float
    wanted: str = ""
    met: bool | None = None
    at: tuple[str, ...] = ()
    between: tuple[float, float] | None = None

    @property
    def is_off_zero(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0.0 or self.high < 0.0


@dataclass(frozen=True)
class Gate:
    """A gate as it came out.

    Attributes:
        id: G1 … G9.
        says: What must hold.
        verdict: ``met``, ``missed``, or ``reported`` where nothing was required.
        found: What decided it, in words with numbers.
        numbers: The numbers.
    """

    id: str
    says: str
    verdict: Verdict
    found: str
    numbers: tuple[Number, ...]


def decided(met: bool) -> Verdict:
    """Return the verdict of a gate that requires something."""
    return "met" if met else "missed"


def mean(words: str, values: np.ndarray[Any, Any], wanted: str = "", met: bool | None = None) -> Number:
    """Return the mean of an outcome over replicates, with its bootstrap interval."""
    return Number(words, *interval(np.asarray(values, float)), wanted, met)


def share(words: str, holds: np.ndarray[Any, Any], wanted: str = "", met: bool | None = None) -> Number:
    """Return the share of replicates in which something holds, with Wilson's interval, which has a width where all or none do."""
    from scipy.stats import binomtest

    found = binomtest(int(np.sum(holds)), len(holds)).proportion_ci(method="wilson")
    return Number(words, float(np.mean(holds)), float(found.low), float(found.high), wanted, met)


def told(outcome: str, words: str, values: np.ndarray[Any, Any]) -> Number:
    """Return an outcome over replicates: a share where it is a yes or no, else a mean."""
    return share(words, values) if outcome in PROPORTIONS else mean(words, values)


def standardised(words: str, values: np.ndarray[Any, Any], base: np.ndarray[Any, Any]) -> Number:
    """Return the paired difference ``values - base`` in standard deviations of the base over replicates.

    Where the base never varies it is measured by what both vary together; where neither varies there is nothing to measure it by, and it is NaN.
    """
    spread = float(np.std(base, ddof=1)) or float(np.std(np.concatenate([values, base]), ddof=1))
    if spread == 0.0:
        return Number(words, math.nan, math.nan, math.nan)
    return mean(words, (np.asarray(values, float) - base) / spread)


def numbers_of(gates: Sequence[Gate]) -> list[dict[str, Any]]:
    """Return every number of several gates as a row."""
    return [
        {"gate": g.id, "verdict": g.verdict, **{k: v for k, v in vars(n).items() if k not in ("at", "between")}} for g in gates for n in g.numbers
    ]
