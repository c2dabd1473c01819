"""Numbers as people read them: as many digits as matter, thousands apart, no powers of ten, and no rounding noise."""

from __future__ import annotations

import math
from collections.abc import Sequence

DIGITS = 4
NOISE = 1e-9
"""A difference that is so small beside what it is a difference of is what rounding left."""
LEAST = 6
"""Decimals at most: what is smaller is nought here."""


def told(value: float | None, scale: float = 0.0, sign: bool = False, digits: int = DIGITS) -> str:
    """Return a number in words.

    Args:
        value: The number; None and NaN are ``never``.
        scale: Size of what the number is a difference of, or an end of an interval for; what is noise beside it is nought.
        sign: Whether a plus is written.
        digits: How many digits matter.
    """
    if value is None or math.isnan(value):
        return "never"
    if not math.isfinite(value):
        return "∞" if value > 0.0 else "-∞"
    size = abs(value)
    if size <= NOISE * abs(scale):
        return "0"
    decimals = min(LEAST, max(0, digits - 1 - math.floor(math.log10(size)))) if size > 0.0 else 0
    text = f"{round(value, decimals):{'+' if sign else ''},.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("+0", "-0") else text


def span(low: float | None, high: float | None, scale: float = 0.0, sign: bool = False, digits: int = DIGITS) -> str:
    """Return an interval in words: ``[0.12, 0.34]``."""
    return f"[{told(low, scale, sign, digits)}, {told(high, scale, sign, digits)}]"


def alike(values: Sequence[float], digits: int = 3) -> list[str]:
    """Return numbers that stand in one row with as many decimals each, so many that the largest has as many digits that matter; NaN is empty."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    decimals = min(LEAST - 1, max(0, digits - 1 - math.floor(math.log10(largest)))) if largest > 0.0 else 0
    texts = ["" if math.isnan(value) else f"{round(value, decimals):,.{decimals}f}" for value in values]
    return [text.removeprefix("-") if text and not text.strip("-0.") else text for text in texts]
