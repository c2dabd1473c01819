"""The parameter of a model, as a reader of the methods section meets it.

A parameter stands here once: name, default, range, unit, meaning, source and the mechanism it belongs to. The scenario schema, the compiled
engine, ``dilemma explain`` and the tables in ``docs/ODD.md`` are all made from this list, so they cannot drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the rulebook.

    Attributes:
        name: The standard term, in ``snake_case``; the key under ``parameters:`` in a scenario.
        default: The value used where a scenario is silent.
        low: Smallest admissible value.
        high: Largest admissible value.
        unit: Unit of measure; ``1`` for a pure number.
        meaning: One sentence.
        source: Where the claim comes from: ``B`` (Bencherif 2018), ``T`` (Terrorism Monitor 17:12), the literature, or ``assumption``.
        mechanism: Key of the mechanism it serves (see :mod:`sim.scenario.mechanisms`), or ``base``.
    """

    name: str
    default: float
    low: float
    high: float
    unit: str
    meaning: str
    source: str
    mechanism: str
