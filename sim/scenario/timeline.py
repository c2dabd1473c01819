"""The calendar of a scenario: months as whole numbers counted from its start, and back."""

from __future__ import annotations

from sim.scenario.schema import Scenario, TimelineEntry


def _absolute(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def month_index(scenario: Scenario, month: str) -> int:
    """Return the month ``YYYY-MM`` counted from the scenario's start (0), negative before it."""
    return _absolute(month) - _absolute(scenario.start)


def month_label(scenario: Scenario, index: int) -> str:
    """Return the month that stands ``index`` months after the scenario's start, as ``YYYY-MM``."""
    year, month = divmod(_absolute(scenario.start) + index, 12)
    return f"{year:04d}-{month + 1:02d}"


def month_count(scenario: Scenario) -> int:
    """Return the number of months of a scenario, its first and last included."""
    return month_index(scenario, scenario.end) + 1


def year_ends(scenario: Scenario) -> dict[int, int]:
    """Return for each calendar year of a scenario, the last one perhaps in part, how many months have been run at its end."""
    first, last = int(scenario.start[:4]), int(scenario.end[:4])
    return {year: min(month_count(scenario), month_index(scenario, f"{year + 1}-01")) for year in range(first, last + 1)}


def in_force(scenario: Scenario) -> list[TimelineEntry]:
    """Return the entries of the timeline that happen: one of magnitude 0 is switched off."""
    return [entry for entry in scenario.timeline if entry.magnitude > 0.0]
