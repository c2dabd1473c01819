"""The columns of the world's tables: what a state variable is, and the shorthands with which :mod:`sim.world.layout` lists them.

Columns that a scenario sets take their unit, range and meaning from the schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Column:
    """A state variable: name, unit, range, meaning; ``whole`` marks integers (rows, months, codes, flags)."""

    name: str
    unit: str
    low: float
    high: float
    meaning: str
    whole: bool = False


def real(name: str, unit: str, low: float, high: float, meaning: str) -> Column:
    """Return a quantity with its unit and range."""
    return Column(name, unit, low, high, meaning)


def share(name: str, meaning: str) -> Column:
    """Return a pure number from 0 to 1."""
    return Column(name, "1", 0.0, 1.0, meaning)


def line(name: str, meaning: str) -> Column:
    """Return a position from -1 to 1."""
    return Column(name, "1", -1.0, 1.0, meaning)


def whole(name: str, meaning: str, unit: str = "row") -> Column:
    """Return a whole number: a row, a month, a code, an identity."""
    return Column(name, unit, -1, 2.0**32, meaning, whole=True)


def flag(name: str, meaning: str) -> Column:
    """Return a yes or no."""
    return Column(name, "0/1", 0, 1, meaning, whole=True)


def of_spec(spec: type[BaseModel], *names: str) -> tuple[Column, ...]:
    """Return columns that a scenario sets, described as the schema describes them."""
    columns = []
    for name in names:
        info = spec.model_fields[name]
        extra: Any = info.json_schema_extra
        low = next(m.ge for m in info.metadata if hasattr(m, "ge"))
        high = next(m.le for m in info.metadata if hasattr(m, "le"))
        columns.append(Column(name, extra["unit"], low, high, info.description or ""))
    return tuple(columns)
