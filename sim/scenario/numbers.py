"""Numbers as people read them: as many digits as matter, thousands apart, no powers of ten, and no rounding noise."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

DIGITS = 4
NOISE = 1e-9
"""A difference that is so small beside what it is a difference of is what rounding left."""
LEAST = 6
"""Decimals at most: what is smaller is nought here."""
FINEST = 12
"""Decimals at most of an estimate, which may be small and yet not nought."""


def told(value: float | None, scale: float = 0.0, sign: bool = False, digits: int = DIGITS, decimals: int = LEAST, missing: str = "never") -> str:
    """Return a number in words.

    Args:
        value: The number.
        scale: Size of what the number is a difference of, or an end of an interval for; what is noise beside it is nought.
        sign: Whether a plus is written.
        digits: How many digits matter.
        decimals: How many there are at most.
        missing: What None and NaN are called.
    """
    if value is None or math.isnan(value):
        return missing
    if not math.isfinite(value):
        return "∞" if value > 0.0 else "-∞"
    size = abs(value)
    if size <= NOISE * abs(scale):
        return "0"
    places = min(decimals, max(0, digits - 1 - math.floor(math.log10(size)))) if size > 0.0 else 0
    text = f"{round(value, places):{'+' if sign else ''},.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("+0", "-0") else text


def span(low: float | None, high: float | None, scale: float = 0.0, sign: bool = False, **how: Any) -> str:
    """Return an interval in words, ``[0.12, 0.34]``, from what :func:`told` takes."""
    return f"[{told(low, scale, sign, **how)}, {told(high, scale, sign, **how)}]"


def estimate(value: float, low: float, high: float, sign: bool = False, digits: int = DIGITS) -> str:
    """Return an estimate with its interval, ``0.23 [0.12, 0.34]``: nought is what rounding left beside the largest of the three, and nothing else."""
    if math.isnan(value):
        return "not known"
    scale = max(abs(x) for x in (value, low, high) if math.isfinite(x)) if math.isfinite(value) else 0.0
    how: dict[str, Any] = {"digits": digits, "decimals": FINEST, "missing": "not known"}
    return f"{told(value, scale, sign, **how)} {span(low, high, scale, sign, **how)}"


def exact(value: float, digits: int = DIGITS) -> str:
    """Return a number as it may be typed: so many digits that matter, whole ones all, no commas, and no power of ten unless it is beyond measure."""
    text = f"{value:.{digits}g}"
    if "e" not in text or not 1e-9 <= abs(value) < 1e15:
        return text
    return f"{value:.0f}" if abs(value) > 1.0 else f"{Decimal(text):f}"


def unrounded(value: float) -> str:
    """Return a number as a file may have it: the shortest text that is read as the same number, and no power of ten unless it is beyond measure."""
    text = repr(float(value))
    if "e" in text and 1e-9 <= abs(value) < 1e15:
        text = f"{Decimal(text):f}"
    return text.removesuffix(".0")


def between(low: float, high: float) -> str:
    """Return a range in words, each end as it may be typed: ``0.000001 to 1``."""
    return f"{unrounded(low)} to {unrounded(high)}"


def apart(values: Sequence[float], digits: int = 3) -> list[str]:
    """Return numbers that stand side by side, in as many digits more as it takes to tell each from the others."""
    texts: list[str] = []
    for more in range(digits, 18):
        texts = [exact(value, more) for value in values]
        if len(set(texts)) == len(set(values)):
            break
    return texts


def alike(values: Sequence[float], digits: int = 3) -> list[str]:
    """Return numbers that stand in one row with as many decimals each, so many that the largest has as many digits that matter; NaN is empty."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    decimals = min(LEAST - 1, max(0, digits - 1 - math.floor(math.log10(largest)))) if largest > 0.0 else 0
    texts = ["" if math.isnan(value) else f"{round(value, decimals):,.{decimals}f}" for value in values]
    return [text.removeprefix("-") if text and not text.strip("-0.") else text for text in texts]
